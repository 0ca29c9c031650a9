"""Tenders: what a customer can pay with, as a table of traits.

Nobody asks for a tender by name: settling, giving back, drawer, papers and reports read its traits, so that a
new tender is one more row, or one more section of ``till.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tilltui.domain.frozen import frozen
from tilltui.errors import N_


@frozen
class Tender:
    """One way to pay.

    Attributes:
        key: As records, totals and the database write it.
        words: What it is called on screen and paper; the built-in ones are translated.
        opens_drawer: What is given lies in the drawer.
        gives_change: More may be given than is owed: the rest is change. One that gives none never takes
            more than is owed.
        rounds: What is owed is rounded to the currency's cash step.
        used_up: One worth more than is owed is used up without change.
        refunds_as: Key of the tender by which its money goes back; empty: by itself.
        refunds_unknown: Goods whose sale is not known may be paid back by it.
        cash_with_reason: Its money may go back in cash where somebody says why it cannot go back by itself.
        number: What its number is called where it is asked for one; empty: it has none.
        scans_number: The number can be scanned.
        came_otherwise: Says that a sale was not paid by it; ``{tender}`` is its name.
        goes_back: Says how ``{amount}`` goes back by it; ``{way}`` is its name.
    """

    key: str
    words: str
    opens_drawer: bool = False
    gives_change: bool = False
    rounds: bool = False
    used_up: bool = False
    refunds_as: str = ""
    refunds_unknown: bool = False
    cash_with_reason: bool = False
    number: str = ""
    scans_number: bool = False
    came_otherwise: str = N_("This sale was not paid so ({tender}): its money goes back as it came.")
    goes_back: str = N_("{amount} goes back so: {way}.")


CASH = Tender(
    "cash",
    N_("Cash"),
    opens_drawer=True,
    gives_change=True,
    rounds=True,
    refunds_unknown=True,
    came_otherwise=N_("This sale was not paid in cash: its money goes back as it came."),
    goes_back=N_("Press F10: {amount} goes back in cash."),
)
"""Notes and coins."""

CARD = Tender(
    "card",
    N_("Card"),
    cash_with_reason=True,
    number=N_("Last four digits, authorisation:"),
    came_otherwise=N_("This sale was not paid by card: its money goes back as it came."),
    goes_back=N_("Press F9: {amount} goes back to the card."),
)
"""A card, at a terminal of the till's or at one beside it."""

TRANSFER = Tender(
    "transfer",
    N_("Transfer"),
    number=N_("Number of the transfer:"),
    came_otherwise=N_("This sale was not paid by transfer: its money goes back as it came."),
    goes_back=N_("Press F7: {amount} goes back by transfer."),
)
"""A bank transfer."""

VOUCHER = Tender(
    "voucher",
    N_("Voucher"),
    used_up=True,
    refunds_unknown=True,
    number=N_("Number of the voucher:"),
    scans_number=True,
    came_otherwise=N_("This sale was not paid with a voucher: its money goes back as it came."),
    goes_back=N_("Press F8: {amount} goes back as a voucher."),
)
"""A paper that is worth an amount."""


class Tenders:
    """The tenders of a shop, in the order in which they are offered.

    Args:
        tenders: Each key once; one of them gives change.
    """

    def __init__(self, tenders: Iterable[Tender]) -> None:
        self._by_key = {tender.key: tender for tender in tenders}
        self.cash = next(tender for tender in self if tender.gives_change)
        """What change is given in."""

    def __iter__(self) -> Iterator[Tender]:
        return iter(self._by_key.values())

    def of(self, key: str) -> Tender:
        """The tender of that key; one that the settings no longer have is plain and called by its key."""
        return self._by_key.get(key) or Tender(key, key)

    def goes_back_by(self, key: str) -> str:
        """Key of the tender by which the money of another goes back."""
        return self.of(key).refunds_as or key

    def open_drawer(self, keys: Iterable[str]) -> bool:
        """Whether one of these payments opens the drawer."""
        return any(self.of(key).opens_drawer for key in keys)


BUILT_IN = (CASH, CARD, TRANSFER, VOUCHER)
"""What every shop has."""

TENDERS = Tenders(BUILT_IN)
"""The tenders of a shop that sets none."""
