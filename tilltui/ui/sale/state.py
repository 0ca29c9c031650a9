"""Where the cashier stands, what waits to be seen, and what came while the till was busy."""

from __future__ import annotations

import enum

from tilltui.domain.frozen import frozen


class Mode(enum.StrEnum):
    """Where the cashier stands."""

    SELL = "sell"
    PAY = "pay"
    SAVING = "saving"
    """The sale is on its way to the disk; what comes meanwhile is kept for the next one."""
    DONE = "done"
    """The change is shown until the next scan or key."""


@frozen
class Shown:
    """An error that waits to be seen.

    Attributes:
        problem: The error, or words in the language in force.
        code: The code that it is about.
        quantity: Thousandths that were keyed before the code, or ``None``.
        level: ``error`` or ``warning``.
    """

    problem: BaseException | str
    code: str = ""
    quantity: int | None = None
    level: str = "error"


@frozen
class Scan:
    """A code on its way into the basket.

    Attributes:
        text: The code.
        symbology: AIM identifier, if the scanner sent one.
        source: Name of the scanner.
        at: ``time.monotonic()`` at its last byte.
    """

    text: str
    symbology: str | None
    source: str
    at: float
