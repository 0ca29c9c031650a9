"""Card terminals: an amount goes out, an answer comes back, and doubt is never resolved by charging again."""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from tilltui.domain.frozen import frozen
from tilltui.errors import N_, DeviceError


class Charge(enum.StrEnum):
    """How an attempt ended."""

    APPROVED = "approved"
    DECLINED = "declined"
    """Nothing was charged, and the terminal said so."""
    CANCELLED = "cancelled"
    """Nothing was charged: the customer or the cashier gave up."""


@frozen
class ChargeResult:
    """What the terminal said.

    Attributes:
        outcome: How it ended.
        ticket: The reference that was sent with it.
        amount: Minor units that were charged.
        authorisation: Authorisation code.
        last4: Last four digits of the card.
        brand: ``VI``, ``MC``, ``DB`` ... as the terminal names it.
        operation: The terminal's own number of the operation, for voids.
        reason: In words, when it was not approved; English, marked for translation where it is ours.
        slip: Lines for the receipt.
    """

    outcome: Charge
    ticket: str
    amount: int
    authorisation: str = ""
    last4: str = ""
    brand: str = ""
    operation: str = ""
    reason: str = ""
    slip: tuple[str, ...] = ()


class PaymentTerminal(ABC):
    """A card terminal. Every method runs on a worker thread of its own and may block until its time-out.

    The till writes the attempt down before it calls ``charge`` or ``refund``, asks ``recover`` or
    ``recover_refund`` when the outcome is unknown, and neither charges nor gives back twice. A terminal that
    keeps no reference of the till is a ``MarkingTerminal`` too.

    Three errors prove that **nothing was sent that moves money**, so that the attempt ends as cancelled and
    may be made again: ``DeviceOffline``, ``DeviceBusy`` and ``DeviceBlocked``. A driver that is not certain
    raises ``OutcomeUnknown``; whatever else it raises is taken for that.
    """

    kind: ClassVar[str] = "terminal"
    Settings: ClassVar[type[Any]]
    name: str

    asks: ClassVar[tuple[str, ...]] = ()
    """What the cashier is asked where it is not connected, in this order: ``last4``, ``authorisation``.

    Empty: it is connected, and answers for itself. Of one that is not, no other method is called.
    """

    refuses_second_void: ClassVar[bool] = False
    """A whole refund names its operation, and the terminal answers "given back already" to a second one.

    Where ``recover_refund`` cannot say, a person may then have the same refund sent again: it asks.
    """

    @abstractmethod
    def charge(
        self, ticket: str, amount: int, progress: Callable[[str], None], stopping: Callable[[], bool]
    ) -> ChargeResult:
        """Charge an amount.

        Args:
            ticket: Reference of at most six characters, unique for this attempt.
            amount: Minor units, above zero.
            progress: Told what the terminal is doing (``card``, ``confirm``, ``pin``, ``sending``).
            stopping: Asked once a second; ``True``: cancel if that is still possible.

        Raises:
            DeviceOffline: Nothing was sent: it is not there.
            DeviceBusy: Nothing was sent: it works on something else.
            DeviceBlocked: Nothing was sent: it cannot do this, or not now (amount, paper, its day is full).
            OutcomeUnknown: It was sent and the answer is not known: call ``recover``.
        """

    @abstractmethod
    def recover(self, ticket: str, amount: int) -> ChargeResult | None:
        """Ask the terminal what became of an attempt.

        Returns:
            The result if the terminal's last operation has this ticket and amount; ``None`` if it says that
            there was no such charge.

        Raises:
            DeviceError: It cannot say: the attempt stays in doubt.
        """

    @abstractmethod
    def refund(self, operation: str, ticket: str, amount: int) -> ChargeResult:
        """Give a charge back; raises as ``charge`` does.

        Args:
            operation: ``ChargeResult.operation`` of the charge, which is given back whole; empty: give an
                amount to whatever card is shown.
            ticket: Reference of this refund, of at most six characters, unique for this attempt.
            amount: Minor units, above zero.
        """

    def recover_refund(self, operation: str, ticket: str, amount: int) -> ChargeResult | None:
        """Ask the terminal what became of a refund. A question alone: it gives nothing back.

        Args:
            operation: As it was given to ``refund``.
            ticket: The same.
            amount: The same.

        Returns:
            The result if the terminal's last operation is this refund: its reference or mark, its amount
            **and** its direction; ``None`` if it says that there was no such refund.

        Raises:
            DeviceError: It cannot say, as here by default: the refund stays in doubt until a person looks.
        """
        raise DeviceError(
            N_("The card terminal {device} cannot say what became of this refund."),
            device=self.name,
            hint=N_("Look at the terminal's last receipt and tell the till."),
        )

    @abstractmethod
    def end_of_day(self) -> tuple[str, ...]:
        """Close the terminal's day; its report in lines. Raises as ``charge`` does."""
