"""What head office is told of a card that no sale tells."""

from __future__ import annotations

import enum
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.record.fields import Body, Fields
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.stamp import Stamp


class CardWhy(enum.StrEnum):
    """Why head office is told of an attempt."""

    RECOVERED = "recovered"
    """Somebody had to be asked how it ended."""
    WITHOUT_SALE = "without_sale"
    """Money moved, and no sale or return has it."""


@frozen
class RecordedAttempt:
    """An attempt at charging a card or giving a charge back, as it ended.

    Attributes:
        ticket: Six characters, unique at this till for ever.
        terminal: The shop's own name of the terminal.
        kind: Charge or refund.
        amount: Minor units, above zero.
        state: How it ended: ``approved``, ``declined`` or ``cancelled``.
        decided_by: ``terminal``, or ``cashier`` where a person looked.
        of_ticket: Of a refund: the charge that it gives back.
        authorisation: Authorisation code.
        last4: Last four digits of the card.
        brand: As the terminal names it.
        operation: The terminal's number of it.
        reason: Why it was not approved.
        operator: Who charged, their row.
        after_sale: Number of the last sale before it.
        began_ms: UTC milliseconds.
    """

    ticket: str
    terminal: str
    kind: AttemptKind
    amount: int
    state: str
    decided_by: str
    of_ticket: str
    authorisation: str
    last4: str
    brand: str
    operation: str
    reason: str
    operator: int
    after_sale: int
    began_ms: int

    def body(self) -> dict[str, Any]:
        """What of it goes into the body of a record of kind ``card``, beside the reason why it is told."""
        return {
            "ticket": self.ticket,
            "terminal": self.terminal,
            "what": self.kind.value,
            "amount": self.amount,
            "state": str(self.state),
            "by": self.decided_by,
            "of": self.of_ticket,
            "authorisation": self.authorisation,
            "last4": self.last4,
            "brand": self.brand,
            "operation": self.operation,
            "reason": self.reason,
            "operator": self.operator,
            "after_sale": self.after_sale,
            "began_ms": self.began_ms,
        }

    @classmethod
    def of(cls, said: Fields) -> RecordedAttempt:
        """Read it of a body's members; raises ``RecordDamaged``."""
        return cls(
            ticket=said.text("ticket"),
            terminal=said.text("terminal"),
            kind=said.word("what", AttemptKind),
            amount=said.whole("amount"),
            state=said.text("state"),
            decided_by=said.text("by"),
            of_ticket=said.text("of"),
            authorisation=said.text("authorisation"),
            last4=said.text("last4"),
            brand=said.text("brand"),
            operation=said.text("operation"),
            reason=said.text("reason"),
            operator=said.whole("operator"),
            after_sale=said.count("after_sale"),
            began_ms=said.moment("began_ms"),
        )


@frozen
class CardRecord:
    """What head office is told of a card that no sale tells.

    Attributes:
        stamp: What every record says of itself.
        attempt: What was attempted, and how it ended.
        why: Each a ``CardWhy``, or another word of a newer till.
    """

    stamp: Stamp
    attempt: RecordedAttempt
    why: tuple[str, ...]

    @classmethod
    def parse(cls, body: Body) -> CardRecord:
        """Read the body of a record of kind ``card``; raises ``RecordDamaged``."""
        said = Fields.of(body, RecordKind.CARD)
        return cls(Stamp.of(said), RecordedAttempt.of(said), said.texts("why"))
