"""A card terminal that does what a test says, when it says so."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, ClassVar

from tests.ui.cashier import MILK, Cashier
from tilltui.domain.cards.attempt import State
from tilltui.errors import OutcomeUnknown
from tilltui.ports import Charge, ChargeResult, PaymentTerminal
from tilltui.store.cards import attempts
from tilltui.ui.dialogs.charge import ChargeDialog

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

    def recover_refund(self, operation: str, ticket: str, amount: int) -> ChargeResult | None:
        return self._next(f"recover refund {operation or '-'}", ticket, amount)

    def end_of_day(self) -> tuple[str, ...]:
        self.calls.append("end of day")
        return self.report


def approved(ticket: str, amount: int) -> ChargeResult:
    """It was charged."""
    return ChargeResult(Charge.APPROVED, ticket, amount, "123456", "6677", "VI", "60", slip=("VISA  6677",))


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


SILENT = raising(OutcomeUnknown("no answer", device="card"))
"""It was sent, and nothing came back."""


async def charging(cashier: Cashier, terminal: ScriptedTerminal, call: str = "charge") -> ChargeDialog:
    """Wait until the terminal works and the pop-up says so."""
    await cashier.until(lambda: terminal.working.is_set() and terminal.calls[-1].startswith(call))
    await cashier.settle()
    dialog = cashier.dialog
    assert isinstance(dialog, ChargeDialog)
    return dialog


async def answer(cashier: Cashier, terminal: ScriptedTerminal, *steps: Step) -> None:
    """Let the terminal answer, and wait until the screen has taken it."""
    for step in steps:
        terminal.steps.put(step)
    await cashier.until(lambda: not cashier.app.terminals.at)
    await cashier.settle()


async def at_the_terminal(
    cashier: Cashier, terminal: ScriptedTerminal, *codes: str, part: str = "", key: str = ""
) -> ChargeDialog:
    """Scan, press the card's key, and wait until the terminal works.

    Args:
        codes: What is scanned; milk where nothing is named.
        part: The amount that is keyed before.
        key: Chooses the terminal where there are several.
    """
    await cashier.scan(*(codes or (MILK,)))
    if part:
        await cashier.type(part)
    await cashier.press("f9", *key)
    return await charging(cashier, terminal)


async def by_card(
    cashier: Cashier,
    terminal: ScriptedTerminal,
    *steps: Step,
    codes: tuple[str, ...] = (MILK,),
    part: str = "",
) -> None:
    """Scan, take a card, and let the terminal answer."""
    await at_the_terminal(cashier, terminal, *codes, part=part)
    await answer(cashier, terminal, *steps)


async def gives_back(cashier: Cashier, terminal: ScriptedTerminal, *steps: Step) -> None:
    """Let the terminal, which gives back, answer."""
    await charging(cashier, terminal, "refund")
    await answer(cashier, terminal, *steps)


async def doubted(cashier: Cashier, terminal: ScriptedTerminal) -> None:
    """Charge a sale; the terminal falls silent, and is silent when it is asked."""
    await by_card(cashier, terminal, SILENT, SILENT)


def states(cashier: Cashier) -> list[State]:
    """How the attempts stand, oldest first."""
    return [row.state for row in reversed(attempts.recent(cashier.store.reader))]
