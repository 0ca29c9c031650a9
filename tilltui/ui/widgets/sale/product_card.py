"""One article with all that the cashier may be asked: price, stock, what goes with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Unpack

from tilltui.ui.widgets.cells import fit, plain, width_of, wrap
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run, one
from tilltui.ui.widgets.sale.values import ProductView


class ProductCard(LineWidget):
    """A card of at least 18 columns; details that do not fit in height are left out."""

    STYLE_PREFIX = "product"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "product--name",
        "product--price",
        "product--label",
        "product--note",
    }
    DEFAULT_CSS = """
    ProductCard {
        height: 1fr; width: 1fr; background: $background; color: $foreground; padding: 0 1;
        & > .product--name { text-style: bold; }
        & > .product--price { color: $accent; text-style: bold; }
        & > .product--label { color: $secondary; }
        & > .product--note { color: $warning; }
    }
    """

    def __init__(self, **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._view: ProductView | None = None

    def set_view(self, view: ProductView | None) -> None:
        """Show an article, or nothing."""
        if view != self._view:
            self._view = view
            self.show()

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """Name, code, price, details, note."""
        view = self._view
        if view is None:
            return []
        lines = [one(text, width, "name") for text in wrap(view.name, width, 2)]
        if view.code:
            lines.append(one(view.code, width, "label"))
        lines.append(one(view.price, width, "price"))
        if view.details:
            lines.append(one("", width))
        for label, value in view.details:
            head = plain(label) + " "
            room = width - width_of(head)
            if room < min(8, width_of(plain(value))):
                lines += [one(head, width, "label"), one(value, width, "", "right")]
            else:
                lines.append((Run(head, "label"), Run(fit(value, room, "right"))))
        if view.note:
            lines.append(one("", width))
            lines += [one(text, width, "note") for text in wrap(view.note, width, 4)]
        return lines[:height]
