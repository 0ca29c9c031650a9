"""Where the cashier stands and what waits to be seen: the state of the sale screen, without a screen."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from tilltui.domain.frozen import frozen
from tilltui.domain.record.sales.accepted import Accepted
from tilltui.services.selling.lines import UnknownCode
from tilltui.ui.sale.actions import PAY, SELL
from tilltui.ui.sale.buffer import Buffer
from tilltui.ui.sale.key_map import KeyMap


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


@dataclass(eq=False)
class SaleState:
    """What the sale screen shows beside the basket.

    Attributes:
        sell_keys: The keys while selling.
        pay_keys: The keys while taking the money.
        mode: Where the cashier stands.
        buffer: What is keyed and not used yet.
        errors: What waits to be seen, the oldest first.
        done: The sale whose change is shown.
        last_change: The change before, as formatted; empty for none.
        ready: The screen stands; before, keys and scans wait.
        waiting: How many answers of other threads keys and scans wait for.
    """

    sell_keys: KeyMap = field(default_factory=lambda: KeyMap(SELL, {}))
    pay_keys: KeyMap = field(default_factory=lambda: KeyMap(PAY, {}))
    mode: Mode = Mode.SELL
    buffer: Buffer = field(default_factory=Buffer)
    errors: list[Shown] = field(default_factory=list)
    done: Accepted | None = None
    last_change: str = ""
    ready: bool = False
    waiting: int = 0

    @property
    def busy(self) -> bool:
        """Whether keys and scans must wait."""
        return not self.ready or self.waiting > 0

    @property
    def paying(self) -> bool:
        """Whether the keys are those of taking the money."""
        return self.mode in (Mode.PAY, Mode.SAVING)

    @property
    def keys(self) -> KeyMap:
        """The keys of this mode."""
        return self.pay_keys if self.paying else self.sell_keys

    @property
    def unknown(self) -> Shown | None:
        """The error that is shown, where it is about a code that can be added with one key."""
        first = self.errors[0] if self.errors else None
        return first if first is not None and isinstance(first.problem, UnknownCode) else None
