"""What a conversation may use: the register, where the cashier stands, and a few words to the screen."""

from __future__ import annotations

from typing import Protocol

from tilltui.domain.clock import Clock, now_ms
from tilltui.domain.money.money import Currency
from tilltui.domain.record.sales.accepted import Accepted
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Line
from tilltui.errors import N_, SaleError
from tilltui.services.register import Register
from tilltui.services.selling.ringing import Rung
from tilltui.services.shop import Shop
from tilltui.ui.flows.known import Known
from tilltui.ui.sale.state import Mode, SaleState, Shown


class Face(Protocol):
    """What a conversation says that it has done; the screen paints it, and a test has a quiet one."""

    def selected(self) -> Line | None:
        """The chosen line."""

    def become(self, mode: Mode) -> None:
        """Go to another mode."""

    def begin(self) -> None:
        """Leave the change of the last sale."""

    def say(self, problem: BaseException | str, *, level: str = "error") -> None:
        """Say something in the bar until Esc."""

    def put_away(self, shown: Shown) -> None:
        """Take an error out of the bar."""

    def rung(self, rung: Rung) -> None:
        """A line was rung or grew."""

    def changed(self, *numbers: int) -> None:
        """Lines changed; all, where none is named."""

    def paid(self) -> None:
        """What is left to pay is another amount."""

    def accepted(self, accepted: Accepted) -> None:
        """The sale is on disk."""

    def paint_all(self) -> None:
        """Everything is another: a sale was parked or taken back."""

    def paint_input(self) -> None:
        """What is keyed was used."""

    def forget_quantity_later(self) -> None:
        """A quantity was keyed, which is forgotten when nobody uses it."""


class Keys(Protocol):
    """What a conversation may do to the keys that were kept for it."""

    def drop_keys(self) -> None:
        """Forget the kept keys: they were meant for another sale than the one that is open now."""


class Conversation:
    """What every conversation gets.

    Args:
        register: Every command.
        state: Where the cashier stands.
        face: Says what was done.
        keys: What was keyed meanwhile.
        known: What is known of devices, plugs and uploads.
        clock: The wall clock, UTC milliseconds.
    """

    def __init__(
        self,
        register: Register,
        state: SaleState,
        face: Face,
        keys: Keys,
        known: Known,
        clock: Clock = now_ms,
    ) -> None:
        self.register = register
        self.state = state
        self.face = face
        self.keys = keys
        self.known = known
        self.clock = clock

    @property
    def shop(self) -> Shop:
        """The shop."""
        return self.register.sale.shop

    @property
    def money(self) -> Currency:
        """What is paid in."""
        return self.register.sale.shop.currency

    @property
    def basket(self) -> Basket:
        """What the customer takes."""
        return self.register.sale.basket

    def keyed(self) -> str:
        """Use what is keyed."""
        text = self.state.buffer.take()
        self.face.paint_input()
        return text

    def chosen(self) -> Line:
        """The chosen line.

        Raises:
            SaleError: There is none.
        """
        line = self.face.selected()
        if line is None:
            raise SaleError(N_("No line is chosen."), hint=N_("Scan an item first."))
        return line
