"""Card terminals: an amount goes out, an answer comes back, and doubt is never resolved by charging again."""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from tilltui.domain.frozen import frozen


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
        voucher: Lines for the receipt.
    """

    outcome: Charge
    ticket: str
    amount: int
    authorisation: str = ""
    last4: str = ""
    brand: str = ""
    operation: str = ""
    reason: str = ""
    voucher: tuple[str, ...] = ()


class PaymentTerminal(ABC):
    """A card terminal. Every method runs on a worker thread of its own and may block until its time-out.

    The till writes the attempt into its journal before it calls ``charge``, asks ``recover`` when the outcome
    is unknown, and never charges twice.
    """

    kind: ClassVar[str] = "terminal"
    Settings: ClassVar[type[Any]]
    name: str

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
            DeviceOffline: Nothing was sent.
            DeviceBusy: Nothing was sent.
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
        """Give a charge back; raises as ``charge`` does."""

    @abstractmethod
    def end_of_day(self) -> tuple[str, ...]:
        """Close the terminal's day; its report in lines. Raises as ``charge`` does."""
