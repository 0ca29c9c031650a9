"""What the till is told of a scale: no port and no thread, driven with the readings and the time.

Source of the rules: an unstable weight must never be sold, so a weight counts as stable only when the scale
says so in as many answers running as its protocol needs; a scale that does not say is believed once its
answers have stayed within 2 g for 0.8 s.
"""

from __future__ import annotations

from dataclasses import replace

from tilltui.ports import Weighing, Weight
from tilltui_drivers.scales.engine import Manners, Reading

LEAST_GAP = 0.1
"""Seconds between two events: at most ten a second."""

STEADY = 0.8
"""Seconds that the answers of a scale without a flag for motion must stay together."""

STEADY_GRAMS = 2
"""Grams that they may lie apart."""

TARE_WAIT = 5.0
"""Seconds that a tare waits for a stable weight."""

UNREAD = 2.0
"""Seconds until nonsense is a fault for a scale that may be silent: it says a weight once, and not again."""

_RESTING = (Weighing.STABLE, Weighing.ZERO)


class Steady:
    """Lets a weight pass as stable once enough answers agree; before that it moves.

    Args:
        confirm: Answers in a row that must agree where the scale itself flags motion.
    """

    def __init__(self, confirm: int) -> None:
        self._confirm = confirm
        self._first: Reading | None = None
        self._since = 0.0
        self._count = 0

    def reset(self) -> None:
        """Forget what came before."""
        self._first = None

    def judge(self, reading: Reading, now: float) -> Reading:
        """Give the reading as it may be believed."""
        if reading.state not in _RESTING:
            self._first = None
            return reading
        if self._first is None or not self._agrees(self._first, reading):
            self._first, self._since, self._count = reading, now, 0
        self._count += 1
        wanted = self._confirm if reading.flagged else 2
        if self._count >= wanted and (reading.flagged or now - self._since >= STEADY):
            return reading
        return replace(reading, state=Weighing.MOTION)

    @staticmethod
    def _agrees(first: Reading, reading: Reading) -> bool:
        if (first.net, first.flagged) != (reading.net, reading.flagged):
            return False
        apart = abs(first.grams - reading.grams)
        return apart == 0 if reading.flagged else apart <= STEADY_GRAMS


class Watch:
    """Knows what was told, what is to be told, and when; all on the scale's thread.

    Attributes:
        watching: Somebody weighs.
        mute: When last asked it did not answer, or not as a scale does.
    """

    def __init__(self, manners: Manners) -> None:
        self._manners = manners
        self._steady = Steady(manners.confirm)
        self.watching = False
        self.mute = False
        self._told: Weight | None = None
        self._told_at = float("-inf")
        self._pending: Weight | None = None
        self._heard_at = 0.0
        self._noisy = False
        self._given_up = self._answered = False
        self._tare = 0
        self._taring = float("-inf")

    def begin(self, now: float) -> None:
        """Somebody begins to weigh: what was told before is told again."""
        self.watching = True
        self._told = self._pending = None
        self.opened(now)

    def end(self) -> None:
        """Nobody weighs any more."""
        self.watching = False
        self._pending = None

    def opened(self, now: float) -> None:
        """The scale can be reached from now on; its silence is counted from here."""
        self._heard_at = now
        self._noisy = self._given_up = self._answered = False
        self._steady.reset()

    def wants(self, now: float) -> bool:
        """Whether the scale is to be asked for its weight."""
        return self.watching or now < self._taring

    def tare(self, grams: int | None, now: float) -> None:
        """Take ``grams`` off from now on; ``None``: what lies on the scale, once it rests."""
        if grams is None:
            self._taring = now + TARE_WAIT
        else:
            self._tare, self._taring = max(0, grams), float("-inf")
        self._told = None

    def hear(self, reading: Reading, now: float) -> None:
        """Take an answer of the scale."""
        self._heard_at, self.mute = now, False
        self._noisy = self._given_up = False
        self._answered = True
        judged = self._steady.judge(reading, now)
        if now < self._taring and judged.state in _RESTING:
            self._tare, self._taring = judged.grams, float("-inf")
        self._offer(self._less_tare(judged, now))

    def hear_noise(self) -> None:
        """Something came that is no answer."""
        self._noisy = True

    def gone(self, now: float) -> None:
        """The scale cannot be reached."""
        self._steady.reset()
        self._offer(Weight(0, Weighing.SILENT, self._tare, now))

    def _less_tare(self, reading: Reading, now: float) -> Weight:
        # A container that the scale itself has taken off is not taken off twice.
        if reading.net or not self._tare or reading.state not in (*_RESTING, Weighing.MOTION):
            return Weight(reading.grams, reading.state, self._tare, now)
        net = reading.grams - self._tare
        if reading.state is Weighing.MOTION:
            return Weight(max(0, net), Weighing.MOTION, self._tare, now)
        if net < 0:
            return Weight(0, Weighing.UNDER, self._tare, now)
        return Weight(net, Weighing.STABLE if net else Weighing.ZERO, self._tare, now)

    def _offer(self, weight: Weight) -> None:
        """Keep the newest; what was told already is not told again, and an older one not at all."""
        told = self._told
        same = told is not None and (told.grams, told.state, told.tare) == (
            weight.grams,
            weight.state,
            weight.tare,
        )
        self._pending = None if same or not self.watching else weight

    def due(self, now: float) -> Weight | None:
        """Give what is to be told now, once."""
        self._listen_for_silence(now)
        weight = self._pending
        if weight is None or not self.watching or now < self._told_at + LEAST_GAP:
            return None
        self._pending, self._told, self._told_at = None, weight, now
        return weight

    def next(self, now: float) -> float:
        """When ``due`` is worth asking again, as ``time.monotonic()``."""
        if not self.watching:
            return now + 3600.0
        if self._pending is not None:
            return self._told_at + LEAST_GAP
        limit = self._patience()
        return now + 3600.0 if limit is None or self._given_up else self._heard_at + limit

    def silent_for(self, now: float) -> float:
        """Seconds since the last good answer, or since somebody began to weigh."""
        return now - self._heard_at if self.watching else 0.0

    def _patience(self) -> float | None:
        """Seconds without a good answer that are too many; ``None``: it may be silent for ever."""
        if self._manners.silence is not None:
            return self._manners.silence
        # What follows a weight on such a scale's slip is no fault.
        return UNREAD if self._noisy and not self._answered else None

    def _listen_for_silence(self, now: float) -> None:
        limit = self._patience()
        if not self.watching or limit is None or now - self._heard_at < limit:
            return
        if not self._given_up:
            self._given_up = self.mute = True
            self._steady.reset()
            self._offer(Weight(0, Weighing.ERROR if self._noisy else Weighing.SILENT, self._tare, now))
