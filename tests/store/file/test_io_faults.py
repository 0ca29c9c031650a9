"""An I/O error or a full disk at the first, second, third ... operation of a sale, once and for good."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from tests.support import selling
from tests.support.faults import Faults
from tilltui.domain.clock import now_ms
from tilltui.domain.record.sales.closing import Closing
from tilltui.errors import DiskFull, StoreError
from tilltui.store.audit.check import audit
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue

KINDS = [
    ("write", apsw.IOError),
    ("write", apsw.FullError),
    ("sync", apsw.IOError),
    ("read", apsw.IOError),
    ("truncate", apsw.IOError),
    ("truncate", apsw.FullError),
    ("delete", apsw.IOError),
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template") / "till"
    store = selling.open_store(folder)
    store.run(lambda connection: catalogue.put(connection, selling.products(1, 60), now_ms()))
    rng = random.Random(5)
    for _ in range(3):
        selling.sell(store, rng, 4)
    store.close()
    return folder


@pytest.fixture
def faults() -> Iterator[Faults]:
    vfs = Faults("faults")
    yield vfs
    vfs.unregister()


def one_sale() -> Closing:
    rng = random.Random(9)
    return selling.closing(list(selling.steps(rng, 10))[-1], rng)


def attempt(store: Store, closing: Closing) -> StoreError | None:
    """Close a sale; the error that was said, if any."""
    try:
        store.close_sale(closing, printer="receipt").result(30)
    except StoreError as error:
        said = error
    else:
        return None
    assert str(said)
    assert said.hint
    return said


def start(folder: Path, vfs: str) -> StoreError | None:
    """Start a till and stop it; why it did not start."""
    try:
        selling.open_store(folder, vfs=vfs).close()
    except StoreError as refused:
        return refused
    return None


def opened(folder: Path, vfs: str | None, *, checkpoints: bool) -> Store:
    """A till on the failing disk; ``checkpoints`` makes every commit fold the log into the file."""
    store = selling.open_store(folder, vfs=vfs)
    if checkpoints:
        store.run(lambda connection: connection.execute("PRAGMA wal_autocheckpoint=1").fetchall())
    # Readers hold what has been read, as the till's screen does.
    assert catalogue.by_code(store.reader, "7800000000005") is not None
    return store


def check_after(folder: Path, closing: Closing, *, accepted: bool, certain: bool) -> None:
    """On a whole disk again: the sale is there once or not at all, and what was said is true."""
    store = selling.open_store(folder)
    try:
        assert [str(finding) for finding in audit(store.reader)] == []
        query = "SELECT count(*) FROM sale WHERE uuid = ?"
        there = next(store.reader.execute(query, (closing.uuid,)))[0]
        assert there == 1 if accepted else there in ((0,) if certain else (0, 1))
        store.close_sale(closing, printer="receipt").result(30)
        assert next(store.reader.execute(query, (closing.uuid,)))[0] == 1
        assert [str(finding) for finding in audit(store.reader)] == []
    finally:
        store.close()


@pytest.mark.parametrize("sticky", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("checkpoints", [False, True], ids=["log", "checkpoint"])
@pytest.mark.parametrize(("operation", "error"), KINDS, ids=lambda v: v if isinstance(v, str) else v.__name__)
def test_a_fault_at_every_operation_of_a_sale_leaves_all_of_it_or_nothing(
    template: Path, tmp_path: Path, faults: Faults, operation: str, error: type[apsw.Error], *,
    checkpoints: bool, sticky: bool,
) -> None:  # fmt: skip
    for at in range(1, 1000):
        folder = tmp_path / f"{at}"
        shutil.copytree(template, folder)
        closing = one_sale()
        store = opened(folder, faults.name, checkpoints=checkpoints)
        faults.arm(operation, at, sticky=sticky, error=error)
        said = attempt(store, closing)
        fired = faults.fired
        if not fired:
            faults.heal()
        if not sticky:
            # The same till goes on at once.
            assert attempt(store, one_sale()) is None
            if said is not None:
                assert attempt(store, closing) is None
        faults.heal()
        store.close()
        certain = said is not None and ("nothing was saved" in str(said) or isinstance(said, DiskFull))
        check_after(folder, closing, accepted=said is None or not sticky, certain=certain)
        shutil.rmtree(folder)
        if not fired:
            break
    else:
        pytest.fail("the faults never came to an end")
    if operation in ("write", "sync"):
        assert at > (5 if operation == "write" else 1)


def test_a_fault_at_every_operation_of_the_start_is_said_in_words_and_harms_nothing(
    template: Path, tmp_path: Path, faults: Faults
) -> None:
    closing = one_sale()
    for operation, error in [*KINDS, ("open", apsw.CantOpenError)]:
        for at in range(1, 1000):
            folder = tmp_path / f"{operation}-{error.__name__}-{at}"
            shutil.copytree(template, folder)
            faults.arm(operation, at, sticky=True, error=error)
            refused = start(folder, faults.name)
            assert refused is None or refused.hint
            fired = faults.fired
            faults.heal()
            check_after(folder, closing, accepted=False, certain=True)
            shutil.rmtree(folder)
            if not fired:
                break


def test_a_full_disk_gives_up_the_ballast_and_the_sale_in_hand_closes(template: Path, faults: Faults) -> None:
    store = opened(template, faults.name, checkpoints=False)
    assert store.ballast.held
    faults.arm("write", 3, sticky=False, error=apsw.FullError)
    assert attempt(store, one_sale()) is None
    assert not store.ballast.held
    faults.arm("write", 3, sticky=False, error=apsw.FullError)
    assert isinstance(attempt(store, one_sale()), DiskFull)
    faults.heal()
    assert attempt(store, one_sale()) is None
    assert store.ballast.hold()
    store.close()
