"""A card terminal that stands by itself: the cashier keys the amount there, and its answer here.

There is nothing to talk to, so there is no thread and no doubt: ``asks`` tells the screen what to ask, and
``result`` makes of it what a connected terminal would have said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from tilltui.domain.text import clean
from tilltui.errors import N_, DeviceError
from tilltui.ports import Charge, ChargeResult, PaymentTerminal


@dataclass(frozen=True, slots=True)
class ManualSettings:
    """Settings of a ``[terminal.NAME]`` with ``driver = "manual"``: there are none."""


class ManualTerminal(PaymentTerminal):
    """A marker for the screen: ask, then ``result``; the blocking calls of the port do not apply."""

    Settings: ClassVar[type[ManualSettings]] = ManualSettings

    asks: ClassVar[tuple[str, ...]] = ("last4", "authorisation")
    """What the cashier is asked, in this order; each may stay empty."""

    def __init__(self, name: str, settings: ManualSettings) -> None:
        self.name = name

    def result(self, amount: int, answers: Mapping[str, str]) -> ChargeResult:
        """What the cashier says that the terminal said.

        Args:
            amount: Minor units.
            answers: By the names in ``asks``.

        Raises:
            DeviceError: The last four digits are no digits.
        """
        last4 = clean(answers.get("last4", ""), 8)
        if last4 and not (len(last4) == 4 and last4.isascii() and last4.isdigit()):
            raise DeviceError(
                N_("“{text}” are not the last four digits of a card."),
                device=self.name,
                hint=N_("Key the four digits, or leave it empty."),
                text=last4,
            )
        authorisation = clean(answers.get("authorisation", ""), 20)
        return ChargeResult(Charge.APPROVED, "", amount, authorisation, last4)

    def charge(
        self, ticket: str, amount: int, progress: Callable[[str], None], stopping: Callable[[], bool]
    ) -> ChargeResult:
        """Never: the cashier charges.

        Raises:
            DeviceError: Always.
        """
        raise self._by_hand()

    def recover(self, ticket: str, amount: int) -> ChargeResult | None:
        """Never: see ``charge``."""
        raise self._by_hand()

    def refund(self, operation: str, ticket: str, amount: int) -> ChargeResult:
        """Never: see ``charge``."""
        raise self._by_hand()

    def end_of_day(self) -> tuple[str, ...]:
        """Never: see ``charge``."""
        raise self._by_hand()

    def _by_hand(self) -> DeviceError:
        return DeviceError(
            N_("The terminal {device} is not connected to the till."),
            device=self.name,
            hint=N_("Do it at the terminal and key what it says."),
        )
