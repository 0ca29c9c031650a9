"""What some drivers can do besides their port; the till asks with ``isinstance`` and does without.

An ability is had whole or not at all: the contract of each kind (``tilltui_drivers.contract``) refuses a
driver that has a part of one, or takes other arguments.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

# Of anything


@runtime_checkable
class LooksAgain(Protocol):
    """Ends its pause when the till hears that its device is plugged in."""

    def look_again(self) -> None:
        """Look for the device now. From any thread; returns at once, never raises."""


@runtime_checkable
class CanBeProbed(Protocol):
    """Answers ``tilltui doctor`` better than by being started."""

    def probe(self) -> None:
        """Ask the device how it is; changes nothing and moves no money. On a worker thread; may block 2 s.

        Raises:
            DeviceError: What is wrong with it.
        """


class Onlooker(Protocol):
    """Who looks on while a device is tried out; what is said and asked is marked with ``N_``."""

    seconds: float
    """How long to wait for a person."""

    def say(self, message: str, **fields: object) -> None:
        """Say something, at once."""

    def ask(self, question: str, **fields: object) -> bool:
        """Ask something that can be answered with yes; blocks until it is answered."""


@runtime_checkable
class CanBeTried(Protocol):
    """Is tried out in its own way by ``tilltui doctor KIND``."""

    def trial(self, onlooker: Onlooker) -> bool:
        """Let a person try it; whether it did what it should. On the main thread; may block for as long.

        Raises:
            TillError: It could not be tried.
        """


# Of printers


class Memory(Protocol):
    """Keeps what was found out of a unit, by its identity; no call blocks for long or raises."""

    def recall(self, identity: str) -> dict[str, str]:
        """Everything known of a unit."""

    def remember(self, identity: str, key: str, value: str) -> None:
        """Know something from now on."""

    def forget(self, identity: str) -> None:
        """Know nothing of it any more."""


@runtime_checkable
class Remembers(Protocol):
    """Finds out what its unit can do, and knows it over restarts."""

    def use_memory(self, memory: Memory) -> None:
        """Use this memory; once, before the first job. Returns at once, never raises."""

    def forget(self) -> None:
        """Ask the unit anew what it can do, as after it was exchanged.

        On the print worker's thread, between two jobs; never raises.
        """


@runtime_checkable
class ExpectsRest(Protocol):
    """Gets over a job of which the printer has a part only, as after the till was killed."""

    def expect_rest(self, payload: bytes) -> None:
        """Take it that ``payload`` reached the printer in part. On the worker's thread; returns at once."""


@runtime_checkable
class TellsDrawerLevel(Protocol):
    """Reads the switch of the drawer behind it."""

    def drawer_level(self) -> bool | None:
        """Whether pin 3 of the drawer socket is high; ``None``: the printer does not tell.

        On the worker's thread, not during ``deliver``; blocks 3 s at most.

        Raises:
            DeviceError: It could not be asked.
        """


@runtime_checkable
class PassesOn(Protocol):
    """Has a customer display behind it, to which it passes on what is meant for it."""

    def pass_on(self, data: bytes) -> None:
        """Pass ``data`` on to the display.

        On the worker's thread, not during ``deliver``; blocks 0.5 s at most.

        Args:
            data: From ``ESC = 2``, which selects the display, to ``ESC = 1``, which selects the printer.

        Raises:
            DeviceError: It could not be sent whole.
        """


# Of drawers and displays


class PrinterSocket(Protocol):
    """The sockets of a printer, as the till hands them to what hangs on it. From any thread."""

    def kick(self, pin: int) -> None:
        """Open the drawer on pin 2 or 5, once; blocks until the printer has taken it.

        Raises:
            DeviceError: It could not be sent, or not in time.
        """

    def drawer_level(self) -> bool | None:
        """Whether pin 3 is high, ``None``: the printer does not tell; blocks until it has answered.

        Raises:
            DeviceError: It could not be asked.
        """

    def pass_on(self, data: bytes) -> None:
        """Send ``data`` to the display as soon as no receipt waits; the latest counts. Returns at once."""


@runtime_checkable
class HangsOnPrinter(Protocol):
    """Has no cable of its own: it hangs on a printer of the till."""

    @property
    def hangs_on(self) -> str:
        """The shop's own name of that printer."""

    def attach(self, socket: PrinterSocket) -> None:
        """Use this printer; once, before anything else. Returns at once, never raises.

        Not called where the printer is not there: a drawer is left out then, a display says that it failed.
        """


@runtime_checkable
class TellsIfOpen(Protocol):
    """A drawer with a switch that tells whether it stands open."""

    name: str
    """The shop's own name of the drawer."""

    @property
    def warn_after(self) -> float:
        """Seconds that it may stand open until the screen says so; 0: for ever."""

    def is_open(self) -> bool | None:
        """Whether it stands open; ``None``: nobody knows. On a thread of its own; may block for 5 s.

        Raises:
            DeviceError: It could not be asked.
        """


# Of card terminals


@runtime_checkable
class MarkingTerminal(Protocol):
    """A terminal that keeps no reference of the till, and so is told apart by what its last operation was.

    The till keeps ``mark()`` with each attempt before the first byte of it leaves, and hands it back with
    ``remember`` before ``charge``, ``refund``, ``recover`` and ``recover_refund``, after a restart too. The
    last operation is this attempt only if it is no longer the marked one.
    """

    def mark(self) -> str:
        """Name of the last operation, at most 40 characters; the same until there is another. Moves no money.

        On the desk's thread; may block until its time-out.

        Raises:
            DeviceError: It does not say: then nothing is charged.
        """

    def remember(self, ticket: str, mark: str) -> None:
        """Take the mark of the one attempt that comes next; never blocks, never raises."""


ABILITIES: tuple[type, ...] = (
    LooksAgain,
    CanBeProbed,
    CanBeTried,
    Remembers,
    ExpectsRest,
    TellsDrawerLevel,
    PassesOn,
    HangsOnPrinter,
    TellsIfOpen,
    MarkingTerminal,
)
"""All of them; ``docs/drivers.md`` lists them."""


def members(ability: type) -> list[str]:
    """Names of what an ability asks for, in the order of its class; a device's ``name`` is the port's own.

    >>> members(Remembers)
    ['use_memory', 'forget']
    """
    return [name for name in vars(ability) if not name.startswith("_")]
