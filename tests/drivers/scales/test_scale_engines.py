"""The bytes of each protocol as the manuals print them, in any split, and a million bytes of nonsense."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.ports import Weighing
from tilltui_drivers.scales.engine import Engine, Framed, Heard, Noise, Reading, Scanned, Send, grams
from tilltui_drivers.scales.protocols import NAMES, Protocol, engine

STABLE, MOTION, OVER, UNDER = Weighing.STABLE, Weighing.MOTION, Weighing.OVER, Weighing.UNDER
ZERO, ERROR = Weighing.ZERO, Weighing.ERROR


def cas(body: bytes, lead: bytes = b"\x01") -> bytes:
    check = 0
    for byte in body:
        check ^= byte
    return lead + b"\x02" + body + bytes([check, 0x03])


GOLDEN: list[tuple[Protocol, bytes, Reading]] = [
    ("toledo8217", b"\x0201.250\r", Reading(1250, STABLE)),
    ("toledo8217", b"\x0201.250N\r", Reading(1250, STABLE, net=True)),
    ("toledo8217", b"\x02 1.250\r", Reading(1250, STABLE)),
    ("toledo8217", b"\x0200.000\r", Reading(0, ZERO)),
    ("toledo8217", b"\x02?\x01\r", Reading(0, MOTION)),
    ("toledo8217", b"\x02?\x02\r", Reading(0, OVER)),
    ("toledo8217", b"\x02?\x03\r", Reading(0, OVER)),
    ("toledo8217", b"\x02?\x04\r", Reading(0, UNDER)),
    ("toledo8217", b"\x02?\x0d\r", Reading(0, UNDER)),
    ("toledo8217", b"\x02?\x24\r", Reading(0, UNDER, net=True)),
    ("toledo8217", b"\x02?\x10\r", Reading(0, ZERO)),
    ("toledo8217", b"\x02?\x08\r", Reading(0, ERROR)),
    ("toledo8217", b"\x02?\x40\r", Reading(0, ERROR)),
    ("toledo8217", b"\x0201.2\x0201.250\r", Reading(1250, STABLE)),
    ("nci", b"\n01.250kg\r\n00\r\x03", Reading(1250, STABLE)),
    ("nci", b"\n 1.250KG\r\nS00\r\x03", Reading(1250, STABLE)),
    ("nci", b"\n0002.50lb\r\n00\r\x03", Reading(1134, STABLE)),
    ("nci", b"\n01.250KG\r\n10\r\x03", Reading(1250, MOTION)),
    ("nci", b"\n10\r\x03", Reading(0, MOTION)),
    ("nci", b"\n02\r\x03", Reading(0, OVER)),
    ("nci", b"\n-0.020KG\r\n01\r\x03", Reading(0, UNDER)),
    ("nci", b"\n00.000KG\r\n20\r\x03", Reading(0, ZERO)),
    ("nci", b"\n01.250KG\r\n0p4\r\x03", Reading(1250, STABLE, net=True)),
    ("nci", b"\n01.250KG\r\n08\r\x03", Reading(0, ERROR)),
    ("torrey", b"  0.278 kg\r", Reading(278, STABLE, flagged=False)),
    ("torrey", b"  0.278 kg NETO\r", Reading(278, STABLE, net=True, flagged=False)),
    ("torrey", b" NEG  0.012 kg\r", Reading(0, UNDER)),
    ("torrey", b" SOBRE PESO\r", Reading(0, OVER)),
    ("torrey", b"  0.000 kg\r", Reading(0, ZERO, flagged=False)),
    ("stream", b"ST,GS,+   1.250 kg\r\n", Reading(1250, STABLE)),
    ("stream", b"ST,GS,+00001.250,kg\r\n", Reading(1250, STABLE)),
    ("stream", b"ST,NT,+00001.250,kg\r\n", Reading(1250, STABLE, net=True)),
    ("stream", b"US,GS,+00001.250,kg\r\n", Reading(1250, MOTION)),
    ("stream", b"ST,GS,-00000.012,kg\r\n", Reading(0, UNDER)),
    ("stream", b"OL,GS,+00000.000,kg\r\n", Reading(0, OVER)),
    ("cas", cas(b"S   1.250kg"), Reading(1250, STABLE)),
    ("cas", cas(b"S  1.250kg"), Reading(1250, STABLE)),
    ("cas", cas(b"S  1.250kg", b"\x81") + b"\x04", Reading(1250, STABLE)),
    ("cas", cas(b"U   1.250kg"), Reading(1250, MOTION)),
    ("cas", cas(b"S-  0.020kg"), Reading(0, UNDER)),
    ("cas", cas(b"S   0.000kg"), Reading(0, ZERO)),
    ("sma", b"\n 1G       1.250kg_\r", Reading(1250, STABLE)),
    ("sma", b"\n 1N       1.250kg_\r", Reading(1250, STABLE, net=True)),
    ("sma", b"\n 1GM      1.250kg_\r", Reading(1250, MOTION)),
    ("sma", b"\nZ1G       0.000kg_\r", Reading(0, ZERO)),
    ("sma", b"\nO1G       0.000kg_\r", Reading(0, OVER)),
    ("sma", b"\nU1G      -0.020kg_\r", Reading(0, UNDER)),
    ("sma", b"\nE1G       0.000kg_\r", Reading(0, ERROR)),
    ("adam", b"GROSS     1.250kg\r\n", Reading(1250, STABLE)),
    ("adam", b"1.250kg\r\n", Reading(1250, STABLE)),
    ("adam", b"     -0.020kg\r\n", Reading(0, UNDER)),
    ("magellan", b"S14401250\r", Reading(1250, STABLE)),
    ("magellan", b"\x02S14401250\x03", Reading(1250, STABLE)),
    ("magellan", b"S140\r", Reading(0, MOTION)),
    ("magellan", b"S141\r", Reading(0, MOTION)),
    ("magellan", b"S142\r", Reading(0, OVER)),
    ("magellan", b"S143\r", Reading(0, ZERO)),
    ("magellan", b"S145\r", Reading(0, UNDER)),
    ("dialog06", b"\x0202\x1b3\x1b01250\x1b000000\x1b000000\x03", Reading(1250, STABLE)),
    ("dialog06", b"\x0202\x1b0\x1b01250\x1b000000\x1b000000\x03", Reading(0, ERROR)),
    ("dialog06", b"\x0209\x1b20\x03", Reading(0, MOTION)),
    ("dialog06", b"\x0209\x1b22\x03", Reading(0, MOTION)),
    ("dialog06", b"\x0209\x1b30\x03", Reading(0, ZERO)),
    ("dialog06", b"\x0209\x1b31\x03", Reading(0, UNDER)),
    ("dialog06", b"\x0209\x1b32\x03", Reading(0, OVER)),
    ("dialog06", b"\x0209\x1b01\x03", Reading(0, ERROR)),
    ("dialog06", b"\x0211\x1b1234\x03", Reading(0, ERROR)),
]


def readings(heard: Sequence[Heard]) -> list[Reading]:
    return [item for item in heard if isinstance(item, Reading)]


@pytest.mark.parametrize(("name", "data", "expected"), GOLDEN)
def test_the_bytes_of_the_manuals(name: Protocol, data: bytes, expected: Reading) -> None:
    assert readings(engine(name).feed(data)) == [expected]


@given(case=st.sampled_from(GOLDEN), cuts=st.lists(st.integers(0, 60), max_size=6))
def test_in_any_split(case: tuple[Protocol, bytes, Reading], cuts: list[int]) -> None:
    name, data, expected = case
    made = engine(name)
    places = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    found: list[Heard] = []
    for start, end in pairwise(places):
        found += made.feed(data[start:end])
    assert readings(found) == [expected]


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("toledo8217", b"W"),
        ("nci", b"W\r"),
        ("torrey", b"P\r\n"),
        ("stream", b""),
        ("cas", b"\x05"),
        ("sma", b"\nW\r"),
        ("adam", b"P\r\n"),
        ("magellan", b"S14\r"),
        ("dialog06", b"\x04\x0201\x1b000000\x1b\x03"),
    ],
)
def test_how_each_is_asked(name: Protocol, question: bytes) -> None:
    assert engine(name).ask() == question


@pytest.mark.parametrize(
    ("name", "command"),
    [("toledo8217", b"Z"), ("nci", b"Z\r"), ("sma", b"\nZ\r"), ("adam", b"Z\r\n"), ("cas", b"")],
)
def test_how_each_is_set_to_zero(name: Protocol, command: bytes) -> None:
    assert engine(name).zero() == command


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("toledo8217", b"01.250\r"),  # no STX
        ("toledo8217", b"\x0201.\x0050\r"),  # a byte with broken parity
        ("toledo8217", b"\x0201.2.0\r"),
        ("toledo8217", b"\x02-1.250\r"),
        ("nci", b"\n01.250KG\r\x03"),  # no status: may be moving
        ("nci", b"\n?\r\x03"),
        ("nci", b"\n01.250KG\r\n0\x00\r\x03"),
        ("stream", b"ST,GS,+0000\xb1.250,kg\r\n"),
        ("stream", b"1.250.3 kg\r\n"),
        ("stream", b"ST,GS,+99999.999,kg\r\n"),
        ("cas", cas(b"S   1.250kg")[:-2] + b"\x7f\x03"),  # wrong check sum
        ("cas", cas(b"X   1.250kg")),
        ("sma", b"\n?\r"),
        ("sma", b"\n 1G      1.250kg_\r"),  # a byte is missing
        ("adam", b"1.250lb\r\n"),
        ("magellan", b"S1440125\r"),  # pounds, where kilograms are set
        ("magellan", b"S147\r"),
        ("dialog06", b"\x0202\x1b3\x1b0125\x1b000000\x1b000000\x03"),
    ],
)
def test_what_is_no_answer_is_noise(name: Protocol, data: bytes) -> None:
    heard = [item for item in engine(name).feed(data) if not isinstance(item, Send)]
    assert heard
    assert all(isinstance(item, Noise) for item in heard)


def test_pounds_where_the_answer_does_not_say() -> None:
    assert readings(engine("toledo8217", "lb").feed(b"\x02002.50\r")) == [Reading(1134, STABLE)]
    assert readings(engine("magellan", "lb").feed(b"S1440250\r")) == [Reading(1134, STABLE)]
    assert grams("16", "oz") == grams("1", "lb") == 454
    assert grams("0.2785", "kg") == 279
    assert grams("1e3", "kg") is None


def test_8217_nothing_new_means_the_weight_before_but_only_twice_running() -> None:
    scale = engine("toledo8217")
    nothing_new = b"\x02?\x00\r"
    assert readings(scale.feed(nothing_new)) == [Reading(0, MOTION)]
    scale.feed(b"\x0201.250\r")
    assert readings(scale.feed(nothing_new * 3)) == [
        Reading(1250, MOTION),
        Reading(1250, STABLE),
        Reading(1250, STABLE),
    ]
    scale.feed(b"\x02?\x01\r")
    assert [r.state for r in readings(scale.feed(nothing_new * 3))] == [MOTION] * 3


def test_cas_shakes_hands() -> None:
    scale = engine("cas")
    assert scale.feed(b"\x06") == []
    assert scale.ask() == b"\x05"
    assert scale.feed(b"\x06") == [Send(b"\x11")]
    assert scale.feed(b"\x06") == []
    [reading] = scale.feed(cas(b"S   1.250kg") + b"\x04")
    assert reading == Reading(1250, STABLE)


def test_cas_finds_the_end_where_the_check_sum_is_etx_or_stx() -> None:
    seen = set()
    for value in range(0, 9999):
        frame = cas(f"S {value / 1000:7.3f}kg".encode())
        if frame[-2] in (0x02, 0x03):
            seen.add(frame[-2])
        assert readings(engine("cas").feed(b"\x02" + frame[1:])) == [
            Reading(value, STABLE if value else ZERO)
        ]
    assert seen <= {0x02, 0x03}


def test_dialog06_sends_its_price_asks_closes_and_follows_a_refusal_up() -> None:
    scale = engine("dialog06")
    scale.ask()
    assert scale.feed(b"\x06") == [Send(b"\x04\x05")]
    assert scale.ask() == b"\x04\x05"
    weight = b"\x0202\x1b3\x1b01250\x1b000000\x1b000000\x03"
    assert scale.feed(weight) == [Reading(1250, STABLE), Send(b"\x04")]
    assert scale.feed(b"\x15") == [Send(b"\x04\x0208\x03")]
    not_moved = b"\x0209\x1b21\x03"
    assert scale.feed(not_moved) == [Reading(1250, STABLE), Send(b"\x04")]
    scale.feed(b"\x0209\x1b20\x03")
    assert scale.feed(not_moved) == [Reading(0, MOTION), Send(b"\x04")]
    scale.feed(b"\x0209\x1b11\x03")
    assert scale.ask().startswith(b"\x04\x0201")


def test_torrey_tries_both_ways_of_asking_and_keeps_the_one_that_works() -> None:
    scale = engine("torrey")
    asked = []
    for _ in range(3):
        asked.append(scale.ask())
        scale.unanswered()
    assert asked == [b"P\r\n", b"P", b"P\r\n"]
    scale.feed(b"  0.278 kg\r")
    kept = scale.ask()
    scale.unanswered()
    assert scale.ask() == kept


@pytest.mark.parametrize(
    ("data", "text", "symbology"),
    [
        (b"S08F7801234567894\r", "7801234567894", "]E0"),
        (b"S08A012345678905\r", "012345678905", "]E0"),
        (b"S08FF12345670\r", "12345670", "]E4"),
        (b"S08E01234565\r", "01234565", None),
        (b"S08B3ABC-123\r", "ABC-123", "]C0"),
        (b"\x02S08F7801234567894\x03", "7801234567894", "]E0"),
    ],
)
def test_magellan_reads_codes_on_the_same_cable(data: bytes, text: str, symbology: str | None) -> None:
    [scanned] = engine("magellan").feed(data)
    assert isinstance(scanned, Scanned)
    assert (scanned.text, scanned.symbology) == (text, symbology)


def _size(made: Engine) -> int:
    return sum(sys.getsizeof(value) for value in vars(made).values())


def _is_sound(item: Heard) -> bool:
    if isinstance(item, Reading):
        return 0 <= item.grams <= 9_999_999 and (item.state is not ZERO or item.grams == 0)
    return isinstance(item, Send | Scanned | Noise)


@pytest.mark.parametrize("name", NAMES)
def test_a_million_bytes_of_nonsense_raise_nothing_and_are_not_kept(name: Protocol) -> None:
    chance = random.Random(name)
    made = engine(name)
    words = [data for other, data, _ in GOLDEN if other == name]
    left, frames = 1_000_000, 0
    while left > 0:
        kind = chance.randrange(4)
        if kind == 0:
            piece = chance.randbytes(chance.randrange(1, 4096))
        elif kind == 1:
            piece = bytes(
                chance.choices(b"\x02\x03\r\n 0123456789.STkg?,\x06\x15\x1b", k=chance.randrange(1, 2048))
            )
        elif kind == 2:
            word = bytearray(chance.choice(words) * chance.randrange(1, 40))
            word[chance.randrange(len(word))] = chance.randrange(256)
            piece = bytes(word)
        else:
            piece = bytes([chance.randrange(256)]) * chance.randrange(1, 4096)
        left -= len(piece)
        heard = made.feed(piece)
        frames += len(heard)
        assert all(map(_is_sound, heard))
        if chance.randrange(8) == 0:
            made.ask()
        assert _size(made) < 8192
    assert frames > 100
    made.unanswered()
    made.reset()
    data, expected = next((d, e) for n, d, e in GOLDEN if n == name and e.state is STABLE)
    assert readings(made.feed(data)) == [expected]


@given(name=st.sampled_from(NAMES), pieces=st.lists(st.binary(max_size=80), max_size=20))
def test_any_bytes_in_any_pieces(name: Protocol, pieces: list[bytes]) -> None:
    whole, split = engine(name), engine(name)
    together = whole.feed(b"".join(pieces))
    assert [item for piece in pieces for item in split.feed(piece)] == together
    assert all(map(_is_sound, together))


@given(
    case=st.sampled_from(
        [c for c in GOLDEN if c[2].state is STABLE and c[0] not in ("torrey", "stream", "adam")]
    ),
    at=st.integers(0, 60),
)
def test_a_byte_with_broken_parity_never_makes_another_weight(
    case: tuple[Protocol, bytes, Reading], at: int
) -> None:
    name, data, expected = case
    broken = bytearray(data)
    broken[at % len(data)] = 0
    for reading in readings(engine(name).feed(bytes(broken))):
        assert reading.state is not STABLE or reading.grams == expected.grams


def test_a_flood_without_an_end_is_dropped_up_to_the_next() -> None:
    scale = engine("toledo8217")
    assert isinstance(scale, Framed)
    heard = scale.feed(b"\x02" + b"1" * 100_000 + b"\r\x0201.250\r")
    assert [type(item) for item in heard] == [Noise, Reading]
