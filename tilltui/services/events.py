"""What has happened, after the commit; the wiring says who hears of it, and in which order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from tilltui.domain.frozen import frozen
from tilltui.domain.people.operator import Operator
from tilltui.domain.record.sales.accepted import Accepted

log = logging.getLogger(__name__)

E = TypeVar("E")


@frozen
class SaleClosed:
    """A sale is on disk.

    Attributes:
        accepted: The sale.
        operator: Who sold.
        training: It was practice.
    """

    accepted: Accepted
    operator: Operator
    training: bool


@frozen
class BasketParked:
    """A sale was put aside, or a parked one was taken back; the list of parked ones is another on disk."""


@frozen
class ShiftClosed:
    """A Z is on disk.

    Attributes:
        number: Of the Z.
    """

    number: int


@frozen
class PaperQueued:
    """A paper that somebody asked for waits for its printer.

    Attributes:
        printer: Name of the printer.
    """

    printer: str


@frozen
class LanguageChanged:
    """Words are said in another language from now on.

    Attributes:
        code: ``es``, ``en`` or ``pt``.
    """

    code: str


@frozen
class TillLeft:
    """Somebody closes the till; an open sale is kept."""


def _nobody(error: BaseException) -> None:
    log.error("nobody hears of it: %s", error)


class Events:
    """Named subscribers of each kind of event, called in their order on the caller's thread.

    Attributes:
        failed: Told of what goes wrong behind a command, from any thread; must not block. What is on disk
            stays there.
    """

    def __init__(self) -> None:
        self._of: dict[type, list[tuple[str, Callable[[Any], object]]]] = {}
        self.failed: Callable[[BaseException], object] = _nobody

    def to(self, kind: type[E], name: str, hear: Callable[[E], object]) -> None:
        """Subscribe under a name, behind those that are there."""
        self._of.setdefault(kind, []).append((name, hear))

    def names(self, kind: type) -> list[str]:
        """Who hears of an event, in order."""
        return [name for name, _hear in self._of.get(kind, ())]

    def publish(self, event: object) -> None:
        """Tell everybody; one that fails keeps nobody else from hearing, and undoes nothing."""
        for name, hear in self._of.get(type(event), ()):
            try:
                hear(event)
            except Exception as error:  # it is on disk: what follows must follow
                log.exception("%s of %s", name, type(event).__name__)
                self.failed(error)
