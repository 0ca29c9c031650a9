"""The most that each figure may be, and what may break one, with the reason."""

from __future__ import annotations

METHODS = 40
"""Methods an object, its ancestors of ours counted."""

COLLABORATORS = 12
"""Attributes of an object that hold another object."""

FOLDER = 15
"""Modules a folder."""

FILE = 400
"""Lines a file."""

FUNCTION = 60
"""Lines a function."""

TWINS = 4
"""Runs of same lines: as many as there are, to shrink and never to grow."""

CIRCLES: dict[tuple[str, str], str] = {}
"""Imports that may close a circle."""

PREFIXES: dict[str, str] = {}
"""Prefixes that several modules of a folder may share."""

BY_NAME = {
    ("tilltui.domain.frozen", "'__post_init__'"): "a class need not have one, as with dataclasses",
    ("tilltui.domain.frozen", "*names"): "the fields of any class: what a dataclass is",
    ("tilltui.domain.frozen", "name"): "the fields of any class: what a dataclass is",
    ("tilltui.domain.frozen", "f.name"): "the fields of any class: what a dataclass is",
    ("tilltui.domain.paper.elements", "name"): "every element is written with all of its fields",
    ("tilltui.log", "f.name"): "any value of ours is logged field by field",
    ("tilltui.plugins", "part"): "an entry point names its class in words",
    (
        "tilltui.services.goods.product_list.importing",
        "*(name for name in NewProduct.__dataclass_fields__ if name != 'codes')",
    ): "a product is compared by all of its fields, those that come later too",
    ("tilltui.store.selling.baskets", "name"): "the fields of a basket are columns of the same names",
    ("tilltui.upload.folder", "'syncfs'"): "only Linux has it, and Python does not wrap it",
    ("tilltui_drivers.contract.choose", "name"): "a shop's own contract is named in words, as a plug-in is",
    ("tilltui_drivers.discovery.watcher", "'AF_NETLINK'"): "only Linux has it",
    (
        "tilltui_drivers.scales.protocols",
        "attribute",
    ): "one protocol of ten is imported, the settings name it",
}
"""Where an attribute may be asked for by name. Never of a port or driver: an ability there is a Protocol."""
