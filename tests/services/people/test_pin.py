"""The PIN: its hash, its count of wrong tries on disk, its growing wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import selling
from tilltui.errors import SaleError
from tilltui.services.people import pin
from tilltui.services.people.pin import PinRecord, Pins, checked_pin, delay
from tilltui.store.file.store import Store
from tilltui.store.people import operators


class Clock:
    """A clock that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pin, "COST", 16)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = selling.open_store(tmp_path / "till")
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pins(store: Store, clock: Clock) -> Pins:
    pins = Pins(store, clock)
    pins.change(1, "", "4711")
    return pins


def test_only_the_right_pin_is_right(pins: Pins, clock: Clock) -> None:
    assert pins.has(1)
    assert pins.check(1, "4711")
    for wrong in ("4712", "", "47110", "٤٧١١"):
        assert not pins.check(1, wrong)
        clock.now += 1000


def test_the_pin_is_not_in_the_file(pins: Pins, store: Store) -> None:
    text = operators.pin_text(store.reader, 1)
    assert "4711" not in text.split(":")
    again = PinRecord.of("4711")
    assert again.salt != PinRecord.parse(text).salt
    assert again.key != PinRecord.parse(text).key


def test_each_wrong_one_doubles_the_wait_and_the_right_one_ends_it(pins: Pins, clock: Clock) -> None:
    for wait in (2, 4, 8):
        assert not pins.check(1, "0000")
        assert pins.waits(1) == wait
        assert not pins.check(1, "4711"), "a try during the wait is not looked at"
        clock.now += wait
        assert pins.waits(1) == 0
    assert pins.check(1, "4711")
    assert pins.waits(1) == 0
    assert not pins.check(1, "0000")
    assert pins.waits(1) == 2


def test_the_wait_begins_anew_after_a_restart(pins: Pins, store: Store) -> None:
    assert not pins.check(1, "0000")
    later = Clock()
    again = Pins(store, later)
    assert again.waits(1) == 2
    assert not again.check(1, "4711")
    later.now += 2
    assert again.check(1, "4711")


def test_a_try_is_counted_before_it_is_answered(
    pins: Pins, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(self: PinRecord, text: str) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(PinRecord, "matches", cut)
    with pytest.raises(KeyboardInterrupt):
        pins.check(1, "0000")
    assert PinRecord.parse(operators.pin_text(store.reader, 1)).wrong == 1


def test_the_old_one_is_needed_to_change_it(pins: Pins, clock: Clock) -> None:
    with pytest.raises(SaleError, match="old PIN"):
        pins.change(1, "0000", "1234")
    clock.now += 10
    pins.change(1, "4711", "1234")
    assert pins.check(1, "1234")
    pins.change(1, "1234", "")
    assert not pins.has(1)
    assert pins.check(1, "")


@pytest.mark.parametrize("text", ["123", "1234567890123", "12a4", "", "١٢٣٤", "12 34"])
def test_what_is_no_pin(text: str) -> None:
    with pytest.raises(SaleError):
        checked_pin(text)


@pytest.mark.parametrize("text", ["x", "scrypt:1:00:00:0", "md5:16:00:00:0", "scrypt:16:zz:00:0"])
def test_what_is_no_record(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        PinRecord.parse(text)


def test_the_wait_has_an_end() -> None:
    assert delay(1000) == 300
