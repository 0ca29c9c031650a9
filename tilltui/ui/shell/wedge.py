"""Tell a keyboard-wedge scanner from a person by the rhythm of the keys. Pure: no Textual, no clock.

A scanner types 8 to 30 ms a key and ends with Enter or Tab; a person takes 60 ms and more. A key that may
begin a code is therefore held back for a moment: what follows in time makes it part of a scan, and silence
gives it back to where it was meant to go.
"""

from __future__ import annotations

import enum
from typing import Generic, TypeVar

from tilltui.domain.frozen import frozen

K = TypeVar("K")

_GS = "\x1d"
_ENDS = frozenset("\r\n\t")
_MAX_HELD = 4096


@frozen
class Rhythm:
    """What counts as a scanner's rhythm; times in seconds.

    Attributes:
        gap: Longest time between two keys of a scan.
        shortest: Fewest characters of a scan.
        stall: One gap of a scan may be this long, once ``sure`` characters came in rhythm: the till or the
            cable was busy, and half a code typed into a field is worse than waiting. No person gets there.
        sure: Characters in rhythm that are surely a scanner's.
        grace: Added to the gap before held keys are given back, for the key that is on its way.
    """

    gap: float = 0.035
    shortest: int = 6
    stall: float = 0.12
    sure: int = 4
    grace: float = 0.01


class Verdict(enum.Enum):
    """What to do with the key that was fed."""

    HOLD = "hold"
    """Keep it from everybody; it may be part of a scan."""
    PASS = "pass"  # noqa: S105 - let it pass
    """It is a person's: handle it as ever, after the keys of ``replay``."""
    SCAN = "scan"
    """It ended a scan: nobody may see it, nor the keys held before."""
    SWALLOW = "swallow"
    """It is the second half of a scan's CR LF: nobody may see it."""


@frozen
class Decision(Generic[K]):
    """What to do after a key.

    Attributes:
        verdict: What to do with the key itself.
        replay: Keys held before that turned out to be a person's, to be handled first, in order.
        text: The code, where ``verdict`` is ``SCAN``.
    """

    verdict: Verdict
    replay: tuple[K, ...] = ()
    text: str = ""


class BurstGate(Generic[K]):
    """Decides key by key. ``K`` is whatever the caller wants back to replay a key, such as its event.

    A key waits for the next one at most ``gap + grace`` (45 ms), or ``stall + grace`` in a burst that no
    person can type. Keys come back in their order, each exactly once, or become one scan.
    """

    def __init__(self, rhythm: Rhythm | None = None) -> None:
        self._rhythm = rhythm or Rhythm()
        self._chars: list[str] = []
        self._keys: list[K] = []
        self._last = 0.0
        self._stalled = False
        self._ended_by_cr = False

    @property
    def deadline(self) -> float | None:
        """Time from which ``expired`` gives the held keys back; ``None``: none is held."""
        return self._last + self._patience() + self._rhythm.grace if self._keys else None

    def feed(self, char: str, at: float, key: K) -> Decision[K]:
        r"""Take a key.

        Args:
            char: Its character; ``\r`` for Enter, ``\t`` for Tab, empty for a key without one.
            at: Monotonic time at which it was pressed (not handled).
            key: What to give back in ``replay``.
        """
        gap = max(0.0, at - self._last)
        after_cr, self._ended_by_cr = self._ended_by_cr, False
        self._last = at
        if not self._keys:
            if after_cr and char == "\n" and gap <= self._rhythm.gap:
                return Decision(Verdict.SWALLOW)
            return self._begin(char, key, ())
        if gap > self._rhythm.gap:
            if gap > self._patience():
                return self._begin(char, key, self._give_back())
            self._stalled = True
        if char in _ENDS and char:
            return self._end(char)
        if not (char.isprintable() or char == _GS) or not char or len(self._keys) >= _MAX_HELD:
            return Decision(Verdict.PASS, self._give_back())
        self._hold(char, key)
        return Decision(Verdict.HOLD)

    def expired(self, now: float) -> tuple[K, ...]:
        """Give back the held keys whose time is up, in order; empty while it is not.

        Call it when every key pressed before ``now`` has been fed: a key waiting in a queue is no silence.
        """
        deadline = self.deadline
        return self._give_back() if deadline is not None and now >= deadline else ()

    def release(self) -> tuple[K, ...]:
        """Give back whatever is held, because something else (a click, a paste) must come after it."""
        return self._give_back()

    def _begin(self, char: str, key: K, replay: tuple[K, ...]) -> Decision[K]:
        if len(char) == 1 and char.isascii() and (char.isalnum() or char == "]"):
            self._hold(char, key)
            return Decision(Verdict.HOLD, replay)
        return Decision(Verdict.PASS, replay)

    def _end(self, char: str) -> Decision[K]:
        if len(self._keys) < self._rhythm.shortest:
            return Decision(Verdict.PASS, self._give_back())
        text = "".join(self._chars)
        self._give_back()
        self._ended_by_cr = char == "\r"
        return Decision(Verdict.SCAN, text=text)

    def _patience(self) -> float:
        if len(self._keys) >= self._rhythm.sure and not self._stalled:
            return max(self._rhythm.gap, self._rhythm.stall)
        return self._rhythm.gap

    def _hold(self, char: str, key: K) -> None:
        self._chars.append(char)
        self._keys.append(key)

    def _give_back(self) -> tuple[K, ...]:
        keys = tuple(self._keys)
        self._chars.clear()
        self._keys.clear()
        self._stalled = False
        return keys
