"""Every action of the sale screen in one table: the F-row, the help, the menu, remapping and rights read it.

An action has a name, the key that it is on, what the key row and the help say of it, and the right that its
command asks for: without it the key is dim. What an action does stands in ``flows.table``, by its name; this
module is read by the settings and the guides too, and knows neither store nor screen.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping

from tilltui.domain.frozen import frozen
from tilltui.domain.people.rights import Right
from tilltui.errors import N_


class Needs(enum.Enum):
    """What has to be there before an entry of the menu can be chosen, or is offered at all."""

    NOTHING = enum.auto()
    LINE = enum.auto()
    """A chosen line; dim without it."""
    BASKET = enum.auto()
    """Something in the basket; dim without it."""
    TERMINAL = enum.auto()
    """A card terminal that is set up; not offered without it."""
    OWN_TENDER = enum.auto()
    """A way to pay of the shop's own; not offered without it."""
    LABEL_PRINTER = enum.auto()
    """A printer for shelf labels that is set up; not offered without it."""


@frozen
class Action:
    """Something that a key or an entry of the menu does.

    Attributes:
        id: Name under ``[keys]`` in ``till.toml``, and in ``flows.table``.
        key: Textual's name of the key; empty: only in the menu.
        label: For the key row or the menu, marked for translation; empty: not in the row.
        short: The same in at most seven letters, marked for translation.
        help: One sentence for the help screen, marked for translation.
        right: What its command asks for.
        needs: What has to be there.
    """

    id: str
    key: str
    label: str
    short: str
    help: str
    right: Right = Right.SELL
    needs: Needs = Needs.NOTHING


SELL = (
    Action("help", "f1", N_("Help"), N_("Help"), N_("Show what each key does here.")),
    Action("find", "f2", N_("Find"), N_("Find"), N_("Find an item by its name; or simply begin to type it.")),
    Action("edit", "f3", N_("Quantity/price"), N_("Qty"), N_("Change quantity or price of the chosen line.")),
    Action(
        "discount", "f4", N_("Discount"), N_("Disc"), N_("Give a discount on the line or on everything."),
        Right.DISCOUNT,
    ),
    Action(
        "park", "f5", N_("Park/recall"), N_("Park"), N_("Put this sale aside, or take a parked one back.")
    ),
    Action("customer", "f6", N_("Customer"), N_("Cust"), N_("Say who buys."), Right.CUSTOMERS),
    Action("product_sheet", "f7", N_("Product"), N_("Item"), N_("Show everything about the chosen item.")),
    Action(
        "void", "f8", N_("Void/return"), N_("Void"),
        N_("Take the chosen line back; without lines: a return."), Right.VOID,
    ),
    Action("card", "f9", N_("Card"), N_("Card"), N_("Take a card for what is to be paid.")),
    Action("cash", "f10", N_("Cash"), N_("Cash"), N_("Take cash: the keyed amount, or ask for it.")),
    Action(
        "drawer", "f11", N_("Drawer"), N_("Drawer"), N_("Open the drawer without a sale; it is recorded."),
        Right.DRAWER,
    ),
    Action("menu", "f12", N_("Menu"), N_("Menu"), N_("Everything else.")),
    Action("enter", "enter", "", "", N_("Look up the keyed code; with nothing keyed: take the money.")),
    Action("clear", "escape", "", "", N_("Clear what is keyed, then the message.")),
    Action("times", "asterisk", "", "", N_("3 * then a scan rings three; after a scan *5 makes it five.")),
    Action("repeat", "plus", "", "", N_("Ring the last item once more.")),
    Action("void_line", "delete", "", "", N_("Take the chosen line back."), Right.VOID),
    Action(
        "open_item", "slash", "", "", N_("Ring something that has no code: name and price."), Right.OPEN_ITEM
    ),
)  # fmt: skip
"""Keys while selling."""

NOTES = ("note1", "note2", "note3", "note4", "note5")
"""Actions of the keys for bank notes, the smallest first."""

PAY = (
    Action("help", "f1", N_("Help"), N_("Help"), N_("Show what each key does here.")),
    *(
        Action(note, f"f{2 + at}", "", "", N_("The customer gives this note."))
        for at, note in enumerate(NOTES)
    ),
    Action("transfer", "f7", N_("Transfer"), N_("Transf"), N_("Take a bank transfer.")),
    Action("voucher", "f8", N_("Voucher"), N_("Vouch"), N_("Take a voucher.")),
    Action("card", "f9", N_("Card"), N_("Card"), N_("Take a card for the keyed amount or for the rest.")),
    Action("cash", "f10", N_("Cash"), N_("Cash"), N_("Take cash: the keyed amount, or the exact one.")),
    Action(
        "take_back", "f11", N_("Take back"), N_("Undo"), N_("Take the last payment back."), Right.TAKE_BACK
    ),
    Action("menu", "f12", N_("Menu"), N_("Menu"), N_("Everything else.")),
    Action("tender", "t", "", "", N_("Take another of the shop's ways to pay."), needs=Needs.OWN_TENDER),
    Action("enter", "enter", "", "", N_("Cash: the keyed amount, or the exact one.")),
    Action("clear", "escape", "", "", N_("Clear what is keyed, or go back to the sale.")),
)
"""Keys while taking the money."""


def _entry(name: str, label: str, right: Right = Right.SELL, needs: Needs = Needs.NOTHING) -> Action:
    return Action(name, "", label, "", "", right, needs)


MENU = (
    _entry("note", N_("Note on the sale")),
    _entry("line_note", N_("Note on the line"), needs=Needs.LINE),
    _entry("park_name", N_("Park with a name"), needs=Needs.BASKET),
    _entry("abandon", N_("Give up this sale"), Right.ABANDON, Needs.BASKET),
    _entry("receipts", N_("Receipts: see, print a copy"), Right.RECEIPTS),
    _entry("jobs", N_("Printing: what waits"), Right.DEVICES),
    _entry("day", N_("End of the day: X and Z"), Right.SEE_SHIFT),
    _entry("devices", N_("Devices"), Right.DEVICES),
    _entry("lock", N_("Lock the till"), Right.SELL),
    _entry("quit", N_("Close the till"), Right.CLOSE_TILL),
    # From here on without a digit: what is seldom wanted.
    _entry("language", N_("Language"), Right.LANGUAGE),
    _entry("cards", N_("Card terminal"), Right.TERMINAL_DAY, Needs.TERMINAL),
    _entry("tender", N_("Another way to pay"), needs=Needs.OWN_TENDER),
    _entry("labels", N_("Shelf labels"), Right.LABELS, Needs.LABEL_PRINTER),
    _entry("pin", N_("PIN to unlock the till"), Right.OWN_PIN),
)
"""What has no key of its own, in the menu's order; the first ten are picked with a digit."""

ACTION_IDS = frozenset(action.id for action in (*SELL, *PAY, *MENU))
"""Names that ``[keys]`` may use."""


def unknown_actions(remap: Mapping[str, str]) -> list[str]:
    """Names under ``[keys]`` that no action has."""
    return [name for name in remap if name not in ACTION_IDS]
