"""Everything a network can do, against the reference head office: exactly once, nothing lost, order kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.head_office import Fault, HeadOffice
from tests.support.outbox import MemoryOutbox, chain, make_record, rehash
from tilltui.errors import UploadDenied, UploadUnavailable
from tilltui.services.upload.worker import IDLE_SECONDS, SyncStatus, SyncWorker
from tilltui.upload.http import HttpSettings, HttpUploader

KEY = b"a key of thirty-two bytes, ok?!!"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[HeadOffice]:
    office = HeadOffice(tmp_path / "hq.db", KEY, rehash=rehash).start()
    yield office
    office.close()


def make_uploader(
    office: HeadOffice, tmp_path: Path, *, timeout: float = 5.0, secret: str = ""
) -> HttpUploader:
    key_file = tmp_path / "hq.key"
    key_file.write_text((secret or office.secret) + "\n")
    key_file.chmod(0o600)
    return HttpUploader("hq", HttpSettings(office.url, key_file, timeout=timeout))


class Till:
    """A worker stepped by hand, with its journal and what it showed."""

    def __init__(self, uploader: HttpUploader, count: int = 40) -> None:
        self.outbox = MemoryOutbox(chain(count))
        self.shown: list[SyncStatus] = []
        self.worker = SyncWorker(uploader, self.outbox, self.shown.append, uniform=lambda: 0.5)

    def drain(self, limit: int = 100) -> None:
        for _ in range(limit):
            if self.worker.step() == IDLE_SECONDS:
                return
        raise AssertionError(f"not drained: {self.worker.status}")


def assert_all_there(office: HeadOffice, till: Till) -> None:
    expected = [(r.seq, r.uuid, r.hash, r.prev_hash, r.body, "accepted") for r in till.outbox.records]
    assert [(s.seq, s.uuid, s.hash, s.prev_hash, s.body, s.verdict) for s in office.records()] == expected
    assert office.arrivals() == [r.seq for r in till.outbox.records]
    assert office.forks() == []
    assert till.outbox.parked.get("hq", []) == []
    assert till.outbox.cursor("hq") == len(till.outbox.records)


STOPPED_BEFORE = [
    Fault.ERROR_500,
    Fault.CLOSE_BEFORE_COMMIT,
    Fault.CAPTIVE_PORTAL,
    Fault.REDIRECT,
    Fault.TOO_MANY,
]
STORED_BUT_UNCLEAR = [
    Fault.CLOSE_AFTER_COMMIT,
    Fault.RESET_AFTER_COMMIT,
    Fault.HALF_ANSWER,
    Fault.GARBAGE,
    Fault.TRUNCATED_JSON,
    Fault.WRONG_COUNT,
    Fault.WRONG_SEQ,
    Fault.DEEP,
    Fault.HUGE,
    Fault.UNSIGNED,
    Fault.REPLAYED_ANSWER,
]


@pytest.mark.parametrize("fault", STOPPED_BEFORE + STORED_BUT_UNCLEAR, ids=lambda fault: fault.name)
def test_a_fault_ticks_nothing_off_and_has_no_second_effect(
    office: HeadOffice, tmp_path: Path, fault: Fault
) -> None:
    till = Till(make_uploader(office, tmp_path))
    office.faults.append(fault)
    pause = till.worker.step()
    stored = 25 if fault in STORED_BUT_UNCLEAR else 0
    assert len(office.records()) == stored
    assert till.outbox.cursor("hq") == 0
    assert pause == (7.0 if fault is Fault.TOO_MANY else 0.5)
    status = till.worker.status
    assert (status.online, status.waiting, status.parked) == (False, 40, 0)
    assert status.last_error
    assert status.error is not None
    assert status.error.hint
    till.drain()
    assert_all_there(office, till)
    assert till.worker.status == SyncStatus("hq", online=True)


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.DRIP], ids=lambda fault: fault.name)
def test_a_server_that_is_slow_on_purpose_is_given_up_at_the_deadline(
    office: HeadOffice, tmp_path: Path, fault: Fault
) -> None:
    till = Till(make_uploader(office, tmp_path, timeout=0.3))
    office.faults.append(fault)
    till.worker.step()
    assert till.outbox.cursor("hq") == 0
    assert "did not answer in time" in till.worker.status.last_error
    office.release.set()
    till.drain()
    assert_all_there(office, till)


@pytest.mark.parametrize("fault", [Fault.DUPLICATE, Fault.CONFLICT], ids=lambda fault: fault.name)
def test_delivered_twice_or_known_already_is_stored_once(
    office: HeadOffice, tmp_path: Path, fault: Fault
) -> None:
    till = Till(make_uploader(office, tmp_path))
    office.always = fault
    till.drain()
    assert_all_there(office, till)
    assert all(not status.last_error for status in till.shown)


def test_a_refused_connection_waits_and_comes_back(office: HeadOffice, tmp_path: Path) -> None:
    till = Till(make_uploader(office, tmp_path))
    office.stop()
    pauses = [till.worker.step() for _ in range(6)]
    assert pauses == [0.5, 1, 2, 4, 8, 16]
    assert "refused the connection" in till.worker.status.last_error
    assert till.worker.status.online is False
    office.start()
    till.drain()
    assert_all_there(office, till)


def test_head_office_restarted_between_batches_is_reached_on_a_new_connection(
    office: HeadOffice, tmp_path: Path
) -> None:
    till = Till(make_uploader(office, tmp_path))
    office.faults.append(Fault.CLOSE_AFTER_COMMIT)
    till.drain()
    till.outbox.add(*chain(5, first=41, prev=till.outbox.records[-1].hash))
    office.stop()
    office.start()
    till.drain()
    assert_all_there(office, till)


def test_a_kept_connection_serves_many_batches(office: HeadOffice, tmp_path: Path) -> None:
    till = Till(make_uploader(office, tmp_path), count=500)
    till.drain()
    assert_all_there(office, till)
    assert office.connections == 1
    assert office.requests == 6  # 25 + 50 + 75 + 100 + 125 + 125


def test_every_fault_in_every_order_ends_with_all_records_once(office: HeadOffice, tmp_path: Path) -> None:
    faults = STOPPED_BEFORE + STORED_BUT_UNCLEAR + [Fault.DUPLICATE, Fault.TOO_LARGE, Fault.DENY]
    for seed in range(5):
        office.faults.extend(faults[seed:] + faults[:seed])
    till = Till(make_uploader(office, tmp_path), count=60)
    till.drain(limit=300)
    assert_all_there(office, till)


def test_a_wrong_key_is_denied_and_asks_for_a_person(office: HeadOffice, tmp_path: Path) -> None:
    till = Till(make_uploader(office, tmp_path, secret="another key that nobody knows of"))
    assert till.worker.step() == 300
    assert till.worker.status.denied
    assert "does not accept this till" in till.worker.status.last_error
    assert office.records() == []


def test_a_denial_ends_when_head_office_changes_its_mind(office: HeadOffice, tmp_path: Path) -> None:
    till = Till(make_uploader(office, tmp_path))
    office.faults.append(Fault.DENY)
    assert till.worker.step() == 300
    till.drain()
    assert not till.worker.status.denied
    assert_all_there(office, till)


def test_a_batch_that_is_too_large_is_sent_in_halves(office: HeadOffice, tmp_path: Path) -> None:
    till = Till(make_uploader(office, tmp_path))
    office.max_request = 900
    till.drain()
    assert_all_there(office, till)


def test_one_giant_record_is_refused_and_the_rest_goes_on(office: HeadOffice, tmp_path: Path) -> None:
    till = Till(make_uploader(office, tmp_path), count=2)
    prev = till.outbox.records[-1].hash
    # Random enough not to shrink below the server's limit.
    noise = "".join(record.hash for record in chain(3000))
    giant = make_record(3, prev, body=b'{"note":"%b"}' % noise.encode())
    till.outbox.add(giant, *chain(2, first=4, prev=giant.hash))
    office.max_request = 20_000
    till.drain()
    assert [s.seq for s in office.records()] == [1, 2, 4, 5]
    parked = till.outbox.parked["hq"]
    assert parked[0] == (3, "refused", "too large for head office (HTTP 413)")
    # Record 4 arrived without the one before: kept there, and marked.
    assert parked[1:] == [(4, "held", "the chain does not fit")]
    assert till.worker.status.parked == 2


def test_a_small_record_behind_a_wrong_limit_is_not_thrown_away(office: HeadOffice, tmp_path: Path) -> None:
    till = Till(make_uploader(office, tmp_path), count=1)
    office.always = Fault.TOO_LARGE
    assert till.worker.step() > 0
    assert "calls record 1 too large" in till.worker.status.last_error
    assert till.outbox.cursor("hq") == 0


def test_what_is_refused_or_not_understood_is_parked_and_the_queue_goes_on(
    office: HeadOffice, tmp_path: Path
) -> None:
    office.refuse_kinds.add("import")
    till = Till(make_uploader(office, tmp_path), count=1)
    for seq, kind, body in [
        (2, "import", b"{}"),
        (3, "sale", b'{"a":}'),
        (4, "sale", b"\n\xff"),
        (5, "z", b"{}"),
    ]:
        till.outbox.add(make_record(seq, till.outbox.records[-1].hash, kind=kind, body=body))
    till.drain()
    assert till.outbox.parked["hq"] == [
        (2, "refused", "no import here"),
        (3, "held", "the body is not understood"),
        (4, "held", "the body is not understood"),
    ]
    assert [s.body for s in office.records()][2:4] == [b'{"a":}', b"\n\xff"]
    assert till.worker.status.parked == 3
    assert till.worker.status.waiting == 0


def test_a_fork_raises_the_alarm_overwrites_nothing_and_the_queue_goes_on(
    office: HeadOffice, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = Till(make_uploader(office, tmp_path), count=3)
    first.drain()
    before = office.records()
    clone = Till(make_uploader(office, tmp_path), count=2)
    clone.outbox.add(make_record(3, clone.outbox.records[-1].hash, body=b'{"other":1}'))
    clone.outbox.add(*chain(2, first=4, prev=clone.outbox.records[-1].hash))
    with caplog.at_level(logging.CRITICAL):
        clone.drain()
    assert office.records()[:3] == before
    assert office.forks() == [("1", before[0].epoch, 3)]
    assert [row[:2] for row in clone.outbox.parked["hq"]] == [(3, "fork"), (4, "held")]
    assert clone.worker.status.forks == 1
    assert clone.worker.status.waiting == 0
    assert [record.levelname for record in caplog.records] == ["CRITICAL"]


def test_two_epochs_in_one_batch_are_two_requests(office: HeadOffice, tmp_path: Path) -> None:
    uploader = make_uploader(office, tmp_path)
    uploader.open()
    batch = [*chain(2), make_record(3, epoch="ffffffffffffffff")]
    assert [outcome.seq for outcome in uploader.send(batch)] == [1, 2, 3]
    assert office.requests == 2
    assert {(s.epoch, s.seq) for s in office.records()} == {(r.epoch, r.seq) for r in batch}
    uploader.close()


def test_a_thread_that_hangs_in_a_request_stops_at_once(office: HeadOffice, tmp_path: Path) -> None:
    office.always = Fault.HANG
    outbox = MemoryOutbox(chain(3))
    worker = SyncWorker(make_uploader(office, tmp_path, timeout=60), outbox, lambda status: None)
    worker.start()
    assert office.arrived.acquire(timeout=5)
    assert worker.stop(timeout=5)
    assert outbox.cursor("hq") == 0


def test_the_key_is_in_no_log_and_no_error(
    office: HeadOffice, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    till = Till(make_uploader(office, tmp_path))
    office.faults.extend([Fault.DENY, Fault.UNSIGNED, Fault.GARBAGE, Fault.ERROR_500])
    with caplog.at_level(logging.DEBUG):
        till.drain()
    told = caplog.text + repr(till.shown) + repr([vars(s.error) for s in till.shown if s.error])
    assert office.secret[6:] not in told
    assert KEY.decode() not in told


def test_a_gzip_bomb_and_a_forged_request_do_not_get_in(office: HeadOffice, tmp_path: Path) -> None:
    import gzip

    uploader = make_uploader(office, tmp_path)
    uploader.open()
    big = make_record(1, body=b'{"a":"' + b" " * (9 << 20) + b'"}')
    assert len(gzip.compress(big.body)) < 20_000
    assert uploader.send([big])[0].verdict == "refused"
    uploader.close()
    uploader._key = b"x" * 32
    with pytest.raises(UploadUnavailable, match="closed"):
        uploader.send(chain(1))
    uploader = make_uploader(office, tmp_path, secret="y" * 32)
    uploader.open()
    with pytest.raises(UploadDenied):
        uploader.send(chain(1))
    uploader.close()
    assert office.records() == []


def test_the_worker_thread_uploads_what_is_sold_while_it_runs(office: HeadOffice, tmp_path: Path) -> None:
    done = threading.Event()
    outbox = MemoryOutbox(chain(3))

    def changed(status: SyncStatus) -> None:
        if status.waiting == 0 and outbox.cursor("hq") == 10:
            done.set()

    worker = SyncWorker(make_uploader(office, tmp_path), outbox, changed)
    worker.start()
    for record in chain(7, first=4, prev=outbox.records[-1].hash):
        outbox.add(record)
        worker.wake()
    assert done.wait(10)
    assert worker.stop()
    assert office.arrivals() == list(range(1, 11))


def test_a_huge_answer_is_not_read_to_its_end(office: HeadOffice, tmp_path: Path) -> None:
    till = Till(make_uploader(office, tmp_path))
    office.faults.append(Fault.HUGE)
    till.worker.step()
    assert "larger than 1 MiB" in till.worker.status.last_error
