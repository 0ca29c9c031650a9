"""Random days of a printer, each made from a number; ``scripts/printer-faults`` lives through a thousand."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.printer_schedules import HARMFUL, HARMLESS, Schedule
from tilltui.domain.paper.elements import Cut, Element, Image, Text
from tilltui.errors import DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import Delivered, Job
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.transport.memory import MemoryTransport
from tilltui_drivers.virtual.printers.paper import Interpreter


@pytest.mark.parametrize("kind", [*HARMLESS, *HARMFUL])
def test_each_scenario_by_itself(kind: str) -> None:
    schedule = Schedule(HARMFUL.index(kind) if kind in HARMFUL else 100 + HARMLESS.index(kind))
    schedule.rounds = schedule.rounds[:1]
    schedule.rounds[0].kind = kind
    ends = schedule.run()
    assert schedule.wrong == []
    assert sum(ends.values()) == len(schedule.rounds[0].jobs) > 0


@pytest.mark.parametrize("first", [0, 12])
def test_random_days(first: int) -> None:
    schedules = [Schedule(seed) for seed in range(first, first + 12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Schedule.run, schedules))
    assert {s.seed: s.wrong for s in schedules if s.wrong} == {}


RECEIPT: list[Element] = [*(Text(f"línea {n}", right="1.290") for n in range(6)), Text("fin"), Cut()]


class Desk:
    """A printer in memory that answers in order, until its cable is pulled."""

    def __init__(self) -> None:
        self.reply = bytearray()
        self.virtual = Interpreter(576, self._effect)
        self.waiting = bytearray()

    def _effect(self, name: str, arguments: bytes) -> None:
        if name == "GS r":
            self.reply += b"\x00"
        elif name == "GS ( H":
            self.reply += b"\x37\x22" + arguments[2:6] + b"\x00"

    def __call__(self, data: bytes) -> bytes:
        self.reply.clear()
        if data[:2] == b"\x10\x04":
            return b"\x12"
        self.waiting += data
        self.waiting = bytearray(self.virtual.feed(bytes(self.waiting)))
        return bytes(self.reply)


def deliver(pipe: MemoryTransport, profile: str) -> tuple[int, DeviceError | Delivered]:
    printer = EscposPrinter("receipt", EscposPrinter.Settings(host="x", profile=profile), pipe=pipe)
    sent = threading.Semaphore(0)
    try:
        done = printer.deliver(Job(printer.render(RECEIPT), 7, sent.release))
    except DeviceError as error:
        return sent._value, error
    return sent._value, done.outcome


@pytest.mark.parametrize("profile", ["TM-T20II", "TM-T20"])
def test_a_cable_pulled_after_every_single_byte(profile: str) -> None:
    whole, desk = MemoryTransport(), Desk()
    whole._answer = desk
    assert deliver(whole, profile) == (1, Delivered.CONFIRMED)
    assert desk.virtual.paper.lines[-1] == "fin"

    def pulled(cut: int) -> int:
        desk = Desk()
        sent, end = deliver(MemoryTransport(desk, lose_after=cut), profile)
        assert isinstance(end, OutcomeUnknown if sent else DeviceOffline), cut
        assert (desk.virtual.paper.lines == []) or sent, cut
        return sent

    with ThreadPoolExecutor(16) as pool:
        doubt = sum(pool.map(pulled, range(1, len(whole.written) + 1)))
    payload = len(EscposPrinter("x", EscposPrinter.Settings(host="x", profile=profile)).render(RECEIPT))
    assert doubt >= payload, "from the first byte of the job on it is doubt"


@pytest.mark.parametrize("picture", [False, True])
def test_what_was_cut_off_inside_a_command_spoils_nothing_of_the_next(picture: bool) -> None:
    """For every byte: the rest of the receipt never comes, the next one and the drawer are whole."""
    logo: list[Element] = [Image(64, 24, b"\xaa" * 192)] if picture else []
    settings = EscposPrinter.Settings(host="x", profile="TM-T20", fence="gsr")
    total = len(EscposPrinter("x", settings).render([*logo, *RECEIPT]))

    def pulled(cut: int) -> tuple[int, list[str], list[int]]:
        desk = Desk()
        pipe = MemoryTransport(desk)
        printer = EscposPrinter("receipt", settings, pipe=pipe)
        payload = printer.render([*logo, *RECEIPT])
        desk(b"\x1b\x40\x1b\x74\x13" + payload[:cut])
        printer.expect_rest(payload)
        printer.kick(2)
        before = len(desk.virtual.paper.lines)
        printer.deliver(Job(printer.render(RECEIPT), 7))
        return cut, [line[:7].strip() for line in desk.virtual.paper.lines[before:]], desk.virtual.paper.kicks

    wanted = [*(f"línea {n}" for n in range(6)), "fin"]
    with ThreadPoolExecutor(64) as pool:
        for cut, lines, kicks in pool.map(pulled, range(0, total + 1, 17 if picture else 3)):
            assert lines[-7:] == wanted, cut
            assert kicks == [2], cut


@pytest.mark.parametrize("fence", ["pid", "gsr"])
def test_a_cable_pulled_inside_the_preamble_or_the_probe_spoils_nothing(fence: str) -> None:
    settings = EscposPrinter.Settings(host="x", profile="TM-T20II", fence=fence)
    for cut in range(1, 25 if fence == "pid" else 17):
        desk = Desk()
        pipe = MemoryTransport(desk, lose_after=cut)
        printer = EscposPrinter("receipt", settings, pipe=pipe)
        ends = []
        for _ in range(2):
            try:
                done = printer.deliver(Job(printer.render(RECEIPT), 7))
                ends.append(done.outcome.value)
            except OutcomeUnknown:
                ends.append("uncertain")
            except DeviceOffline:
                ends.append("offline")
            pipe._lose_after = None
        assert ends[1] == Delivered.CONFIRMED.value, (cut, ends)
        whole = [line[:7].strip() for line in desk.virtual.paper.lines][-7:]
        assert whole == [*(f"línea {n}" for n in range(6)), "fin"], cut
