"""Which key does what: the table of ``ui.sale.actions`` with the shop's changes (``[keys]``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tilltui.ui.sale.actions import MENU, Action


class KeyMap:
    """Actions by key, with the shop's changes; an entry of the menu can be given a key as well.

    Args:
        actions: The table of a mode.
        remap: Action name to Textual key name.
    """

    def __init__(self, actions: Iterable[Action], remap: Mapping[str, str]) -> None:
        self.actions = tuple(
            replace(action, key=remap[action.id]) if action.id in remap else action for action in actions
        )
        self._by_key = {action.key: action for action in self.actions}
        for entry in MENU:
            if entry.id in remap:
                self._by_key.setdefault(remap[entry.id], entry)

    def action(self, key: str) -> Action | None:
        """What a key does."""
        return self._by_key.get(key)


def key_name(key: str) -> str:
    """A key as printed on the keyboard.

    >>> key_name("f10"), key_name("escape"), key_name("asterisk")
    ('F10', 'Esc', '*')
    """
    known = {
        "escape": "Esc", "enter": "Enter", "asterisk": "*", "plus": "+", "delete": "Del", "slash": "/",
        "minus": "-",
    }  # fmt: skip
    return known.get(key, key.upper() if key.startswith("f") and key[1:].isdigit() else key)
