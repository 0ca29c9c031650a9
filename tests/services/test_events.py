"""Who hears of what was done, in which order, and what becomes of one that fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.registers import OpenTill, a_till, close
from tilltui.domain.paying.tenders import CARD, CASH, TRANSFER, VOUCHER, Tender
from tilltui.errors import N_, DeviceError
from tilltui.services.events import (
    BasketParked,
    Events,
    LanguageChanged,
    PaperQueued,
    SaleClosed,
    ShiftClosed,
    TillLeft,
)
from tilltui.services.flow import through

# -- the bus ----------------------------------------------------------------------------------------------


def test_everybody_hears_in_the_order_in_which_they_came() -> None:
    events = Events()
    heard: list[tuple[str, str]] = []

    def hears(name: str) -> Callable[[LanguageChanged], object]:
        return lambda event: heard.append((name, event.code))

    for name in ("first", "second", "third"):
        events.to(LanguageChanged, name, hears(name))
    events.publish(LanguageChanged("es"))
    assert heard == [("first", "es"), ("second", "es"), ("third", "es")]
    assert events.names(LanguageChanged) == ["first", "second", "third"]


def test_only_who_asked_for_a_kind_hears_it() -> None:
    events = Events()
    heard: list[TillLeft] = []
    events.to(TillLeft, "left", heard.append)
    events.publish(LanguageChanged("es"))
    assert heard == []
    events.publish(TillLeft())
    assert heard == [TillLeft()]
    assert events.names(LanguageChanged) == []


def test_all_is_heard_on_the_thread_that_publishes() -> None:
    events = Events()
    threads: list[threading.Thread] = []
    events.to(TillLeft, "thread", lambda event: threads.append(threading.current_thread()))
    events.publish(TillLeft())
    assert threads == [threading.current_thread()]


def test_one_that_fails_stops_nobody_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    events = Events()
    heard: list[str] = []
    told: list[BaseException] = []
    events.failed = told.append
    error = ZeroDivisionError("broken")

    def broken(event: TillLeft) -> None:
        raise error

    events.to(TillLeft, "before", lambda event: heard.append("before"))
    events.to(TillLeft, "broken", broken)
    events.to(TillLeft, "after", lambda event: heard.append("after"))
    with caplog.at_level(logging.ERROR):
        events.publish(TillLeft())
        events.publish(TillLeft())
    assert heard == ["before", "after"] * 2
    assert told == [error, error]
    assert "broken of TillLeft" in caplog.text


def test_what_nobody_hears_of_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    events = Events()
    events.to(TillLeft, "broken", lambda event: 1 / 0)
    events.publish(TillLeft())
    assert "nobody hears of it: division by zero" in caplog.text


# -- who hears at a till ------------------------------------------------------------------------------------


class Wakes:
    """A printer's, uploader's or terminal's worker that only notes when it is woken."""

    def __init__(self, name: str, note: Callable[[str], object]) -> None:
        self._name = name
        self._note = note

    def wake(self) -> None:
        self._note(self._name)

    sold = wake

    def stop(self) -> None:
        """Nothing runs."""


@dataclass
class Watched:
    """A till whose devices note what they are asked for, with the number of sales and Zs on disk by then."""

    till: OpenTill
    noted: list[tuple[str, int]] = field(default_factory=list)
    drawer: list[tuple[Any, ...]] = field(default_factory=list)
    drawer_error: Exception | None = None

    def note(self, name: str) -> None:
        query = "SELECT count(*) FROM journal WHERE kind IN ('sale', 'return', 'z')"
        self.noted.append((name, next(self.till.store.reader.execute(query))[0]))

    def open_drawer(self, *how: object, for_sale: bool = False) -> Future[None]:
        self.note("drawer")
        self.drawer.append((*how, for_sale))
        future: Future[None] = Future()
        if self.drawer_error is not None:
            future.set_exception(self.drawer_error)
        else:
            future.set_result(None)
        return future

    def fit(self, *, drawer: bool = True) -> None:
        devices: Any = self.till.devices
        devices.open_drawer = self.open_drawer
        if drawer:
            devices.drawers["main"] = object()
        for name in ("receipt", "kitchen"):
            devices.printers[name] = Wakes(name, self.note)
        devices.uploaders["hq"] = Wakes("upload", self.note)
        devices.cards["card"] = Wakes("cards", self.note)

    def sell(self, *paid: tuple[Tender, int | None]) -> None:
        register = self.till.register
        register.selling.ringing.ring_open("Pan", 1000)
        for kind, amount in paid:
            register.paying.pay(kind, amount)
        close(register)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    with a_till(tmp_path, printer="receipt") as till:
        made = Watched(till)
        made.fit()
        yield made


AFTER_SALE = [("drawer", 1), ("receipt", 1), ("kitchen", 1), ("upload", 1), ("cards", 1)]
"""What is asked for, in order; the sale is on disk before the first of it."""


def test_who_hears_at_a_till_is_named_in_order(watched: Watched) -> None:
    events = watched.till.register.events
    assert events.names(SaleClosed) == ["drawer", "papers", "upload", "cards"]
    assert events.names(ShiftClosed) == ["papers", "upload", "cards", "ballast", "backup"]
    assert events.names(PaperQueued) == ["papers"]
    for kind in (BasketParked, LanguageChanged, TillLeft):
        assert events.names(kind) == [], "that is for whoever has a screen"


def test_a_sale_is_on_disk_then_the_drawer_the_papers_the_upload_and_the_cards(watched: Watched) -> None:
    watched.sell((CASH, 2000))
    assert watched.noted == AFTER_SALE
    assert watched.drawer == [("sale", (1, "Ana"), True)]
    assert watched.till.failed == []


@pytest.mark.parametrize(
    ("paid", "opens"),
    [
        ([(CASH, None)], True),
        ([(CARD, 400), (CASH, None)], True),
        ([(CARD, None)], False),
        ([(TRANSFER, 500), (VOUCHER, None)], False),
    ],
    ids=["cash", "a part in cash", "card", "no cash"],
)
def test_only_cash_opens_the_drawer(
    watched: Watched, paid: list[tuple[Tender, int | None]], *, opens: bool
) -> None:
    watched.sell(*paid)
    assert bool(watched.drawer) is opens
    assert watched.noted == (AFTER_SALE if opens else AFTER_SALE[1:])


def test_practice_opens_no_drawer(tmp_path: Path) -> None:
    with a_till(tmp_path, printer="receipt", training=True) as till:
        watched = Watched(till)
        watched.fit()
        watched.sell((CASH, None))
        assert [name for name, _count in watched.noted] == [name for name, _count in AFTER_SALE[1:]]


def test_without_a_drawer_none_is_asked_for(tmp_path: Path) -> None:
    with a_till(tmp_path) as till:
        watched = Watched(till)
        watched.fit(drawer=False)
        watched.sell((CASH, None))
        assert watched.drawer == []
        assert till.failed == []


def test_a_sale_of_nothing_left_opens_no_drawer(watched: Watched) -> None:
    register = watched.till.register
    register.selling.ringing.ring_open("Pan", 1000)
    register.paying.abandon()
    close(register)
    assert watched.drawer == []


def test_a_drawer_that_does_not_open_is_told_and_everything_else_follows(watched: Watched) -> None:
    watched.drawer_error = DeviceError(N_("The drawer is stuck."))
    watched.sell((CASH, None))
    assert watched.noted == AFTER_SALE
    assert watched.till.failed == [watched.drawer_error]


def test_a_printer_that_cannot_be_woken_is_told_and_head_office_hears_of_the_sale(watched: Watched) -> None:
    def broken(name: str) -> None:
        raise RuntimeError(name)

    watched.till.devices._running["printer"]["receipt"] = Wakes("receipt", broken)
    watched.sell((CARD, None))
    assert watched.noted == [("upload", 1), ("cards", 1)]
    assert [str(error) for error in watched.till.failed] == ["receipt"]
    assert not watched.till.register.sale.basket, "the next sale begins all the same"


def test_a_paper_that_was_asked_for_wakes_printers_alone(watched: Watched) -> None:
    watched.sell((CARD, None))
    watched.noted.clear()
    through(watched.till.register.paper.copy(2))
    assert watched.noted == [("receipt", 1), ("kitchen", 1)]


def test_a_z_is_on_disk_then_papers_upload_cards_ballast_and_a_backup(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = watched.till.store
    copied = threading.Event()
    real = store.backup

    def backup() -> Callable[[], Path]:
        watched.note("backup")
        copy = real()

        def work() -> Path:
            made = copy()
            copied.set()
            return made

        return work

    monkeypatch.setattr(store.ballast, "hold", lambda: watched.note("ballast"))
    monkeypatch.setattr(store, "backup", backup)
    through(watched.till.register.day.close())
    order = ["receipt", "kitchen", "upload", "cards", "ballast", "backup"]
    assert watched.noted == [(name, 1) for name in order]
    assert copied.wait(30)
    assert watched.drawer == []
    assert watched.till.failed == []


def test_a_backup_that_fails_is_told_and_the_z_stands(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()
    failed: list[BaseException] = []

    def hear(error: BaseException) -> None:
        failed.append(error)
        told.set()

    def broken() -> Path:
        raise OSError("no room")

    watched.till.register.events.failed = hear
    monkeypatch.setattr(watched.till.store, "backup", lambda: broken)
    assert through(watched.till.register.day.close()).number == 1
    assert told.wait(30)
    assert [str(error) for error in failed] == ["no room"]
    assert watched.till.register.session.shift_id == 2


def test_a_sale_that_was_not_saved_is_told_to_nobody(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: Future[Any] = Future()
    refused.set_exception(OSError("no"))
    monkeypatch.setattr(watched.till.store, "close_sale", lambda closing, **how: refused)
    with pytest.raises(OSError, match="no"):
        watched.sell((CASH, None))
    assert watched.noted == []
