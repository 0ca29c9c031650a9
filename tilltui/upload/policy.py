"""How much to send at once, and how long to wait after a failure: arithmetic without clock or thread.

Batch sizes follow AIMD (additive increase, multiplicative decrease: Chiu and Jain, 1989), pauses "full
jitter" (Brooker, "Exponential Backoff and Jitter", 2015): ten thousand tills that lose the same server must
not come back in the same second.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

MAX_BATCH = 200
"""Most records of one batch."""

FIRST_BATCH = 25
"""Size of the first batch, and how much a success adds."""

BASE_SECONDS = 1.0
"""Longest pause after the first failure."""

CAP_SECONDS = 300.0
"""Longest pause ever, whatever the server asks for."""


class BatchSize:
    """Size of the next batch: success adds ``FIRST_BATCH`` up to ``MAX_BATCH``, failure halves down to 1."""

    def __init__(self) -> None:
        self.size = FIRST_BATCH

    @property
    def after_success(self) -> int:
        """Size of the batch after this one, if this one goes through."""
        return min(MAX_BATCH, self.size + FIRST_BATCH)

    def succeeded(self) -> None:
        """A whole batch went through."""
        self.size = self.after_success

    def failed(self) -> None:
        """A batch did not go through."""
        self.size = max(1, self.size // 2)


class BackOff:
    """Seconds to wait after each failure in a row, without end.

    Args:
        uniform: Gives a random number in 0..1.
    """

    def __init__(self, uniform: Callable[[], float] = random.random) -> None:
        self._uniform = uniform
        self.failures = 0

    def succeeded(self) -> None:
        """Start again from the shortest pause."""
        self.failures = 0

    def failed(self, retry_after: float | None = None) -> float:
        """Count a failure and give the pause before the next attempt.

        Args:
            retry_after: Seconds the server asked for; obeyed up to ``CAP_SECONDS``, nonsense is ignored.

        Returns:
            A random number of seconds below 1, 2, 4 ... 300, and never below what the server asked for.
        """
        # 2**9 is above the cap: a shop that is offline for a year must not make the float overflow.
        ceiling = min(CAP_SECONDS, BASE_SECONDS * float(1 << min(self.failures, 9)))
        self.failures += 1
        pause = self._uniform() * ceiling
        if retry_after is not None and math.isfinite(retry_after):
            pause = max(pause, min(retry_after, CAP_SECONDS))
        return pause
