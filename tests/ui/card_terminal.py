"""A card terminal that does what a test says, when it says so."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, ClassVar

from tilltui.ports import Charge, ChargeResult, PaymentTerminal

Step = Callable[[str, int], ChargeResult | None]
"""Makes the answer of ticket and amount, or raises."""


class ScriptedTerminal(PaymentTerminal):
    """Waits in each call for the next step.

    Attributes:
        calls: What was asked of it.
        working: Set while a call waits for its step.
    """

    Settings: ClassVar[type[Any]] = object

    def __init__(self, name: str = "card") -> None:
        self.name = name
        self.calls: list[str] = []
        self.steps: queue.Queue[Step] = queue.Queue()
        self.working = threading.Event()
        self.cancelled = threading.Event()
        self.report: tuple[str, ...] = ("TOTAL  5",)

    def _next(self, call: str, ticket: str, amount: int) -> ChargeResult | None:
        self.calls.append(f"{call} {amount}")
        self.working.set()
        try:
            return self.steps.get(timeout=20)(ticket, amount)
        finally:
            self.working.clear()

    def charge(
        self, ticket: str, amount: int, progress: Callable[[str], None], stopping: Callable[[], bool]
    ) -> ChargeResult:
        progress("card")
        result = self._next("charge", ticket, amount)
        assert result is not None
        if stopping():
            self.cancelled.set()
        return result

    def recover(self, ticket: str, amount: int) -> ChargeResult | None:
        return self._next("recover", ticket, amount)

    def refund(self, operation: str, ticket: str, amount: int) -> ChargeResult:
        result = self._next(f"refund {operation or '-'}", ticket, amount)
        assert result is not None
        return result

    def end_of_day(self) -> tuple[str, ...]:
        self.calls.append("end of day")
        return self.report


def approved(ticket: str, amount: int) -> ChargeResult:
    """It was charged."""
    return ChargeResult(
        Charge.APPROVED, ticket, amount, "123456", "6677", "VI", "60", voucher=("VISA  6677",)
    )


def declined(ticket: str, amount: int) -> ChargeResult:
    """The bank said no."""
    return ChargeResult(Charge.DECLINED, ticket, amount, reason="the bank refused the card")


def cancelled(ticket: str, amount: int) -> ChargeResult:
    """The cashier or the customer gave up."""
    return ChargeResult(Charge.CANCELLED, ticket, amount, reason="cancelled at the terminal")


def none(ticket: str, amount: int) -> None:
    """The terminal knows of no such charge."""


def raising(error: Exception) -> Step:
    """Fails so."""

    def step(ticket: str, amount: int) -> ChargeResult:
        raise error

    return step
