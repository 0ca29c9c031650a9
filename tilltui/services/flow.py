"""Conversations and long commands as straight lines: what they wait for, and who drives them.

A flow is a coroutine that knows nothing of asyncio: each ``await`` hands a ``Step`` to whoever drives it, who
sends the answer back by calling. Between two steps nothing else runs, so that the order of keys and scans is
kept. A command of the register that waits is a flow of ``Wait`` alone: the screen awaits it inside a
conversation, everybody else drives it with ``through``.
"""

from __future__ import annotations

from collections.abc import Coroutine, Generator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Flow = Coroutine["Step[Any]", Any, T]
"""What ``async def`` makes of a conversation."""


class Step(Generic[T_co]):
    """Something that a flow waits for; ``await`` gives its answer, with its type."""

    def __await__(self) -> Generator[Step[Any], Any, T_co]:
        answer: T_co = yield self
        return answer


class Interrupted(BaseException):
    """A scan or the lock closed what the flow asked: it ends, and can ask nothing more.

    No ``Exception``, as asyncio's ``CancelledError``: an ``except Exception`` in a flow must not swallow it.
    """


class Wait(Step[T]):
    """Wait for another thread; its error is raised in the flow.

    Args:
        future: The work.
        hold: Keys and scans are kept in their order until then, because they depend on it.
    """

    def __init__(self, future: Future[T], *, hold: bool = True) -> None:
        self.future = future
        self.hold = hold


def through(flow: Flow[T]) -> T:
    """Drive a flow that asks nobody, such as a command of the register, by blocking.

    For scripts, commands and tests; never on the screen's thread.
    """
    try:
        step = flow.send(None)
        while True:
            assert isinstance(step, Wait), f"somebody has to answer {step!r}"
            try:
                result = step.future.result()
            except Exception as error:  # whatever it is, it is the flow's to handle
                step = flow.throw(error)
            else:
                step = flow.send(result)
    except StopIteration as end:
        value: T = end.value
        return value
    finally:
        flow.close()
