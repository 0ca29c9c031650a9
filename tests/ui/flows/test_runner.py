"""What drives conversations, whose steps are answered by hand here: once, in order, and to an end."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from tilltui.errors import N_, SaleError
from tilltui.services.flow import Interrupted, Step, Wait
from tilltui.ui.flows.runner import MOST_REFUSED, Answer, Runner
from tilltui.ui.flows.steps import Pick, Show
from tilltui.ui.widgets.choice import Choice


class Hand:
    """A runner whose steps wait until a test answers them.

    Attributes:
        open: What was begun, with where its answer goes.
        failed: What flows raised.
    """

    def __init__(self) -> None:
        self.open: list[tuple[Step[Any], Answer]] = []
        self.failed: list[Exception] = []
        self.runner = Runner(
            lambda step, answer: self.open.append((step, answer)),
            lambda step: not isinstance(step, Wait),
            self.failed.append,
        )

    def answer(self, at: int = -1) -> Answer:
        """Where the answer of a step goes."""
        return self.open[at][1]


@pytest.fixture
def hand() -> Hand:
    return Hand()


def show(title: str = "a") -> Show:
    return Show(title, ())


async def asks_twice(seen: list[Any]) -> None:
    seen.append(await Pick("first", [Choice("a", 1)]))
    seen.append(await Pick("second", [Choice("a", 1)]))


def test_a_flow_runs_to_its_first_question_at_once(hand: Hand) -> None:
    seen: list[Any] = []
    hand.runner.start(asks_twice(seen))
    assert [step.title for step, _answer in hand.open] == ["first"]  # type: ignore[attr-defined]
    assert hand.runner.count == 1
    hand.answer()(1)
    hand.answer()(None)
    assert seen == [1, None]
    assert hand.runner.count == 0


@pytest.mark.parametrize(
    "again",
    [
        lambda answer: answer("again"),
        lambda answer: answer.error(ValueError()),
        lambda answer: answer.interrupted(),
    ],
)
def test_only_the_first_answer_counts(hand: Hand, again: Callable[[Answer], object]) -> None:
    seen: list[Any] = []
    hand.runner.start(asks_twice(seen))
    first = hand.answer()
    first("one")
    again(first)
    assert seen == ["one"]
    assert len(hand.open) == 2, "the second question was asked once, and is open still"
    hand.answer()("two")
    assert seen == ["one", "two"]
    assert hand.failed == []


def test_an_interruption_that_comes_too_late_does_not_close_the_next_question(hand: Hand) -> None:
    seen: list[Any] = []
    hand.runner.start(asks_twice(seen))
    first = hand.answer()
    first(1)
    first.interrupted()
    hand.answer()(2)
    assert seen == [1, 2]


def test_no_answer_counts_after_the_end(hand: Hand) -> None:
    async def asks() -> None:
        await show()

    hand.runner.start(asks())
    hand.runner.stop()
    hand.answer()(None)
    hand.answer().error(ValueError())
    assert hand.failed == []
    assert hand.runner.count == 0


def test_what_ended_by_a_fault_takes_no_answer_either(hand: Hand) -> None:
    open_answers: list[Answer] = []

    def begin(step: Step[Any], answer: Answer) -> None:
        open_answers.append(answer)
        raise OSError("no screen")

    runner = Runner(begin, lambda step: True, hand.failed.append)

    async def asks() -> None:
        await show()

    runner.start(asks())
    assert [type(error) for error in hand.failed] == [OSError]
    assert runner.count == 0
    open_answers[0](None)
    assert len(hand.failed) == 1


def test_three_thousand_steps_that_are_answered_at_once_do_not_recurse() -> None:
    order: list[str] = []

    def begin(step: Step[Any], answer: Answer) -> None:
        answer(None)
        order.append("begun")

    runner = Runner(begin, lambda step: True, lambda error: None)

    async def flow() -> None:
        for _count in range(3000):
            await show()
        order.append("end")

    runner.start(flow())
    assert order == ["begun"] * 3000 + ["end"], "an answer is taken when the step has been begun"
    assert runner.count == 0


def test_an_answer_that_comes_while_its_flow_runs_is_the_next_one(hand: Hand) -> None:
    order: list[str] = []

    async def flow() -> None:
        await show("first")
        first = hand.answer()
        order.append("between")
        first("nobody hears it")
        await show("second")
        order.append("heard")

    hand.runner.start(flow())
    hand.answer()(None)
    assert order == ["between"]
    hand.answer()(None)
    assert order == ["between", "heard"]


# Interrupted


def test_an_interrupted_flow_asks_nothing_more(hand: Hand) -> None:
    seen: list[str] = []

    async def stubborn() -> None:
        while True:
            try:
                await show()
            except Interrupted:
                seen.append("again")

    hand.runner.start(stubborn())
    hand.answer().interrupted()
    assert seen == ["again"] * (1 + MOST_REFUSED), "then it is closed"
    assert len(hand.open) == 1
    assert hand.runner.count == 0
    assert hand.failed == []


def test_it_is_no_answer_and_no_exception(hand: Hand) -> None:
    seen: list[Any] = []

    async def catches() -> None:
        try:
            await show()
            seen.append("answered")
        except Exception as error:
            seen.append(error)

    hand.runner.start(catches())
    hand.answer().interrupted()
    assert seen == []
    assert hand.runner.count == 0
    assert hand.failed == []


def test_an_interrupted_flow_may_wait(hand: Hand) -> None:
    seen: list[Any] = []

    async def tidies() -> None:
        try:
            await show()
        finally:
            seen.append(await Wait(Future[int]()))

    hand.runner.start(tidies())
    hand.answer().interrupted()
    assert hand.runner.count == 1
    hand.answer()(5)
    assert seen == [5]
    assert hand.runner.count == 0


def test_a_flow_that_was_answered_may_go_on_asking_after_others_were_interrupted(hand: Hand) -> None:
    seen: list[Any] = []
    hand.runner.start(asks_twice([]))
    hand.runner.start(asks_twice(seen))
    hand.answer(0).interrupted()
    hand.answer(1)(1)
    hand.answer()(2)
    assert seen == [1, 2]


# Faults


def test_what_a_flow_raises_ends_it_and_is_told_once(hand: Hand) -> None:
    error = SaleError(N_("No line is chosen."), hint="")

    async def raises() -> None:
        await show()
        raise error

    hand.runner.start(raises())
    hand.answer()(None)
    assert hand.failed == [error]
    assert hand.runner.count == 0


def test_what_a_step_ended_with_is_raised_where_it_is_awaited(hand: Hand) -> None:
    seen: list[str] = []

    async def catches() -> None:
        try:
            await show()
        except OSError as error:
            seen.append(str(error))
        await show("next")

    hand.runner.start(catches())
    hand.answer().error(OSError("disk"))
    assert seen == ["disk"]
    assert len(hand.open) == 2


def test_what_cannot_be_shown_is_raised_where_it_is_awaited(hand: Hand) -> None:
    seen: list[str] = []

    def begin(step: Step[Any], answer: Answer) -> None:
        raise TypeError("nobody shows it")

    async def catches() -> None:
        try:
            await show()
        except TypeError as error:
            seen.append(str(error))

    runner = Runner(begin, lambda step: True, hand.failed.append)
    runner.start(catches())
    assert seen == ["nobody shows it"]
    assert hand.failed == []
    assert runner.count == 0


def test_an_interpreter_that_wants_to_end_is_not_kept(hand: Hand) -> None:
    async def ends() -> None:
        await show()
        raise KeyboardInterrupt

    hand.runner.start(ends())
    with pytest.raises(KeyboardInterrupt):
        hand.answer()(None)
    assert hand.runner.count == 0, "and the flow is not left open"


def test_after_a_fault_the_next_answer_is_taken(hand: Hand) -> None:
    seen: list[Any] = []

    async def ends() -> None:
        await show()
        raise KeyboardInterrupt

    hand.runner.start(ends())
    with pytest.raises(KeyboardInterrupt):
        hand.answer()(None)
    hand.runner.start(asks_twice(seen))
    hand.answer()(1)
    assert seen == [1]


# Several at once


def test_flows_do_not_wait_for_each_other(hand: Hand) -> None:
    first: list[object] = []
    second: list[object] = []
    hand.runner.start(asks_twice(first))
    hand.runner.start(asks_twice(second))
    assert hand.runner.count == 2
    hand.answer(0)(1)
    hand.answer(1)(2)
    assert (first, second) == ([1], [2])


def test_a_flow_that_begins_another_goes_on_afterwards(hand: Hand) -> None:
    order: list[str] = []

    async def second() -> None:
        order.append("second")
        await show()

    async def first() -> None:
        hand.runner.start(second())
        order.append("first")

    hand.runner.start(first())
    assert order == ["second", "first"]
    assert hand.runner.count == 1


def test_a_flow_that_interrupts_another_goes_on_afterwards(hand: Hand) -> None:
    order: list[str] = []

    async def below() -> None:
        try:
            await show()
        except Interrupted:
            order.append("interrupted")
            raise

    async def above() -> None:
        hand.answer(0).interrupted()
        order.append("above")

    hand.runner.start(below())
    hand.runner.start(above())
    assert order == ["interrupted", "above"]
    assert hand.runner.count == 0


# The end


@pytest.mark.filterwarnings("error")
def test_all_end_with_the_till_on_its_own_thread(hand: Hand, caplog: pytest.LogCaptureFixture) -> None:
    ended: list[threading.Thread] = []

    async def tidy() -> None:
        try:
            await show()
        finally:
            ended.append(threading.current_thread())

    async def clings() -> None:
        try:
            await show()
        finally:
            await show("no")

    async def complains() -> None:
        try:
            await show()
        finally:
            raise SaleError("no", hint="")

    for flow in (clings(), complains(), tidy(), tidy()):
        hand.runner.start(flow)
    answers = [answer for _step, answer in hand.open]
    hand.runner.stop()
    assert ended == [threading.main_thread()] * 2
    assert hand.runner.count == 0
    assert caplog.text.count("a conversation did not end with the till") == 2
    for answer in answers:
        answer(None)
    assert hand.failed == []
    hand.open.clear()
    answers.clear()
    gc.collect()


def test_an_answer_while_the_till_ends_goes_nowhere(hand: Hand) -> None:
    """A ``finally`` that closes pop-ups answers the other flows, which may have been closed already."""
    order: list[str] = []

    async def below() -> None:
        await show()
        order.append("below went on")

    async def above() -> None:
        try:
            await show()
        finally:
            hand.answer(0)(None)

    hand.runner.start(below())
    hand.runner.start(above())
    hand.runner.stop()
    assert order == []
    assert hand.failed == []


def test_flows_are_held_by_the_runner_alone(hand: Hand) -> None:
    """Nobody else may keep one: what dies elsewhere runs its ``finally`` there."""
    ended: list[str] = []

    async def flow() -> None:
        try:
            await Wait(Future[int]())
        finally:
            ended.append(threading.current_thread().name)

    hand.runner.start(flow())
    hand.open.clear()
    gc.collect()
    assert ended == [], "it is open, whoever has forgotten it"
    hand.runner.stop()
    assert ended == [threading.main_thread().name]
