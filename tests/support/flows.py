"""Drives a conversation with prepared answers, over a real store and register, without Textual."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.faces import QuietFace, QuietKeys
from tests.support.registers import OpenTill, a_till, close, dump
from tilltui.domain.goods.product import NewProduct, Product
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.errors import TillError
from tilltui.services.devices.weighing import Weighed
from tilltui.services.flow import Flow, Interrupted, Step, Wait
from tilltui.services.register import Register
from tilltui.services.session import NotAllowed
from tilltui.store.goods import catalogue
from tilltui.ui.flows import steps
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.known import Known
from tilltui.ui.sale.state import SaleState
from tilltui.ui.widgets.choice import Choice

MILK, YERBA, BREAD, OPEN = "7800000000016", "7800000000023", "7800000000030", "99"
UNKNOWN = "7800009999991"

PRODUCTS = (
    NewProduct("A1", "Leche entera 1 L", 1150, "general", category="Lácteos", codes=(MILK,)),
    NewProduct("A2", "Yerba mate 500 g", 3490, "general", category="Abarrotes", codes=(YERBA,)),
    NewProduct("B1", "Pan hallulla", 1990, "general", unit="kg", codes=(BREAD,)),
    NewProduct("V1", "Varios", 0, "general", open_price=True, codes=(OPEN,)),
)

NOW = 1_795_271_520_000
"""Saturday 21 November 2026, 14:32 UTC: the clock of the conversations."""

PATIENCE = 20.0
"""Seconds after which something that should have happened has not."""


@dataclass(frozen=True)
class Labelled:
    """Answers a list by what it says, where its value is not the test's to make.

    Attributes:
        label: The whole label, or how it begins.
    """

    label: str


@dataclass
class Driven:
    """How a conversation went.

    Attributes:
        steps: What it asked, in order; what it only waited for is not in it.
        refused: What its forms refused, which kept them open.
        interrupted: It ended because nobody answered any more.
        value: What it gave.
    """

    steps: list[Step[Any]] = field(default_factory=list)
    refused: list[TillError] = field(default_factory=list)
    interrupted: bool = False
    value: Any = None

    @property
    def last(self) -> Any:
        """What it asked last."""
        return self.steps[-1]


def driven(flow: Flow[Any], *answers: Any) -> Driven:
    """Drive a conversation to its end; what it only waits for is really waited for.

    What it raises comes out of here, as the bar would say it; that it was interrupted does not.

    Args:
        flow: The conversation.
        answers: One a step. ``None`` is Esc, an exception is raised in it; else the value of a choice or
            ``Labelled``, what is keyed into a form by the question's name (what it refuses keeps it, and the
            next answer is keyed), the words of a search, codes for a locked till, and of a terminal whether
            the cashier still waits for it.

    Raises:
        AssertionError: There is an answer too few or too many, or it is none that could be given here.
    """
    went, left = Driven(), list(answers)
    go_on: Callable[[], Step[Any]] = lambda: flow.send(None)  # noqa: E731
    try:
        while True:
            step = go_on()
            if isinstance(step, Wait):
                go_on = _waited(flow, step)
                continue
            assert not went.interrupted, f"nobody is there any more, and it asks: {_told(step)}"
            went.steps.append(step)
            go_on = _answered(flow, step, left, went)
    except StopIteration as end:
        went.value = end.value
    except Interrupted:
        assert went.interrupted
    finally:
        flow.close()
    assert not left, f"nobody asked for {left}"
    return went


def _waited(flow: Flow[Any], step: Wait[Any]) -> Callable[[], Step[Any]]:
    try:
        result = step.future.result(PATIENCE)
    except Exception as error:  # it is the flow's to handle
        return _thrown(flow, error)
    return lambda: flow.send(result)


def _thrown(flow: Flow[Any], error: BaseException) -> Callable[[], Step[Any]]:
    return lambda: flow.throw(error)


def _answered(flow: Flow[Any], step: Step[Any], left: list[Any], went: Driven) -> Callable[[], Step[Any]]:
    while True:
        assert left, f"an answer too few: it asks {_told(step)}"
        answer = left.pop(0)
        if isinstance(answer, BaseException):
            went.interrupted = isinstance(answer, Interrupted)
            return _thrown(flow, answer)
        if answer is None and not isinstance(step, steps.AtTerminal | steps.Locked):
            return lambda: flow.send(None)
        try:
            value = _value(step, answer)
        except TillError as error:
            if isinstance(step, steps.AtTerminal):
                return _thrown(flow, error)
            assert isinstance(step, steps.Ask)
            went.refused.append(error)
            continue
        return lambda: flow.send(value)


def _value(step: Step[Any], answer: Any) -> Any:
    """What a step gives for an answer."""
    if isinstance(step, steps.Pick | steps.PickLive):
        choices = step.choices if isinstance(step, steps.Pick) else tuple(step.offer())
        if isinstance(step, steps.PickLive):
            step.seen()
        return _chosen(choices, answer).value
    if isinstance(step, steps.Ask):
        questions = {question.name: question for question in step.questions}
        assert isinstance(answer, Mapping), f"{answer!r} cannot be keyed into {_told(step)}"
        assert set(answer) <= set(questions), f"{_told(step)} asks only for {list(questions)}"
        keyed = {name: answer.get(name, question.value) for name, question in questions.items()}
        assert all(len(keyed[name]) <= questions[name].limit for name in answer), "too long to be keyed"
        return step.take(keyed)
    if isinstance(step, steps.Find):
        assert isinstance(answer, str)
        found = step.search(step.text + answer)
        assert found, f"nothing is found for {answer!r}"
        assert isinstance(found[0], Product)
        return found[0]
    if isinstance(step, steps.Weigh):
        assert isinstance(answer, Weighed)
        return answer
    if isinstance(step, steps.ShowSheet):
        assert (answer, step.labels) == ("labels", True)
        return answer
    if isinstance(step, steps.AtTerminal):
        assert isinstance(answer, bool)
        return steps.Ended(step.future.result(PATIENCE), answer)
    if isinstance(step, steps.Locked):
        for code in answer:
            step.scanned(code)
        return tuple(answer)
    raise AssertionError(f"{_told(step)} can only be put away, not answered with {answer!r}")


def _chosen(choices: tuple[Choice[Any], ...], answer: Any) -> Choice[Any]:
    offered = [choice for choice in choices if choice.enabled]
    if isinstance(answer, Labelled):
        found = [choice for choice in offered if choice.label.startswith(answer.label)]
    else:
        found = [choice for choice in offered if choice.value == answer]
    dim = [choice.label for choice in choices if not choice.enabled]
    assert len(found) == 1, f"{answer!r} is none of {[one.label for one in offered]} (dim: {dim})"
    return found[0]


def _told(step: Step[Any]) -> str:
    return f"{type(step).__name__} {getattr(step, 'title', '')!r}"


# A conversation to drive


@dataclass
class Talk:
    """A till without a screen, and what conversations get of it.

    Attributes:
        till: The till.
        sale: The conversation.
        face: What was said.
        keys: The kept keys.
        state: Where the cashier stands.
    """

    till: OpenTill
    sale: Conversation
    face: QuietFace
    keys: QuietKeys
    state: SaleState

    @property
    def register(self) -> Register:
        """Every command."""
        return self.till.register

    def rung(self, *codes: str) -> Talk:
        """Ring codes."""
        for code in codes:
            self.register.selling.ringing.scan(code)
        return self

    def sold(self, *codes: str) -> str:
        """Sell codes for cash; the sale's number."""
        self.rung(*codes)
        self.register.paying.pay_cash()
        return close(self.register).number

    def product(self, code: str = MILK) -> Product:
        """A product of the catalogue."""
        found = catalogue.by_code(self.till.store.reader, code)
        assert found is not None
        return found

    @property
    def lines(self) -> list[tuple[str, int, int]]:
        """Name, quantity in thousandths and amount of each line that is really sold."""
        return [(line.description, line.quantity, line.amount) for line in self.sale.basket.live_lines]

    @property
    def total(self) -> int:
        """What the basket comes to."""
        return self.register.sale.totals.total

    @property
    def said(self) -> list[str]:
        """What waits to be seen."""
        return self.face.said

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What is on disk."""
        return list(self.till.store.reader.execute(query))

    def done(self) -> object:
        """Everything that a conversation may have done: what is on disk, and the open sale."""
        sale = self.register.sale
        return dump(self.till.store), sale.basket, sale.payments, sale.in_doubt, sale.basket_id


def talk_at(till: OpenTill) -> Talk:
    """Conversations at a till that is open."""
    state = SaleState(ready=True)
    face, keys = QuietFace(till.register.sale, state), QuietKeys()
    return Talk(till, Conversation(till.register, state, face, keys, Known(), lambda: NOW), face, keys, state)


@contextmanager
def a_talk(folder: Path, **how: Any) -> Iterator[Talk]:
    """Open a till of a corner shop, as ``registers.open_till`` does, to talk at."""
    with a_till(folder, **how) as till:
        till.store.run(lambda connection: catalogue.put(connection, PRODUCTS, 1))
        yield talk_at(till)


class StillPrinter:
    """The worker of a printer that prints nothing; papers wait for it.

    Attributes:
        asked: What it was asked for.
    """

    columns = 42

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.printer = self

    def wake(self) -> None:
        """There is a paper; it waits."""

    def retry(self, job_id: int) -> None:
        self.asked.append(("retry", job_id))

    def forget(self) -> None:
        self.asked.append("forget")


def with_printer(talk: Talk) -> StillPrinter:
    """Let the printer that is set up run, without printing."""
    worker = StillPrinter()
    talk.till.devices._running["printer"][talk.till.devices.receipt_printer] = worker
    return worker


# What holds for every conversation

Start = Callable[[Conversation], Flow[Any]]
"""Makes a conversation."""


def leaves_nothing(
    talk: Talk,
    start: Start,
    *answers: Any,
    escaped: Mapping[int, str] | None = None,
    interrupted: Mapping[int, str] | None = None,
) -> None:
    """Leave a conversation at each of its steps, once with Esc and once by a scan: nothing must be done.

    Args:
        talk: The till.
        start: Makes the conversation.
        answers: Its happy way, without the last answer's outcome: it is never given.
        escaped: What is said after Esc, by the number of the step from 0.
        interrupted: What is said after a scan.
    """
    mode, text = talk.state.mode, talk.state.buffer.text
    for way, words in ((None, escaped or {}), (Interrupted(), interrupted or {})):
        for at in range(len(answers)):
            talk.state.mode, talk.state.buffer.text = mode, text
            before, said = talk.done(), len(talk.said)
            went = driven(start(talk.sale), *answers[:at], way)
            assert len(went.steps) == at + 1
            assert went.interrupted == (way is not None)
            assert talk.done() == before, f"left at step {at} with {way!r}, and something was done"
            assert talk.said[said:] == ([words[at]] if at in words else []), f"left at step {at} with {way!r}"
    talk.state.mode, talk.state.buffer.text = mode, text


def not_allowed(talk: Talk, right: Right, start: Start, *answers: Any) -> None:
    """Begin a conversation without a right: it is said, and nothing is done.

    Args:
        talk: The till.
        right: What is missing; everything else is there.
        start: Makes the conversation.
        answers: Up to where it is refused; ``None`` at the end leaves a form that stayed open.
    """
    session, before = talk.register.session, talk.done()
    session.rights = EVERYTHING - {right}
    try:
        went = driven(start(talk.sale), *answers)
    except NotAllowed as error:
        refused: list[TillError] = [error]
    else:
        refused = went.refused
    finally:
        session.rights = EVERYTHING
    assert [error.right for error in refused if isinstance(error, NotAllowed)] == [right]
    assert talk.done() == before, f"something was done without the right {right}"
