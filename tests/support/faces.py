"""What conversations say, without a screen that shows it."""

from __future__ import annotations

from tilltui.domain.record.sales.accepted import Accepted
from tilltui.domain.selling.line import Line
from tilltui.errors import TillError
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.selling.ringing import Rung
from tilltui.ui.sale.hints import words_of
from tilltui.ui.sale.state import Mode, SaleState, Shown


class QuietFace:
    """A face that keeps what it was told; the state changes as on the screen.

    Args:
        sale: What there is to choose from.
        state: Where the cashier stands.

    Attributes:
        chosen: Place of the chosen line; the last one at first, as on the screen.
        shown: Names of what was painted, in order.
        numbers: Of the lines that changed, in order; empty: all.
    """

    def __init__(self, sale: OpenSale, state: SaleState) -> None:
        self.chosen = -1
        self.shown: list[str] = []
        self.numbers: list[tuple[int, ...]] = []
        self._sale = sale
        self._state = state

    def selected(self) -> Line | None:
        lines = self._sale.basket.lines
        return lines[self.chosen] if lines and self._state.mode is not Mode.DONE else None

    def become(self, mode: Mode) -> None:
        self._state.mode = mode
        if mode is not Mode.DONE:
            self._state.done = None
        self.shown.append(mode.value)

    def begin(self) -> None:
        if self._state.mode is Mode.DONE:
            self.become(Mode.SELL)

    def say(self, problem: BaseException | str, *, level: str = "error") -> None:
        assert isinstance(problem, str | TillError), f"a fault of the till's own: {problem!r}"
        self._state.errors.append(Shown(problem, level=level))

    def put_away(self, shown: Shown) -> None:
        self._state.errors.remove(shown)

    def rung(self, rung: Rung) -> None:
        self.shown.append("rung")
        self.chosen = -1

    def changed(self, *numbers: int) -> None:
        self.shown.append("changed")
        self.numbers.append(numbers)

    def paid(self) -> None:
        self.shown.append("paid")

    def accepted(self, accepted: Accepted) -> None:
        self._state.done = accepted
        self.become(Mode.DONE)

    def paint_all(self) -> None:
        self.shown.append("all")

    def paint_input(self) -> None:
        """What is keyed was used; nobody asks."""

    def forget_quantity_later(self) -> None:
        self.shown.append("quantity for ten seconds")

    @property
    def said(self) -> list[str]:
        """What waits to be seen, the oldest first."""
        return [words_of(shown)[0] for shown in self._state.errors]


class QuietKeys:
    """Counts how often the kept keys were dropped."""

    dropped = 0

    def drop_keys(self) -> None:
        self.dropped += 1
