"""Every key of the sale screen in one table; the shop remaps them under ``[keys]``.

An action has a name, the key that it is on, and what the key row and the help say of it. The key row shows
what the keys do here: while selling, and while taking the money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tilltui.domain.frozen import frozen
from tilltui.errors import N_


@frozen
class Action:
    """Something that a key does.

    Attributes:
        id: Name under ``[keys]`` in ``till.toml``.
        key: Textual's name of the key.
        label: For the key row, marked for translation; empty: not in the row.
        short: The same in at most seven letters, marked for translation.
        help: One sentence for the help screen, marked for translation.
    """

    id: str
    key: str
    label: str
    short: str
    help: str


SELL = (
    Action("help", "f1", N_("Help"), N_("Help"), N_("Show what each key does here.")),
    Action("find", "f2", N_("Find"), N_("Find"), N_("Find an item by its name; or simply begin to type it.")),
    Action("edit", "f3", N_("Quantity/price"), N_("Qty"), N_("Change quantity or price of the chosen line.")),
    Action("discount", "f4", N_("Discount"), N_("Disc"), N_("Give a discount on the line or on everything.")),
    Action(
        "park", "f5", N_("Park/recall"), N_("Park"), N_("Put this sale aside, or take a parked one back.")
    ),
    Action("customer", "f6", N_("Customer"), N_("Cust"), N_("Say who buys.")),
    Action("card_of_product", "f7", N_("Product"), N_("Item"), N_("Show everything about the chosen item.")),
    Action(
        "void", "f8", N_("Void/return"), N_("Void"), N_("Take the chosen line back; without lines: a return.")
    ),
    Action("card", "f9", N_("Card"), N_("Card"), N_("Take a card for what is to be paid.")),
    Action("cash", "f10", N_("Cash"), N_("Cash"), N_("Take cash: the keyed amount, or ask for it.")),
    Action(
        "drawer", "f11", N_("Drawer"), N_("Drawer"), N_("Open the drawer without a sale; it is recorded.")
    ),
    Action("menu", "f12", N_("Menu"), N_("Menu"), N_("Everything else.")),
    Action("pay", "enter", "", "", N_("Look up the keyed code; with nothing keyed: take the money.")),
    Action("clear", "escape", "", "", N_("Clear what is keyed, then the message.")),
    Action("times", "asterisk", "", "", N_("3 * then a scan rings three; after a scan *5 makes it five.")),
    Action("repeat", "plus", "", "", N_("Ring the last item once more.")),
    Action("void_line", "delete", "", "", N_("Take the chosen line back.")),
    Action("open_item", "slash", "", "", N_("Ring something that has no code: name and price.")),
)
"""Keys while selling."""

PAY = (
    Action("help", "f1", N_("Help"), N_("Help"), N_("Show what each key does here.")),
    Action("note1", "f2", "", "", N_("The customer gives this note.")),
    Action("note2", "f3", "", "", N_("The customer gives this note.")),
    Action("note3", "f4", "", "", N_("The customer gives this note.")),
    Action("note4", "f5", "", "", N_("The customer gives this note.")),
    Action("note5", "f6", "", "", N_("The customer gives this note.")),
    Action("transfer", "f7", N_("Transfer"), N_("Transf"), N_("Take a bank transfer.")),
    Action("voucher", "f8", N_("Voucher"), N_("Vouch"), N_("Take a voucher.")),
    Action("card", "f9", N_("Card"), N_("Card"), N_("Take a card for the keyed amount or for the rest.")),
    Action("cash", "f10", N_("Cash"), N_("Cash"), N_("Take cash: the keyed amount, or the exact one.")),
    Action("take_back", "f11", N_("Take back"), N_("Undo"), N_("Take the last payment back.")),
    Action("menu", "f12", N_("Menu"), N_("Menu"), N_("Everything else.")),
    Action("pay", "enter", "", "", N_("Cash: the keyed amount, or the exact one.")),
    Action("clear", "escape", "", "", N_("Clear what is keyed, or go back to the sale.")),
)
"""Keys while taking the money."""


class KeyMap:
    """Actions by key, with the shop's changes.

    Args:
        actions: The table.
        remap: Action name to Textual key name.
    """

    def __init__(self, actions: Iterable[Action], remap: Mapping[str, str]) -> None:
        self.actions = tuple(
            replace(action, key=remap[action.id]) if action.id in remap else action for action in actions
        )
        self._by_key = {action.key: action for action in self.actions}

    def action(self, key: str) -> Action | None:
        """What a key does."""
        return self._by_key.get(key)


ACTION_IDS = frozenset(action.id for action in (*SELL, *PAY))
"""Names that ``[keys]`` may use."""


def unknown_actions(remap: Mapping[str, str]) -> list[str]:
    """Names under ``[keys]`` that no key has."""
    return [name for name in remap if name not in ACTION_IDS]


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
