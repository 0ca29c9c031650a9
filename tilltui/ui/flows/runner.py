"""Drives conversations by calling: an answer goes on with its flow before the next key or scan is taken."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from tilltui.errors import TillError
from tilltui.services.flow import Flow, Interrupted, Step

log = logging.getLogger(__name__)

MOST_REFUSED = 3
"""So often an interrupted flow may try to ask something; then it is closed."""


class Answer:
    """Where the answer of one step goes; only the first one counts, and none after the flow has ended."""

    def __init__(self, running: Running) -> None:
        self._running: Running | None = running

    def __call__(self, value: object) -> None:
        """Go on with it."""
        running, self._running = self._running, None
        if running is not None:
            running.hand_in(lambda: running.flow.send(value))

    def error(self, error: BaseException) -> None:
        """Go on with an error."""
        running, self._running = self._running, None
        if running is not None:
            running.hand_in(lambda: running.flow.throw(error))

    def interrupted(self) -> None:
        """Go on with the news that nobody answers any more."""
        if self._running is not None:
            self._running.interrupted = True
        self.error(Interrupted())


class Running:
    """A flow on its way."""

    def __init__(self, runner: Runner, flow: Flow[Any]) -> None:
        self.flow = flow
        self.interrupted = False
        self.ended = False
        self._runner = runner
        self._inbox: deque[Callable[[], Step[Any]]] = deque()
        self._on_its_way = False
        self._refused = 0

    def hand_in(self, go_on: Callable[[], Step[Any]]) -> None:
        """Go on; an answer that comes while the flow runs, as from a step that needs no waiting, is next."""
        if self.ended:
            return
        self._inbox.append(go_on)
        if self._on_its_way:
            return
        self._on_its_way = True
        try:
            while self._inbox:
                self._step(self._inbox.popleft())
        finally:
            self._on_its_way = False

    def _step(self, go_on: Callable[[], Step[Any]]) -> None:
        try:
            step = go_on()
        except StopIteration:
            self._runner.over(self)
        except Interrupted:
            self._runner.over(self)
        except Exception as error:  # a flow's own fault ends the flow, never the till
            self._runner.over(self)
            self._runner.failed(error)
        except BaseException:
            self._runner.over(self)
            raise
        else:
            self._begin(step)

    def _begin(self, step: Step[Any]) -> None:
        answer = Answer(self)
        if self.interrupted and self._runner.asks(step):
            self._refused += 1
            if self._refused > MOST_REFUSED:
                self._runner.over(self)
                self.flow.close()
            else:
                answer.error(Interrupted())
            return
        try:
            self._runner.begin(step, answer)
        except Exception as error:  # what cannot be shown is the flow's to handle, as what cannot be done
            answer.error(error)


class Runner:
    """Every flow that is open.

    Args:
        begin: Shows a step, or begins to wait for it.
        asks: Whether a step is a question to the cashier.
        failed: Says what a flow raised.
    """

    def __init__(
        self,
        begin: Callable[[Step[Any], Answer], object],
        asks: Callable[[Step[Any]], bool],
        failed: Callable[[Exception], object],
    ) -> None:
        self.begin = begin
        self.asks = asks
        self.failed = failed
        self._open: dict[Running, None] = {}

    def start(self, flow: Flow[Any]) -> None:
        """Begin a flow; it runs to its first step now."""
        running = Running(self, flow)
        self._open[running] = None
        running.hand_in(lambda: flow.send(None))

    def over(self, running: Running) -> None:
        """A flow has ended; a late answer to it counts no more."""
        running.ended = True
        self._open.pop(running, None)

    @property
    def count(self) -> int:
        """How many are open."""
        return len(self._open)

    def stop(self) -> None:
        """End every flow, on this thread, for the till closes; what one still waits for is not heard."""
        for running in list(self._open):
            running.ended = True
            try:
                running.flow.close()
            except (RuntimeError, TillError):
                log.exception("a conversation did not end with the till")
        self._open.clear()
