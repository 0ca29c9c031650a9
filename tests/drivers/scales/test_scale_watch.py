"""What the till is told, with a clock of the test's own."""

from __future__ import annotations

import pytest

from tilltui.ports import Weighing, Weight
from tilltui_drivers.scales.engine import Manners, Reading
from tilltui_drivers.scales.watch import LEAST_GAP, STEADY, Watch

STABLE, MOTION, ZERO = Weighing.STABLE, Weighing.MOTION, Weighing.ZERO
ERROR = Weighing.ERROR


class Clocked:
    """A watch, its clock, and what it told."""

    def __init__(self, manners: Manners | None = None) -> None:
        self.now = 100.0
        self.watch = Watch(manners or Manners())
        self.told: list[Weight] = []

    def pass_(self, seconds: float) -> None:
        self.now += seconds
        if weight := self.watch.due(self.now):
            self.told.append(weight)

    def hear(self, *readings: Reading, every: float = 0.25) -> list[tuple[int, Weighing, int]]:
        """Hear them one after the other; gives what was told meanwhile."""
        before = len(self.told)
        for reading in readings:
            self.watch.hear(reading, self.now)
            self.pass_(every)
        return [(w.grams, w.state, w.tare) for w in self.told[before:]]


@pytest.fixture
def till() -> Clocked:
    clocked = Clocked()
    clocked.watch.begin(clocked.now)
    return clocked


def weighs(grams: int, state: Weighing = STABLE, *, net: bool = False, flagged: bool = True) -> Reading:
    return Reading(grams, state, net, flagged)


def test_a_weight_is_stable_once_two_answers_agree(till: Clocked) -> None:
    assert till.hear(weighs(1250)) == [(1250, MOTION, 0)]
    assert till.hear(weighs(1250)) == [(1250, STABLE, 0)]
    assert till.hear(weighs(1250)) == []
    assert till.hear(weighs(1255)) == [(1255, MOTION, 0)]
    assert till.hear(weighs(1255)) == [(1255, STABLE, 0)]


def test_motion_between_two_answers_begins_anew(till: Clocked) -> None:
    told = till.hear(weighs(1250), weighs(0, MOTION), weighs(1250), weighs(0, MOTION))
    assert STABLE not in {state for _, state, _ in told}


def test_a_protocol_with_a_check_sum_is_believed_at_once() -> None:
    till = Clocked(Manners(confirm=1))
    till.watch.begin(till.now)
    assert till.hear(weighs(1250)) == [(1250, STABLE, 0)]


def test_a_scale_that_does_not_say_must_stay_for_a_while(till: Clocked) -> None:
    loose = [weighs(grams, flagged=False) for grams in (1250, 1251, 1252, 1251)]
    told = till.hear(*loose, every=0.25)
    assert STABLE not in {state for _, state, _ in told}
    assert till.hear(weighs(1251, flagged=False)) == [(1251, STABLE, 0)]
    assert till.hear(weighs(1260, flagged=False)) == [(1260, MOTION, 0)]


def test_a_drift_of_five_grams_a_second_is_motion(till: Clocked) -> None:
    told = till.hear(*(weighs(1000 + n, flagged=False) for n in range(40)), every=STEADY / 4)
    assert STABLE not in {state for _, state, _ in told}


def test_at_most_ten_a_second_and_the_newest(till: Clocked) -> None:
    told = till.hear(*(weighs(n + 1, MOTION) for n in range(1000)), every=0.001)
    assert 8 <= len(told) <= 11
    till.pass_(LEAST_GAP)
    assert till.told[-1].grams == 1000
    gaps = [b.at - a.at for a, b in zip(till.told, till.told[1:], strict=False)]
    assert min(gaps) > LEAST_GAP - 0.002


def test_an_outdated_weight_is_never_told_late(till: Clocked) -> None:
    till.hear(weighs(500), weighs(500))
    till.watch.hear(weighs(0, MOTION), till.now)
    till.watch.hear(weighs(500), till.now)
    till.watch.hear(weighs(500), till.now)
    till.pass_(LEAST_GAP)
    assert [(w.grams, w.state) for w in till.told] == [(500, MOTION), (500, STABLE)]


def test_silence_is_said_once_and_ends_with_the_next_answer(till: Clocked) -> None:
    till.hear(weighs(500), weighs(500))
    for _ in range(20):
        till.pass_(0.25)
    assert [w.state for w in till.told] == [MOTION, STABLE, Weighing.SILENT]
    assert till.watch.mute
    assert till.hear(weighs(500), weighs(500)) == [(500, MOTION, 0), (500, STABLE, 0)]
    assert not till.watch.mute


def test_nonsense_for_as_long_is_a_fault(till: Clocked) -> None:
    till.watch.hear_noise()
    till.pass_(2.5)
    assert [w.state for w in till.told] == [Weighing.ERROR]


def test_a_scale_that_may_be_silent_is_not_called_so() -> None:
    till = Clocked(Manners(silence=None))
    till.watch.begin(till.now)
    till.pass_(1000)
    assert till.told == []


def test_nonsense_is_a_fault_of_a_scale_that_may_be_silent_unless_it_has_weighed() -> None:
    till = Clocked(Manners(silence=None, confirm=1))
    till.watch.begin(till.now)
    till.pass_(5)
    till.watch.hear_noise()
    assert till.watch.next(till.now) <= till.now
    till.pass_(0.1)
    assert [weight.state for weight in till.told] == [ERROR]
    till.watch.begin(till.now)
    till.hear(weighs(500))
    till.watch.hear_noise()
    till.pass_(60)
    assert [weight.state for weight in till.told] == [ERROR, STABLE]


def test_nobody_watches_nobody_is_told(till: Clocked) -> None:
    till.hear(weighs(500), weighs(500))
    till.watch.end()
    assert not till.watch.wants(till.now)
    assert till.hear(weighs(700), weighs(700)) == []
    till.pass_(100)
    assert len(till.told) == 2
    till.watch.begin(till.now)
    assert till.hear(weighs(700), weighs(700)) == [(700, MOTION, 0), (700, STABLE, 0)]


def test_a_keyed_tare_is_taken_off(till: Clocked) -> None:
    till.watch.tare(200, till.now)
    assert till.hear(weighs(1250), weighs(1250)) == [(1050, MOTION, 200), (1050, STABLE, 200)]
    assert till.hear(weighs(200), weighs(200))[-1] == (0, ZERO, 200)
    assert till.hear(weighs(150), weighs(150))[-1] == (0, Weighing.UNDER, 200)
    till.watch.tare(0, till.now)
    assert till.hear(weighs(150))[-1] == (150, STABLE, 0)


def test_what_lies_there_becomes_the_tare_once_it_rests(till: Clocked) -> None:
    till.watch.tare(None, till.now)
    assert till.hear(weighs(300, MOTION)) == [(300, MOTION, 0)]
    assert till.hear(weighs(250), weighs(250))[-1] == (0, ZERO, 250)
    assert till.hear(weighs(1250), weighs(1250))[-1] == (1000, STABLE, 250)


def test_a_tare_that_never_rests_is_given_up(till: Clocked) -> None:
    till.watch.end()
    till.watch.tare(None, till.now)
    assert till.watch.wants(till.now)
    assert not till.watch.wants(till.now + 6)


def test_a_tare_that_the_scale_has_taken_is_not_taken_twice(till: Clocked) -> None:
    till.watch.tare(200, till.now)
    assert till.hear(weighs(1050, net=True), weighs(1050, net=True))[-1] == (1050, STABLE, 200)


def test_gone_is_silent_at_once(till: Clocked) -> None:
    till.watch.gone(till.now)
    till.pass_(0.0)
    assert [w.state for w in till.told] == [Weighing.SILENT]
