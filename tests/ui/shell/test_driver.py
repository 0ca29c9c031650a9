"""The driver on a real pseudo-terminal: it sleeps, tells keys apart, and knows when nobody looks."""

from __future__ import annotations

import asyncio
import io
import os
import pty
import queue
import select
import signal
import threading
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual import constants, events
from textual.message import Message

from tilltui.ui.shell import driver as driver_module
from tilltui.ui.shell.driver import SLACK, Output, TillDriver, WakingEvent

PATIENCE = 10.0
"""Seconds after which something that should have happened has not."""


class Listening(TillDriver):
    """A driver that keeps what it would tell the till, and how long it sleeps each time."""

    def __init__(self, terminal: int, app: Any) -> None:
        super().__init__(app)
        self.fileno = terminal
        self.heard: queue.SimpleQueue[Message] = queue.SimpleQueue()

    def process_message(self, message: Message) -> None:
        """Keep it."""
        self.heard.put(message)

    def key(self) -> str:
        """The next key."""
        message = self.heard.get(timeout=PATIENCE)
        assert isinstance(message, events.Key), message
        return message.key


class Till:
    """Takes the driver's place of an application."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self.exits = 0

    def exit(self) -> None:
        """The till is asked to close."""
        self.exits += 1
        self.closed.set()


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """Textual's driver takes the suspending signals for itself."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTSTP, signal.SIGCONT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> queue.SimpleQueue[float | None]:
    """How long the input thread means to sleep, each time that it lies down; ``None`` is for ever."""
    asked: queue.SimpleQueue[float | None] = queue.SimpleQueue()

    def counted(reading: Any, writing: Any, failing: Any, patience: float | None) -> Any:
        if patience != 0:
            asked.put(patience)
        return select.select(reading, writing, failing, patience)

    monkeypatch.setattr(driver_module, "select", SimpleNamespace(select=counted))
    return asked


@contextmanager
def listening() -> Iterator[tuple[Listening, int, Till, threading.Thread]]:
    """A driver whose input thread runs, and the other end of its terminal."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    till = Till()
    driver = Listening(theirs, till)
    thread = threading.Thread(target=driver.run_input_thread, name="input", daemon=True)
    thread.start()
    try:
        yield driver, ours, till, thread
    finally:
        driver.exit_event.set()
        thread.join(PATIENCE)
        driver.exit_event.close()
        for descriptor in (ours, theirs):
            if descriptor >= 0:
                with_closed(descriptor)
        assert not thread.is_alive()


def with_closed(descriptor: int) -> None:
    """Close what a test may have closed already."""
    try:
        os.fstat(descriptor)
    except OSError:
        return
    os.close(descriptor)


async def test_it_sleeps_for_ever_but_for_an_escape(naps: queue.SimpleQueue[float | None]) -> None:
    with listening() as (driver, ours, _till, _thread):
        assert naps.get(timeout=PATIENCE) is None
        os.write(ours, b"7")
        assert driver.key() == "7"
        assert naps.get(timeout=PATIENCE) is None
        os.write(ours, b"\x1b")
        assert naps.get(timeout=PATIENCE) == constants.ESCAPE_DELAY + SLACK
        assert driver.key() == "escape"
        assert naps.get(timeout=PATIENCE) is None
        assert naps.empty()


async def test_an_escape_that_goes_on_is_one_key(naps: queue.SimpleQueue[float | None]) -> None:
    with listening() as (driver, ours, _till, _thread):
        assert naps.get(timeout=PATIENCE) is None
        for part in (b"\x1b", b"[", b"A"):
            os.write(ours, part)
            # It lies down again: that part has been read.
            assert naps.get(timeout=PATIENCE) is not None
        assert driver.key() == "up"
        assert naps.get(timeout=PATIENCE) is None
        assert driver.heard.empty()


@pytest.mark.parametrize(
    ("parts", "keys"),
    [
        ((b"\xc3", b"\xb1"), ["ñ"]),
        ((b"\xff7",), ["\ufffd", "7"]),
        ((b"\x1b[[A\x1b[17~",), ["f1", "f6"]),
        ((b"7801234567890\r",), [*"7801234567890", "enter"]),
        ((b"\x1b\x1b",), ["escape", "escape"]),
    ],
)
async def test_what_comes_is_what_was_pressed(
    naps: queue.SimpleQueue[float | None], parts: tuple[bytes, ...], keys: list[str]
) -> None:
    with listening() as (driver, ours, _till, _thread):
        for part in parts:
            naps.get(timeout=PATIENCE)
            os.write(ours, part)
        messages = [driver.heard.get(timeout=PATIENCE) for _ in keys]
        heard = [
            message.character if message.character in ("ñ", "\ufffd") else message.key
            for message in messages
            if isinstance(message, events.Key)
        ]
        assert heard == keys


async def test_it_ends_at_once_and_can_begin_again() -> None:
    with listening() as (driver, ours, till, thread):
        driver.exit_event.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        driver.exit_event.clear()
        again = threading.Thread(target=driver.run_input_thread, daemon=True)
        again.start()
        os.write(ours, b"x")
        assert driver.key() == "x"
        driver.exit_event.set()
        again.join(PATIENCE)
        assert not again.is_alive()
        assert till.exits == 0


async def test_a_terminal_that_hangs_up_closes_the_till_once() -> None:
    with listening() as (driver, ours, till, thread):
        os.close(ours)
        async with asyncio.timeout(PATIENCE):
            await till.closed.wait()
        thread.join(PATIENCE)
        assert not thread.is_alive()
        driver.hung_up()
        # Whatever the second word would ask of the loop has been done before this.
        passed = asyncio.Event()
        asyncio.get_running_loop().call_soon(passed.set)
        await passed.wait()
        assert till.exits == 1


def test_what_is_written_to_a_terminal_that_is_gone_is_let_go() -> None:
    lost: list[str] = []
    reading, writing = os.pipe()
    os.close(reading)
    file = io.TextIOWrapper(cast(Any, io.FileIO(writing, "w")), write_through=True)
    output = Output(file, lambda: lost.append("gone"))
    assert output.fileno() == writing
    for _ in range(3):
        assert output.write("total") == 5
        output.flush()
    assert lost == ["gone"]
    os.close(writing)
    with pytest.raises(OSError, match="Bad file"):
        file.close()


def test_what_is_written_reaches_a_terminal_that_is_there() -> None:
    kept = io.StringIO()
    output = Output(kept, lambda: pytest.fail("it is there"))
    output.write("total")
    output.flush()
    assert kept.getvalue() == "total"


def test_an_event_ends_a_select_while_it_is_set() -> None:
    event = WakingEvent()
    try:
        for _ in range(2):
            assert select.select([event], [], [], 0)[0] == []
            event.set()
            event.set()
            assert event.is_set()
            assert select.select([event], [], [], 0)[0] == [event]
            event.clear()
    finally:
        event.close()
    assert event.fileno() == -1
    event.set()
    assert event.is_set()
    event.clear()
    event.close()
    assert not event.is_set()
