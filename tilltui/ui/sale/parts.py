"""The widgets of the sale screen: looked up once, not at each scan."""

from __future__ import annotations

from dataclasses import dataclass

from textual.screen import Screen

from tilltui.ui.widgets.key_row import KeyRow
from tilltui.ui.widgets.sale.basket_view import BasketView
from tilltui.ui.widgets.sale.error_bar import ErrorBar
from tilltui.ui.widgets.sale.header_line import HeaderLine
from tilltui.ui.widgets.sale.input_line import InputLine
from tilltui.ui.widgets.sale.product_card import ProductCard
from tilltui.ui.widgets.sale.status_line import StatusLine
from tilltui.ui.widgets.sale.total_panel import TotalPanel
from tilltui.ui.widgets.sale.training_banner import TrainingBanner


@dataclass(eq=False)
class Parts:
    """What the screen is made of.

    Attributes:
        basket: The list of lines.
        panel: The total.
        card: The chosen item's card; not displayed on a narrow screen.
        bar: Errors.
        input: What is keyed.
        keys: The key row.
        header: Shop, number, time.
        status: How the till is.
        training: Says that sales are practice; ``None`` where they are not.
    """

    basket: BasketView
    panel: TotalPanel
    card: ProductCard
    bar: ErrorBar
    input: InputLine
    keys: KeyRow
    header: HeaderLine
    status: StatusLine
    training: TrainingBanner | None

    @classmethod
    def of(cls, screen: Screen[None]) -> Parts:
        """Look the widgets of a screen up, once they are there."""
        return cls(
            screen.query_one(BasketView),
            screen.query_one(TotalPanel),
            screen.query_one(ProductCard),
            screen.query_one(ErrorBar),
            screen.query_one(InputLine),
            screen.query_one(KeyRow),
            screen.query_one(HeaderLine),
            screen.query_one(StatusLine),
            next(iter(screen.query(TrainingBanner)), None),
        )
