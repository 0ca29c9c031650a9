"""Weighing an item at the till: from "put it on" to a weight that may be sold; no screen, no thread.

The screen gives the desk each event, gets a ``Step`` and shows its words. A weight is given out only while
the scale's last word is that it is stable, and it is asked about when it is the very same as that of the item
before: then somebody may have forgotten to change what lies on the scale.
"""

from __future__ import annotations

import enum
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from tilltui.domain.frozen import frozen
from tilltui.domain.money.money import checked_quantity, divide, format_quantity, parse_quantity
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.ports import Scale, Weighing, Weight, WeightRead

MAX_TARE = 99_999
"""Heaviest container in grams."""

_TARE = re.compile(r"(.+?)[\s:=]+(\d{1,5})(?:\s?g)?\Z")
_WHAT_LIES_THERE = -1
"""Tare of a weight that only the scale knows yet."""

_POUND = 45_359_237
"""The international avoirdupois pound in hundred-thousandths of a gram."""


@frozen
class Tare:
    """A container.

    Attributes:
        name: What the cashier picks.
        grams: Its weight.
    """

    name: str
    grams: int


class Stage(enum.StrEnum):
    """How far a weighing is."""

    WAITING = "waiting"
    """Nothing to sell yet; the words say why."""
    SAME = "same"
    """A weight, but the very same as that of the item before: ask, then ``accept(same=True)``."""
    READY = "ready"
    """A weight to sell: ``accept()``."""


@frozen
class Step:
    """What the screen shows.

    Attributes:
        stage: How far it is.
        grams: Net weight, also while it moves; never to be sold before ``accept``.
        tare: Grams taken off.
        message: English words, marked for translation; empty when ready.
        hint: What to do about it, marked for translation.
        fields: For both texts.
        alarm: The scale itself does not work: the keyed weight is the way out.
    """

    stage: Stage
    grams: int = 0
    tare: int = 0
    message: str = ""
    hint: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    alarm: bool = False


@frozen
class Weighed:
    """A weight for a line.

    Attributes:
        quantity: Thousandths of the product's unit, as ``Checkout.ring`` takes it.
        tare: Grams taken off.
        keyed: Keyed by hand instead of weighed.
    """

    quantity: int
    tare: int = 0
    keyed: bool = False


_WORDS: Mapping[Weighing, tuple[str, str, bool]] = {
    Weighing.ZERO: (N_("The scale is empty."), N_("Put {name} on the scale."), False),
    Weighing.MOTION: (N_("The weight is still moving."), N_("Wait and touch nothing."), False),
    Weighing.OVER: (N_("That is too heavy for the scale."), N_("Take something off."), False),
    Weighing.UNDER: (
        N_("The scale stands below zero."),
        N_("Take everything off and set it to zero; check the tare."),
        False,
    ),
    Weighing.SILENT: (
        N_("The scale does not answer."),
        N_("Check its cable and switch, or key the weight."),
        True,
    ),
    Weighing.ERROR: (
        N_("The scale reports a fault, or speaks another protocol."),
        N_("Switch it off and on and check its settings, or key the weight."),
        True,
    ),
}


class Weigher:
    """Weighs one item at a time; called on the user-interface thread.

    Args:
        scale: The scale, or ``None`` where there is none: then every weight is keyed.
        tares: Containers to choose from.
        clock: ``time.monotonic`` or a test's.

    Attributes:
        tares: Containers to choose from.
    """

    def __init__(
        self,
        scale: Scale | None,
        tares: Sequence[Tare] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.tares = tuple(tares)
        self._scale = scale
        self._clock = clock
        self._name = ""
        self._unit = ""
        self._since = float("inf")
        self._weight: Weight | None = None
        self._tare_asked = 0
        self._last_sold: int | None = None
        self._emptied = False

    @property
    def weighs(self) -> bool:
        """Whether there is a scale and an item waits for its weight."""
        return self._scale is not None and self._since != float("inf")

    def begin(self, name: str, unit: str) -> Step:
        """Begin to weigh an item; ``end`` or ``accept`` must follow.

        Args:
            name: Of the product, for the words.
            unit: Of the product: ``kg``, ``g`` or ``lb`` can be weighed, others are keyed.
        """
        self._name, self._unit = clean(name), unit
        self._weight, self._emptied = None, False
        if self._scale is None or unit not in ("kg", "g", "lb"):
            return self.step()
        self._since = self._clock()
        self._scale.watch(True)
        return self.step()

    def hear(self, event: WeightRead) -> Step | None:
        """Take an event of the scale; ``None``: it is not for this weighing (late, or another scale's)."""
        scale, weight = self._scale, event.weight
        if scale is None or event.device != scale.name or weight.at < self._since:
            return None
        self._weight = weight
        self._emptied = self._emptied or (weight.state is Weighing.ZERO and not weight.tare)
        return self.step()

    def step(self) -> Step:
        """Give what the screen shows now."""
        if not self.weighs:
            return self._waiting(N_("Key the weight of {name}."), "")
        weight = self._weight
        if weight is None:
            return self._waiting(N_("Waiting for the scale..."), N_("Put {name} on the scale."))
        # A tare that is on its way to the scale is not in this weight yet.
        asked = self._tare_asked
        late = weight.tare != asked if asked >= 0 else not weight.tare
        if weight.state is Weighing.STABLE and late:
            return self._waiting(*_WORDS[Weighing.MOTION])
        if weight.state is not Weighing.STABLE or weight.grams <= 0:
            state = Weighing.ZERO if weight.state is Weighing.STABLE else weight.state
            return self._waiting(*_WORDS[state])
        if weight.grams == self._last_sold and not self._emptied:
            return Step(
                Stage.SAME,
                weight.grams,
                weight.tare,
                N_("{weight} kg again, as the item before."),
                N_("Is {name} on the scale? Accept once more, or weigh it anew."),
                {"weight": format_quantity(weight.grams), "name": self._name},
            )
        return Step(Stage.READY, weight.grams, weight.tare)

    def accept(self, *, same: bool = False) -> Weighed:
        """Take the weight and end the weighing.

        Args:
            same: The cashier says that the same weight as before is right.

        Raises:
            SaleError: There is no stable weight, or it is the same as before and ``same`` is not said.
            AmountError: It is too little for the product's unit.
        """
        step = self.step()
        if step.stage is Stage.WAITING or (step.stage is Stage.SAME and not same):
            raise SaleError(step.message, hint=step.hint, **step.fields)
        weighed = Weighed(quantity_of(step.grams, self._unit), step.tare)
        self._last_sold = step.grams
        self.end()
        return weighed

    def keyed(self, text: str) -> Weighed:
        """Take a weight that the cashier keyed, in the product's unit, and end the weighing.

        Raises:
            AmountError: It is no quantity.
        """
        weighed = Weighed(parse_quantity(text), keyed=True)
        self._last_sold = None
        self.end()
        return weighed

    def end(self) -> None:
        """Stop weighing; the tare was for this item only. May be called twice."""
        if self._scale is not None and self._since != float("inf"):
            self._scale.watch(False)
            if self._tare_asked:
                self._scale.tare(0)
        self._since, self._weight, self._tare_asked = float("inf"), None, 0

    def take_tare(self, tare: Tare | None) -> None:
        """Take a container off: one of the list, or ``None`` for what lies on the scale now."""
        if self._scale is None:
            return
        self._tare_asked = _WHAT_LIES_THERE if tare is None else tare.grams
        self._scale.tare(None if tare is None else tare.grams)

    def no_tare(self) -> None:
        """Take no container off any more."""
        if self._scale is not None:
            self._tare_asked = 0
            self._scale.tare(0)

    def zero(self) -> None:
        """Ask the scale to set itself to zero."""
        if self._scale is not None:
            self._scale.zero()

    def _waiting(self, message: str, hint: str, alarm: bool = False) -> Step:
        weight = self._weight
        grams, tare = (weight.grams, weight.tare) if weight is not None else (0, 0)
        return Step(Stage.WAITING, grams, tare, message, hint, {"name": self._name}, alarm)


def quantity_of(grams: int, unit: str) -> int:
    """Turn grams into thousandths of a product's unit.

    >>> quantity_of(1250, "kg"), quantity_of(1250, "g"), quantity_of(454, "lb")
    (1250, 1250000, 1001)

    Raises:
        AmountError: It is too little, or too much, to be sold.
    """
    if unit == "lb":
        return checked_quantity(divide(grams * 1000 * 100_000, _POUND))
    return checked_quantity(grams * 1000 if unit == "g" else grams)


def tares_of(options: Mapping[str, object]) -> tuple[Tare, ...]:
    """Read the containers from a scale's section of the settings; what cannot be read is left out.

    >>> tares_of({"tares": ["Bandeja 12", "Frasco: 250 g", "?"]})
    (Tare(name='Bandeja', grams=12), Tare(name='Frasco', grams=250))
    """
    listed = options.get("tares")
    found = []
    for text in listed if isinstance(listed, list | tuple) else ():
        match = _TARE.fullmatch(clean(text)) if isinstance(text, str) else None
        if match is not None and 0 < int(match[2]) <= MAX_TARE:
            found.append(Tare(match[1].rstrip(), int(match[2])))
    return tuple(found)
