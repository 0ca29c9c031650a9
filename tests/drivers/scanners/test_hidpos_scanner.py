"""Scanners in HID-POS mode: their descriptor, their reports, and the device."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.hid_scanner import KEYBOARD, HidBench, descriptor, reports
from tilltui.ports import BarcodeScanned, DeviceState, ScanGarbled
from tilltui_drivers.contract.bench import TillEar
from tilltui_drivers.scanners.code_settings import CodeSettings
from tilltui_drivers.scanners.framer import MAX_FRAME, Frame, Framing
from tilltui_drivers.scanners.hid_descriptor import USUAL, Layout, Place, is_scanner, layout_of
from tilltui_drivers.scanners.hid_reports import CONTINUES, ReportCutter

# -- the descriptor ----------------------------------------------------------------------------------------


def test_the_usual_descriptor_is_read() -> None:
    assert layout_of(descriptor()) == Layout(2, 5, 56, USUAL.count, USUAL.aim, Place(8 * 63, 1))


@pytest.mark.parametrize("number", [0, 1, 9])
def test_a_report_of_another_number_or_none(number: int) -> None:
    layout = layout_of(descriptor(number=number))
    assert layout is not None
    assert (layout.number, layout.data, layout.room) == (number, 5 if number else 4, 56)


def test_parts_may_be_missing_and_the_others_move() -> None:
    layout = layout_of(descriptor(count=False, aim=False, padded=False))
    assert layout is not None
    assert (layout.data, layout.room, layout.count, layout.aim) == (1, 56, None, ())
    assert layout.continued is not None
    assert layout.continued.bit == 8 * 57


def test_usages_as_a_range_and_with_their_page_in_four_bytes() -> None:
    items = "058c 0902 a101 8503 7508 9503 19fb 29fd 8102 9508 0bfe008c00 8102 c0"
    layout = layout_of(bytes.fromhex(items.replace(" ", "")))
    assert layout is not None
    assert ([place.bit for place in layout.aim], layout.data, layout.room) == ([8, 16, 24], 4, 8)


def test_pushed_globals_come_back() -> None:
    items = "058c 0902 a101 8503 7508 9504 a4 0501 7510 9501 093b 8102 b4 09fe 8102 c0"
    layout = layout_of(bytes.fromhex(items.replace(" ", "")))
    assert layout is not None
    assert (layout.data, layout.room) == (3, 4)
    assert layout.count is not None
    assert (layout.count.bit, layout.count.bits) == (8, 16)


def test_a_keyboard_is_no_scanner() -> None:
    assert not is_scanner(KEYBOARD)
    assert layout_of(KEYBOARD) is None
    assert is_scanner(descriptor())
    assert is_scanner(KEYBOARD + descriptor())


@pytest.mark.parametrize(
    "items",
    [
        "058c 09fe 7507 9538 8102",  # no whole bytes
        "058c 09fe 7508 97ffffff7f 8102",  # two thousand million of them
        "058c 09fe 7504 9501 8103 09fe 7508 9508 8102",  # not at a byte
        "058c 09fe 7508 9508 8103",  # constant
    ],
)
def test_what_cannot_be_is_no_layout(items: str) -> None:
    assert layout_of(bytes.fromhex(items.replace(" ", ""))) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_survived_in_bounds(data: bytes) -> None:
    is_scanner(data)
    layout = layout_of(descriptor()[:30] + data)
    if layout is not None:
        assert 0 < layout.room <= 4096
        assert layout.data <= 4096


def test_a_hostile_descriptor_costs_no_time() -> None:
    many = bytes.fromhex("058c09fe7501") + b"".join(
        bytes([0x85, n % 255 + 1, 0x96, 0, 0x70, 0x09, 0xFE, 0x81, 2]) for n in range(400)
    )
    began = time.process_time()
    assert layout_of(many) is None
    assert time.process_time() - began < 1.0


# -- the reports -------------------------------------------------------------------------------------------


def cut(*packets: bytes, layout: Layout = USUAL, framing: Framing | None = None) -> list[Frame]:
    cutter = ReportCutter(layout, framing or Framing())
    return [frame for packet in packets for frame in cutter.feed(packet, 1.0)]


def test_the_manuals_own_example_in_two_reports() -> None:
    code = b"M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  s".ljust(60, b"0")
    sent = reports(code, b"]Q0")
    assert [len(report) for report in sent] == [64, 64]
    assert (sent[0][1], sent[0][63], sent[1][1], sent[1][63]) == (56, 1, 4, 0)
    [frame] = cut(*sent)
    assert (frame.raw, frame.symbology) == (code, "]Q0")


def test_the_kind_may_stand_in_the_first_report_alone() -> None:
    first, last = reports(b"7" * 60, b"]Q3")
    [frame] = cut(first, last[:2] + b"\0\0\0" + last[5:])
    assert (len(frame.text), frame.symbology) == (60, "]Q3")


@pytest.mark.parametrize("length", [1, 55, 56, 57, 112, 113, 4096])
def test_a_code_of_any_length(length: int) -> None:
    code = bytes(48 + n % 10 for n in range(length))
    [frame] = cut(*reports(code))
    assert frame.text.encode() == code


def test_the_ends_of_lines_within_a_code_do_not_cut_it() -> None:
    [frame] = cut(*reports(b"7801\r\n\t\x02\x037802\x1d99\r", b"]Q3"))
    assert frame.text == "78017802\x1d99"


@pytest.mark.parametrize("aim", [b"\0\0\0", b"   ", b"A01", b"]\r1"])
def test_a_field_without_an_identifier_is_none(aim: bytes) -> None:
    [frame] = cut(*reports(b"7801", aim))
    assert (frame.text, frame.symbology) == ("7801", None)


def test_an_identifier_that_stands_in_the_code_too_is_taken_off() -> None:
    [frame] = cut(*reports(b"]E07801", b"]E0"))
    assert (frame.text, frame.symbology) == ("7801", "]E0")
    [alone] = cut(*reports(b"]E07801", b"\0\0\0"))
    assert (alone.text, alone.symbology) == ("7801", "]E0")


def test_what_the_scanner_adds_is_taken_off() -> None:
    [frame] = cut(*reports(b"<7801|99>"), framing=Framing("<", ">", "|"))
    assert frame.text == "7801\x1d99"


def test_reports_of_another_number_are_passed_over() -> None:
    first, last = reports(b"7" * 60)
    assert [frame.text for frame in cut(first, b"\4\1", last)] == ["7" * 60]


def test_without_a_length_the_zeros_behind_do_not_count() -> None:
    layout = layout_of(descriptor(count=False, aim=False, padded=False))
    assert layout is not None
    [frame] = cut(b"\2" + b"7801".ljust(56, b"\0") + b"\0", layout=layout)
    assert frame.text == "7801"


def test_more_than_a_report_can_hold_is_no_code() -> None:
    [lying] = reports(b"7801")
    [frame] = cut(lying[:1] + b"\xff" + lying[2:])
    assert (frame.text, frame.fault) == ("", "A code broke off.")
    [short] = cut(lying[:7])
    assert short.fault


def test_a_rest_that_does_not_come_is_said() -> None:
    cutter = ReportCutter(USUAL, Framing())
    assert cutter.due is None
    assert cutter.feed(reports(b"7" * 60)[0], 1.0) == []
    assert cutter.due == 1.0 + CONTINUES
    assert cutter.flush(1.5) == []
    [frame] = cutter.flush(1.0 + CONTINUES)
    assert frame.fault == "A code broke off."
    assert cutter.due is None
    assert [frame.text for frame in cutter.feed(reports(b"7801")[0], 9.0)] == ["7801"]


def test_another_kind_in_the_middle_is_another_code() -> None:
    frames = cut(reports(b"7" * 60, b"]Q0")[0], *reports(b"7801", b"]E0"))
    assert [(frame.text, bool(frame.fault)) for frame in frames] == [("", True), ("7801", False)]


def test_a_flood_is_bounded_and_said_once() -> None:
    frames = cut(*reports(b"7" * 20_000), *reports(b"7801"))
    assert [frame.fault for frame in frames if frame.fault] == ["The scanner sent far more than a code."]
    assert len(frames[0].raw) <= MAX_FRAME
    assert frames[-1].text == "7801"


@given(st.lists(st.binary(max_size=70), max_size=30))
def test_any_reports_are_survived(packets: list[bytes]) -> None:
    for frame in cut(*packets, *(b"\2" + packet for packet in packets)):
        assert len(frame.raw) <= MAX_FRAME
        assert bool(frame.text) is not bool(frame.fault)


# -- the device --------------------------------------------------------------------------------------------


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[HidBench]:
    bench = HidBench(tmp_path)
    yield bench
    bench.close()


@pytest.mark.usefixtures("started")
def test_a_code_with_its_kind(bench: HidBench, till: TillEar) -> None:
    bench.send(*reports(b"7801234567894", b"]E0"))
    event = till.next(BarcodeScanned)
    assert (event.text, event.symbology, event.raw) == ("7801234567894", "]E0", b"7801234567894")


@pytest.mark.usefixtures("started")
def test_half_a_code_before_the_unplugging_is_no_code(bench: HidBench, till: TillEar) -> None:
    bench.send(reports(b"7" * 60)[0])
    bench.unplug()
    assert till.next(ScanGarbled).reason == "A code broke off."
    assert till.until(DeviceState.FAILED).reason == "unplugged"


@pytest.mark.usefixtures("started")
def test_another_model_in_its_place_is_asked_anew(bench: HidBench, till: TillEar) -> None:
    bench.unplug()
    till.until(DeviceState.FAILED)
    bench.kernel.descriptor = descriptor(number=0, count=False, aim=False, padded=False)
    bench.plug_in()
    till.until(DeviceState.READY)
    bench.send(b"7801".ljust(56, b"\0") + b"\0")
    assert till.next(BarcodeScanned).text == "7801"


def test_a_scanner_that_does_not_say_where_is_taken_for_a_usual_one(bench: HidBench, till: TillEar) -> None:
    bench.kernel.descriptor = bytes.fromhex("058c0902a10185027508953f09ff8102c0")
    bench.plug_in()
    scanner = bench.driver(codes=CodeSettings(symbologies=("ean",), duplicate_ms=10_000))
    scanner.start(till.emit)
    till.until(DeviceState.READY)
    bench.send(*reports(b"7801", b"]E0"), *reports(b"7801", b"]E0"), *reports(b"7802", b"]Q0"))
    assert till.next(BarcodeScanned).text == "7801"
    assert "may not read that kind" in till.next(ScanGarbled).reason
    assert not [event for event in till.taken() if isinstance(event, BarcodeScanned)]
    scanner.stop()


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.EACCES, "denied"),
        (errno.ENODEV, "missing"),
        (errno.ENOTTY, "settings"),
        (errno.EMFILE, "settings"),
    ],
)
def test_what_keeps_it_from_being_opened_is_said(
    bench: HidBench, till: TillEar, number: int, reason: str
) -> None:
    bench.kernel.error = OSError(number, os.strerror(number))
    bench.plug_in()
    scanner = bench.driver()
    scanner.start(till.emit)
    event = till.until(DeviceState.FAILED)
    assert (event.reason, str(bench.path) in event.detail) == (reason, True)
    scanner.stop()


def test_a_keyboards_reports_are_not_read(bench: HidBench, till: TillEar) -> None:
    bench.kernel.descriptor = KEYBOARD
    bench.plug_in()
    scanner = bench.driver()
    scanner.start(till.emit)
    event = till.until(DeviceState.FAILED)
    assert event.reason == "settings"
    assert "no scanner in HID-POS mode" in event.detail
    scanner.stop()


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_device_is_refused(bench: HidBench, till: TillEar, kind: str) -> None:
    bench.path.write_text("precious") if kind == "file" else bench.path.mkdir()
    scanner = bench.driver()
    scanner.start(till.emit)
    assert till.until(DeviceState.FAILED).reason == "settings"
    scanner.stop()


def test_told_to_look_again_it_does_not_wait(bench: HidBench, till: TillEar) -> None:
    bench.kernel.error = OSError(errno.EACCES, "udev has not given it to us yet")
    bench.plug_in()
    scanner = bench.driver()
    scanner.start(till.emit)
    till.until(DeviceState.FAILED)
    bench.kernel.error = None
    began = time.monotonic()
    scanner.look_again()
    till.until(DeviceState.READY)
    assert time.monotonic() - began < 0.9  # the first pause is a second
    scanner.stop()
