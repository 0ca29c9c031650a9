"""The sync worker: what it believes, when it waits, what it shows, and a long simulation of bad luck."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from tests.support.outbox import MemoryOutbox, chain
from tilltui.errors import DiskFull, PluginError, TillError, UploadDenied, UploadUnavailable
from tilltui.ports import OutboxRecord, Outcome, Uploader, Verdict
from tilltui.services.upload.worker import IDLE_SECONDS, SyncStatus, SyncWorker

Act = Callable[[Sequence[OutboxRecord]], Any]


class ScriptedUploader(Uploader):
    """Does one act of the script for each batch, then accepts everything."""

    Settings: ClassVar[type[Any]] = object

    def __init__(self, *script: Act) -> None:
        self.name = "hq"
        self.script = list(script)
        self.batches: list[list[int]] = []
        self.calls: list[str] = []
        self.sent = threading.Event()

    def open(self) -> None:
        self.calls.append("open")

    def send(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        self.calls.append("send")
        self.batches.append([record.seq for record in batch])
        act = self.script.pop(0) if self.script else accept
        try:
            return act(batch)
        finally:
            self.sent.set()

    def close(self) -> None:
        self.calls.append("close")


def accept(batch: Sequence[OutboxRecord]) -> list[Outcome]:
    return [Outcome(record.seq, Verdict.ACCEPTED) for record in batch]


def fail(error: Exception) -> Act:
    def act(batch: Sequence[OutboxRecord]) -> list[Outcome]:
        raise error

    return act


def make(
    *script: Act, count: int = 10
) -> tuple[SyncWorker, ScriptedUploader, MemoryOutbox, list[SyncStatus]]:
    uploader, outbox, shown = ScriptedUploader(*script), MemoryOutbox(chain(count)), list[SyncStatus]()
    return SyncWorker(uploader, outbox, shown.append, uniform=lambda: 0.5), uploader, outbox, shown


def drain(worker: SyncWorker) -> list[float]:
    pauses = [worker.step()]
    while pauses[-1] != IDLE_SECONDS:
        pauses.append(worker.step())
    return pauses


def test_records_go_oldest_first_in_growing_batches_each_once() -> None:
    worker, uploader, outbox, _ = make(count=260)
    drain(worker)
    assert [len(batch) for batch in uploader.batches] == [25, 50, 75, 100, 10]
    assert [seq for batch in uploader.batches for seq in batch] == list(range(1, 261))
    assert outbox.cursor("hq") == 260
    assert uploader.calls == ["open"] + ["send"] * 5


def test_a_failed_batch_is_sent_again_smaller_from_the_same_record_on_a_new_connection() -> None:
    worker, uploader, _, _ = make(fail(UploadUnavailable("down")), fail(UploadUnavailable("down")), count=30)
    assert drain(worker) == [0.5, 1.0, 0.0, 0.0, IDLE_SECONDS]
    assert [(batch[0], len(batch)) for batch in uploader.batches] == [(1, 25), (1, 12), (1, 6), (7, 24)]
    assert uploader.calls[:6] == ["open", "send", "close", "open", "send", "close"]


class LookingAhead(ScriptedUploader):
    """Asks for the next batch while one is in flight, as the HTTP uploader does."""

    def __init__(self, *script: Act) -> None:
        super().__init__(*script)
        self.upcoming: Callable[[], Sequence[OutboxRecord]] = tuple
        self.ahead: list[list[int]] = []

    def send(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        self.ahead.append([record.seq for record in self.upcoming()])
        assert list(self.upcoming()) == list(self.upcoming())
        return super().send(batch)


def test_what_was_looked_up_ahead_is_what_is_sent_next() -> None:
    uploader, outbox = LookingAhead(), MemoryOutbox(chain(260))
    drain(SyncWorker(uploader, outbox, lambda status: None))
    assert uploader.ahead == [*uploader.batches[1:], []]
    assert [seq for batch in uploader.batches for seq in batch] == list(range(1, 261))


@pytest.mark.parametrize("error", [UploadUnavailable("down"), UploadDenied("no"), OSError("a bug")])
def test_after_a_failure_nothing_that_was_looked_up_ahead_is_sent(error: Exception) -> None:
    uploader, outbox = LookingAhead(accept, fail(error), fail(error)), MemoryOutbox(chain(260))
    drain(SyncWorker(uploader, outbox, lambda status: None, uniform=lambda: 0.0))
    assert [batch[0] for batch in uploader.batches[:4]] == [1, 26, 26, 26]
    assert uploader.ahead[1][0] == 76
    assert outbox.cursor("hq") == 260


def test_an_acknowledgement_that_fails_sends_the_same_records_again() -> None:
    def accept_on_a_full_disk(batch: Sequence[OutboxRecord]) -> list[Outcome]:
        outbox.fail = DiskFull("full")
        return accept(batch)

    uploader, outbox = LookingAhead(accept_on_a_full_disk), MemoryOutbox(chain(60))
    worker = SyncWorker(uploader, outbox, lambda status: None, uniform=lambda: 0.0)
    worker.step()
    assert (uploader.ahead[0][0], outbox.cursor("hq")) == (26, 0)
    drain(worker)
    assert [batch[0] for batch in uploader.batches] == [1, 1, 26]


def test_a_journal_that_cannot_be_read_ahead_does_not_undo_the_batch_in_flight() -> None:
    uploader, outbox = LookingAhead(), MemoryOutbox(chain(60))
    worker = SyncWorker(uploader, outbox, lambda status: None)
    first = uploader.upcoming

    def unreadable() -> Sequence[OutboxRecord]:
        outbox.fail = DiskFull("unreadable")
        return first()

    uploader.upcoming = unreadable
    worker.step()
    assert outbox.cursor("hq") == 25
    uploader.upcoming = first
    drain(worker)
    assert [seq for batch in uploader.batches for seq in batch] == list(range(1, 61))


@pytest.mark.parametrize(
    "answer",
    [
        lambda batch: [],
        lambda batch: accept(batch)[:-1],
        lambda batch: [*accept(batch), Outcome(999, Verdict.ACCEPTED)],
        lambda batch: accept(batch)[::-1],
        lambda batch: [Outcome(record.seq + 1, Verdict.ACCEPTED) for record in batch],
        lambda batch: ["accepted"] * len(batch),
        lambda batch: [Outcome(record.seq, "accepted") for record in batch],  # type: ignore[arg-type]
        lambda batch: [Outcome(record.seq, Verdict.HELD, None) for record in batch],  # type: ignore[arg-type]
        lambda batch: None,
        lambda batch: {record.seq: "accepted" for record in batch},
        lambda batch: tuple(accept(batch)),
    ],
)
def test_an_answer_that_does_not_fit_the_batch_ticks_nothing_off(answer: Act) -> None:
    worker, _, outbox, _ = make(answer)
    assert worker.step() == 0.5
    assert outbox.cursor("hq") == 0
    assert worker.status.online is False
    assert "does not fit the 10 records" in worker.status.last_error
    drain(worker)
    assert outbox.cursor("hq") == 10


def test_retry_after_is_obeyed_up_to_five_minutes() -> None:
    worker, *_ = make(
        fail(UploadUnavailable("slow down", retry_after=42)), fail(UploadUnavailable("", retry_after=1e9))
    )
    assert [worker.step(), worker.step()] == [42.0, 300.0]


def test_a_denied_till_says_so_and_asks_again_in_five_minutes() -> None:
    worker, _, outbox, shown = make(fail(UploadDenied("wrong key")), fail(UploadDenied("wrong key")))
    assert [worker.step(), worker.step()] == [300.0, 300.0]
    assert len(shown) == 1
    assert shown[0].denied
    assert shown[0].last_error == "wrong key"
    assert shown[0].waiting == 10
    drain(worker)
    assert not worker.status.denied
    assert outbox.cursor("hq") == 10


@pytest.mark.parametrize(
    "error", [RuntimeError("boom"), KeyError("x"), PluginError("no {what}", what="driver")]
)
def test_an_uploader_that_raises_anything_is_logged_and_taken_as_down(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    worker, _, outbox, _ = make(fail(error))
    assert worker.step() == 0.5
    assert worker.status.online is False
    assert "uploader hq failed" in caplog.text
    assert isinstance(worker.status.error, UploadUnavailable)
    drain(worker)
    assert outbox.cursor("hq") == 10


def test_held_refused_and_forked_records_are_parked_and_the_queue_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    verdicts = {2: Verdict.HELD, 5: Verdict.REFUSED, 7: Verdict.FORK}
    worker, _, outbox, _ = make(
        lambda batch: [Outcome(r.seq, verdicts.get(r.seq, Verdict.ACCEPTED), f"why {r.seq}") for r in batch],
        count=30,
    )
    drain(worker)
    assert outbox.parked["hq"] == [(2, "held", "why 2"), (5, "refused", "why 5"), (7, "fork", "why 7")]
    assert outbox.cursor("hq") == 30
    assert (worker.status.parked, worker.status.forks, worker.status.waiting) == (3, 1, 0)
    assert [r.levelname for r in caplog.records] == ["WARNING", "WARNING", "CRITICAL"]


def test_a_full_disk_of_our_own_loses_nothing_and_is_not_blamed_on_head_office() -> None:
    worker, uploader, outbox, _ = make()

    def accept_then_fill(batch: Sequence[OutboxRecord]) -> list[Outcome]:
        outbox.fail = DiskFull("the disk is full")
        return accept(batch)

    uploader.script = [accept_then_fill]
    assert worker.step() == 0.5
    assert outbox.cursor("hq") == 0
    assert worker.status.last_error == "the disk is full"
    assert worker.status.online is None
    drain(worker)
    assert uploader.batches == [list(range(1, 11))] * 2
    assert worker.status == SyncStatus("hq", online=True)


def test_the_status_is_told_only_when_it_changes() -> None:
    down = fail(UploadUnavailable("no network"))
    worker, _, outbox, shown = make(down, down, down, count=2)
    for _ in range(3):
        worker.step()
    oldest = outbox.records[0].created_ms
    assert shown == [SyncStatus("hq", online=False, waiting=2, oldest_ms=oldest, last_error="no network")]
    drain(worker)
    drain(worker)
    assert shown[1:] == [SyncStatus("hq", online=True)]
    assert isinstance(shown[0].error, TillError)


def test_two_uploaders_have_cursors_of_their_own() -> None:
    outbox = MemoryOutbox(chain(5))
    good, bad = ScriptedUploader(), ScriptedUploader(fail(UploadUnavailable("down")))
    bad.name = "usb"
    workers = [SyncWorker(uploader, outbox, lambda status: None) for uploader in (good, bad)]
    for worker in workers:
        worker.step()
    assert (outbox.cursor("hq"), outbox.cursor("usb")) == (5, 0)


class Gate:
    """Lets a test wait for a status."""

    def __init__(self) -> None:
        self.condition = threading.Condition()
        self.shown: list[SyncStatus] = []

    def __call__(self, status: SyncStatus) -> None:
        with self.condition:
            self.shown.append(status)
            self.condition.notify_all()

    def wait_for(self, what: Callable[[SyncStatus], bool]) -> bool:
        with self.condition:
            return self.condition.wait_for(lambda: any(map(what, self.shown)), timeout=10)


def test_a_sale_wakes_an_idle_worker() -> None:
    uploader, outbox, gate = ScriptedUploader(), MemoryOutbox(chain(1)), Gate()
    worker = SyncWorker(uploader, outbox, gate)
    worker.start()
    assert gate.wait_for(lambda status: status.waiting == 0)
    uploader.sent.clear()
    outbox.add(*chain(1, first=2, prev=outbox.records[-1].hash))
    worker.wake()
    assert uploader.sent.wait(10)
    assert worker.stop()
    assert uploader.batches == [[1], [2]]
    assert uploader.calls[-1] == "close"


def test_in_a_back_off_a_sale_is_counted_but_the_server_is_left_alone_until_a_person_asks() -> None:
    uploader = ScriptedUploader(fail(UploadUnavailable("down", retry_after=300)))
    outbox, gate = MemoryOutbox(chain(1)), Gate()
    worker = SyncWorker(uploader, outbox, gate)
    worker.start()
    assert gate.wait_for(lambda status: status.online is False)
    outbox.add(*chain(1, first=2, prev=outbox.records[-1].hash))
    worker.wake()
    assert gate.wait_for(lambda status: status.waiting == 2)
    assert uploader.batches == [[1]]
    worker.wake(at_once=True)
    assert gate.wait_for(lambda status: status.online is True and status.waiting == 0)
    assert worker.stop()
    assert uploader.batches == [[1], [1, 2]]


def test_stop_ends_a_back_off_at_once_and_may_come_before_start_and_twice() -> None:
    uploader, gate = ScriptedUploader(fail(UploadUnavailable("down", retry_after=300))), Gate()
    worker = SyncWorker(uploader, MemoryOutbox(chain(1)), gate)
    worker.start()
    assert gate.wait_for(lambda status: status.online is False)
    assert worker.stop()
    assert worker.stop()
    assert SyncWorker(ScriptedUploader(), MemoryOutbox(), gate).stop()


def test_stop_does_not_wait_for_an_uploader_that_blocks() -> None:
    free, inside = threading.Event(), threading.Event()

    def block(batch: Sequence[OutboxRecord]) -> list[Outcome]:
        inside.set()
        free.wait(10)
        return accept(batch)

    worker, _, outbox, _ = make(block)
    worker.start()
    assert inside.wait(10)
    assert worker.stop(timeout=0.01) is False
    free.set()
    assert worker.stop(timeout=10)
    # It did arrive, and the answer is not thrown away.
    assert outbox.cursor("hq") == 10


def test_a_journal_that_stumbles_does_not_end_the_thread(caplog: pytest.LogCaptureFixture) -> None:
    class Stumbling(MemoryOutbox):
        stumbles = 1

        def pending(self, uploader: str, limit: int) -> list[OutboxRecord]:
            if self.stumbles:
                self.stumbles -= 1
                raise RuntimeError("a bug")
            return super().pending(uploader, limit)

    uploader, outbox, gate = ScriptedUploader(), Stumbling(chain(3)), Gate()
    with caplog.at_level(logging.ERROR):
        worker = SyncWorker(uploader, outbox, gate, uniform=lambda: 0.0)
        worker.start()
        assert gate.wait_for(lambda status: status.online is True and status.waiting == 0)
        assert worker.stop()
    assert "stumbled" in caplog.text


# --- A simulation of bad luck ---------------------------------------------------------------------------


class TillDied(BaseException):
    """The power went; not an Exception, so that nothing on the way can catch it."""


@dataclass
class Receiver:
    """Head office in memory: a unique key, or (the control) none."""

    keyed: bool
    rows: list[tuple[int, str]] = field(default_factory=list)
    seen: dict[int, str] = field(default_factory=dict)

    def take(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        outcomes = []
        for record in batch:
            known = self.seen.get(record.seq)
            if self.keyed and known is not None:
                verdict = Verdict.ACCEPTED if known == record.hash else Verdict.FORK
            else:
                verdict = Verdict.ACCEPTED
                self.seen[record.seq] = record.hash
                self.rows.append((record.seq, record.hash))
            outcomes.append(Outcome(record.seq, verdict))
        return outcomes


@dataclass
class Network(Uploader):
    """Loses requests, answers and itself, repeats old requests, and counts what it did."""

    rng: random.Random
    receiver: Receiver
    rate: float
    name: str = "hq"
    faults: int = 0
    old: list[list[OutboxRecord]] = field(default_factory=list)
    upcoming: Callable[[], Sequence[OutboxRecord]] = tuple

    def open(self) -> None:
        if self._strikes():
            raise UploadUnavailable("no route")

    def close(self) -> None:
        return

    def _strikes(self) -> bool:
        struck = self.rng.random() < self.rate
        self.faults += struck
        return struck

    def send(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        if self.old and self._strikes():
            # A proxy plays an old request again, long after.
            self.receiver.take(self.rng.choice(self.old))
        if self._strikes():
            raise UploadUnavailable("request lost", retry_after=self.rng.choice([None, 5.0, 1e9]))
        if self._strikes():
            raise TillDied
        self.upcoming()
        outcomes = self.receiver.take(batch)
        self.old.append(list(batch))
        if self._strikes():
            outcomes = self.receiver.take(batch)
        if self._strikes():
            raise self.rng.choice([UploadUnavailable("answer lost"), UploadDenied("odd"), OSError("odd")])
        if self._strikes():
            raise TillDied
        if self._strikes():
            return outcomes[: self.rng.randrange(len(outcomes))]
        return outcomes


class CrashingOutbox(MemoryOutbox):
    """Its acknowledgement may die with the till, before or after it is durable, or find the disk full."""

    network: Network

    def acknowledge(self, uploader: str, upto_seq: int, parked: Sequence[tuple[int, str, str]]) -> None:
        if self.network._strikes():
            raise self.network.rng.choice([TillDied(), DiskFull("full")])
        super().acknowledge(uploader, upto_seq, parked)
        if self.network._strikes():
            raise TillDied


def simulate(seed: int, *, keyed: bool) -> tuple[Receiver, CrashingOutbox, int]:
    rng = random.Random(seed)
    receiver = Receiver(keyed)
    network = Network(rng, receiver, rate=rng.choice([0.02, 0.1, 0.25]))
    records = chain(rng.randrange(1, 120))
    outbox = CrashingOutbox()
    outbox.network = network
    worker = SyncWorker(network, outbox, lambda status: None, uniform=rng.random)
    fresh = iter(records)
    for step in range(5000):
        if step > 1000:
            network.rate = 0.0
        for record in (next(fresh, None) for _ in range(rng.randrange(8))):
            if record is not None:
                outbox.add(record)
        try:
            pause = worker.step()
        except TillDied:
            worker = SyncWorker(network, outbox, lambda status: None, uniform=rng.random)
            continue
        assert 0.0 <= pause <= 300.0
        if pause == IDLE_SECONDS and len(outbox.records) == len(records):
            break
    return receiver, outbox, network.faults


def test_thousands_of_faults_lose_nothing_double_nothing_and_keep_the_order(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL + 1)
    faults = 0
    for seed in range(400):
        receiver, outbox, struck = simulate(seed, keyed=True)
        faults += struck
        assert receiver.rows == [(record.seq, record.hash) for record in outbox.records], f"seed {seed}"
        assert outbox.cursor("hq") == len(outbox.records), f"seed {seed} is stuck"
        assert not outbox.parked.get("hq"), f"seed {seed}"
    assert faults > 5000, faults


def test_without_a_unique_key_the_same_luck_doubles_sales(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL + 1)
    doubled = 0
    for seed in range(100):
        receiver, outbox, _ = simulate(seed, keyed=False)
        assert {seq for seq, _ in receiver.rows} == {record.seq for record in outbox.records}
        doubled += len(receiver.rows) > len(outbox.records)
    assert doubled > 50, doubled
