"""Weighing at the till, with a scale of the test's own and a clock of its own."""

from __future__ import annotations

import doctest
import queue
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.errors import AmountError, SaleError
from tilltui.i18n import explain
from tilltui.ports import DeviceEvent, DeviceState, Emit, Scale, Weighing, Weight, WeightRead
from tilltui.services.devices import weighing
from tilltui.services.devices.weighing import Stage, Step, Tare, Weighed, Weigher, quantity_of, tares_of
from tilltui_drivers.contract.bench import TillEar
from tilltui_drivers.virtual.scales.scale import VirtualScale, VirtualScaleSettings

STABLE, MOTION, ZERO = Weighing.STABLE, Weighing.MOTION, Weighing.ZERO


class Told(Scale):
    """A scale that notes what it is told."""

    Settings: ClassVar[type[Any]] = dict

    def __init__(self) -> None:
        self.name = "deli"
        self.orders: list[tuple[str, int | None]] = []

    def start(self, emit: Emit) -> None: ...

    def stop(self, timeout: float = 2.0) -> None: ...

    def watch(self, on: bool) -> None:
        self.orders.append(("watch", int(on)))

    def zero(self) -> None:
        self.orders.append(("zero", None))

    def tare(self, grams: int | None) -> None:
        self.orders.append(("tare", grams))


class Till:
    """A weigher, its scale and its clock."""

    def __init__(self) -> None:
        self.now = 50.0
        self.scale = Told()
        self.weigher = Weigher(self.scale, [Tare("Frasco", 250)], clock=lambda: self.now)

    def says(
        self, grams: int, state: Weighing = STABLE, *, tare: int = 0, device: str = "deli"
    ) -> Step | None:
        self.now += 0.25
        return self.weigher.hear(WeightRead(device, Weight(grams, state, tare, self.now)))

    def step(self, grams: int, state: Weighing = STABLE, *, tare: int = 0) -> Step:
        step = self.says(grams, state, tare=tare)
        assert step is not None
        return step


@pytest.fixture
def till() -> Till:
    return Till()


def test_an_item_is_weighed(till: Till) -> None:
    first = till.weigher.begin("Jamón", "kg")
    assert (first.stage, first.message) == (Stage.WAITING, "Waiting for the scale...")
    assert till.step(0, ZERO).message == "The scale is empty."
    assert till.step(300, MOTION).grams == 300
    step = till.step(312)
    assert (step.stage, step.grams, step.message) == (Stage.READY, 312, "")
    assert till.weigher.accept() == Weighed(312)
    assert till.scale.orders == [("watch", 1), ("watch", 0)]
    assert not till.weigher.weighs


@pytest.mark.parametrize(
    ("state", "message", "alarm"),
    [
        (MOTION, "The weight is still moving.", False),
        (Weighing.OVER, "That is too heavy for the scale.", False),
        (Weighing.UNDER, "The scale stands below zero.", False),
        (Weighing.SILENT, "The scale does not answer.", True),
        (Weighing.ERROR, "The scale reports a fault, or speaks another protocol.", True),
        (ZERO, "The scale is empty.", False),
    ],
)
def test_no_weight_no_sale_and_the_reason_in_words(
    till: Till, state: Weighing, message: str, alarm: bool
) -> None:
    till.weigher.begin("Jamón", "kg")
    till.step(312)
    step = till.step(312 if state is MOTION else 0, state)
    assert (step.stage, step.message, step.alarm) == (Stage.WAITING, message, alarm)
    with pytest.raises(SaleError) as caught:
        till.weigher.accept(same=True)
    assert explain(caught.value).text == message
    assert "{" not in explain(caught.value).hint
    assert till.weigher.weighs


def test_before_the_scales_first_word_nothing_is_sold(till: Till) -> None:
    till.weigher.begin("Jamón", "kg")
    with pytest.raises(SaleError, match="Waiting"):
        till.weigher.accept()


def test_the_same_weight_twice_running_is_asked_about(till: Till) -> None:
    for name in ("Jamón", "Queso"):
        till.weigher.begin(name, "kg")
        step = till.step(312)
        if name == "Jamón":
            till.weigher.accept()
    assert step.stage is Stage.SAME
    assert step.message.format(**step.fields) == "0,312 kg again, as the item before."
    assert "Queso" in step.hint.format(**step.fields)
    with pytest.raises(SaleError, match="again"):
        till.weigher.accept()
    assert till.weigher.accept(same=True) == Weighed(312)


def test_not_asked_after_an_empty_scale_or_another_weight_or_a_keyed_one(till: Till) -> None:
    till.weigher.begin("Jamón", "kg")
    till.step(312)
    till.weigher.accept()
    till.weigher.begin("Queso", "kg")
    till.step(0, ZERO)
    assert till.step(312).stage is Stage.READY
    till.weigher.accept()
    till.weigher.begin("Pan", "kg")
    assert till.step(313).stage is Stage.READY
    till.weigher.accept()
    till.weigher.begin("Pan", "kg")
    till.weigher.keyed("0,313")
    till.weigher.begin("Pan", "kg")
    assert till.step(313).stage is Stage.READY


def test_late_words_of_an_older_weighing_and_other_scales_are_not_heard(till: Till) -> None:
    till.weigher.begin("Jamón", "kg")
    late = WeightRead("deli", Weight(999, STABLE, 0, till.now))
    till.weigher.end()
    assert till.weigher.hear(late) is None
    till.now += 1
    till.weigher.begin("Queso", "kg")
    assert till.weigher.hear(late) is None
    assert till.says(500, device="other") is None
    assert till.weigher.step().stage is Stage.WAITING


def test_a_tare_counts_only_once_the_scale_takes_it_off(till: Till) -> None:
    till.weigher.begin("Miel", "kg")
    till.step(1250)
    till.weigher.take_tare(till.weigher.tares[0])
    assert till.scale.orders[-1] == ("tare", 250)
    assert till.weigher.step().stage is Stage.WAITING
    assert till.step(1250).stage is Stage.WAITING
    step = till.step(1000, tare=250)
    assert (step.stage, step.grams, step.tare) == (Stage.READY, 1000, 250)
    assert till.weigher.accept() == Weighed(1000, 250)
    assert till.scale.orders[-2:] == [("watch", 0), ("tare", 0)]


def test_what_lies_there_as_tare(till: Till) -> None:
    till.weigher.begin("Miel", "kg")
    till.step(250)
    till.weigher.take_tare(None)
    assert till.scale.orders[-1] == ("tare", None)
    assert till.weigher.step().stage is Stage.WAITING
    assert till.step(0, ZERO, tare=250).message == "The scale is empty."
    assert till.step(1000, tare=250).stage is Stage.READY
    till.weigher.no_tare()
    assert till.weigher.step().stage is Stage.WAITING
    assert till.step(1250).stage is Stage.READY
    till.weigher.zero()
    assert till.scale.orders[-1] == ("zero", None)


def test_without_a_scale_or_for_litres_the_weight_is_keyed(till: Till) -> None:
    for weigher, unit in ((Weigher(None), "kg"), (till.weigher, "l")):
        step = weigher.begin("Vino", unit)
        assert (step.stage, step.message.format(**step.fields)) == (Stage.WAITING, "Key the weight of Vino.")
        assert not weigher.weighs
        assert weigher.keyed("0,450") == Weighed(450, keyed=True)
        weigher.end()
    assert till.scale.orders == []
    without = Weigher(None)
    without.take_tare(Tare("x", 5))
    without.no_tare()
    without.zero()


def test_a_keyed_weight_ends_the_weighing_and_nonsense_does_not(till: Till) -> None:
    till.weigher.begin("Jamón", "kg")
    with pytest.raises(AmountError):
        till.weigher.keyed("abc")
    assert till.weigher.weighs
    assert till.weigher.keyed("1.25") == Weighed(1250, keyed=True)
    assert till.scale.orders[-1] == ("watch", 0)
    till.weigher.end()
    assert till.scale.orders.count(("watch", 0)) == 1


def test_units() -> None:
    assert [quantity_of(grams, "lb") for grams in (454, 1134, 45_359)] == [1001, 2500, 99_999]
    assert (quantity_of(312, "g"), quantity_of(312, "kg")) == (312_000, 312)


def test_containers_come_from_the_settings() -> None:
    good = tares_of({"tares": ("Bandeja 12", "Frasco: 250 g", "Caja N 3 = 90")})
    assert good == (Tare("Bandeja", 12), Tare("Frasco", 250), Tare("Caja N 3", 90))
    assert tares_of({"tares": ("", "12", "Bandeja", "x 0", 7, "x\x1b[2J 5")}) == (Tare("x[2J", 5),)
    assert tares_of({}) == tares_of({"tares": "Bandeja 12"}) == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 3000), st.sampled_from(list(Weighing)), st.sampled_from([0, 250])),
        max_size=20,
    )
)
def test_only_a_stable_weight_is_ever_given_out(words: list[tuple[int, Weighing, int]]) -> None:
    till = Till()
    till.weigher.begin("Jamón", "kg")
    for grams, state, tare in words:
        till.says(grams, state, tare=tare)
    try:
        weighed = till.weigher.accept(same=True)
    except SaleError:
        assert not words or words[-1][1] is not STABLE or not words[-1][0] or words[-1][2]
    else:
        assert words[-1] == (weighed.quantity, STABLE, 0)


def test_with_the_demo_shops_scale() -> None:
    ear = TillEar()
    scale = VirtualScale("deli", VirtualScaleSettings(by_itself=False, settle_ms=50))
    heard: queue.Queue[DeviceEvent] = ear.events
    scale.start(ear.emit)
    ear.until(DeviceState.READY)
    weigher = Weigher(scale)
    weigher.begin("Jamón", "kg")
    scale.put(312)
    step = weigher.step()
    while step.stage is not Stage.READY:
        event = heard.get(timeout=5)
        if isinstance(event, WeightRead):
            step = weigher.hear(event) or step
    assert weigher.accept() == Weighed(312)
    scale.stop()


def test_the_examples_in_the_documentation() -> None:
    assert doctest.testmod(weighing) == (0, 2)
