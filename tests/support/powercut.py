"""Power cuts on paper: the writes of a day at the till, and the disk rebuilt as a cut could leave it.

What a file's sync, or the directory's, has covered is there. Of everything later any part may be: a write is
kept, dropped or torn into 512-byte sectors, a truncation kept or dropped, and of the unlinks and creations
that the directory has not been synced for, the first few are kept. The till's acknowledgements stand in the
same log.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import apsw

from tests.support import selling
from tilltui.domain.clock import now_ms
from tilltui.errors import TillError
from tilltui.store.audit.check import audit
from tilltui.store.books import totals
from tilltui.store.file import engine
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue
from tilltui.store.selling import baskets

SECTOR = 512

Event = tuple[Any, ...]
"""``("create", name)``, ``("write", name, offset, data)``, ``("truncate", name, size)``, ``("sync", name)``,
``("delete", name, directory synced)`` or ``("ack", what, value)``."""


class Recorder(apsw.VFS):
    """A VFS that writes down what SQLite does to its files."""

    def __init__(self, name: str, log: list[Event]) -> None:
        super().__init__(name, "")
        self.name = name
        self.log = log

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        """Open a file of which everything is written down; temporary ones excepted."""
        path = name if isinstance(name, str) or name is None else name.filename()
        if path is None:
            return apsw.VFSFile("", name, flags)
        if flags[0] & apsw.SQLITE_OPEN_CREATE and not os.path.exists(path):
            self.log.append(("create", Path(path).name))
        return _File(self.log, Path(path).name, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        """Delete a file."""
        super().xDelete(filename, syncdir)
        self.log.append(("delete", Path(filename).name, bool(syncdir)))


class _File(apsw.VFSFile):
    def __init__(self, log: list[Event], short: str, name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._log = log
        self._short = short

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self._log.append(("write", self._short, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:
        super().xTruncate(newsize)
        self._log.append(("truncate", self._short, newsize))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._log.append(("sync", self._short))


@contextlib.contextmanager
def settings(journal: str | None, synchronous: tuple[str, int] | None) -> Iterator[None]:
    """Run the store on other pragmas than its own: the controls that must lose sales."""
    real = engine._set

    def other(
        connection: engine.Connection, name: str, value: str, expected: int | str, **rest: bool
    ) -> None:
        if name == "journal_mode" and journal:
            value, expected = journal, journal
        if name == "synchronous" and synchronous:
            value, expected = synchronous
        real(connection, name, value, expected, **rest)

    engine._set = other
    try:
        yield
    finally:
        engine._set = real


def record(folder: Path, *, sales: int, seed: int = 1, size: int = 6) -> list[Event]:
    """A day: an import, sales with voids and returns, a basket parked and recalled, Z in the middle."""
    log: list[Event] = []
    rng = random.Random(seed)
    vfs = Recorder(f"recorder-{os.getpid()}-{seed}-{rng.random()}", log)
    store = selling.open_store(folder, vfs=vfs.name)
    try:
        store.run(lambda c: catalogue.put(c, selling.products(1, 150), now_ms()))
        log.append(("ack", "products", 150))
        for number in range(1, sales + 1):
            uuid = selling.sell(store, rng, rng.randrange(1, size), basket_id=1)
            log.append(("ack", "sale", uuid))
            if number % 40 == 10:
                basket = list(selling.steps(rng, 3))[-1]
                selling.keep(store, 1000 + number, basket, durable=True, parked=True)
                log.append(("ack", "park", 1000 + number))
            if number % 40 == 30:
                _recall(store, 980 + number, rng, log)
            if number % 70 == 0:
                log.append(("ack", "z", selling.close_shift(store)))
            if number == sales // 2:
                store.run(lambda c: catalogue.put(c, selling.products(100, 300), now_ms()))
                log.append(("ack", "products", 399))
    finally:
        store.close()
        vfs.unregister()
    return log


def _recall(store: Store, basket_id: int, rng: random.Random, log: list[Event]) -> None:
    basket = baskets.load(store.reader, basket_id)
    assert basket is not None
    log.append(("ack", "recall", basket_id))
    shift = totals.current_shift(store.reader)
    assert shift is not None
    done = selling.closing(basket, rng, shift=shift.id)
    accepted = store.close_sale(done, printer="receipt", basket_id=basket_id).result(30)
    log.append(("ack", "sale", accepted.uuid))


@dataclass
class _Inode:
    safe: bytearray = field(default_factory=bytearray)
    loose: list[Event] = field(default_factory=list)

    def sync(self) -> None:
        for event in self.loose:
            _apply(self.safe, event)
        self.loose.clear()

    def after_cut(self, rng: random.Random) -> bytearray:
        """The file as a cut could leave it."""
        data = bytearray(self.safe)
        odds = rng.choice((0.0, 0.3, 0.6, 0.9, 1.0))
        for event in self.loose:
            if rng.random() >= odds:
                continue
            if event[0] == "write" and rng.random() < 0.3:
                for start in range(0, len(event[3]), SECTOR):
                    if rng.random() < 0.5:
                        _apply(data, ("write", "", event[2] + start, event[3][start : start + SECTOR]))
            else:
                _apply(data, event)
        return data


def _apply(data: bytearray, event: Event) -> None:
    if event[0] == "truncate":
        del data[event[2] :]
        data.extend(bytes(event[2] - len(data)))
        return
    offset, new = event[2], event[3]
    if len(data) < offset:
        data.extend(bytes(offset - len(data)))
    data[offset : offset + len(new)] = new


class Disk:
    """A disk that has seen the first events of a recording."""

    def __init__(self) -> None:
        self.safe: dict[str, _Inode] = {}
        self.now: dict[str, _Inode] = {}
        self.loose: list[tuple[str, str, _Inode]] = []
        self.acks: list[Event] = []

    def see(self, event: Event) -> None:
        """One more event."""
        kind, name = event[0], event[1]
        if kind == "ack":
            self.acks.append(event)
        elif kind == "create":
            self.now[name] = _Inode()
            self.loose.append(("link", name, self.now[name]))
        elif kind == "delete":
            self.loose.append(("unlink", name, self.now.pop(name)))
            if event[2]:
                self._sync_directory()
        elif kind == "sync":
            inode = self.now[name]
            inode.sync()
            # SQLite syncs the directory with the first sync of a new journal or log (os_unix.c, DIRSYNC);
            # a journalling file system makes a synced new file's own name durable by itself.
            if any(op[0] == "link" and op[2] is inode for op in self.loose):
                self._sync_directory()
        else:
            self.now[name].loose.append(event)

    def _sync_directory(self) -> None:
        for op in self.loose:
            _link(self.safe, op)
        self.loose.clear()

    def cut(self, folder: Path, rng: random.Random) -> None:
        """Write the files as a cut at this moment could leave them."""
        names = dict(self.safe)
        for op in self.loose[: rng.randrange(len(self.loose) + 1)]:
            _link(names, op)
        for name, inode in names.items():
            (folder / name).write_bytes(inode.after_cut(rng))


def _link(names: dict[str, _Inode], op: tuple[str, str, _Inode]) -> None:
    if op[0] == "link":
        names[op[1]] = op[2]
    else:
        names.pop(op[1], None)


def verdict(folder: Path, acks: list[Event]) -> tuple[str, int]:
    """Open what a cut left with the till's own door.

    Returns:
        ``ok``, ``lost`` or ``corrupt: why``, and how many accepted sales are missing.
    """
    try:
        store = selling.open_store(folder)
    except TillError as error:
        return f"corrupt: {error}", 0
    try:
        wrong = [str(finding) for finding in audit(store.reader)]
        if wrong:
            return f"corrupt: {wrong[0]}", 0
        return _compared(store, acks)
    finally:
        store.close()


def _compared(store: Store, acks: list[Event]) -> tuple[str, int]:
    sold = [value for _ack, what, value in acks if what == "sale"]
    there = [row[0] for row in store.reader.execute("SELECT uuid FROM sale ORDER BY id")]
    missing = len(sold) - len(set(sold) & set(there))
    parked = {v for _a, what, v in acks if what == "park"} - {v for _a, what, v in acks if what == "recall"}
    kept = {row.id for row in baskets.parked(store.reader)}
    known = max((value for _ack, what, value in acks if what == "products"), default=0)
    closed = max((value for _ack, what, value in acks if what == "z"), default=0)
    z = next(store.reader.execute("SELECT coalesce(max(value + 0), 0) FROM meta WHERE key = 'z'"))[0]
    if missing:
        return "lost", missing
    if there[: len(sold)] != sold or len(there) > len(sold) + 1:
        return "corrupt: sales that nobody made", 0
    if not parked <= kept or catalogue.count(store.reader) < known or z < closed:
        return "lost", 0
    return "ok", 0


def check_cuts(recording: Path, first: int, last: int, seed: int) -> Counter[str]:
    """Cut at random moments and open what is left: states ``first`` to ``last`` of a run."""
    log: list[Event] = pickle.loads(recording.read_bytes())
    rng = random.Random(f"cuts {seed} {first} {last}")
    # Half of the cuts come at any event, half in the till's idle time right after it said "accepted".
    idle = [index + 1 for index, event in enumerate(log) if event[0] == "ack"]
    moments = sorted(
        rng.choice(idle) if rng.random() < 0.5 else rng.randrange(1, len(log) + 1)
        for _ in range(last - first)
    )
    found: Counter[str] = Counter()
    disk, seen = Disk(), 0
    base = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=base, prefix="cut-") as temp:
        for moment in moments:
            for event in log[seen:moment]:
                disk.see(event)
            seen = moment
            folder = Path(temp) / "till"
            folder.mkdir()
            disk.cut(folder, rng)
            result, missing = verdict(folder, disk.acks)
            found[result] += 1
            found["most lost"] = max(found["most lost"], missing)
            shutil.rmtree(folder)
    return found


@dataclass(frozen=True, slots=True)
class Mode:
    """Settings under test.

    Attributes:
        name: As in the table.
        journal: ``journal_mode`` instead of the till's own.
        synchronous: The same for ``synchronous``: word and number.
        safe: Whether no sale may be lost.
    """

    name: str
    journal: str | None
    synchronous: tuple[str, int] | None
    safe: bool


MODES = (
    Mode("Tilltui (WAL, EXTRA)", None, None, True),
    Mode("Tilltui on an old engine (TRUNCATE, EXTRA)", "truncate", None, True),
    Mode("Python's default (DELETE, FULL)", "delete", ("FULL", 2), False),
    Mode("WAL, NORMAL", "wal", ("NORMAL", 1), False),
)


def run(mode: Mode, states: int, *, sales: int = 200, seed: int = 1, workers: int = 2) -> Counter[str]:
    """Record a day under a mode and cut it; counts of verdicts, ``most lost`` and ``events``."""
    with tempfile.TemporaryDirectory(prefix="powercut-") as temp:
        with settings(mode.journal, mode.synchronous):
            log = record(Path(temp) / "till", sales=sales, seed=seed)
        recording = Path(temp) / "log"
        recording.write_bytes(pickle.dumps(log))
        parts = max(1, states // 250) if states > 1000 else workers
        edges = [states * part // parts for part in range(parts + 1)]
        found: Counter[str] = Counter(events=len(log))
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            jobs = [pool.submit(check_cuts, recording, low, high, seed) for low, high in pairwise(edges)]
            for job in jobs:
                part = job.result()
                most = max(found["most lost"], part.pop("most lost", 0))
                found.update(part)
                found["most lost"] = most
    return found
