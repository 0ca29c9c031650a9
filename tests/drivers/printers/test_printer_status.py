import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui_drivers.printers.status import (
    AutoStatus,
    FlowControl,
    ProcessId,
    RealTime,
    Reply,
    ReplyParser,
    Transmitted,
    offline_reason,
)

REPLIES: list[tuple[bytes, Reply]] = [
    (b"\x12", RealTime(0x12)),
    (b"\x1a", RealTime(0x1A)),
    (b"\x7e", RealTime(0x7E)),
    (b"\x18\x00\x0f\x00", AutoStatus(b"\x18\x00\x0f\x00")),
    (b"\x10\x00\x00\x00", AutoStatus(b"\x10\x00\x00\x00")),
    (b"\x14\x00\x00\x00", AutoStatus(b"\x14\x00\x00\x00")),
    (b"\x00", Transmitted(0)),
    (b"\x03", Transmitted(3)),
    (b"\x37\x22abcd\x00", ProcessId(b"abcd")),
    (b"\x37\x220~ !\x00", ProcessId(b"0~ !")),
    (b"\x11", FlowControl(False)),
    (b"\x13", FlowControl(True)),
]


@given(st.lists(st.sampled_from(REPLIES), max_size=30), st.data())
def test_replies_in_any_split(replies: list[tuple[bytes, Reply]], data: st.DataObject) -> None:
    stream = b"".join(raw for raw, _ in replies)
    parser, got, place = ReplyParser(), list[Reply](), 0
    while place < len(stream):
        size = data.draw(st.integers(1, len(stream) - place))
        got += parser.feed(stream[place : place + size])
        place += size
    assert got == [reply for _, reply in replies]
    assert parser.garbage == 0


@given(st.lists(st.binary(max_size=40), max_size=10))
def test_any_bytes_are_survived_and_bounded(chunks: list[bytes]) -> None:
    parser = ReplyParser()
    for chunk in chunks:
        parser.feed(chunk)
    assert len(parser._asb) < 4
    assert len(parser._pid) < 7
    assert parser.garbage <= sum(map(len, chunks))


def test_fence_glued_behind_a_status_block() -> None:
    assert ReplyParser().feed(b"\x14\x00\x00\x00\x00") == [
        AutoStatus(b"\x14\x00\x00\x00"),
        Transmitted(0),
    ]


def test_real_time_answer_inside_a_block_does_not_turn_its_rest_into_fences() -> None:
    assert ReplyParser().feed(b"\x18\x00\x12\x0f\x00") == [
        RealTime(0x12),
        AutoStatus(b"\x18\x00\x0f\x00"),
    ]


def test_garbage_is_counted() -> None:
    parser = ReplyParser()
    assert parser.feed(b"\x80\xff\x37\x22ab\xff\x12") == [RealTime(0x12)]
    assert parser.garbage == 7


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (b"\x10\x00\x00\x00", ""),
        (b"\x10\x00\x03\x00", ""),
        (b"\x18\x00\x0f\x00", "paper"),
        (b"\x38\x00\x00\x00", "cover"),
        (b"\x18\x08\x00\x00", "cutter"),
        (b"\x18\x20\x00\x00", "error"),
        (b"\x18\x00\x00\x00", "error"),
        (b"\x14\x00\x00\x00", ""),
    ],
)
def test_reason_of_automatic_status(block: bytes, reason: str) -> None:
    assert AutoStatus(block).reason == reason


@pytest.mark.parametrize(
    ("cause", "error", "paper", "reason"),
    [
        (0x16, 0x12, 0x12, "cover"),
        (0x32, 0x12, 0x7E, "paper"),
        (0x12, 0x12, 0x72, "paper"),
        (0x52, 0x1A, 0x12, "cutter"),
        (0x52, 0x32, 0x12, "error"),
    ],
)
def test_reason_of_real_time_status(cause: int, error: int, paper: int, reason: str) -> None:
    assert offline_reason(cause, error, paper) == reason
