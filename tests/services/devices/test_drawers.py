"""Cash drawers: fired once, recorded without a sale, watched until they are closed."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from tilltui.errors import DeviceError
from tilltui.ports import DeviceChanged, DeviceEvent
from tilltui.services.devices import drawers as module
from tilltui.services.devices.drawers import Drawers
from tilltui.store.file.store import Store
from tilltui_drivers.drawers.printer import PrinterDrawer


class Worker:
    """A printer that kicks, and whose drawer stands open."""

    def __init__(self) -> None:
        self.kicks: list[int] = []
        self.answers = True

    def kick(self, pin: int) -> Future[None]:
        self.kicks.append(pin)
        done: Future[None] = Future()
        if self.answers:
            done.set_result(None)
        return done

    def drawer_level(self) -> Future[bool | None]:
        done: Future[bool | None] = Future()
        done.set_result(True)
        return done


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path, "1", safe_disk_only=False, ballast_bytes=4096)
    yield opened
    opened.close()


def drawer(**settings: Any) -> PrinterDrawer:
    return PrinterDrawer("main", PrinterDrawer.Settings(printer="receipt", **settings))


def openings(store: Store) -> list[tuple[Any, ...]]:
    store.run(lambda connection: None)
    return store.reader.execute("SELECT body FROM journal WHERE kind = 'drawer'").fetchall()


def test_a_drawer_is_fired_once_and_recorded_unless_a_sale_says_so(store: Store) -> None:
    worker, drawers = Worker(), Drawers(store, lambda event: True)
    drawers.add(drawer(), {"receipt": worker}, "receipt")  # type: ignore[dict-item]
    drawers.open("sale", (1, "Ana"), for_sale=True).result(10)
    assert openings(store) == []
    # The word alone records nothing away: only the till knows whether there was a sale.
    drawers.open("sale", (1, "Ana"), for_sale=False).result(10)
    [(body,)] = openings(store)
    recorded = json.loads(body)
    assert recorded["at_ms"] > 0
    assert {key: recorded[key] for key in ("reason", "operator", "drawer")} == {
        "reason": "sale",
        "operator": [1, "Ana"],
        "drawer": "main",
    }
    assert worker.kicks == [2, 2]


def test_a_printer_that_does_not_answer_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KICK_SECONDS", 0.01)
    worker, drawers = Worker(), Drawers(store, lambda event: True)
    worker.answers = False
    drawers.add(drawer(), {"receipt": worker}, "receipt")  # type: ignore[dict-item]
    error = drawers.open("change", (1, "Ana"), for_sale=False).exception(10)
    assert isinstance(error, DeviceError)
    assert "does not answer" in str(error)
    assert worker.kicks == [2]


def test_a_drawer_on_a_printer_that_is_not_there_is_left_out(store: Store) -> None:
    drawers = Drawers(store, lambda event: True)
    with pytest.raises(DeviceError, match="not there"):
        drawers.add(drawer(), {}, "receipt")
    error = drawers.open("change", (1, "Ana"), for_sale=False).exception(1)
    assert isinstance(error, DeviceError)


def test_a_drawer_that_is_left_open_is_said(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tilltui.services.devices.drawer_watch.POLL", 0.01)
    told: queue.SimpleQueue[DeviceEvent] = queue.SimpleQueue()
    drawers = Drawers(store, lambda event: told.put(event) or True)
    left = drawer(open_level="high", warn_after=1)
    drawers.add(left, {"receipt": Worker()}, "receipt")  # type: ignore[dict-item]
    drawers.open("sale", (1, "Ana"), for_sale=True).result(10)
    event = told.get(timeout=20)
    assert isinstance(event, DeviceChanged)
    assert (event.kind, event.device, event.reason) == ("drawer", "main", "left_open")
    drawers.stop()
