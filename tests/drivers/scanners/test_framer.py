from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui_drivers.scanners.framer import MAX_FRAME, Frame, Framer, Framing


def texts(data: bytes, framing: Framing | None = None) -> list[str]:
    return [frame.text for frame in Framer(framing or Framing()).feed(data, 1.0)]


@pytest.mark.parametrize(
    "end", [b"\r", b"\n", b"\r\n", b"\t", b"\x03", b"\x03\r\n", b"\r\r\n\n"], ids=lambda e: e.hex()
)
def test_every_terminator_ends_one_code(end: bytes) -> None:
    assert texts(b"7801" + end + b"7802" + end) == ["7801", "7802"]


def test_crlf_over_two_reads_is_one_end() -> None:
    framer = Framer(Framing())
    assert [f.text for f in framer.feed(b"7801\r", 1.0)] == ["7801"]
    assert framer.feed(b"\n", 1.1) == []
    assert [f.text for f in framer.feed(b"7802\r", 1.2)] == ["7802"]


def test_a_frame_has_all_its_parts() -> None:
    framer = Framer(Framing())
    framer.feed(b"\x02]E0780", 1.0)
    assert framer.feed(b"1\x03", 2.0) == [Frame(b"]E07801", "7801", "]E0", 2.0)]


@pytest.mark.parametrize(
    ("data", "framing", "text"),
    [
        (b"]C10109\x1d10A\r", Framing(), "0109\x1d10A"),
        (b"0109|10A~X<GS>Y\r", Framing(gs_substitutes="| ~ <GS>"), "0109\x1d10A\x1dX\x1dY"),
        (b"0109|10A\r", Framing(), "0109|10A"),
        (b"F7801X\r", Framing(strip_prefix="F", strip_suffix="X"), "7801"),
        (b"<<]E07801\r", Framing(strip_prefix="<<"), "7801"),
        (b"\x1b[2J78\x0001\x7f\x9b\r", Framing(), "[2J7801"),
        ("Ñandú€".encode() + b"\r", Framing(), "Ñandú€"),
        ("Ñandú".encode("latin-1") + b"\r", Framing(), "Ñandú"),
        ("78\u202e01\u2066\r".encode(), Framing(), "7801"),
    ],
)
def test_undressing(data: bytes, framing: Framing, text: str) -> None:
    assert texts(data, framing) == [text]


@pytest.mark.parametrize("data", [b"\r\n\t\x03", b"]E0\r", b" \r", b"\x1d\r", b"\x1b\x00\r", b"\x02\x03"])
def test_nothing_is_no_code(data: bytes) -> None:
    assert Framer(Framing()).feed(data, 1.0) == []


def test_silence_ends_a_code_without_terminator() -> None:
    framer = Framer(Framing())
    assert framer.due is None
    assert framer.feed(b"78", 1.0) == []
    assert framer.feed(b"01", 1.05) == []
    assert framer.due == pytest.approx(1.11)
    assert framer.flush(1.10) == []
    assert [(f.text, f.at) for f in framer.flush(1.12)] == [("7801", 1.05)]
    assert framer.due is None
    assert framer.flush(9.0) == []


def test_late_bytes_are_not_silence() -> None:
    framer = Framer(Framing())
    framer.feed(b"7801", 1.0)
    assert [f.text for f in framer.feed(b"2345\r", 5.0)] == ["78012345"]


def test_a_scanner_with_terminator_gets_more_patience() -> None:
    framer = Framer(Framing(idle_ms=60))
    framer.feed(b"7801\r78", 1.0)
    assert framer.flush(1.1) == []
    assert [f.text for f in framer.feed(b"02\r", 1.15)] == ["7802"]
    framer.feed(b"7803", 2.0)
    assert [f.text for f in framer.flush(2.25)] == ["7803"]


def test_without_idle_only_a_terminator_ends() -> None:
    framer = Framer(Framing(idle_ms=0))
    framer.feed(b"7801", 1.0)
    assert framer.due is None
    assert framer.flush(100.0) == []


def test_stx_begins_anew_and_says_what_broke_off() -> None:
    frames = Framer(Framing()).feed(b"7801\x027802\x03", 1.0)
    assert [(f.text, bool(f.fault), f.raw) for f in frames] == [("", True, b"7801"), ("7802", False, b"7802")]


def test_abandon_never_makes_a_code() -> None:
    framer = Framer(Framing())
    framer.feed(b"7801", 1.0)
    assert [(f.text, bool(f.fault)) for f in framer.abandon(1.0)] == [("", True)]
    assert framer.abandon(1.0) == []


def test_too_much_is_said_once_and_dropped_up_to_the_terminator() -> None:
    framer = Framer(Framing())
    faults = [f for _ in range(100) for f in framer.feed(b"x" * 1000, 1.0)]
    assert [(f.text, bool(f.fault), len(f.raw)) for f in faults] == [("", True, MAX_FRAME)]
    assert [f.text for f in framer.feed(b"x\r7801\r", 1.0)] == ["7801"]
    framer.feed(b"x" * 5000, 2.0)
    assert framer.flush(3.0) == []
    assert [f.text for f in framer.feed(b"7802\r", 3.0)] == ["7802"]


def test_the_longest_code_fits() -> None:
    assert texts(b"x" * MAX_FRAME + b"\r") == ["x" * MAX_FRAME]


wire = st.lists(
    st.one_of(
        st.sampled_from(
            [b"7801234567894\r", b"\r\n", b"\n", b"\t", b"\x02", b"\x03", b"]E0", b"\x1d", b"\xc3"]
        ),
        st.binary(max_size=12),
        st.just(b"y" * 3000),
    ),
    max_size=12,
).map(b"".join)


@given(wire, st.lists(st.integers(0, 12_000), max_size=8))
def test_any_split_gives_the_same_frames(data: bytes, cuts: list[int]) -> None:
    framing = Framing(strip_prefix="7", gs_substitutes="|")
    whole = Framer(framing)
    expected = whole.feed(data, 1.0) + whole.flush(9.0)
    parts = Framer(framing)
    edges = [0, *sorted(c % (len(data) + 1) for c in cuts), len(data)]
    got = [f for a, b in itertools.pairwise(edges) for f in parts.feed(data[a:b], 1.0)]
    assert got + parts.flush(9.0) == expected


@given(wire, st.text(max_size=3), st.text(max_size=3), st.text(max_size=5), st.integers(-1, 1000))
def test_no_input_raises_and_every_text_is_safe(
    data: bytes, prefix: str, suffix: str, substitutes: str, idle: int
) -> None:
    framer = Framer(Framing(prefix, suffix, substitutes, idle))
    for frame in framer.feed(data, 1.0) + framer.flush(9.0) + framer.abandon(9.0):
        assert len(frame.raw) <= MAX_FRAME
        assert bool(frame.text) != bool(frame.fault)
        assert all(c == "\x1d" or c.isprintable() or c.isspace() for c in frame.text)
        assert "\x1b" not in frame.text
