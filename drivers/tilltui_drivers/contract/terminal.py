"""What every card terminal driver must do: never charge twice, never guess."""

from __future__ import annotations

import time

import pytest

from tilltui.errors import DeviceBlocked, DeviceBusy, DeviceOffline, OutcomeUnknown
from tilltui.ports import Charge, ChargeResult, PaymentTerminal
from tilltui_drivers.contract.bench import PATIENCE, TerminalBench
from tilltui_drivers.contract.device import BenchTests

OFFLINE_SECONDS = 12.0
"""Within this a terminal that is not there is said to be so; a customer is waiting."""


class TerminalContract(BenchTests):
    """The result is what the bank has, or it is said to be unknown."""

    @pytest.fixture
    def terminal(self, bench: TerminalBench) -> PaymentTerminal:
        """The driver under test."""
        terminal: PaymentTerminal = bench.driver()
        return terminal

    def test_it_says_what_it_is(self, bench: TerminalBench, terminal: PaymentTerminal) -> None:
        """Kind, name and settings class."""
        assert (terminal.kind, terminal.name) == (bench.kind, bench.name)
        assert isinstance(terminal.Settings, type)

    def test_a_charge(self, bench: TerminalBench, terminal: PaymentTerminal) -> None:
        """Approved, with its own ticket and amount, and once at the bank."""
        bench.plug_in()
        result = _charge(terminal, "A00001", 1250)
        assert (result.outcome, result.ticket, result.amount) == (Charge.APPROVED, "A00001", 1250)
        assert bench.charged("A00001") == [1250]

    def test_a_declined_charge(self, bench: TerminalBench, terminal: PaymentTerminal) -> None:
        """It is a result and no error, and the next customer can pay."""
        bench.plug_in()
        bench.decline()
        assert _charge(terminal, "A00001", 1250).outcome is Charge.DECLINED
        assert bench.charged("A00001") == []
        bench.well_again()
        assert _charge(terminal, "A00002", 300).outcome is Charge.APPROVED

    def test_without_a_terminal_nothing_was_charged(
        self, bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """``DeviceOffline``, in bounded time: trying again is safe, and works once it is there."""
        began = time.monotonic()
        with pytest.raises(DeviceOffline):
            _charge(terminal, "A00001", 1250)
        assert time.monotonic() - began < OFFLINE_SECONDS
        bench.plug_in()
        assert _charge(terminal, "A00001", 1250).outcome is Charge.APPROVED
        assert bench.charged("A00001") == [1250]

    def test_a_line_that_breaks_leaves_doubt_and_recover_ends_it(
        self, bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """The charge is never said to have failed; ``recover`` finds it, and it was made once."""
        bench.plug_in()
        bench.die_after_charging()
        with pytest.raises(OutcomeUnknown):
            _charge(terminal, "A00001", 1250)
        bench.well_again()
        found = _recover(terminal, "A00001", 1250)
        assert found is not None
        assert (found.outcome, found.amount) == (Charge.APPROVED, 1250)
        assert bench.charged("A00001") == [1250]

    def test_amounts_that_cannot_be_are_not_sent(
        self, bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """Zero and less never reach the terminal."""
        bench.plug_in()
        for amount in (0, -100):
            with pytest.raises((DeviceOffline, DeviceBlocked, DeviceBusy)):
                _charge(terminal, "A00001", amount)
        assert bench.charged("A00001") == []

    def test_it_writes_nothing_on_the_screen(
        self, capfd: pytest.CaptureFixture[str], bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """The screen is the till's, and cards are nobody's business."""
        bench.plug_in()
        _charge(terminal, "A00001", 1250)
        assert capfd.readouterr() == ("", "")


def _charge(terminal: PaymentTerminal, ticket: str, amount: int) -> ChargeResult:
    # A terminal that keeps no tickets is asked for its last transaction first, as the till does.
    mark, remember = getattr(terminal, "mark", None), getattr(terminal, "remember", None)
    if mark is not None and remember is not None:
        remember(ticket, mark())
    return terminal.charge(ticket, amount, lambda step: None, lambda: False)


def _recover(terminal: PaymentTerminal, ticket: str, amount: int) -> ChargeResult | None:
    """Ask until the terminal has got over it."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return terminal.recover(ticket, amount)
        except (DeviceOffline, DeviceBusy, OutcomeUnknown):
            if time.monotonic() >= until:
                raise
