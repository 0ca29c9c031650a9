"""What a till may know about a receipt, over TCP and a serial line, whatever the printer does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tilltui.domain.paper.elements import Cut, Element, Image, Text
from tilltui.errors import ConfigError, DeviceBlocked, DeviceBusy, DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import Delivered, Delivery, Job
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.transport.memory import MemoryTransport
from tilltui_drivers.virtual.printers.printer_device import Faults, VirtualPrinterDevice

RECEIPT: list[Element] = [*(Text(f"línea {n}", right="1.290") for n in range(30)), Cut()]
"""A receipt of about 1.5 KB."""

LINES = [f"línea {n}" + " " * (43 - len(f"línea {n}")) + "1.290" for n in range(30)]

LONG: list[Element] = [*(Text(f"línea {n}", right="1.290") for n in range(600)), Cut()]
"""30 KB: more than any buffer on the way."""


class Run:
    """One delivery and everything that was said during it."""

    def __init__(self, printer: EscposPrinter, elements: list[Element] = RECEIPT) -> None:
        self.printer = printer
        self.payload = printer.render(elements)
        self.reasons: list[str] = []
        self.sent = 0
        self.closing = threading.Event()
        self.result: Delivery | None = None
        self.error: Exception | None = None
        self.on_wait: Callable[[str], None] = lambda reason: None
        self.on_sending: Callable[[], None] = lambda: None
        self.between: Callable[[], None] = lambda: None

    def go(self, job_id: int = 1) -> Delivery:
        return self.printer.deliver(Job(self.payload, job_id, self._sending, self._waiting, self._stopping))

    def in_background(self) -> threading.Thread:
        def work() -> None:
            try:
                self.result = self.go()
            except DeviceError as error:
                self.error = error

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def _sending(self) -> None:
        self.sent += 1
        self.on_sending()

    def _waiting(self, reason: str) -> None:
        self.reasons.append(reason)
        self.on_wait(reason)

    def _stopping(self) -> bool:
        self.between()
        return self.closing.is_set()


@contextmanager
def plugged(
    cable: str, faults: Faults | None = None, *, virtual: dict[str, Any] | None = None, **settings: Any
) -> Iterator[tuple[VirtualPrinterDevice, Run]]:
    values: dict[str, Any] = {"profile": "TM-T20II", "fence_timeout": 5.0, "stall_timeout": 5.0, **settings}
    with VirtualPrinterDevice(faults, **(virtual or {})) as device:
        if cable == "tcp":
            values |= {"host": "127.0.0.1", "port": device.serve_tcp()}
        else:
            values |= {"transport": "serial", "path": device.serve_pty(), "baudrate": 115200}
        yield device, Run(EscposPrinter("receipt", EscposPrinter.Settings(**values)))


both = pytest.mark.parametrize("cable", ["tcp", "pty"])


@both
@pytest.mark.parametrize(
    ("profile", "fences", "fence"),
    [
        ("TM-T20II", {"pid", "gsr"}, "pid"),
        ("TM-T20II", {"gsr"}, "gsr"),
        ("TM-T20", {"gsr"}, "gsr"),
        ("generic-80", {"gsr"}, "gsr"),
    ],
)
def test_a_receipt_is_confirmed(cable: str, profile: str, fences: set[str], fence: str) -> None:
    with plugged(cable, Faults(fences=frozenset(fences)), profile=profile, fence_timeout=1.0) as (
        virtual,
        run,
    ):
        assert run.go() == Delivery(Delivered.CONFIRMED, fence)
        assert (run.sent, run.reasons) == (1, [])
        assert virtual.paper.lines[:30] == LINES
        assert (virtual.paper.cuts, virtual.paper.kicks, virtual.paper.unknown) == (1, [], [])


@both
def test_many_receipts_one_after_the_other(cable: str) -> None:
    with plugged(cable) as (virtual, run):
        for job in range(1, 11):
            assert run.go(job).outcome is Delivered.CONFIRMED
        assert virtual.paper.cuts == 10
        if cable == "tcp":
            assert virtual.connections == 10


def test_the_session_begins_with_reset_code_page_and_automatic_status() -> None:
    with plugged("tcp") as (virtual, run):
        run.go()
        assert b"\x1b\x40\x1b\x74\x13\x1d\x61\x0f" in virtual.received
        assert virtual.received.count(b"\x1b\x40") == 1
    with plugged("tcp", profile="POS-80", codepage="cp1252") as (virtual, run):
        run.go()
        assert b"\x1b\x40\x1c\x2e\x1b\x74\x10\x1d\x61\x0f" in virtual.received


def test_a_clone_in_two_byte_mode_prints_accents() -> None:
    with plugged("tcp", profile="POS-80", virtual={"kanji": True}) as (virtual, run):
        assert run.go().outcome is Delivered.CONFIRMED
        assert virtual.paper.lines[:30] == LINES


@both
@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (lambda virtual: virtual.set_paper(out=True), "paper"),
        (lambda virtual: virtual.set_cover(is_open=True), "cover"),
        (lambda virtual: virtual.set_knife(jammed=True), "cutter"),
    ],
)
def test_trouble_before_sends_nothing(
    cable: str, trouble: Callable[[VirtualPrinterDevice], None], reason: str
) -> None:
    with plugged(cable) as (virtual, run):
        trouble(virtual)
        with pytest.raises(DeviceBlocked) as caught:
            run.go()
        assert caught.value.reason == reason
        assert run.sent == 0
        assert b"l\xa1nea" not in virtual.received
        virtual.set_paper()
        virtual.set_cover(is_open=False)
        virtual.set_knife(jammed=False)
        assert run.go().outcome is Delivered.CONFIRMED
        assert virtual.paper.lines[:30] == LINES
        assert virtual.paper.cuts == 1


@both
@pytest.mark.parametrize("fence", ["pid", "gsr"])
@pytest.mark.parametrize("unsolicited", [True, False])
def test_paper_out_in_the_middle_waits_and_prints_once(cable: str, fence: str, unsolicited: bool) -> None:
    faults = Faults(paper_for=10, unsolicited=unsolicited)
    with plugged(cable, faults, fence=fence, fence_timeout=1.5) as (virtual, run):
        waiting = threading.Event()
        run.on_wait = lambda reason: waiting.set() if reason else None
        thread = run.in_background()
        assert waiting.wait(10)
        thread.join(2.0)
        assert thread.is_alive(), "online time alone counts: it is past fence_timeout and still waits"
        virtual.set_paper()
        thread.join(10)
        assert run.error is None
        assert run.result == Delivery(Delivered.CONFIRMED, fence)
        assert run.reasons == ["paper", ""]
        assert virtual.paper.lines[:30] == LINES
        assert (virtual.paper.cuts, virtual.connections, run.sent) == (1, 1, 1)


def test_paper_out_with_a_full_buffer_suspends_the_deadline() -> None:
    with plugged("tcp", Faults(paper_for=10), stall_timeout=1.0, fence_timeout=5.0) as (virtual, run):
        run.payload = run.printer.render(LONG * 8)
        waiting = threading.Event()
        run.on_wait = lambda reason: waiting.set() if reason else None
        thread = run.in_background()
        assert waiting.wait(10)
        thread.join(1.5)
        assert thread.is_alive(), "blocked for longer than stall_timeout, and still waiting"
        virtual.set_paper()
        thread.join(20)
        assert run.error is None
        assert run.result == Delivery(Delivered.CONFIRMED, "pid")
        assert virtual.paper.cuts == 8
        assert run.reasons[:2] == ["paper", ""]


@both
def test_cover_opened_in_the_middle(cable: str) -> None:
    with plugged(cable, Faults(bytes_per_second=3000)) as (virtual, run):
        waiting = threading.Event()
        run.on_wait = lambda reason: waiting.set() if reason else None
        run.on_sending = lambda: virtual.set_cover(is_open=True)
        thread = run.in_background()
        assert waiting.wait(10)
        virtual.set_cover(is_open=False)
        thread.join(10)
        assert run.result is not None
        assert run.reasons == ["cover", ""]
        assert virtual.paper.lines[:30] == LINES


@both
def test_low_paper_is_told(cable: str) -> None:
    for fence in ("pid", "gsr"):
        with plugged(cable, fence=fence) as (virtual, run):
            virtual.set_paper(low=True)
            assert run.go() == Delivery(Delivered.CONFIRMED, fence, paper_low=True)


PREFLIGHT = len(b"\x10\x04\x01\x10\x04\x04")
PREAMBLE = PREFLIGHT + len(b"\x1b\x40\x1b\x74\x13\x1d\x61\x0f")
PROBE = PREAMBLE + len(b"\x1d\x28\x48\x06\x00\x30\x30abcd")


@both
@pytest.mark.parametrize("polite", [False, True])
@pytest.mark.parametrize("after", [1, 4, 6, 9, 15, 20, 25, 26, 27, 100, 700, 1023, 1024, 1500])
def test_a_cable_cut_after_n_bytes(cable: str, polite: bool, after: int) -> None:
    faults = Faults(close_after=after) if polite else Faults(cut_after=after)
    with plugged(cable, faults) as (virtual, run):
        with pytest.raises(DeviceError) as caught:
            run.go()
        expected = DeviceOffline if run.sent == 0 else OutcomeUnknown
        assert type(caught.value) is expected
        assert run.sent == (1 if after > PROBE else 0)
        assert virtual.paper.cuts == 0


@both
def test_a_cable_cut_just_before_the_answer(cable: str) -> None:
    with plugged(cable) as (_, run):
        total = PROBE + len(run.payload) + 11
    for after in (total - 1, total):
        with plugged(cable, Faults(cut_after=after)) as (_, run):
            with pytest.raises(OutcomeUnknown):
                run.go()
            assert run.sent == 1


@both
def test_power_lost_while_it_holds_data(cable: str) -> None:
    with plugged(cable, Faults(paper_for=10)) as (virtual, run):
        run.on_wait = lambda reason: virtual.power_off() if reason else None
        with pytest.raises(OutcomeUnknown):
            run.go()
        assert virtual.paper.cuts == 0


@both
def test_a_mute_printer_that_ought_to_answer_is_off(cable: str) -> None:
    with plugged(cable, Faults(mute=True), status_timeout=0.2) as (virtual, run):
        with pytest.raises(DeviceOffline):
            run.go()
        assert (run.sent, virtual.paper.commands) == (0, [])


@both
def test_a_mute_clone_is_sent_to_and_never_called_confirmed(cable: str) -> None:
    with plugged(cable, Faults(mute=True), profile="POS-58", status_timeout=0.2) as (virtual, run):
        assert run.go() == Delivery(Delivered.SENT_UNCONFIRMED, "none")
        assert virtual.wait_for(lambda printer: len(printer.paper.lines) >= 30)


@both
def test_a_clone_that_answered_once_must_answer_again(cable: str) -> None:
    with plugged(cable, profile="POS-58", status_timeout=0.3) as (virtual, run):
        assert run.go().outcome is Delivered.CONFIRMED
        virtual.faults = Faults(mute=True)
        with pytest.raises(DeviceOffline):
            run.go(2)
        assert run.sent == 1


@both
def test_a_clone_without_fences_is_remembered(cable: str) -> None:
    with plugged(cable, Faults(fences=frozenset()), profile="POS-58", fence_timeout=0.4) as (virtual, run):
        for job in (1, 2, 3):
            assert run.go(job).outcome is Delivered.SENT_UNCONFIRMED
        assert virtual.wait_for(lambda printer: printer.received.count(b"\x1d\x72\x01") == 2)


@both
def test_a_fence_that_the_shop_named_is_not_weakened(cable: str) -> None:
    with plugged(cable, Faults(fences=frozenset({"gsr"})), fence="pid", fence_timeout=0.4) as (_, run):
        with pytest.raises(DeviceOffline, match="confirm"):
            run.go()
        assert run.sent == 0


@both
def test_silence_after_the_job_is_doubt(cable: str) -> None:
    with plugged(cable, Faults(mute_after=PROBE + 40), fence_timeout=0.6, status_timeout=0.2) as (_, run):
        with pytest.raises(OutcomeUnknown):
            run.go()
        assert run.sent == 1


@both
@pytest.mark.parametrize("profile", ["TM-T20II", "POS-58", "TM-T20"])
def test_nonsense_confirms_nothing(cable: str, profile: str) -> None:
    with plugged(cable, Faults(garbage=True), profile=profile, status_timeout=0.3) as (_, run):
        with pytest.raises(DeviceOffline):
            run.go()
        assert run.sent == 0


@both
def test_nonsense_after_the_job_is_doubt(cable: str) -> None:
    for profile in ("TM-T20II", "TM-T20"):
        with plugged(cable, profile=profile, fence_timeout=0.6, status_timeout=0.2) as (virtual, run):
            run.on_sending = lambda virtual=virtual: setattr(virtual, "faults", Faults(garbage=True))  # type: ignore[misc]
            with pytest.raises(OutcomeUnknown):
                run.go()


@pytest.mark.parametrize(("answer", "sure"), [(b"\x00", True), (b"\xff\x00", False), (b"\x00\x90", False)])
def test_nonsense_beside_a_fence_is_doubt(answer: bytes, sure: bool) -> None:
    """A line that garbles bytes may well deliver one that looks like an answer to GS r."""
    replies = {b"\x10\x04": b"\x12", b"\x1d\x72\x01": b"\x00"}
    settings = EscposPrinter.Settings(host="x", profile="TM-T20", fence_timeout=0.3)

    def answers(data: bytes) -> bytes:
        if len(data) > 100:
            return answer
        return next((reply for command, reply in replies.items() if command in data), b"")

    run = Run(EscposPrinter("receipt", settings, pipe=MemoryTransport(answers)), RECEIPT[:10])
    if sure:
        assert run.go() == Delivery(Delivered.CONFIRMED, "gsr")
    else:
        with pytest.raises(OutcomeUnknown, match="nonsense"):
            run.go()


def test_a_deaf_printer_is_noticed_before_anything_is_sent() -> None:
    with plugged("tcp", Faults(deaf=True), status_timeout=0.2) as (_, run):
        with pytest.raises(DeviceOffline):
            run.go()
        assert run.sent == 0


def test_a_printer_that_stops_reading_is_doubt() -> None:
    with plugged("tcp", stall_timeout=0.5) as (virtual, run):
        run.payload = run.printer.render(LONG * 40)
        run.on_sending = lambda: setattr(virtual, "faults", Faults(deaf=True))
        with pytest.raises(OutcomeUnknown, match="no more"):
            run.go()


def test_nobody_listens() -> None:
    with plugged("tcp") as (virtual, run):
        virtual.power_off()
        with pytest.raises(DeviceOffline):
            run.go()
        assert run.sent == 0


@both
def test_a_slow_printer_is_waited_for(cable: str) -> None:
    with plugged(cable, Faults(bytes_per_second=1500), fence_timeout=8.0) as (virtual, run):
        assert run.go().outcome is Delivered.CONFIRMED
        assert virtual.paper.cuts == 1


@both
def test_closing_the_till_ends_a_blocked_job_in_doubt_at_once(cable: str) -> None:
    with plugged(cable, Faults(paper_for=5)) as (_, run):
        run.on_wait = lambda reason: run.closing.set()
        with pytest.raises(OutcomeUnknown, match="closed"):
            run.go()


def test_closing_the_till_lets_a_job_in_hand_finish() -> None:
    with plugged("tcp", Faults(bytes_per_second=3000)) as (_, run):
        run.on_sending = run.closing.set
        assert run.go().outcome is Delivered.CONFIRMED


def test_a_commit_that_fails_sends_nothing() -> None:
    with plugged("tcp") as (virtual, run):

        def full() -> None:
            raise RuntimeError("disk full")

        run.on_sending = full
        with pytest.raises(RuntimeError):
            run.go()
        assert b"l\xa1nea" not in virtual.received


def test_an_old_jobs_fence_does_not_confirm_a_new_job() -> None:
    """On serial: job 1 ends in doubt while the printer holds it; its late answer must not count for job 2."""
    with plugged("pty", Faults(paper_for=2), fence="gsr", profile="TM-T20") as (virtual, run):
        run.payload = run.printer.render([*(Text(f"{n}") for n in range(12)), Cut()])
        run.on_wait = lambda reason: run.closing.set()
        with pytest.raises(OutcomeUnknown):
            run.go(1)
        run.closing.clear()
        virtual.faults = Faults(bytes_per_second=200)
        virtual.set_paper()
        run.reasons.clear()
        assert run.go(2).outcome is Delivered.CONFIRMED
        assert virtual.paper.cuts == 2, "when job 2 is confirmed its last byte has been printed"


# -- the drawer ----------------------------------------------------------------------------------------


@both
@pytest.mark.parametrize(("pin", "expected"), [(2, 2), (5, 5), (0, 2)])
def test_a_kick_fires_once(cable: str, pin: int, expected: int) -> None:
    with plugged(cable) as (virtual, run):
        run.printer.kick(pin)
        assert virtual.wait_for(lambda printer: printer.paper.kicks == [expected])
        assert virtual.paper.commands == ["ESC p"]


@both
def test_a_kick_without_paper_goes_in_real_time(cable: str) -> None:
    with plugged(cable) as (virtual, run):
        virtual.set_paper(out=True)
        run.printer.kick(5)
        assert virtual.wait_for(lambda printer: printer.paper.kicks == [5])
        assert virtual.paper.commands == []


@both
def test_a_kick_while_a_job_waits_for_paper(cable: str) -> None:
    with plugged(cable, Faults(paper_for=10)) as (virtual, run):
        asked: list[str] = []

        def between() -> None:
            if "paper" in run.reasons and not asked:
                try:
                    run.printer.kick(2)
                except DeviceBusy:
                    return
                asked.append("kick")

        run.between = between
        thread = run.in_background()
        assert virtual.wait_for(lambda printer: printer.paper.kicks == [2])
        virtual.set_paper()
        thread.join(10)
        assert run.result is not None
        assert virtual.paper.kicks == [2]
        assert virtual.paper.cuts == 1


def test_a_kick_that_cannot_be_sent_says_so() -> None:
    with plugged("tcp") as (virtual, run):
        with pytest.raises(DeviceError, match="pin 3"):
            run.printer.kick(3)
        virtual.power_off()
        with pytest.raises(DeviceOffline):
            run.printer.kick(2)
        assert virtual.paper.kicks == []


def test_a_mute_printer_is_kicked_all_the_same() -> None:
    with plugged("tcp", Faults(mute=True), status_timeout=0.2) as (virtual, run):
        run.printer.kick(2)
        assert virtual.wait_for(lambda printer: printer.paper.kicks == [2])


# -- pictures on the wire, settings, memory ------------------------------------------------------------


def test_a_picture_full_of_real_time_commands_arrives_whole() -> None:
    with plugged("tcp") as (virtual, run):
        run.payload = run.printer.render([Image(64, 64, b"\x10\x04\x01\x10\x14\x01\x00\x01" * 64), Cut()])
        assert run.go().outcome is Delivered.CONFIRMED
        assert (virtual.paper.kicks, virtual.paper.unknown, virtual.paper.cuts) == ([], [], 1)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, "host"),
        ({"transport": "serial"}, "path"),
        ({"transport": "file"}, "path"),
        ({"transport": "usb"}, "transport"),
        ({"host": "x", "fence": "hope"}, "fence"),
        ({"host": "x", "qr": "perhaps"}, "qr"),
        ({"host": "x", "profile": "nope"}, "nope"),
        ({"transport": "serial", "path": "/dev/null", "flow": "up"}, "flow"),
    ],
)
def test_wrong_settings_are_refused_in_words(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        EscposPrinter("receipt", EscposPrinter.Settings(**settings))


def test_printing_into_a_file(tmp_path: Any) -> None:
    target = tmp_path / "out.bin"
    settings = EscposPrinter.Settings(transport="file", path=str(target), profile="POS-58")
    run = Run(EscposPrinter("receipt", settings))
    assert run.go() == Delivery(Delivered.SENT_UNCONFIRMED, "none")
    assert target.read_bytes() == run.printer.preamble(False) + run.payload


@pytest.mark.parametrize("after", range(0, 980, 37))
def test_a_line_that_dies_anywhere_is_doubt_or_nothing_sent(after: int) -> None:
    settings = EscposPrinter.Settings(host="x", profile="POS-58", fence="none")
    run = Run(EscposPrinter("receipt", settings, pipe=MemoryTransport(lose_after=after, at_a_time=7)))
    with pytest.raises(DeviceError) as caught:
        run.go()
    assert isinstance(caught.value, OutcomeUnknown if run.sent else DeviceOffline)
    assert run.sent == (after >= len(run.printer.preamble(False)) + 1)
