"""One queue: who gets a key or a scan, what is kept while the till waits, and in which order it comes out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from textual import events

from tilltui.ui.sale.state import SaleState, Scan
from tilltui.ui.shell.key_queue import MOST_KEPT_KEYS, SCANNER_ENTER_SECONDS, KeyQueue


class Popup:
    """Takes every key, and the codes of a test.

    Attributes:
        wants: Codes that it takes instead of being closed.
    """

    def __init__(self, log: list[str]) -> None:
        self.wants: set[str] = set()
        self._log = log

    def take_key(self, event: events.Key) -> None:
        self._log.append(f"pop-up {event.key}")

    def take_barcode(self, text: str) -> bool:
        return text in self.wants


class Covering:
    """The pop-ups, of which there is one or none."""

    def __init__(self, log: list[str]) -> None:
        self.top: Popup | None = None
        self.locked: object | None = None
        self._log = log

    def close_all(self) -> None:
        self._log.append("closed" if self.top is not None else "nothing to close")
        self.top = None


class Till:
    """A queue whose keys and scans are written down.

    Attributes:
        log: What came, in order.
        at: What a test does when that comes.
    """

    def __init__(self) -> None:
        self.log: list[str] = []
        self.at: dict[str, Callable[[], object]] = {}
        self.codes: list[str] = []
        self.state = SaleState(ready=True)
        self.popups = Covering(self.log)
        made: Any = KeyQueue
        self.queue: KeyQueue = made(
            self.state, self.popups, self.carefully, lambda: self.log.append("painted")
        )
        self.queue.taker = self

    def carefully(self, work: Callable[[], object], code: str = "") -> None:
        if code:
            self.codes.append(code)
        try:
            work()
        except ValueError as error:
            self.log.append(f"said {error}")

    def _came(self, what: str) -> None:
        self.log.append(what)
        self.at.pop(what, lambda: None)()

    def take_key(self, event: events.Key) -> None:
        self._came(event.key)

    def take_scan(self, scan: Scan) -> None:
        self._came(scan.text)

    def scan_was_kept_out(self, source: str) -> None:
        self._came(f"kept out {source}")

    def key(self, *keys: str) -> None:
        for key in keys:
            self.queue.key(events.Key(key, key if len(key) == 1 else None))

    def scan(self, *codes: str, at: float | None = None) -> None:
        for code in codes:
            self.queue.scan(Scan(code, None, "front", time.monotonic() - 1 if at is None else at))


@pytest.fixture
def till() -> Till:
    return Till()


def fail() -> None:
    raise ValueError("stumbled")


def test_keys_and_scans_go_to_the_sale_in_their_order(till: Till) -> None:
    till.key("1", "f10")
    till.scan("A")
    till.key("enter")
    assert till.log == ["1", "f10", "nothing to close", "A", "enter"]


def test_a_pop_up_has_the_keys_even_while_the_till_waits(till: Till) -> None:
    till.popups.top = Popup(till.log)
    till.queue.hold()
    till.key("1", "f10", "escape")
    assert till.log == ["pop-up 1", "pop-up f10", "pop-up escape"]


def test_a_scan_closes_the_pop_ups_and_rings(till: Till) -> None:
    till.popups.top = Popup(till.log)
    till.scan("A")
    assert till.log == ["closed", "A"]


def test_a_scan_that_the_pop_up_wants_is_not_rung(till: Till) -> None:
    till.popups.top = Popup(till.log)
    till.popups.top.wants = {"A"}
    till.scan("A")
    assert till.log == []


def test_a_scanner_hears_that_the_till_is_locked(till: Till) -> None:
    till.popups.top = Popup(till.log)
    till.popups.top.wants = {"A"}
    till.popups.locked = object()
    till.scan("A")
    assert till.log == ["kept out front"]


@pytest.mark.parametrize(("ago", "taken"), [(0.0, False), (SCANNER_ENTER_SECONDS + 0.1, True)])
@pytest.mark.parametrize("covered", [False, True])
def test_the_scanners_own_enter_is_nobodys(till: Till, ago: float, taken: bool, covered: bool) -> None:
    till.scan("A", at=time.monotonic() - ago)
    till.log.clear()
    if covered:
        till.popups.top = Popup(till.log)
    till.key("enter", "1")
    expected = ["enter", "1"] if taken else ["1"]
    assert till.log == [f"pop-up {key}" if covered else key for key in expected]


def test_what_fails_is_said_with_its_code_and_the_next_is_taken(till: Till) -> None:
    till.at = {"A": fail, "1": fail}
    till.scan("A\x1b[2J")
    till.at = {"A\x1b[2J": fail, "1": fail}
    till.scan("A\x1b[2J")
    till.key("1", "2")
    assert till.log[-4:] == ["said stumbled", "1", "said stumbled", "2"]
    assert till.codes == ["A[2J", "A[2J"], "what is said of it is clean"


# Kept


def test_what_comes_while_the_till_waits_comes_out_in_its_order(till: Till) -> None:
    till.queue.hold()
    till.key("3")
    till.scan("A")
    till.key("5", "enter")
    till.scan("B")
    assert till.log == []
    till.queue.let_go()
    assert [one for one in till.log if one != "nothing to close"] == ["painted", "3", "A", "5", "enter", "B"]


def test_it_waits_for_the_last_of_several_answers(till: Till) -> None:
    till.queue.hold()
    till.queue.hold()
    till.scan("A")
    till.queue.let_go()
    assert "A" not in till.log
    assert till.state.busy
    till.queue.let_go()
    assert till.log[-1] == "A"
    assert not till.state.busy


def test_a_scan_is_kept_whatever_covers_the_sale(till: Till) -> None:
    till.popups.top = Popup(till.log)
    till.popups.top.wants = {"A"}
    till.queue.hold()
    till.scan("A")
    till.popups.top = None
    till.queue.let_go()
    assert till.log == ["painted", "nothing to close", "A"]


@pytest.mark.parametrize("key", ["f10", "f9", "escape", "enter", "backspace", "delete", "up"])
def test_a_key_that_was_meant_for_what_is_being_saved_is_dropped(till: Till, key: str) -> None:
    till.queue.hold()
    till.key(key)
    till.queue.let_go()
    assert till.log == ["painted"]


@pytest.mark.parametrize(
    ("key", "kept"), [("enter", True), ("backspace", True), ("f10", False), ("escape", False)]
)
def test_what_follows_something_that_was_kept(till: Till, key: str, kept: bool) -> None:
    till.queue.hold()
    till.key("4", key)
    till.queue.let_go()
    assert till.log == ["painted", "4", *([key] if kept else [])]


def test_keys_are_kept_up_to_a_limit_and_scans_without(till: Till) -> None:
    till.queue.hold()
    till.key(*["1"] * (MOST_KEPT_KEYS + 10))
    till.scan(*["A"] * 200)
    till.queue.let_go()
    assert till.log.count("1") == MOST_KEPT_KEYS
    assert till.log.count("A") == 200


def test_keys_that_were_meant_for_another_sale_are_forgotten_and_scans_are_not(till: Till) -> None:
    till.queue.hold()
    till.key("7")
    till.scan("A")
    till.key("8")
    till.scan("B")
    till.queue.drop_keys()
    till.queue.let_go()
    assert [one for one in till.log if len(one) == 1] == ["A", "B"]


def test_what_must_wait_again_is_kept_again_in_its_order(till: Till) -> None:
    till.queue.hold()
    till.scan("A")
    till.key("1")
    till.scan("B", "C")
    till.at = {"1": till.queue.hold}
    till.queue.let_go()
    till.scan("D")
    assert [one for one in till.log if len(one) == 1] == ["A", "1"]
    till.queue.let_go()
    assert [one for one in till.log if len(one) == 1] == ["A", "1", "B", "C", "D"]


def test_one_that_fails_does_not_lose_the_others(till: Till) -> None:
    till.queue.hold()
    till.scan("A", "B")
    till.at = {"A": fail}
    till.queue.let_go()
    assert [one for one in till.log if one != "nothing to close"] == ["painted", "A", "said stumbled", "B"]


def test_before_the_screen_stands_everything_waits(till: Till) -> None:
    till.state.ready = False
    till.scan("A")
    till.key("1")
    assert till.log == []
    till.queue.stands()
    assert till.log == ["nothing to close", "A", "1"]


def test_a_key_and_a_scan_are_signs_of_life(till: Till) -> None:
    till.queue.active_at = 0.0
    till.scan("A", at=5.0)
    assert till.queue.active_at > 5.0
    assert till.queue.scanned_at == 5.0
    till.queue.active_at = 0.0
    till.key("1")
    assert till.queue.active_at > 0.0
