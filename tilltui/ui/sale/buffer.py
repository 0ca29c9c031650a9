"""What the cashier has keyed and not yet used: quantity first, then a code; never a scan."""

from __future__ import annotations

from dataclasses import dataclass

from tilltui.domain.money.money import format_quantity
from tilltui.ui.sale.amounts import keyed_quantity

MAX_KEYED = 32
"""Most characters in the buffer."""

QUANTITY_SECONDS = 10.0
"""A quantity that is not used is forgotten after this long."""


@dataclass
class Buffer:
    """Digits and a pending quantity. Pure state; the screen paints it.

    Attributes:
        text: What is keyed.
        pending: Quantity for the next item in thousandths, or ``None``.
        setting: The cashier pressed ``*`` first: what follows sets the chosen line.
    """

    text: str = ""
    pending: int | None = None
    setting: bool = False

    def key(self, char: str) -> bool:
        """Take a digit or a decimal mark.

        Returns:
            Whether it was taken.
        """
        if len(self.text) >= MAX_KEYED or not (char.isascii() and (char.isdigit() or char in ".,-")):
            return False
        if char == "-" and not self.text:
            return False
        self.text += char
        return True

    def times(self) -> None:
        """Take ``*``: what is keyed is a quantity, or what will be keyed sets the chosen line.

        Raises:
            AmountError: What is keyed is no quantity; a whole barcode never is.
        """
        if not self.text:
            self.setting = not self.setting
            return
        self.pending = keyed_quantity(self.text)
        self.text = ""

    def take(self) -> str:
        """Use what is keyed."""
        text, self.text = self.text, ""
        self.setting = False
        return text

    def take_quantity(self) -> int | None:
        """Use the pending quantity."""
        pending, self.pending = self.pending, None
        return pending

    def rub_out(self) -> None:
        """Take the last character back, or the pending quantity."""
        if self.text:
            self.text = self.text[:-1]
        elif self.setting:
            self.setting = False
        else:
            self.pending = None

    def clear(self) -> bool:
        """Forget everything.

        Returns:
            Whether there was anything.
        """
        had = bool(self.text or self.setting or self.pending is not None)
        self.text, self.pending, self.setting = "", None, False
        return had

    def pending_text(self, decimal: str) -> str:
        """The pending quantity for the screen: ``3 x``."""
        if self.setting:
            return "*"
        return f"{format_quantity(self.pending, decimal)} x" if self.pending is not None else ""
