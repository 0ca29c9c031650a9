"""Textual without its command palette and its toasts, which the till does not have.

``textual.app`` imports ``textual.command`` at its top, and with it a list, a tree, an input and a select box:
a tenth of all instructions of Textual's start. The toasts bring two dozen containers. Textual 8 has no switch
for either, so the names that it takes are stood in for while ``textual.app`` is imported, and never longer:
whoever wants one of these modules later gets the real one. An application that was imported this way must
have its notifications off, as ``TillApp`` has.
"""

from __future__ import annotations

import importlib
import logging
import sys
from types import ModuleType

log = logging.getLogger(__name__)

LEFT_OUT = {
    "textual.command": (
        "CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider",
    ),
    "textual.widgets._toast": ("ToastRack",),
}  # fmt: skip
"""The modules that are left out, and what ``textual.app`` and what it imports take from them.

They use it in the palette's actions, and for toasts that an application asked for.
"""


def import_textual() -> None:
    """Import ``textual.app`` without what is left out; with it where Textual wants more than we know."""
    if "textual.app" in sys.modules:
        return
    standing_in = [name for name in LEFT_OUT if name not in sys.modules]
    for name in standing_in:
        sys.modules[name] = _stand_in(name, LEFT_OUT[name])
    try:
        importlib.import_module("textual.app")
    except ImportError:  # another Textual, which wants another name
        log.warning("textual.app does not start without its palette and toasts", exc_info=True)
    finally:
        for name in standing_in:
            del sys.modules[name]


def _stand_in(module: str, names: tuple[str, ...]) -> ModuleType:
    """A module of empty classes."""
    made = ModuleType(module, "Stands in while textual.app is imported.")
    for name in names:
        setattr(made, name, type(name, (), {"__module__": module}))
    return made
