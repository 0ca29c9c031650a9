"""Receipt printers and the drawers behind them."""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from tilltui.domain.frozen import frozen
from tilltui.domain.paper.elements import Element


def _nothing() -> None:
    """Nobody commits anything."""


def _unheard(reason: str) -> None:
    """Nobody is told."""


def _going_on() -> bool:
    """Nobody stops it."""
    return False


@frozen
class Job:
    """One paper on its way to a printer: its bytes, its identity, and whom the driver tells how it goes.

    Attributes:
        payload: What ``Printer.render`` made.
        id: Identity of the job, for the fence.
        sending: Called after the preflight and before the first byte leaves; commits that fact.
        waiting: Called with a reason (``paper``, ``cover``, ...; empty: going on) while the printer holds it.
        stopping: ``True`` once the till closes; asked at least once a second.
    """

    payload: bytes
    id: int
    sending: Callable[[], None] = _nothing
    waiting: Callable[[str], None] = _unheard
    stopping: Callable[[], bool] = _going_on


class Delivered(enum.StrEnum):
    """How sure we are that a job is on paper."""

    CONFIRMED = "confirmed"
    SENT_UNCONFIRMED = "sent_unconfirmed"


@frozen
class Delivery:
    """A job that went out.

    Attributes:
        outcome: Whether the printer confirmed it.
        fence: What it confirmed with: ``pid``, ``gsr`` or ``none``.
        paper_low: The roll is near its end.
    """

    outcome: Delivered
    fence: str
    paper_low: bool = False


@frozen
class PaperRules:
    """What a shop wants of one printer beside what is asked for.

    Attributes:
        categories: Products that it prints order slips for, ``*`` for all; empty: none.
        copies: Copies with each receipt, each of which says COPY.
        gift: A receipt without prices with each receipt.
    """

    categories: tuple[str, ...] = ()
    copies: int = 0
    gift: bool = False


@frozen
class PaperProfile:
    """What the paper in a printer can carry.

    Attributes:
        dots: Dots a line, for pictures.
        cuts: It has a knife.
        codepage: Python's name of the code page that it prints text in; empty: none to be shown.
    """

    dots: int
    cuts: bool = True
    codepage: str = ""


DOTS_A_COLUMN = 12
"""Dots of a character in font A."""


class Printer(ABC):
    """A receipt printer. Owned by its print worker: every method but ``render`` runs on that thread.

    Attributes:
        name: The shop's own name of the printer.
        columns: Characters a line in the normal font.
    """

    kind: ClassVar[str] = "printer"
    kicks_while_printing: ClassVar[bool] = False
    """``kick`` may be called from inside ``deliver``'s ``stopping``, while a job waits for paper."""
    Settings: ClassVar[type[Any]]
    name: str
    columns: int

    @property
    def paper_profile(self) -> PaperProfile:
        """What its paper can carry; unless the driver knows better, what follows from ``columns``."""
        return PaperProfile(self.columns * DOTS_A_COLUMN)

    @property
    def paper_rules(self) -> PaperRules:
        """What the shop wants of it; unless the driver's settings say so, receipts alone."""
        return PaperRules()

    @abstractmethod
    def render(self, elements: Sequence[Element]) -> bytes:
        """Turn elements into the printer's bytes; pure, no I/O."""

    @abstractmethod
    def deliver(self, job: Job) -> Delivery:
        """Send one job and wait for the printer's confirmation. Blocks, with deadlines.

        Raises:
            DeviceOffline: Nothing was sent.
            DeviceBlocked: Nothing was sent.
            DeviceBusy: Nothing was sent.
            OutcomeUnknown: Something was sent and no confirmation came.
        """

    @abstractmethod
    def kick(self, pin: int) -> None:
        """Open the drawer on connector pin 2 or 5: once, within 3 s, never retried.

        Raises:
            DeviceError: It could not be sent.
        """

    def close(self) -> None:  # noqa: B027 - most printers keep nothing open between jobs
        """Let go of whatever is held."""


class Drawer(ABC):
    """A cash drawer. ``open`` runs on a worker thread and may block for 3 s."""

    kind: ClassVar[str] = "drawer"
    Settings: ClassVar[type[Any]]
    name: str

    @abstractmethod
    def open(self) -> None:
        """Fire the solenoid once.

        Raises:
            DeviceError: It could not be fired; it is not tried again.
        """
