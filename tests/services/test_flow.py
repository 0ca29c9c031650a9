"""Straight lines that wait: who drives them, what they are answered, and how they end."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any, TypeVar

import pytest
from mypy import api

from tilltui.services.flow import Flow, Interrupted, Step, Wait, through

T = TypeVar("T")

ROOT = Path(__file__).parents[2]


def ended(value: T) -> Future[T]:
    future: Future[T] = Future()
    future.set_result(value)
    return future


def failed(error: BaseException) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


class Broken(Exception):
    """What another thread came to."""


class Question(Step[str]):
    """Something that only a person answers."""


def test_a_flow_goes_on_with_what_each_wait_gave() -> None:
    async def flow() -> list[object]:
        return [await Wait(ended(1)), await Wait(ended("two")), await Wait(ended(None))]

    assert through(flow()) == [1, "two", None]


def test_a_flow_that_waits_for_nothing_just_ends() -> None:
    async def flow() -> str:
        return "done"

    assert through(flow()) == "done"


def test_a_flow_of_flows_is_one_line() -> None:
    async def inner(number: int) -> int:
        return await Wait(ended(number)) * 2

    async def outer() -> int:
        return await inner(1) + await inner(20)

    assert through(outer()) == 42


def test_it_blocks_until_the_other_thread_is_done() -> None:
    slow: Future[int] = Future()
    steps: list[str] = []
    begun = threading.Event()

    async def flow() -> int:
        steps.append("before")
        begun.set()
        answer = await Wait(slow)
        steps.append("after")
        return answer

    def work() -> None:
        assert begun.wait(10)
        assert steps == ["before"]
        slow.set_result(7)

    thread = threading.Thread(target=work)
    thread.start()
    assert through(flow()) == 7
    thread.join(10)
    assert steps == ["before", "after"]


def test_nothing_of_a_flow_runs_before_it_is_driven() -> None:
    steps: list[str] = []

    async def flow() -> None:
        steps.append("ran")

    made = flow()
    assert steps == []
    through(made)
    assert steps == ["ran"]


def test_an_error_of_a_future_is_raised_where_it_is_waited_for() -> None:
    async def flow() -> str:
        try:
            await Wait(failed(Broken("x")))
        except Broken as error:
            return f"{error} and {await Wait(ended('on'))}"
        return "never"

    assert through(flow()) == "x and on"


def test_an_error_that_the_flow_leaves_is_the_drivers() -> None:
    async def flow() -> None:
        await Wait(ended(1))
        await Wait(failed(Broken("x")))

    with pytest.raises(Broken, match="x"):
        through(flow())


def test_a_flow_that_ends_by_an_error_still_gives_its_value() -> None:
    async def flow() -> int:
        try:
            await Wait(failed(Broken()))
        except Broken:
            return 5
        return 0

    assert through(flow()) == 5


def test_a_future_that_was_called_off_is_an_error_in_the_flow() -> None:
    called_off: Future[int] = Future()
    assert called_off.cancel()
    seen: list[BaseException] = []

    async def flow() -> str:
        try:
            await Wait(called_off)
        except Exception as error:
            seen.append(error)
            return "went on"
        return "never"

    assert through(flow()) == "went on"
    assert isinstance(seen[0], CancelledError)

    async def bare() -> None:
        await Wait(called_off)

    with pytest.raises(CancelledError):
        through(bare())


def test_what_ends_the_program_closes_the_flow() -> None:
    tidied: list[str] = []

    async def flow() -> None:
        try:
            await Wait(failed(KeyboardInterrupt()))
        except Exception:
            tidied.append("swallowed")
        except BaseException as error:
            tidied.append(type(error).__name__)
            raise

    with pytest.raises(KeyboardInterrupt):
        through(flow())
    # It was no answer to what the flow had asked: the flow is told to end, not what ended the program.
    assert tidied == ["GeneratorExit"]


def test_a_question_has_nobody_to_answer_it_and_the_flow_is_closed() -> None:
    tidied: list[str] = []

    async def flow() -> str:
        try:
            return await Question()
        finally:
            tidied.append("tidied")

    with pytest.raises(AssertionError, match=r"somebody has to answer .*Question"):
        through(flow())
    assert tidied == ["tidied"]


def test_a_step_hands_itself_to_whoever_drives_and_takes_the_answer() -> None:
    async def flow() -> str:
        return (await Question()).upper()

    made = flow()
    question = made.send(None)
    assert isinstance(question, Question)
    with pytest.raises(StopIteration) as end:
        made.send("yes")
    assert end.value.value == "YES"


def test_an_interrupted_flow_swallows_nothing() -> None:
    assert not issubclass(Interrupted, Exception)
    steps: list[str] = []

    async def flow() -> None:
        try:
            await Question()
        except Exception:
            steps.append("swallowed")
        finally:
            steps.append("tidied")

    made = flow()
    made.send(None)
    with pytest.raises(Interrupted):
        made.throw(Interrupted())
    assert steps == ["tidied"]


def test_keys_and_scans_are_kept_while_a_flow_waits_unless_it_says_otherwise() -> None:
    assert Wait(ended(1)).hold
    assert not Wait(ended(1), hold=False).hold


def test_a_flow_is_driven_once() -> None:
    async def flow() -> int:
        return 1

    made: Flow[int] = flow()
    assert through(made) == 1
    with pytest.raises(RuntimeError, match="cannot reuse"):
        through(made)


TYPED = """
from concurrent.futures import Future
from typing import assert_type
from tilltui.services.flow import Flow, Step, Wait, through

class Question(Step[str]): ...

async def good(work: Future[int]) -> float:
    assert_type(await Wait(work), int)
    assert_type(await Question(), str)
    return 1.0

assert_type(through(good(Future())), float)
flow: Flow[float] = good(Future())

async def wrong(work: Future[int]) -> None:
    text: str = await Wait(work)
    good(work)
    number: int = await Question()
"""


def test_the_type_of_an_answer_is_exact_and_a_forgotten_await_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    file = tmp_path / "typed.py"
    file.write_text(TYPED)
    out, _, code = api.run(["--strict", "--no-error-summary", "--follow-imports=silent", str(file)])
    lines = TYPED.splitlines()
    found = {lines[int(line.split(":")[1]) - 1].strip() for line in out.splitlines() if ": error:" in line}
    assert code == 1
    assert found == {
        "text: str = await Wait(work)",
        "good(work)",
        "number: int = await Question()",
    }, out
