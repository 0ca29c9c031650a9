"""What becomes of queued work is told to everybody who asks, once, and on time."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future
from queue import SimpleQueue

import pytest

from tilltui.store.file.outcome import Outcome
from tilltui.store.file.store import Store


def test_a_result_is_there_for_all_who_wait() -> None:
    outcome: Outcome[int] = Outcome()
    seen: SimpleQueue[int] = SimpleQueue()
    waiting = [threading.Thread(target=lambda: seen.put(outcome.result(10))) for _ in range(5)]
    for thread in waiting:
        thread.start()
    assert not outcome.done()
    assert outcome.running()
    assert repr(outcome) == "<Outcome pending>"
    outcome.set_result(7)
    assert [seen.get(timeout=10) for _ in waiting] == [7] * 5
    assert (outcome.result(), outcome.exception(), outcome.done(), outcome.running()) == (
        7,
        None,
        True,
        False,
    )
    assert repr(outcome) == "<Outcome finished>"


def test_an_error_is_raised_each_time() -> None:
    outcome: Outcome[int] = Outcome()
    error = ValueError("x")
    outcome.set_exception(error)
    for _ in range(2):
        with pytest.raises(ValueError, match="x"):
            outcome.result(0)
    assert outcome.exception() is error
    assert repr(outcome) == "<Outcome failed>"


def test_who_waits_no_longer_hears_so() -> None:
    outcome: Outcome[int] = Outcome()
    for timeout in (0, 0.01, -1):
        with pytest.raises(TimeoutError):
            outcome.result(timeout)
    with pytest.raises(TimeoutError):
        outcome.exception(0.01)
    outcome.set_result(1)
    assert outcome.result(0) == 1


def test_it_cannot_be_called_off() -> None:
    outcome: Outcome[int] = Outcome()
    assert not outcome.cancel()
    assert not outcome.cancelled()
    assert outcome.set_running_or_notify_cancel()
    outcome.set_result(1)
    assert outcome.result() == 1


def race(outcome: Outcome[int], called: SimpleQueue[Future[int]]) -> None:
    """Two threads ask to be called twenty times each while a third ends it."""
    begin = threading.Barrier(3)

    def ask() -> None:
        begin.wait(10)
        for _ in range(20):
            outcome.add_done_callback(called.put)

    def end() -> None:
        begin.wait(10)
        outcome.set_result(1)

    threads = [threading.Thread(target=work) for work in (ask, ask, end)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)


def test_each_callback_is_called_once_however_late_it_is_asked_for() -> None:
    for _ in range(300):
        called: SimpleQueue[Future[int]] = SimpleQueue()
        race(Outcome(), called)
        assert called.qsize() == 40


def test_a_callback_that_fails_is_logged_and_the_next_one_called(caplog: pytest.LogCaptureFixture) -> None:
    outcome: Outcome[int] = Outcome()
    seen: list[Future[int]] = []
    outcome.add_done_callback(lambda done: 1 / 0)
    outcome.add_done_callback(seen.append)
    outcome.set_result(1)
    assert seen == [outcome]
    assert "ZeroDivisionError" in caplog.text
    assert outcome.result(0) == 1


async def test_a_coroutine_can_wait_for_it(store: Store) -> None:
    row = await asyncio.wait_for(
        asyncio.wrap_future(store.submit(lambda c: next(c.execute("SELECT 41 + 1")))), 10
    )
    assert row == (42,)
