"""One attempt at charging a card or giving a charge back, as it is kept."""

from __future__ import annotations

import enum

from tilltui.domain.frozen import frozen
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.record.card_record import CardWhy

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
TICKETS = len(ALPHABET) ** 6
"""How many tickets of six characters there are: one a second for 69 years."""


class State(enum.StrEnum):
    """How an attempt stands."""

    SENT = "sent"
    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    DOUBT = "doubt"
    """Nobody knows yet: the terminal is to be asked."""


RECOVERED, WITHOUT_SALE = 1, 2
"""Why head office is told of an attempt, as bits."""

WHY = {RECOVERED: CardWhy.RECOVERED, WITHOUT_SALE: CardWhy.WITHOUT_SALE}
"""How the journal's record says it."""

OPEN = (State.SENT, State.DOUBT)


@frozen
class Attempt:
    """One attempt.

    Attributes:
        id: Row.
        ticket: Six characters, unique at this till for ever.
        terminal: The shop's own name of the terminal.
        kind: Charge or refund.
        amount: Minor units, above zero.
        basket_id: The basket that is to be paid, or whose goods come back; its number comes again, so
            ``opened_ms`` belongs to it. 0: a refund of no goods.
        opened_ms: When that basket was opened.
        operator_id: Who charged.
        of_ticket: Of a refund: the charge that it gives back.
        mark: The terminal's last operation before, where it keeps no tickets.
        state: How it stands.
        decided_by: ``terminal``, or ``cashier`` where a person looked.
        authorisation: Authorisation code.
        last4: Last four digits of the card.
        brand: As the terminal names it.
        operation: The terminal's number of it.
        reason: Why it was not approved; English, marked for translation where it is ours.
        slip: Lines for the receipt.
        after_sale: Number of the last sale before it.
        sale_id: The sale or return that it paid, once that is closed; 0: none, and none is to come.
        created_ms: UTC milliseconds.
        updated_ms: UTC milliseconds of the last change.
        told: What head office was told of it: ``RECOVERED``, ``WITHOUT_SALE``, added up.
    """

    id: int
    ticket: str
    terminal: str
    kind: AttemptKind
    amount: int
    basket_id: int
    opened_ms: int
    operator_id: int
    of_ticket: str
    mark: str
    state: State
    decided_by: str
    authorisation: str
    last4: str
    brand: str
    operation: str
    reason: str
    slip: tuple[str, ...]
    after_sale: int
    sale_id: int | None
    created_ms: int
    updated_ms: int
    told: int

    @property
    def reference(self) -> str:
        """What the payment's reference says: brand, last four, authorisation, operation, ticket."""
        parts = (
            self.brand[:12],
            f"****{self.last4}" if self.last4 else "",
            self.authorisation[:10],
            f"#{self.operation[:8]}" if self.operation else "",
            self.ticket,
        )
        return " ".join(part for part in parts if part)


def ticket_text(number: int) -> str:
    """Six characters of a number, from the start again after the last.

    >>> ticket_text(35), ticket_text(36), ticket_text(36**6)
    ('00000Z', '000010', '000000')
    """
    number %= TICKETS
    text = ""
    for _ in range(6):
        number, digit = divmod(number, len(ALPHABET))
        text = ALPHABET[digit] + text
    return text
