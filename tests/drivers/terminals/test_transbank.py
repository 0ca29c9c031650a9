from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.config.load import driver_settings
from tilltui.config.problems import Problems
from tilltui.config.schema import DeviceSection
from tilltui.errors import DeviceBlocked, DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import Charge
from tilltui_drivers.terminals.stx import Times
from tilltui_drivers.terminals.transbank import response_words as words
from tilltui_drivers.terminals.transbank.reply import Reply, parse, sale
from tilltui_drivers.terminals.transbank.transbank import Transbank, TransbankSettings
from tilltui_drivers.virtual.terminals.bank import Fault
from tilltui_drivers.virtual.terminals.transbank_device import VirtualTransbank

FAST = Times(write=0.5, ack=0.1, gap=0.05, answer=0.2, most=1.5)


@pytest.fixture
def virtual() -> Iterator[VirtualTransbank]:
    virtual = VirtualTransbank(slow=0.4)
    yield virtual
    virtual.close()


@pytest.fixture
def terminal(virtual: VirtualTransbank) -> Transbank:
    return Transbank("card", TransbankSettings(virtual.path), times=FAST)


def charge(terminal: Transbank, ticket: str = "A00123", amount: int = 12500) -> tuple[Charge, list[str]]:
    steps: list[str] = []
    result = terminal.charge(ticket, amount, steps.append, lambda: False)
    assert (result.ticket, result.amount) == (ticket, amount)
    return result.outcome, steps


def test_an_approved_sale_with_its_steps(virtual: VirtualTransbank, terminal: Transbank) -> None:
    steps: list[str] = []
    result = terminal.charge("A00123", 12500, steps.append, lambda: False)
    assert result.outcome is Charge.APPROVED
    assert (result.last4, result.brand, result.operation, result.authorisation) == (
        "6677",
        "VI",
        "1",
        "007919",
    )
    assert steps == ["card", "pin", "sending"]
    assert virtual.requests == ["0100", "0200|12500|A00123|||1|"]
    assert [entry.amount for entry in virtual.ledger.charged("A00123")] == [12500]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.DECLINE, Charge.DECLINED),
        (Fault.CANCEL, Charge.CANCELLED),
        (Fault.NAK_TWICE, Charge.APPROVED),
        (Fault.WRONG_SUM_ONCE, Charge.APPROVED),
        (Fault.CUT_ONCE, Charge.APPROVED),
        (Fault.TWICE, Charge.APPROVED),
        (Fault.ACK_LOST, Charge.APPROVED),
        (Fault.GLUED, Charge.APPROVED),
        (Fault.TRICKLE, Charge.APPROVED),
        (Fault.GARBAGE_BEFORE, Charge.APPROVED),
    ],
)
@pytest.mark.parametrize("amount", [1000, 1001])
def test_faults_that_leave_no_doubt(
    virtual: VirtualTransbank, terminal: Transbank, fault: Fault, outcome: Charge, amount: int
) -> None:
    virtual.fault = fault
    assert charge(terminal, amount=amount)[0] is outcome
    assert len(virtual.ledger.entries) == (outcome is Charge.APPROVED)
    virtual.fault = Fault.NONE
    assert charge(terminal, "A00124")[0] is Charge.APPROVED


@pytest.mark.parametrize(
    ("fault", "charged"),
    [
        (Fault.DEAF, False),
        (Fault.NO_ACK_NO_ANSWER, True),
        (Fault.NO_ACK, True),
        (Fault.NAK_ALWAYS, False),
        (Fault.WRONG_SUM_ALWAYS, True),
        (Fault.CUT_FOR_GOOD, True),
        (Fault.DIES_BEFORE, False),
        (Fault.DIES_AFTER, True),
        (Fault.GARBAGE_INSTEAD, True),
    ],
)
def test_faults_that_leave_doubt_are_recovered(
    virtual: VirtualTransbank, terminal: Transbank, fault: Fault, charged: bool
) -> None:
    assert charge(terminal, "A00122")[0] is Charge.APPROVED
    virtual.fault = fault
    with pytest.raises(OutcomeUnknown):
        charge(terminal)
    virtual.fault = Fault.NONE
    assert len(virtual.ledger.charged("A00123")) == charged
    found = terminal.recover("A00123", 12500)
    assert (found is not None) is charged
    if found is not None:
        assert (found.outcome, found.amount, found.last4) == (Charge.APPROVED, 12500, "6677")


def test_a_terminal_that_is_still_busy_does_not_say_that_nothing_was_charged(
    virtual: VirtualTransbank, terminal: Transbank
) -> None:
    impatient = Transbank(
        "card",
        TransbankSettings(virtual.path),
        times=Times(write=0.5, ack=0.05, gap=0.05, answer=0.05, most=1),
    )
    virtual.fault = Fault.SLOW
    with pytest.raises(OutcomeUnknown):
        charge(impatient)
    with pytest.raises(DeviceOffline):
        impatient.recover("A00123", 12500)
    for _ in range(50):
        try:
            found = terminal.recover("A00123", 12500)
            break
        except DeviceOffline:
            continue
    assert found is not None
    assert found.outcome is Charge.APPROVED


def test_another_amount_under_our_ticket_stays_in_doubt(
    virtual: VirtualTransbank, terminal: Transbank
) -> None:
    charge(terminal, amount=500)
    with pytest.raises(OutcomeUnknown, match="another amount"):
        terminal.recover("A00123", 600)


def test_the_answer_to_an_earlier_sale_is_not_taken_for_this_one(
    virtual: VirtualTransbank, terminal: Transbank
) -> None:
    charge(terminal, "A00001", 777)
    virtual.fault = Fault.STALE
    result = terminal.charge("A00002", 777, lambda step: None, lambda: False)
    assert (result.ticket, result.operation) == ("A00002", "2")


def test_cancelling_is_for_the_terminal(virtual: VirtualTransbank, terminal: Transbank) -> None:
    steps: list[str] = []
    result = terminal.charge("A00123", 12500, steps.append, lambda: True)
    assert result.outcome is Charge.APPROVED
    assert steps.count("cancel") == 1


def test_a_sale_is_voided_once(virtual: VirtualTransbank, terminal: Transbank) -> None:
    result = terminal.charge("A00123", 12500, lambda step: None, lambda: False)
    assert terminal.refund(result.operation, "B", 12500).outcome is Charge.APPROVED
    assert terminal.refund(result.operation, "B", 12500).outcome is Charge.APPROVED
    assert [entry.amount for entry in virtual.ledger.entries] == [12500, -12500]
    unknown = terminal.refund("99", "C", 5)
    assert (unknown.outcome, unknown.reason) == (Charge.DECLINED, words.reason("05"))
    with pytest.raises(DeviceBlocked, match="whole sales only"):
        terminal.refund("", "D", 5)


def test_the_day_is_closed_with_its_totals_and_keys_are_loaded(
    virtual: VirtualTransbank, terminal: Transbank
) -> None:
    charge(terminal, amount=1500)
    assert terminal.end_of_day() == (
        "TERMINAL 75001087",
        "COMERCIO 597029414300",
        "VENTAS 1  TOTAL 1500",
    )
    terminal.load_keys()
    assert virtual.requests[-4:] == ["0700||", "0500||", "0100", "0800"]


def test_a_terminal_that_is_not_there_is_offline_and_nothing_was_sent(tmp_path: object) -> None:
    terminal = Transbank("card", TransbankSettings(f"{tmp_path}/none"), times=FAST)
    for call in (
        lambda: terminal.charge("A", 1, lambda step: None, lambda: False),
        lambda: terminal.recover("A", 1),
        lambda: terminal.refund("1", "A", 1),
        terminal.end_of_day,
    ):
        with pytest.raises(DeviceOffline, match="cannot be opened"):
            call()


def test_a_terminal_that_is_switched_off_is_offline(virtual: VirtualTransbank, terminal: Transbank) -> None:
    virtual._stop.set()
    virtual._thread.join(5)
    with pytest.raises(DeviceOffline) as offline:
        charge(terminal)
    assert "integrated mode" in offline.value.hint


@pytest.mark.parametrize(("ticket", "amount"), [("A", 0), ("A", 10**9), ("", 5), ("ABCDEFG", 5), ("A|B", 5)])
def test_what_cannot_be_written_is_not_sent(terminal: Transbank, ticket: str, amount: int) -> None:
    with pytest.raises(DeviceBlocked):
        charge(terminal, ticket, amount)


@given(st.binary(max_size=200))
def test_any_message_is_read_or_refused(data: bytes) -> None:
    reply = parse(data)
    if reply is not None:
        assert len(reply.command) == 4
        found = sale(reply)
        assert found.amount >= -1
        assert isinstance(words.reason(found.code), str)


@given(st.text("0123456789|ABC ", max_size=120))
def test_any_fields_are_read(text: str) -> None:
    reply = parse(f"0210|{text}".encode())
    assert reply is not None
    assert sale(reply).amount >= -1


def test_a_reply_of_the_manual() -> None:
    reply = parse(
        b"0210|00|550062700310|ABC1234C|AB123|XZ123456|15000|3|5000|6677|60|CR|||AX|28102019|223512|1|1500"
    )
    assert reply is not None
    found = sale(reply)
    assert (found.ticket, found.authorisation, found.amount) == ("AB123", "XZ123456", 15000)
    assert (found.last4, found.operation, found.brand) == ("6677", "60", "AX")
    assert parse(b"02|00") is None
    assert parse(b"0210") == Reply("0210", "", ())


def test_errors_of_the_terminal_are_in_words(terminal: Transbank) -> None:
    for code in (*words.WORDS, "99", ""):
        assert words.reason(code)
        assert isinstance(terminal._refused(code), DeviceError)


def test_the_settings_are_read_from_the_file() -> None:
    problems = Problems("till.toml")
    options = {"port": "/dev/ttyACM0", "baudrate": 19200}
    section = DeviceSection("terminal", "card", "transbank", options)
    assert driver_settings(section, TransbankSettings, problems) == TransbankSettings("/dev/ttyACM0", 19200)
    assert (
        driver_settings(DeviceSection("terminal", "card", "transbank", {}), TransbankSettings, problems)
        is None
    )
    assert len(list(problems)) == 1
