"""Textual without its command palette, which the till does not have.

``textual.app`` imports ``textual.command`` at its top, and with it a list, a tree, an input and a select box:
a tenth of all instructions of Textual's start. Textual 8 has no switch for that, so the names that it takes
are stood in for while ``textual.app`` is imported, and never longer: whoever wants the palette's module later
gets the real one.
"""

from __future__ import annotations

import importlib
import logging
import sys
from types import ModuleType

log = logging.getLogger(__name__)

PALETTE = "textual.command"
"""The module that is left out."""

NAMES = ("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider")
"""What ``textual.app`` and ``textual.theme`` take from it; they use it in the palette's actions alone."""


def import_textual() -> None:
    """Import ``textual.app`` without the palette; with it where Textual wants more of it than we know."""
    if PALETTE in sys.modules or "textual.app" in sys.modules:
        return
    stand_in = ModuleType(PALETTE, "Stands in while textual.app is imported.")
    for name in NAMES:
        setattr(stand_in, name, type(name, (), {"__module__": PALETTE}))
    sys.modules[PALETTE] = stand_in
    try:
        importlib.import_module("textual.app")
    except ImportError:  # another Textual, which wants another name
        log.warning("textual.app does not start without its command palette", exc_info=True)
    finally:
        del sys.modules[PALETTE]
