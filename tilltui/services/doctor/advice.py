"""The lines of ``till.toml`` for what is plugged in and not set up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tilltui import plugins
from tilltui.config.reference import toml
from tilltui.config.schema import Config
from tilltui.domain.frozen import frozen
from tilltui.ports.kinds import KINDS, Place

_NO_RECEIPTS = ("ZPL", "ESCLABEL", "EPL", "TSPL", "PCL", "POSTSCRIPT")
"""IEEE 1284 command sets of printers that are no receipt printers."""


@frozen
class Advice:
    """A section to add.

    Attributes:
        path: What it is for.
        lines: TOML, each line a comment where ``sure`` is ``False``.
        sure: The kind of the device is known by more than its cable.
    """

    path: str
    lines: tuple[str, ...]
    sure: bool


def advise(found: Sequence[Any], used: Mapping[str, object], config: Config | None) -> list[Advice]:
    """Sections for everything found (``discovery.listing.look``) that no section uses.

    Args:
        found: What is plugged in.
        used: Paths that a section uses already.
        config: The settings, for names that are taken.
    """
    names = {device.key for device in config.devices} if config else set()
    advice = []
    for one in found:
        if not one.path or one.path in used:
            continue
        kind, sure = kind_of(one)
        place = _place(kind, one.bus)
        if place is None or _driver(one, place.driver) not in plugins.BUILTIN.get(kind, {}):
            continue
        name = _free(kind, names)
        lines = _section(one, kind, name, place)
        advice.append(Advice(one.path, lines if sure else tuple(f"#{line}" for line in lines), sure))
    return advice


def kind_of(found: Any) -> tuple[str, bool]:
    """What kind of device it is, or most likely is, and whether that is more than a guess by its cable."""
    if found.known is not None and found.known.kind:
        return found.known.kind, True
    if found.bus == "usblp":
        label = any(word in found.commands.upper() for word in _NO_RECEIPTS)
        return ("" if label else "printer"), "ESC/POS" in found.commands.upper()
    if found.bus == "serial" and found.vendor is not None:
        return "scanner", False
    return "", False


def _place(kind: str, bus: str) -> Place | None:
    """How a device of this kind is set up on this bus."""
    places = KINDS[kind].places if kind in KINDS else ()
    return next((place for place in places if place.bus == bus), None)


def _driver(one: Any, usual: str) -> str:
    """The driver that the table knows for it, else the usual one of its kind and bus."""
    return str(one.known.driver or usual) if one.known is not None else usual


def _free(kind: str, names: set[str]) -> str:
    wanted = KINDS[kind].usual_name
    name, number = wanted, 1
    while f"{kind}.{name}" in names:
        number += 1
        name = f"{wanted}{number}"
    names.add(f"{kind}.{name}")
    return name


def _section(one: Any, kind: str, name: str, place: Place) -> tuple[str, ...]:
    settings: dict[str, object] = {"driver": _driver(one, place.driver), **place.more}
    settings[place.setting] = one.path
    if one.known is not None and one.known.kind == kind:
        settings |= one.known.settings
    return (f"[{kind}.{name}]", *(f"{key} = {toml(value)}" for key, value in settings.items()))
