"""Drivers, uploaders and fiscal regimes by name.

A plug-in is listed without being imported and loaded only if ``till.toml`` names it. Built-in ones stand in
``BUILTIN`` besides the wheel's entry points, so that the till runs from a checkout and does not scan the
installed packages at every start (tens of milliseconds on a Pi).
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from tilltui.errors import N_, PluginError
from tilltui.ports.kinds import KINDS

logger = logging.getLogger(__name__)

BUILTIN: Mapping[str, Mapping[str, str]] = {
    "scanner": {
        "serial": "tilltui_drivers.scanners.serial:SerialScanner",
        "evdev": "tilltui_drivers.scanners.evdev:EvdevScanner",
        "hidpos": "tilltui_drivers.scanners.hidpos:HidPosScanner",
        "network": "tilltui_drivers.scanners.network:NetworkScanner",
        "virtual": "tilltui_drivers.virtual.scanners.scanner:VirtualScanner",
    },
    "printer": {
        "escpos": "tilltui_drivers.printers.escpos:EscposPrinter",
        "virtual": "tilltui_drivers.virtual.printers.printer:VirtualPrinter",
    },
    "drawer": {
        "gpio": "tilltui_drivers.drawers.gpio:GpioDrawer",
        "printer": "tilltui_drivers.drawers.printer:PrinterDrawer",
        "serial": "tilltui_drivers.drawers.serial:SerialDrawer",
    },
    "scale": {
        "serial": "tilltui_drivers.scales.serial:SerialScale",
        "virtual": "tilltui_drivers.virtual.scales.scale:VirtualScale",
    },
    "display": {
        "serial": "tilltui_drivers.displays.serial:SerialDisplay",
        "printer": "tilltui_drivers.displays.printer:PrinterDisplay",
        "virtual": "tilltui_drivers.virtual.displays.display:VirtualDisplay",
    },
    "terminal": {
        "manual": "tilltui_drivers.terminals.manual:ManualTerminal",
        "transbank": "tilltui_drivers.terminals.transbank.transbank:Transbank",
        "zvt": "tilltui_drivers.terminals.zvt.zvt:Zvt",
    },
    "uploader": {
        "folder": "tilltui.upload.folder:FolderUploader",
        "http": "tilltui.upload.http:HttpUploader",
    },
    "fiscal": {"none": "tilltui.fiscal.none:NoFiscalRegime"},
}
"""Our own plug-ins by group and name, the same as ``pyproject.toml``'s entry points."""

TOOLS: Mapping[str, str] = {
    "discovery": "tilltui_drivers.discovery.listing:look",
    "watcher": "tilltui_drivers.discovery.watcher:Watcher",
}
"""What is used of the drivers without a section of its own in ``till.toml``."""

GROUPS = tuple(KINDS)
"""The groups; the entry point group of ``scanner`` is ``tilltui.scanner``."""


def _foreign(group: str) -> dict[str, str]:
    """Other people's plug-ins of ``group``: name to ``module:class``."""
    from importlib.metadata import entry_points  # 20 ms and more on a Pi, and rarely needed

    found = entry_points(group=KINDS[group].group)
    return {point.name: point.value for point in found if point.name not in _own(group)}


def _own(group: str) -> Mapping[str, str]:
    """Our own plug-ins of ``group``; there may be none."""
    return BUILTIN.get(group, {})


def names(group: str) -> list[str]:
    """Sorted names of the plug-ins of ``group``, without importing any.

    Raises:
        PluginError: There is no such group.
    """
    _known_group(group)
    return sorted({*_own(group), *_foreign(group)})


def load(group: str, name: str) -> Any:
    """Import one plug-in and return its class.

    Raises:
        PluginError: The group or name is unknown, or the import failed in whatever way.
    """
    _known_group(group)
    target = _own(group).get(name) or _foreign(group).get(name)
    if target is None:
        raise _unknown(group, name)
    return _import(group, name, target)


def tool(name: str) -> Any:
    """Import one of ``TOOLS``.

    Raises:
        PluginError: Its import failed.
    """
    return _import("tool", name, TOOLS[name])


def _import(group: str, name: str, target: str) -> Any:
    module, _, attribute = target.partition(":")
    try:
        plugin = importlib.import_module(module)
        for part in attribute.split("."):
            plugin = getattr(plugin, part)
    except Exception as e:  # a stranger's module may raise anything; the till must still open
        logger.exception("The %s driver %s did not load.", group, name)
        raise PluginError(
            N_("The {group} driver “{name}” did not load: {reason}."),
            hint=N_("Install it again, or choose another driver in the settings."),
            group=group,
            name=name,
            reason=f"{type(e).__name__}: {e}",
        ) from e
    return plugin


def _known_group(group: str) -> None:
    if group not in KINDS:
        raise PluginError(
            N_("There is no kind of plug-in called “{group}”."),
            hint=N_("The kinds are: {known}."),
            group=group,
            known=", ".join(GROUPS),
        )


def _unknown(group: str, name: str) -> PluginError:
    known = names(group)
    near = get_close_matches(name, known, n=1)
    return PluginError(
        N_("There is no {group} driver called “{name}”."),
        hint=N_("Did you mean “{near}”?") if near else N_("Known here: {known}."),
        group=group,
        name=name,
        near=near[0] if near else "",
        known=", ".join(known),
    )
