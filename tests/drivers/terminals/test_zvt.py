from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.config.load import driver_settings
from tilltui.config.problems import Problems
from tilltui.config.schema import DeviceSection
from tilltui.errors import DeviceBlocked, DeviceBusy, DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import Charge
from tilltui_drivers.terminals.zvt import result_words as words
from tilltui_drivers.terminals.zvt.apdu import MAX_APDU, Apdu, Cutter, Overlong, bcd, fields, number, tlvs
from tilltui_drivers.terminals.zvt.link import PRINT_BLOCK, PRINT_LINE, ZvtTimes
from tilltui_drivers.terminals.zvt.paper import MAX_LINES, Paper
from tilltui_drivers.terminals.zvt.zvt import NOTHING, Zvt, ZvtSettings
from tilltui_drivers.virtual.terminals.bank import Fault
from tilltui_drivers.virtual.terminals.zvt_device import VirtualZvt

FAST = ZvtTimes(connect=0.5, ack=0.15, answer=0.2, most=1.5)


@pytest.fixture
def virtual() -> Iterator[VirtualZvt]:
    virtual = VirtualZvt(slow=0.4)
    yield virtual
    virtual.close()


@pytest.fixture
def terminal(virtual: VirtualZvt) -> Zvt:
    return Zvt("card", ZvtSettings("127.0.0.1", virtual.port), times=FAST)


def charge(terminal: Zvt, ticket: str = "A00123", amount: int = 1250) -> Charge:
    terminal.remember(ticket, terminal.mark())
    result = terminal.charge(ticket, amount, lambda step: None, lambda: False)
    assert (result.ticket, result.amount) == (ticket, amount)
    return result.outcome


def test_an_approved_payment_with_its_steps_and_paper(virtual: VirtualZvt, terminal: Zvt) -> None:
    assert terminal.mark() == NOTHING
    steps: list[str] = []
    result = terminal.charge("A00123", 1250, steps.append, lambda: False)
    assert result.outcome is Charge.APPROVED
    assert (result.last4, result.brand, result.operation, result.authorisation) == (
        "6677",
        "VISA",
        "0001",
        "007919",
    )
    assert steps == ["card", "pin", "sending"]
    assert result.slip == ("** Kundenbeleg **", "EUR 1250")
    assert [entry.amount for entry in virtual.ledger.entries] == [1250]
    assert terminal.mark() == "1/1"
    assert terminal.status() == 0


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault.DECLINE, Charge.DECLINED),
        (Fault.CANCEL, Charge.CANCELLED),
        (Fault.TWICE, Charge.APPROVED),
        (Fault.GLUED, Charge.APPROVED),
        (Fault.TRICKLE, Charge.APPROVED),
        (Fault.STALE, Charge.APPROVED),
    ],
)
def test_faults_that_leave_no_doubt(
    virtual: VirtualZvt, terminal: Zvt, fault: Fault, outcome: Charge
) -> None:
    charge(terminal, "A00122")
    virtual.fault = fault
    assert charge(terminal, amount=777) is outcome
    assert len(virtual.ledger.entries) == 1 + (outcome is Charge.APPROVED)


@pytest.mark.parametrize(
    ("fault", "net"),
    [
        (Fault.DEAF, 0),
        (Fault.NO_ACK, 1250),
        (Fault.NO_ACK_NO_ANSWER, 1250),
        (Fault.WRONG_SUM_ONCE, 1250),
        (Fault.CUT_ONCE, 1250),
        (Fault.CUT_FOR_GOOD, 1250),
        (Fault.DIES_BEFORE, 0),
        (Fault.DIES_AFTER, 1250),
        (Fault.ACK_LOST, 1250),
        (Fault.GARBAGE_BEFORE, 1250),
        (Fault.GARBAGE_INSTEAD, 1250),
        (Fault.BREAKS_OFF, 0),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_faults_that_leave_doubt_are_recovered(
    virtual: VirtualZvt, terminal: Zvt, fault: Fault, net: int, first: bool
) -> None:
    if not first:
        charge(terminal, "A00122")  # the same amount: only the mark tells them apart
    before = len(virtual.ledger.entries)
    mark = terminal.mark()
    virtual.fault = fault
    with pytest.raises(OutcomeUnknown):
        terminal.charge("A00123", 1250, lambda step: None, lambda: False)
    virtual.fault = Fault.NONE
    # A till that was started again knows the mark from its own store.
    again = Zvt("card", ZvtSettings("127.0.0.1", virtual.port), times=FAST)
    again.remember("A00123", mark)
    found = patient(again, "A00123")
    assert sum(entry.amount for entry in virtual.ledger.entries[before:]) == net
    assert (found is not None) == (net > 0)


def patient(terminal: Zvt, ticket: str) -> object:
    """Ask until the terminal has got over it."""
    for _ in range(50):
        try:
            return terminal.recover(ticket, 1250)
        except DeviceOffline:
            continue
    raise AssertionError("it never came back")


def test_a_slow_customer_is_not_taken_for_nothing_charged(virtual: VirtualZvt, terminal: Zvt) -> None:
    virtual.fault = Fault.SLOW
    with pytest.raises(OutcomeUnknown):
        charge(terminal)
    with pytest.raises(DeviceOffline):
        terminal.recover("A00123", 1250)
    assert patient(terminal, "A00123") is not None


def test_a_busy_terminal_charges_nothing(virtual: VirtualZvt, terminal: Zvt) -> None:
    virtual.fault = Fault.NAK_ALWAYS
    with pytest.raises(DeviceBusy, match="busy"):
        charge(terminal)
    assert virtual.ledger.entries == []


def test_without_the_mark_or_with_another_operation_in_between_it_stays_in_doubt(
    virtual: VirtualZvt, terminal: Zvt
) -> None:
    charge(terminal, "A00001", 500)
    with pytest.raises(DeviceError, match="cannot say"):
        terminal.recover("A00002", 600)
    terminal.remember("A00002", NOTHING)
    with pytest.raises(DeviceError, match="cannot say"):
        terminal.recover("A00002", 600)


def test_a_payment_is_reversed_once_or_refunded_in_part(virtual: VirtualZvt, terminal: Zvt) -> None:
    result = terminal.charge("A00123", 1250, lambda step: None, lambda: False)
    assert terminal.refund(result.operation, "B", 1250).outcome is Charge.APPROVED
    again = terminal.refund(result.operation, "B", 1250)
    assert (again.outcome, again.reason) == (Charge.APPROVED, words.reason(words.ALREADY_REVERSED))
    assert terminal.refund("77", "C", 5).outcome is Charge.DECLINED
    assert terminal.refund("", "D", 300).outcome is Charge.APPROVED
    assert [entry.amount for entry in virtual.ledger.entries] == [1250, -1250, -300]
    with pytest.raises(DeviceBlocked, match="no receipt number"):
        terminal.refund("12x", "E", 5)


def test_the_end_of_the_day_prints_lines_and_blocks(virtual: VirtualZvt, terminal: Zvt) -> None:
    charge(terminal)
    assert terminal.end_of_day() == ("KASSENSCHNITT", "SUMME 1250")


def test_giving_up_asks_the_terminal_to_abort(virtual: VirtualZvt, terminal: Zvt) -> None:
    virtual.fault = Fault.SLOW
    result = terminal.charge("A00123", 1250, lambda step: None, lambda: True)
    assert result.outcome is Charge.CANCELLED
    assert "06b0" in virtual.requests
    assert virtual.ledger.entries == []


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    terminal = Zvt("card", ZvtSettings("127.0.0.1", port), times=FAST)
    for call in (terminal.mark, terminal.end_of_day, lambda: terminal.recover("A", 5)):
        with pytest.raises(DeviceOffline, match=f"127.0.0.1:{port}"):
            call()


def test_a_listener_that_says_nothing_is_offline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        terminal = Zvt("card", ZvtSettings("127.0.0.1", server.getsockname()[1]), times=FAST)
        with pytest.raises(DeviceOffline):
            terminal.charge("A", 5, lambda step: None, lambda: False)


# Messages

MESSAGES = st.lists(st.builds(Apdu, st.integers(0, 0xFFFF), st.binary(max_size=600)), max_size=5)


@pytest.mark.parametrize(
    ("apdu", "wire"),
    [
        (Apdu(0x8000), "80 00 00"),
        (Apdu(0x0601, b"\x04" + bcd(1250, 6)), "06 01 07 04 00 00 00 00 12 50"),
        (Apdu(0x04FF, b"\x0a"), "04 ff 01 0a"),
    ],
)
def test_messages_are_those_of_the_manual(apdu: Apdu, wire: str) -> None:
    assert apdu.encode() == bytes.fromhex(wire)
    assert list(Cutter().feed(apdu.encode())) == [apdu]


def test_a_long_message_has_its_length_low_byte_first() -> None:
    apdu = Apdu(0x06D3, bytes(861))
    assert apdu.encode()[:5].hex() == "06d3ff5d03"
    assert list(Cutter().feed(apdu.encode())) == [apdu]


@given(MESSAGES, st.lists(st.integers(0, 5000), max_size=8))
def test_any_split_gives_the_same(messages: list[Apdu], cuts: list[int]) -> None:
    wire = b"".join(message.encode() for message in messages)
    places = sorted({cut % (len(wire) + 1) for cut in cuts} | {0, len(wire)})
    cutter = Cutter()
    found = [m for a, b in pairwise(places) for m in cutter.feed(wire[a:b])]
    assert found == messages


@given(st.lists(st.binary(max_size=300), max_size=8))
def test_garbage_is_bounded(pieces: list[bytes]) -> None:
    cutter = Cutter()
    for piece in pieces:
        try:
            for message in cutter.feed(piece):
                fields(message.data)
                Paper().take(message)
        except Overlong:
            assert len(cutter._buffer) == 0
        assert len(cutter._buffer) <= MAX_APDU + 5


@given(st.binary(max_size=300))
def test_any_fields_are_read_as_far_as_they_can_be(data: bytes) -> None:
    found = fields(data)
    assert sum(len(value) for value in found.values.values()) <= len(data)
    for tag in found.values:
        found.number(tag)
    assert sum(len(value) for _tag, value in tlvs(data)) <= len(data)
    paper = Paper()
    paper.take(Apdu(PRINT_BLOCK, data))
    paper.take(Apdu(PRINT_LINE, data))
    assert all(len(line) <= 80 for line in paper.lines)


def test_fields_of_a_status() -> None:
    found = fields(
        bytes.fromhex("27 00 04 000000001250 0b 000042 87 0017 22 f0f3 eeee77 8b f0f5") + b"VISA\0"
    )
    assert found.whole
    assert (found.number(0x04), found.number(0x0B), found.number(0x87)) == (1250, 42, 17)
    assert found.values[0x8B] == b"VISA\0"
    assert number(b"\xee") is None
    cut = fields(b"\x27\x00\xee\x04")
    assert (cut.values, cut.whole) == ({0x27: b"\0"}, False)


def test_paper_is_bounded() -> None:
    paper = Paper()
    for _ in range(MAX_LINES * 2):
        paper.take(Apdu(PRINT_LINE, b"\x00" + b"x" * 200))
    paper.take(Apdu(PRINT_LINE, b"\xff"))
    assert len(paper.lines) == MAX_LINES
    assert {len(line) for line in paper.lines} == {80}


def test_every_code_is_in_words() -> None:
    assert all(words.reason(code) for code in range(256))
    assert words.reason(5) == words.BANK


def test_the_settings_are_read_from_the_file() -> None:
    problems = Problems("till.toml")
    good = DeviceSection("terminal", "card", "zvt", {"host": "10.0.0.5", "password": "123456"})
    assert driver_settings(good, ZvtSettings, problems) == ZvtSettings("10.0.0.5", password="123456")
    bad = DeviceSection("terminal", "card", "zvt", {"host": "10.0.0.5", "password": "12"})
    assert driver_settings(bad, ZvtSettings, problems) is None
