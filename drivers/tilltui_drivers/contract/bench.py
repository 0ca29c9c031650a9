"""What a contract needs of a driver's author: the driver, its virtual device, and the hand on the plug."""

from __future__ import annotations

import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from tilltui.ports import DeviceChanged, DeviceEvent, DeviceState

E = TypeVar("E")

PATIENCE = 15.0
"""Seconds in which an event must come; far more than it takes, since test machines are busy."""


class TillEar:
    """Takes events as the till does; ``closing`` makes it say that it wants no more."""

    def __init__(self) -> None:
        self.events: queue.Queue[DeviceEvent] = queue.Queue()
        self.closing = False

    def emit(self, event: DeviceEvent) -> bool:
        """Take an event, from any thread."""
        self.events.put(event)
        return not self.closing

    def next(self, kind: type[E], that: Callable[[E], bool] = lambda _: True) -> E:
        """The next event of a class for which ``that`` holds; others are passed over.

        Raises:
            AssertionError: None came; the message lists what did.
        """
        passed: list[DeviceEvent] = []
        until = time.monotonic() + PATIENCE
        while (left := until - time.monotonic()) > 0:
            try:
                event = self.events.get(timeout=left)
            except queue.Empty:
                break
            if isinstance(event, kind) and that(event):
                return event
            passed.append(event)
        raise AssertionError(f"no {kind.__name__} came within {PATIENCE:g} s, only {passed}")

    def until(self, state: DeviceState) -> DeviceChanged:
        """Wait until the device has got into ``state``."""
        return self.next(DeviceChanged, lambda event: event.state is state)

    def taken(self) -> list[DeviceEvent]:
        """Everything that has come and was not waited for."""
        events = []
        while not self.events.empty():
            events.append(self.events.get_nowait())
        return events


class Bench(ABC):
    """A driver's virtual device on a bench, unplugged at first. A contract makes a new one for each test.

    Args:
        folder: An empty folder that this test may use.
    """

    kind: ClassVar[str] = ""
    """``scanner``, ``printer``, ``drawer``, ``scale``, ``display`` or ``terminal``."""

    name: ClassVar[str] = "bench"
    """What the driver under test is called; its threads carry that name."""

    contract: ClassVar[type[Any] | None] = None
    """A narrower contract than the usual one of its kind, where a part of it cannot apply."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def driver(self) -> Any:
        """Make a new driver, called ``name``, with the settings for this virtual device."""

    @abstractmethod
    def plug_in(self) -> None:
        """Plug the virtual device in."""

    @abstractmethod
    def unplug(self) -> None:
        """Pull the plug; ``plug_in`` may follow."""

    def close(self) -> None:  # noqa: B027 - a bench may have nothing to clear away
        """Clear everything away; called once at the end, plugged in or not."""


class ScannerBench(Bench):
    """A scanner."""

    kind = "scanner"

    @abstractmethod
    def scan(self, text: str) -> None:
        """Let the virtual device read a code of digits and capital letters, and send it as it sends any."""

    @abstractmethod
    def noise(self) -> None:
        """Let it send some thousand bytes or events that are no code, then end them as a code ends."""


class ScaleBench(Bench):
    """A scale."""

    kind = "scale"

    @abstractmethod
    def put(self, grams: int) -> None:
        """Put so much on the virtual device and let it rest; at most 1000."""

    @abstractmethod
    def noise(self) -> None:
        """Let the virtual device answer nonsense once, and then as before."""


class DisplayBench(Bench):
    """A customer display."""

    kind = "display"

    @abstractmethod
    def shown(self) -> tuple[str, str]:
        """What the virtual device shows now: two lines, without the spaces at their ends."""


class PrinterBench(Bench):
    """A receipt printer."""

    kind = "printer"

    @abstractmethod
    def printed(self) -> list[str]:
        """The lines of text on the virtual device's paper."""

    @abstractmethod
    def kicks(self) -> int:
        """How often the virtual device's drawer was fired."""

    @abstractmethod
    def cut_cable_after(self, count: int) -> None:
        """Pull the plug of the next connection after so many bytes of it have arrived."""


class DrawerBench(Bench):
    """A drawer of its own, or one behind a printer."""

    kind = "drawer"

    @abstractmethod
    def opened(self) -> int:
        """How often the virtual device was fired."""


class SwitchedDrawerBench(DrawerBench):
    """A drawer with a switch that tells whether it stands open; closed at first."""

    @abstractmethod
    def stand(self, *, open_: bool) -> None:
        """Pull the virtual device open, or push it shut, by hand."""


class TerminalBench(Bench):
    """A card terminal."""

    kind = "terminal"

    @abstractmethod
    def charged(self, ticket: str) -> list[int]:
        """Amounts that its bank holds under this ticket, in minor units; voided ones are not there."""

    @abstractmethod
    def decline(self) -> None:
        """Let the next charge be declined."""

    @abstractmethod
    def die_after_charging(self) -> None:
        """Let the next charge or refund be booked, and the line break before the answer."""

    @abstractmethod
    def well_again(self) -> None:
        """From now on nothing goes wrong; called once what was to go wrong has."""


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether ``condition`` becomes true in time; for what a display shows, which nothing announces."""
    turn, until = threading.Event(), time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() >= until:
            return False
        turn.wait(0.01)
    return True
