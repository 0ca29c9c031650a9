"""A printer that has a bad day: random faults, healed one after the other, and what must be true afterwards.

A schedule is made from a number alone. Its paper is the witness: it knows nothing of the till's jobs.
"""

from __future__ import annotations

import queue
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tilltui.domain.paper.elements import Cut, Element, Text
from tilltui.domain.paper.job_state import JobState
from tilltui.ports import DeviceEvent, JobChanged, Printer
from tilltui.services.paper.printing import PrintJob, PrintWorker
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.virtual.printers.paper import CutRow, TextRow
from tilltui_drivers.virtual.printers.printer_device import Faults, VirtualPrinterDevice

HARMLESS = (
    *("none", "near_end", "slow", "paper_before", "cover_before", "knife_before"),
    *("paper_mid", "cover_mid", "knife_mid"),
)
"""Faults that a person mends at the printer: every job must end confirmed, once."""

HARMFUL = ("cut", "close", "power", "mute", "mute_later", "garbage", "deaf", "no_fence")
"""Faults after which a job may end in doubt."""

SETTLED = ("confirmed", "sent_unconfirmed", "uncertain")
LINES = 12
WAIT = 30.0


class Jobs:
    """Print jobs in memory, with everything that happened to them."""

    def __init__(self) -> None:
        self.jobs: dict[int, PrintJob] = {}
        self.log: dict[int, list[str]] = {}
        self.lock = threading.Condition()

    def serve(self, printer: Printer) -> None:
        """Nothing is learnt."""

    def add(self, copy_no: int = 0) -> int:
        with self.lock:
            number = len(self.jobs) + 1
            self.jobs[number] = PrintJob(
                number,
                "receipt",
                "receipt",
                "",
                receipt(number, copy_no),
                JobState.QUEUED,
                0,
                copy_no,
                number,
            )
            self.log[number] = []
        return number

    def next_job(self, printer: str) -> PrintJob | None:
        with self.lock:
            return next((job for job in self.jobs.values() if job.state in ("queued", "blocked")), None)

    def set_state(self, job_id: int, state: str, reason: str = "", fence: str = "") -> None:
        with self.lock:
            self.jobs[job_id] = replace(self.jobs[job_id], state=state)
            self.log[job_id].append(state)
            self.lock.notify_all()

    def recover(self, printer: str) -> list[PrintJob]:
        return []

    def settled(self, timeout: float) -> bool:
        with self.lock:
            return self.lock.wait_for(lambda: all(j.state in SETTLED for j in self.jobs.values()), timeout)


def receipt(number: int, copy_no: int = 0) -> list[Element]:
    """A receipt of which every line can be told from those of any other."""
    copy: list[Element] = [Text(center=f"*** COPIA {copy_no} ***")] if copy_no else []
    lines = [Text(f"J{number} línea {n} ñandú €", right=f"{n}.990") for n in range(LINES)]
    return [*copy, Text(f"J{number} principio"), *lines, Text(f"J{number} fin"), *copy, Cut()]


@dataclass
class Round:
    """One fault and what the jobs met.

    Attributes:
        kind: The fault.
        jobs: Ids of the jobs that were added in it.
    """

    kind: str
    jobs: list[int] = field(default_factory=list)


class Schedule:
    """One day: one to three faults, one to two jobs each.

    Args:
        seed: Makes the day.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._dice = random.Random(seed)
        self.profile = self._dice.choice(["TM-T20II", "TM-T20", "generic-80"])
        kinds = self._dice.choices([*HARMLESS, *HARMFUL, *HARMFUL], k=self._dice.randrange(1, 4))
        self.rounds = [Round(kind) for kind in kinds]
        self.jobs = Jobs()
        self.events: queue.Queue[DeviceEvent] = queue.Queue()
        self.rows: list[TextRow | CutRow] = []
        self.wrong: list[str] = []
        self._degraded = False
        self._virtual = VirtualPrinterDevice(buffer_size=self._dice.choice([64, 256, 4096]))
        self._port = self._virtual.serve_tcp()
        settings = EscposPrinter.Settings(
            host="127.0.0.1",
            port=self._port,
            profile=self.profile,
            connect_timeout=2.0,
            status_timeout=0.5,
            stall_timeout=1.5,
            fence_timeout=1.5,
        )
        self.printer = EscposPrinter("receipt", settings)
        self._worker = PrintWorker(self.printer, self.jobs, (0.05, 0.1))

    def run(self) -> Counter[str]:
        """Live through it; how the jobs ended, by kind of fault and state. ``wrong`` says what broke."""
        self._worker.start(self._take)
        ends: Counter[str] = Counter()
        try:
            for one in self.rounds:
                self._live(one)
                for job in one.jobs:
                    ends[f"{one.kind}: {self.jobs.jobs[job].state}"] += 1
            self._doubtful_again()
        finally:
            self._worker.stop()
            self._keep_paper()
            self._virtual.close()
        self._judge()
        return ends

    def _take(self, event: DeviceEvent) -> bool:
        self.events.put(event)
        return True

    def _live(self, one: Round) -> None:
        while not self.events.empty():
            self.events.get()
        # A model that may be mute by nature is not waited for until it has answered once.
        unknown = self.profile == "generic-80" and not self.printer._answered
        heal = getattr(self, f"_{one.kind}")(one)
        if not one.jobs:
            self._add(one)
        heal()
        self._worker.wake()
        if not self.jobs.settled(WAIT):
            self.wrong.append(f"{one.kind}: a job never ended: {self.jobs.log}")
        # A fence that was given up leaves the printer unconfirmed from here on.
        self._degraded = self._degraded or self.printer._fence == "none"
        for job in one.jobs:
            state = self.jobs.jobs[job].state
            fine = {"confirmed", "sent_unconfirmed"} if self._degraded or unknown else {"confirmed"}
            if one.kind in HARMLESS and state not in fine:
                self.wrong.append(f"{one.kind}: job {job} ended {state} though nothing was lost")

    def _add(self, one: Round) -> None:
        for _ in range(self._dice.randrange(1, 3)):
            one.jobs.append(self.jobs.add())
        self._worker.wake()

    def _until(self, states: tuple[str, ...], reasons: tuple[str, ...] = ()) -> None:
        """Wait for the first word of one of these states (and reasons, if any)."""
        deadline = time.monotonic() + WAIT
        while time.monotonic() < deadline:
            try:
                event = self.events.get(timeout=deadline - time.monotonic())
            except queue.Empty:
                break
            if (
                isinstance(event, JobChanged)
                and event.state in states
                and (event.reason in reasons or not reasons)
            ):
                return
        self.wrong.append(f"nobody said {states} {reasons}")

    # -- harmless ----------------------------------------------------------------------------------------

    def _none(self, one: Round) -> Callable[[], None]:
        return lambda: None

    def _near_end(self, one: Round) -> Callable[[], None]:
        self._virtual.set_paper(low=True)
        self._add(one)
        self.jobs.settled(WAIT)
        return self._virtual.set_paper

    def _slow(self, one: Round) -> Callable[[], None]:
        self._virtual.faults = Faults(bytes_per_second=2000)
        self._add(one)
        self.jobs.settled(WAIT)
        return self._well

    def _paper_before(self, one: Round) -> Callable[[], None]:
        return self._before(one, lambda: self._virtual.set_paper(out=True), self._virtual.set_paper, "paper")

    def _cover_before(self, one: Round) -> Callable[[], None]:
        virtual = self._virtual
        return self._before(
            one, lambda: virtual.set_cover(is_open=True), lambda: virtual.set_cover(is_open=False), "cover"
        )

    def _knife_before(self, one: Round) -> Callable[[], None]:
        virtual = self._virtual
        return self._before(
            one, lambda: virtual.set_knife(jammed=True), lambda: virtual.set_knife(jammed=False), "cutter"
        )

    def _before(
        self, one: Round, harm: Callable[[], None], mend: Callable[[], None], reason: str
    ) -> Callable[[], None]:
        harm()
        self._add(one)
        if self.profile == "generic-80" and not self.printer._answered:
            return mend
        self._until(("blocked",), (reason,))
        return mend

    def _paper_mid(self, one: Round) -> Callable[[], None]:
        virtual = self._virtual
        return self._middle(one, lambda: virtual.set_paper(out=True), virtual.set_paper)

    def _cover_mid(self, one: Round) -> Callable[[], None]:
        virtual = self._virtual
        return self._middle(
            one, lambda: virtual.set_cover(is_open=True), lambda: virtual.set_cover(is_open=False)
        )

    def _knife_mid(self, one: Round) -> Callable[[], None]:
        virtual = self._virtual
        return self._middle(
            one, lambda: virtual.set_knife(jammed=True), lambda: virtual.set_knife(jammed=False)
        )

    def _middle(self, one: Round, harm: Callable[[], None], mend: Callable[[], None]) -> Callable[[], None]:
        """Somebody's hand comes at a random byte, and mends it a little later."""
        virtual = self._virtual
        at = len(virtual.received) + self._dice.randrange(1, 700)
        self._add(one)
        if virtual.wait_for(lambda t: len(t.received) >= at, 2.0):
            harm()
            seen = len(virtual.received)
            virtual.wait_for(lambda t: len(t.received) > seen + 6, 0.5)
        return mend

    # -- harmful -----------------------------------------------------------------------------------------

    def _well(self) -> None:
        self._virtual.faults = Faults()

    def _cut(self, one: Round) -> Callable[[], None]:
        return self._lost(one, lambda n: Faults(cut_after=n))

    def _close(self, one: Round) -> Callable[[], None]:
        return self._lost(one, lambda n: Faults(close_after=n))

    def _lost(self, one: Round, faults: Callable[[int], Faults]) -> Callable[[], None]:
        self._virtual.faults = faults(len(self._virtual.received) + self._dice.randrange(1, 900))
        self._add(one)
        self._until(("queued", "uncertain", "confirmed", "sent_unconfirmed"))
        return self._well

    def _power(self, one: Round) -> Callable[[], None]:
        virtual = self._virtual
        at = len(virtual.received) + self._dice.randrange(1, 700)
        virtual.faults = Faults(bytes_per_second=self._dice.choice([0, 3000]))
        self._add(one)
        virtual.wait_for(lambda t: len(t.received) >= at, 2.0)
        virtual.power_off()
        self._until(("queued", "uncertain", "confirmed", "sent_unconfirmed"))
        return self._another

    def _another(self) -> None:
        """Switch it on again: what it held is gone, what is on paper stays."""
        self._keep_paper()
        self._virtual.close()
        self._virtual = VirtualPrinterDevice()
        self._virtual.serve_tcp(port=self._port)

    def _mute(self, one: Round) -> Callable[[], None]:
        return self._odd(one, Faults(mute=True))

    def _mute_later(self, one: Round) -> Callable[[], None]:
        return self._odd(one, Faults(mute_after=len(self._virtual.received) + self._dice.randrange(1, 700)))

    def _garbage(self, one: Round) -> Callable[[], None]:
        return self._odd(one, Faults(garbage=True))

    def _deaf(self, one: Round) -> Callable[[], None]:
        return self._odd(one, Faults(deaf=True))

    def _no_fence(self, one: Round) -> Callable[[], None]:
        self._degraded = True
        return self._odd(one, Faults(fences=frozenset()))

    def _odd(self, one: Round, faults: Faults) -> Callable[[], None]:
        self._virtual.faults = faults
        self._add(one)
        self._until(("queued", "blocked", *SETTLED))
        return self._well

    # -- afterwards --------------------------------------------------------------------------------------

    def _doubtful_again(self) -> None:
        """The cashier asks for a copy of each doubtful receipt."""
        doubtful = [job.id for job in self.jobs.jobs.values() if job.state == "uncertain"]
        for job_id in doubtful:
            with self.jobs.lock:
                number = self.jobs.add()
                copy = replace(self.jobs.jobs[number], elements=receipt(job_id, 1), copy_no=1)
                self.jobs.jobs[number] = copy
        self._worker.wake()
        if not self.jobs.settled(WAIT):
            self.wrong.append("a copy never ended")

    def _keep_paper(self) -> None:
        # What is still in the buffer of a printer that is well comes out before anybody looks.
        if self._virtual.faults == Faults():
            self._virtual.wait_for(lambda t: not t._buffer, 5.0)
        self.rows += [row for row in self._virtual.paper.rows if isinstance(row, TextRow | CutRow)]
        if self._virtual.paper.kicks:
            self.wrong.append(f"the drawer opened: {self._virtual.paper.kicks}")

    def _judge(self) -> None:
        """Hold what the till believes against what is on paper."""
        papers = self._papers()
        for job in self.jobs.jobs.values():
            states = self.jobs.log[job.id]
            if states.count("sending") > 1:
                self.wrong.append(f"job {job.id} was sent {states.count('sending')} times")
            if job.copy_no:
                continue
            whole = [p for p in papers if p and not is_copy(p) and self._is_whole(p, job.id)]
            begun = [p for p in papers if not is_copy(p) and f"J{job.id} principio" in p]
            if len(begun) > 1 or len(whole) > 1:
                self.wrong.append(f"job {job.id} ({states}) is on paper {len(begun)} times without COPY")
            if job.state == "confirmed" and len(whole) != 1:
                self.wrong.append(f"job {job.id} is confirmed and on paper {len(whole)} times: {papers}")
            if "sending" not in states and begun:
                self.wrong.append(f"job {job.id} is on paper though it never left")
            if job.state == "sent_unconfirmed" and not self._may_be_unconfirmed(job.id):
                self.wrong.append(f"job {job.id} ended unconfirmed on a printer that confirms")

    def _may_be_unconfirmed(self, job_id: int) -> bool:
        silent = ["mute", "mute_later", "no_fence"]
        if self.profile == "generic-80":
            # Of a model that may be mute by nature, one that does not read cannot be told from one
            # that prints: the bytes are in its network card.
            silent.append("deaf")
        return self._degraded or any(one.kind in silent for one in self.rounds)

    def _papers(self) -> list[list[str]]:
        """Lines of each piece of paper, cut by the knife or torn where a new receipt begins."""
        papers: list[list[str]] = [[]]
        for row in self.rows:
            if isinstance(row, CutRow):
                papers.append([])
            elif row.text:
                if row.text.endswith("principio") and any("J" in line for line in papers[-1]):
                    papers.append([])
                papers[-1].append(row.text)
        return papers

    def _is_whole(self, paper: list[str], number: int) -> bool:
        lines = [re.sub(r"\s+", " ", line) for line in paper]
        middle = [f"J{number} línea {n} ñandú € {n}.990" for n in range(LINES)]
        wanted = [f"J{number} principio", *middle, f"J{number} fin"]
        return any(lines[at : at + len(wanted)] == wanted for at in range(len(lines)))


def is_copy(paper: list[str]) -> bool:
    """Whether it says so."""
    return any("COPIA" in line for line in paper)
