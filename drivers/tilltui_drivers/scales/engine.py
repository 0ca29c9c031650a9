"""What a scale's protocol is to the till: bytes to send, and bytes that come back read as values.

An engine is pure: no port, no clock, no thread. It is fed whatever arrives in whatever pieces, never
raises, and keeps at most a frame of it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from tilltui.ports import Weighing

MAX_GRAMS = 9_999_999
"""Most that a shop's scale may say; more is noise."""

_UNITS = {
    "kg": Fraction(1000),
    "g": Fraction(1),
    "lb": Fraction(45_359_237, 100_000),
    "oz": Fraction(45_359_237, 1_600_000),
}
"""Grams of a unit; the international avoirdupois pound is 0.45359237 kg."""

_NUMBER = re.compile(r"\d{1,7}(?:[.,]\d{1,5})?\Z")


@dataclass(frozen=True, slots=True)
class Reading:
    """One answer of a scale.

    Attributes:
        grams: Weight in grams, never negative.
        state: What the scale says of it.
        net: The scale has taken a tare of its own off.
        flagged: The scale itself tells a moving weight from a stable one; where it does not, the till does.
    """

    grams: int
    state: Weighing
    net: bool = False
    flagged: bool = True


@dataclass(frozen=True, slots=True)
class Send:
    """The scale wants to be answered."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code, from a scanner on the same cable."""

    text: str
    symbology: str | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class Noise:
    """Something that is no answer of this protocol."""

    data: bytes


Heard = Reading | Send | Scanned | Noise


@dataclass(frozen=True, slots=True)
class Manners:
    """How a kind of scale is talked to.

    Attributes:
        baudrate: Bits a second as delivered.
        bytesize: Data bits as delivered.
        parity: ``N``, ``E`` or ``O`` as delivered.
        poll: Seconds between two questions.
        patience: Seconds to wait for an answer before the question is asked again.
        silence: Seconds without a good answer after which it counts as silent; ``None``: it may be silent.
        confirm: Answers in a row that must agree before a weight is stable: two where no checksum guards it.
        unasked: It speaks by itself, all the time.
        reopen: Seconds of silence after which the port is opened again; 0: never.
    """

    baudrate: int = 9600
    bytesize: int = 8
    parity: str = "N"
    poll: float = 0.25
    patience: float = 1.0
    silence: float | None = 2.0
    confirm: int = 2
    unasked: bool = False
    reopen: float = 0.0


class Engine(ABC):
    """One protocol.

    Args:
        unit: ``kg`` or ``lb``: what the scale weighs in, where its answers do not say.
    """

    manners: ClassVar[Manners] = Manners()

    def __init__(self, unit: str = "kg") -> None:
        self.unit = unit

    @abstractmethod
    def ask(self) -> bytes:
        """Bytes that ask for the weight; empty for a scale that speaks unasked."""

    @abstractmethod
    def feed(self, data: bytes) -> list[Heard]:
        """Read what came, in any pieces; what is incomplete waits for the rest."""

    def reset(self) -> None:  # noqa: B027 - an engine without memory has nothing to forget
        """Forget everything: the port was opened, or somebody begins to weigh."""

    def unanswered(self) -> None:  # noqa: B027 - nothing to do as a rule
        """The last question was not answered in time."""

    def zero(self) -> bytes:
        """Bytes that set the scale to zero; empty where the protocol has none."""
        return b""


class Framed(Engine):
    """A protocol whose answers end with one of a few bytes.

    Attributes:
        ends: The bytes that end an answer.
        limit: Most bytes of an answer; what is longer is dropped up to the next end.
    """

    ends: ClassVar[bytes] = b"\r"
    limit: ClassVar[int] = 64

    def __init__(self, unit: str = "kg") -> None:
        super().__init__(unit)
        self._held = bytearray()
        self._flooded = False

    def feed(self, data: bytes) -> list[Heard]:
        """Read what came, in any pieces; what is incomplete waits for the rest."""
        found: list[Heard] = []
        for byte in data:
            if byte in self.ends:
                frame, flooded = bytes(self._held), self._flooded
                self._forget()
                if flooded:
                    found.append(Noise(frame))
                elif frame.strip():
                    found.extend(self.read(frame))
            elif len(self._held) < self.limit:
                self._held.append(byte)
            else:
                self._flooded = True
        return found

    @abstractmethod
    def read(self, frame: bytes) -> Iterable[Heard]:
        """Read one answer, without the byte that ended it."""

    def reset(self) -> None:
        """Forget half an answer."""
        self._forget()

    def unanswered(self) -> None:
        """Forget half an answer: the rest of it would be the head of another."""
        self._forget()

    def _forget(self) -> None:
        self._held.clear()
        self._flooded = False


def grams(number: str, unit: str) -> int | None:
    """Turn a number as a scale writes it into whole grams, half a gram up; ``None``: it is no weight.

    >>> grams("1.250", "kg"), grams("2,5", "lb"), grams("1.2.5", "kg")
    (1250, 1134, None)
    """
    factor = _UNITS.get(unit)
    if factor is None or not _NUMBER.match(number):
        return None
    value = int(Fraction(number.replace(",", ".")) * factor + Fraction(1, 2))
    return value if value <= MAX_GRAMS else None


def settled(value: int, *, net: bool = False, flagged: bool = True) -> Reading:
    """A weight that the scale does not call moving: stable, or zero for nothing on it."""
    return Reading(value, Weighing.STABLE if value else Weighing.ZERO, net, flagged)
