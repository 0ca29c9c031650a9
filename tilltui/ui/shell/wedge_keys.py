"""Keyboard-wedge scanners in a Textual app: a scan never reaches what has the keys."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from textual import events
from textual._time import get_time
from textual.app import App
from textual.message import Message

from tilltui.ui.shell.wedge import BurstGate, Rhythm, Verdict

_CHARACTERS = {"enter": "\r", "tab": "\t"}


@dataclass(repr=False, eq=False)
class CodeTyped(Message):
    """A scanner typed a code.

    Attributes:
        text: As typed, with the AIM identifier if the scanner sends one, and GS kept.
        at: Monotonic time of its last key.
    """

    text: str
    at: float


class WedgeKeys:
    """Holds, replays or swallows keys before anything else sees them; posts ``CodeTyped`` for a scan.

    The application gives it every key that comes from the terminal, from its ``on_event``.

    Args:
        app: The application.
        forward: Takes the keys of a person.
        rhythm: What tells a scanner from a person.
    """

    def __init__(
        self,
        app: App[Any],
        forward: Callable[[events.Key], Awaitable[None]],
        rhythm: Rhythm | None = None,
    ) -> None:
        self.gate: BurstGate[events.Key] = BurstGate(rhythm)
        self._app = app
        self._forward = forward
        self._timer_set = False

    async def take(self, event: events.Key) -> None:
        """Take a key from the terminal."""
        gate = self.gate
        char = _CHARACTERS.get(event.key, event.character or "")
        decision = gate.feed(char, event.time, event)
        await self._replay(decision.replay)
        if decision.verdict is Verdict.PASS:
            await self._forward(event)
        elif decision.verdict is Verdict.SCAN:
            self._app.post_message(CodeTyped(decision.text, event.time))
        self._arm()

    async def release(self) -> None:
        """Give back what is held: something else than a key came."""
        await self._replay(self.gate.release())

    async def _replay(self, keys: tuple[events.Key, ...]) -> None:
        for key in keys:
            await self._forward(key)

    def _arm(self) -> None:
        """Have the held keys given back in time: one timer at most, set anew while the burst goes on."""
        deadline = self.gate.deadline
        if deadline is not None and not self._timer_set:
            self._timer_set = True
            self._app.set_timer(max(0.001, deadline - get_time()), self._timer)

    async def _timer(self) -> None:
        # A timer runs in a task of its own. The queue puts this behind every key pressed up to now, so that
        # keys still waiting in it count, and replays never interleave with the handling of other keys.
        self._app.call_later(self._expire, get_time())

    async def _expire(self, now: float) -> None:
        self._timer_set = False
        await self._replay(self.gate.expired(now))
        self._arm()
