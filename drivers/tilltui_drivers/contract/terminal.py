"""What every card terminal driver must do: never charge or give back twice, never guess."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tilltui.errors import DeviceBlocked, DeviceBusy, DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import CanBeProbed, Charge, ChargeResult, MarkingTerminal, PaymentTerminal
from tilltui_drivers.contract.bench import PATIENCE, TerminalBench
from tilltui_drivers.contract.device import BenchTests, check_abilities

OFFLINE_SECONDS = 12.0
"""Within this a terminal that is not there is said to be so; a customer is waiting."""

MAX_MARK = 40
"""Longest mark of a ``MarkingTerminal``."""

NOTHING_SENT = (DeviceOffline, DeviceBlocked, DeviceBusy)
"""Errors that promise that no money has moved."""


class TerminalContract(BenchTests):
    """The result is what the bank has, or it is said to be unknown."""

    @pytest.fixture
    def terminal(self, bench: TerminalBench) -> PaymentTerminal:
        """The driver under test."""
        terminal: PaymentTerminal = bench.driver()
        return terminal

    def test_it_says_what_it_is(self, bench: TerminalBench, terminal: PaymentTerminal) -> None:
        """Kind, name and settings class; no ability is half there."""
        assert (terminal.kind, terminal.name) == (bench.kind, bench.name)
        assert isinstance(terminal.Settings, type)
        check_abilities(terminal)

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
        """Zero and less never reach the terminal: ``DeviceBlocked`` and its like say so."""
        bench.plug_in()
        for amount in (0, -100):
            with pytest.raises(NOTHING_SENT):
                _charge(terminal, "A00001", amount)
        assert bench.charged("A00001") == []

    def test_a_charge_goes_back_whole_and_once(self, bench: TerminalBench, terminal: PaymentTerminal) -> None:
        """By the operation that the charge named; a second time gives nothing."""
        bench.plug_in()
        charge = _charge(terminal, "A00001", 1250)
        refund = _refund(terminal, charge.operation, "R00001", 1250)
        assert (refund.outcome, refund.ticket, refund.amount) == (Charge.APPROVED, "R00001", 1250)
        assert bench.charged("A00001") == []
        second = _refund(terminal, charge.operation, "R00001", 1250)
        assert (second.outcome is Charge.APPROVED) or not terminal.refuses_second_void
        assert bench.charged("A00001") == []

    def test_what_was_never_charged_does_not_go_back(
        self, bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """A refusal or ``DeviceBlocked``, and no money has moved."""
        bench.plug_in()
        _charge(terminal, "A00001", 1250)
        for operation in ("999", "no number"):
            try:
                assert _refund(terminal, operation, "R00001", 1250).outcome is not Charge.APPROVED
            except NOTHING_SENT:
                continue
        assert bench.charged("A00001") == [1250]

    def test_without_a_terminal_nothing_went_back(
        self, bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """``DeviceOffline``, as for a charge."""
        with pytest.raises(DeviceOffline):
            terminal.refund("1", "R00001", 1250)

    def test_a_refund_whose_line_breaks_is_never_said_to_have_failed(
        self, bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """``recover_refund`` finds it or cannot say; it says of no refund that was made that it was not.

        It is a question alone, and where a void is refused twice, sending it again is one too.
        """
        bench.plug_in()
        charge = _charge(terminal, "A00001", 1250)
        bench.die_after_charging()
        with pytest.raises(OutcomeUnknown):
            _refund(terminal, charge.operation, "R00001", 1250)
        bench.well_again()
        assert bench.charged("A00001") == []
        found = _asked(lambda: terminal.recover_refund(charge.operation, "R00001", 1250))
        if isinstance(found, DeviceError):
            assert found.hint
        else:
            assert found is not None
            assert (found.outcome, found.amount) == (Charge.APPROVED, 1250)
        if terminal.refuses_second_void:
            again = _asked(lambda: terminal.refund(charge.operation, "R00001", 1250))
            assert isinstance(again, ChargeResult)
            assert again.outcome is Charge.APPROVED
        assert bench.charged("A00001") == []

    def test_asking_about_a_refund_that_never_was_gives_nothing_back(
        self, bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """``None``, or it cannot say."""
        bench.plug_in()
        charge = _charge(terminal, "A00001", 1250)
        _marked(terminal, "R00001")
        found = _asked(lambda: terminal.recover_refund(charge.operation, "R00001", 1250))
        assert found is None or isinstance(found, DeviceError)
        assert bench.charged("A00001") == [1250]

    def test_a_mark_stands_until_there_is_another_operation(
        self, bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """Of a ``MarkingTerminal``: what its last operation was, in at most 40 characters."""
        bench.plug_in()
        if not isinstance(terminal, MarkingTerminal):
            return
        marks = [terminal.mark(), terminal.mark()]
        _charge(terminal, "A00001", 1250)
        marks += [terminal.mark(), terminal.mark()]
        assert marks[0] == marks[1] != marks[2] == marks[3]
        assert all(0 < len(mark) <= MAX_MARK for mark in marks)
        bench.unplug()
        terminal.remember("A00002", marks[2])

    def test_a_probe_moves_no_money(self, bench: TerminalBench, terminal: PaymentTerminal) -> None:
        """Where there is one: it says whether the terminal is there."""
        if not isinstance(terminal, CanBeProbed):
            return
        with pytest.raises(DeviceError):
            terminal.probe()
        bench.plug_in()
        terminal.probe()
        assert bench.charged("A00001") == []

    def test_it_writes_nothing_on_the_screen(
        self, capfd: pytest.CaptureFixture[str], bench: TerminalBench, terminal: PaymentTerminal
    ) -> None:
        """The screen is the till's, and cards are nobody's business."""
        bench.plug_in()
        _charge(terminal, "A00001", 1250)
        assert capfd.readouterr() == ("", "")


def _marked(terminal: PaymentTerminal, ticket: str) -> None:
    """Ask a terminal that keeps no tickets for its last operation first, as the till does."""
    if isinstance(terminal, MarkingTerminal):
        terminal.remember(ticket, terminal.mark())


def _charge(terminal: PaymentTerminal, ticket: str, amount: int) -> ChargeResult:
    _marked(terminal, ticket)
    return terminal.charge(ticket, amount, lambda step: None, lambda: False)


def _refund(terminal: PaymentTerminal, operation: str, ticket: str, amount: int) -> ChargeResult:
    _marked(terminal, ticket)
    return terminal.refund(operation, ticket, amount)


def _recover(terminal: PaymentTerminal, ticket: str, amount: int) -> ChargeResult | None:
    found = _asked(lambda: terminal.recover(ticket, amount))
    if isinstance(found, DeviceError):
        raise found
    return found


def _asked(question: Callable[[], ChargeResult | None]) -> ChargeResult | DeviceError | None:
    """Ask until the terminal has got over it; gives the error where it answers that it cannot say."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return question()
        except (DeviceOffline, DeviceBusy, OutcomeUnknown) as error:
            if time.monotonic() >= until:
                return error
        except DeviceError as error:
            return error
