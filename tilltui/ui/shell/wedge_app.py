"""Keyboard-wedge scanners in a Textual app: scans never reach the focused widget.

``App.on_event`` sees every key before bindings and widgets, and again when it bubbles up unhandled; the
second time it is marked as forwarded. It is semi-private to Textual, so the tests cover it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from textual import events
from textual._time import get_time
from textual.app import App
from textual.message import Message

from tilltui.ui.shell.wedge import BurstGate, Rhythm, Verdict

R = TypeVar("R")

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


class WedgeMixin(App[R], Generic[R]):
    """The app's base: ``class TillApp(WedgeMixin[None])``; does nothing until ``enable_wedge``."""

    wedge_gate: BurstGate[events.Key] | None = None
    """What tells scanner from person; ``None``: nothing does."""

    _wedge_timer_set = False

    def enable_wedge(self, rhythm: Rhythm | None = None) -> None:
        """Begin to watch the rhythm of the keys."""
        self.wedge_gate = BurstGate(rhythm)

    def wedge_scanned(self, text: str, at: float) -> None:
        """Take a code that a scanner typed; posts ``CodeTyped`` unless the app overrides it.

        Args:
            text: As typed, with the AIM identifier if the scanner sends one.
            at: Monotonic time of its last key.
        """
        self.post_message(CodeTyped(text, at))

    async def on_event(self, event: events.Event) -> None:
        """Hold, replay or swallow keys before anything else sees them."""
        gate = self.wedge_gate
        if gate is None:
            await super().on_event(event)
        elif isinstance(event, events.Key) and not event.is_forwarded:
            await self._wedge_key(gate, event)
        else:
            if isinstance(event, (events.Paste, events.MouseDown)) and not event.is_forwarded:
                await self._wedge_replay(gate.release())
            await super().on_event(event)

    async def _wedge_key(self, gate: BurstGate[events.Key], event: events.Key) -> None:
        char = _CHARACTERS.get(event.key, event.character or "")
        decision = gate.feed(char, event.time, event)
        await self._wedge_replay(decision.replay)
        if decision.verdict is Verdict.PASS:
            await super().on_event(event)
        elif decision.verdict is Verdict.SCAN:
            self.wedge_scanned(decision.text, event.time)
        self._wedge_arm(gate)

    async def _wedge_replay(self, keys: tuple[events.Key, ...]) -> None:
        for key in keys:
            await super().on_event(key)

    def _wedge_arm(self, gate: BurstGate[events.Key]) -> None:
        """Have the held keys given back in time: one timer at most, set anew while the burst goes on."""
        deadline = gate.deadline
        if deadline is not None and not self._wedge_timer_set:
            self._wedge_timer_set = True
            self.set_timer(max(0.001, deadline - get_time()), self._wedge_timer)

    async def _wedge_timer(self) -> None:
        # A timer runs in a task of its own. The queue puts this behind every key pressed up to now, so that
        # keys still waiting in it count, and replays never interleave with the handling of other keys.
        self.call_later(self._wedge_expire, get_time())

    async def _wedge_expire(self, now: float) -> None:
        self._wedge_timer_set = False
        gate = self.wedge_gate
        if gate is not None:
            await self._wedge_replay(gate.expired(now))
            self._wedge_arm(gate)
