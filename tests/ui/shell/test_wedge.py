from __future__ import annotations

import asyncio
import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events, on
from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from tilltui.ui.shell.wedge import BurstGate, Decision, Rhythm, Verdict
from tilltui.ui.shell.wedge_keys import CodeTyped, WedgeKeys

CODE = "7801234567894"


def feed(gate: BurstGate[str], text: str, gap: float, start: float = 10.0) -> list[Decision[str]]:
    return [gate.feed(char, start + gap * number, char) for number, char in enumerate(text)]


def outcome(gate: BurstGate[str], keys: list[tuple[str, float]]) -> tuple[str, list[str]]:
    """What reaches the widgets, and the scans, when the timer is always on time."""
    typed = ""
    scans: list[str] = []
    for char, at in keys:
        deadline = gate.deadline
        if deadline is not None and deadline <= at:
            typed += "".join(gate.expired(deadline))
        decision = gate.feed(char, at, char)
        typed += "".join(decision.replay)
        if decision.verdict is Verdict.PASS:
            typed += char
        elif decision.verdict is Verdict.SCAN:
            scans.append(decision.text)
    return typed + "".join(gate.expired(1e9)), scans


def keys(text: str, gaps: list[float]) -> list[tuple[str, float]]:
    return list(zip(text, itertools.accumulate(gaps, initial=10.0), strict=True))


@pytest.mark.parametrize("gap", [0.0, 0.001, 0.008, 0.016, 0.030, 0.0349])
@pytest.mark.parametrize("end", ["\r", "\t", "\n"])
@pytest.mark.parametrize("code", [CODE, "123456", "]C10109\x1d10A-b/7", "PAN 100% Ñ"])
def test_a_burst_is_a_scan_and_nothing_else(gap: float, end: str, code: str) -> None:
    gate: BurstGate[str] = BurstGate()
    decisions = feed(gate, code + end, gap)
    assert [d.verdict for d in decisions] == [Verdict.HOLD] * len(code) + [Verdict.SCAN]
    assert decisions[-1].text == code
    assert all(d.replay == () for d in decisions)
    assert gate.deadline is None
    assert gate.expired(1e9) == ()


def test_a_person_gets_every_key_back_in_time() -> None:
    gate: BurstGate[str] = BurstGate()
    assert gate.feed("1", 10.0, "1").verdict is Verdict.HOLD
    assert gate.deadline == pytest.approx(10.045)
    assert gate.expired(10.044) == ()
    assert gate.expired(10.046) == ("1",)
    assert gate.deadline is None
    assert gate.expired(11.0) == ()


def test_a_late_timer_changes_nothing() -> None:
    gate: BurstGate[str] = BurstGate()
    gate.feed("1", 10.0, "1")
    decision = gate.feed("2", 10.2, "2")
    assert decision == Decision(Verdict.HOLD, ("1",))
    assert gate.feed("\r", 10.4, "\r") == Decision(Verdict.PASS, ("2",))


@pytest.mark.parametrize("char", ["-", "+", "*", " ", "Ñ", "\r", "\t", "\x1b", "\x1d", "", "²", "٣"])
def test_a_key_that_begins_no_code_is_not_held(char: str) -> None:
    assert BurstGate[str]().feed(char, 10.0, "k") == Decision(Verdict.PASS)


@pytest.mark.parametrize("char", ["", "\x1b", "\x08"])
def test_another_key_gives_the_held_ones_back_first(char: str) -> None:
    gate: BurstGate[str] = BurstGate()
    feed(gate, "12", 0.001)
    assert gate.feed(char, 10.002, "k") == Decision(Verdict.PASS, ("1", "2"))


@pytest.mark.parametrize("text", ["12345\r", "5\r", "1\t"])
def test_what_is_too_short_is_typed(text: str) -> None:
    assert outcome(BurstGate(), keys(text, [0.001] * (len(text) - 1))) == (text, [])


def test_six_quick_keys_without_a_quick_enter_are_typed() -> None:
    text = "123456\r"
    assert outcome(BurstGate(), keys(text, [0.03] * 5 + [0.2])) == (text, [])


def test_one_stall_in_a_burst_is_forgiven_and_no_second() -> None:
    gaps = [0.01] * 13
    gaps[6] = 0.11
    assert outcome(BurstGate(), keys(CODE + "\r", gaps)) == ("", [CODE])
    gaps[9] = 0.11
    assert outcome(BurstGate(), keys(CODE + "\r", gaps))[1] == []
    gaps = [0.01] * 13
    gaps[1] = 0.05
    assert outcome(BurstGate(), keys(CODE + "\r", gaps)) == ("78", [CODE[2:]])


def test_a_slow_scanner_is_a_matter_of_the_gap() -> None:
    case = keys(CODE + "\r", [0.2] * 13)
    assert outcome(BurstGate(), case) == (CODE + "\r", [])
    assert outcome(BurstGate(Rhythm(gap=0.25)), case) == ("", [CODE])


def test_the_lf_of_crlf_is_swallowed_and_another_lf_is_not() -> None:
    gate: BurstGate[str] = BurstGate()
    feed(gate, CODE + "\r", 0.001)
    assert gate.feed("\n", 10.014, "\n") == Decision(Verdict.SWALLOW)
    assert gate.feed("\n", 10.015, "\n") == Decision(Verdict.PASS)


def test_two_scans_and_a_key_between() -> None:
    text = CODE + "\r" + "x" + CODE + "\r"
    gaps = [0.001] * (len(text) - 1)
    gaps[13] = gaps[14] = 0.2
    assert outcome(BurstGate(), keys(text, gaps)) == ("x", [CODE, CODE])


def test_a_flood_is_given_back() -> None:
    typed, scans = outcome(BurstGate(), keys("1" * 9000 + "\r", [0.0] * 9000))
    assert scans == [] or len(typed) + len(scans[0]) == 9000
    assert len(typed) >= 4096


@given(
    st.text("0123456789AZaz]-\r\t\x1d \x1b", max_size=40).flatmap(
        lambda text: st.tuples(
            st.just(text),
            st.lists(
                st.sampled_from([0.0, 0.01, 0.034, 0.036, 0.05, 0.11, 0.3]),
                min_size=max(0, len(text) - 1),
                max_size=max(0, len(text) - 1),
            ),
        )
    )
)
def test_every_key_comes_once_and_in_order(case: tuple[str, list[float]]) -> None:
    text, gaps = case
    typed, scans = outcome(BurstGate(), keys(text, gaps) if text else [])
    rest = iter(text)
    assert all(char in rest for char in typed)
    assert len(typed) + sum(len(scan) + 1 for scan in scans) == len(text)


@given(st.text("0123456789abc\r\t", min_size=1, max_size=40), st.data())
def test_a_person_is_never_a_scanner(text: str, data: st.DataObject) -> None:
    """A fast typist: now and then two keys at once, but never four keys within 35 ms of each other."""
    gaps = data.draw(
        st.lists(st.floats(0.036, 0.4), min_size=len(text) - 1, max_size=len(text) - 1), label="gaps"
    )
    for place in range(0, len(gaps), 3):
        gaps[place] = 0.005
    assert outcome(BurstGate(), keys(text, gaps)) == (text, [])


class Shop(App[None]):
    """One field and bindings that a leaking scan would fire."""

    BINDINGS = [Binding("7", "fired", priority=True), Binding("f2", "fired")]  # noqa: RUF012

    def __init__(self) -> None:
        super().__init__()
        self.scans: list[str] = []
        self.fired = 0
        self.submitted: list[str] = []
        self.scanned = asyncio.Event()
        self.seen: list[str] = []
        self.changed = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield Input(id="amount")
        yield Input(id="other")

    def on_mount(self) -> None:
        self.wedge: WedgeKeys | None = WedgeKeys(self, super().on_event, Rhythm())

    async def on_event(self, event: events.Event) -> None:
        wedge = getattr(self, "wedge", None)
        if wedge is not None and isinstance(event, events.Key) and not event.is_forwarded:
            await wedge.take(event)
            return
        if wedge is not None and isinstance(event, events.Paste) and not event.is_forwarded:
            await wedge.release()
        await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        self.seen.append(event.key)

    def action_fired(self) -> None:
        self.fired += 1

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        self.submitted.append(event.value)

    @on(Input.Changed)
    def _changed(self) -> None:
        self.changed.set()

    @on(CodeTyped)
    def _typed(self, event: CodeTyped) -> None:
        self.scans.append(event.text)
        self.scanned.set()

    @property
    def amount(self) -> str:
        return self.query_one("#amount", Input).value

    async def wait_for_amount(self, expected: str) -> None:
        while self.amount != expected:
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), 5)


class CountingGate(BurstGate[events.Key]):
    def __init__(self) -> None:
        super().__init__()
        self.fed: list[events.Key] = []

    def feed(self, char: str, at: float, key: events.Key) -> Decision[events.Key]:
        self.fed.append(key)
        return super().feed(char, at, key)


def key_events(text: str, gap: float) -> list[events.Key]:
    """The keys that Textual makes of what a scanner or a person types."""
    parsed = [event for event in XTermParser().feed(text) if isinstance(event, events.Key)]
    start = get_time() - gap * len(parsed)
    for number, event in enumerate(parsed):
        event.time = start + gap * number
    return parsed


async def test_a_scan_reaches_the_till_and_not_the_field() -> None:
    app = Shop()
    async with app.run_test() as pilot:
        for text in (CODE + "\r", "]C10109506000134352\x1d10A\t", CODE + "\r\n"):
            app.scanned.clear()
            for event in key_events(text, 0.008):
                app.post_message(event)
            await asyncio.wait_for(app.scanned.wait(), 5)
        await pilot.pause(0.1)
        assert app.scans == [CODE, "]C10109506000134352\x1d10A", CODE]
        assert app.amount == ""
        assert app.submitted == []
        assert app.fired == 0
        assert app.seen == []
        assert app.focused is not None
        assert app.focused.id == "amount"


async def test_a_person_types_as_ever() -> None:
    app = Shop()
    async with app.run_test() as pilot:
        for event in key_events("12,5 kg ñ", 0.09):
            app.post_message(event)
        await app.wait_for_amount("12,5 kg ñ")
        await pilot.press("enter", "f2", "tab")
        assert app.submitted == ["12,5 kg ñ"]
        assert app.fired == 1
        assert app.focused is not None
        assert app.focused.id == "other"
        assert app.scans == []


async def test_a_single_key_is_given_back_by_the_timer_alone() -> None:
    app = Shop()
    async with app.run_test():
        [key] = key_events("5", 0.0)
        key.time = get_time()
        app.post_message(key)
        await app.wait_for_amount("5")
        assert get_time() - key.time >= 0.035


async def test_a_bubbling_key_is_seen_by_the_gate_once() -> None:
    app = Shop()
    async with app.run_test() as pilot:
        app.set_focus(None)
        gate = CountingGate()
        assert app.wedge is not None
        app.wedge.gate = gate
        [key] = key_events("5", 0.0)
        app.post_message(key)
        await pilot.pause(0.2)
        assert app.seen == ["5"]
        assert gate.fed == [key]


async def test_a_paste_comes_after_the_held_keys() -> None:
    app = Shop()
    async with app.run_test():
        for key in key_events("12", 0.001):
            app.post_message(key)
        app.post_message(events.Paste("34"))
        await app.wait_for_amount("1234")


async def test_a_scan_while_the_screen_is_busy_does_not_leak() -> None:
    app = Shop()
    async with app.run_test() as pilot:
        loop = asyncio.get_running_loop()
        first, *rest = key_events(CODE + "\r", 0.008)
        now = get_time()
        for number, key in enumerate([first, *rest]):
            key.time = now + 0.008 * number
        posted = threading.Event()
        done = threading.Event()

        def type_the_rest() -> None:
            posted.wait(5)
            for key in rest:
                asyncio.run_coroutine_threadsafe(app._post_message(key), loop)
            done.set()

        def block() -> None:
            posted.set()
            done.wait(5)
            threading.Event().wait(0.15)  # far beyond the deadline of the first key

        typist = threading.Thread(target=type_the_rest)
        typist.start()
        app.post_message(first)
        assert app.wedge is not None
        while not app.wedge._timer_set:
            await asyncio.sleep(0)
        await asyncio.sleep(0)  # the timer's own task has begun to count
        app.call_later(block)
        await asyncio.wait_for(app.scanned.wait(), 5)
        await pilot.pause(0.1)
        typist.join(5)
        assert app.scans == [CODE]
        assert app.amount == ""


async def test_switched_off_nothing_is_held() -> None:
    app = Shop()
    async with app.run_test():
        app.wedge = None
        for event in key_events("1234568", 0.001):
            app.post_message(event)
        await app.wait_for_amount("1234568")
        assert app.scans == []
