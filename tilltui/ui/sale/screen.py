"""The cashier's screen: the layout, and what a mouse does to it."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult

from tilltui.i18n import _
from tilltui.ui.sale.parts import Parts
from tilltui.ui.sale.view import SaleView
from tilltui.ui.widgets.boxes import SideBySide
from tilltui.ui.widgets.frame import FrameRule, FrameSide
from tilltui.ui.widgets.key_row import KeyRow
from tilltui.ui.widgets.quick_screen import QuickScreen
from tilltui.ui.widgets.sale.basket_view import BasketView
from tilltui.ui.widgets.sale.error_bar import ErrorBar
from tilltui.ui.widgets.sale.header_line import Clock, HeaderLine
from tilltui.ui.widgets.sale.input_line import InputLine
from tilltui.ui.widgets.sale.product_card import ProductCard
from tilltui.ui.widgets.sale.status_line import StatusLine
from tilltui.ui.widgets.sale.total_panel import TotalPanel
from tilltui.ui.widgets.sale.training_banner import TrainingBanner

PANEL = 23
"""Columns of the total's panel."""

CARD = 30
"""Columns of the chosen item's card."""

WIDE = 110
"""From this many columns on the chosen item's card is shown."""


class SaleScreen(QuickScreen):
    """Basket, total, input, status and keys.

    Args:
        view: Paints it.
        clock: For the head.
        training: Sales are practice.
        stands: Called once everything is there and painted.
        clicked: Takes the label of a key that was clicked.
    """

    DEFAULT_CSS = """
    SaleScreen #basket { height: 1fr; }
    SaleScreen ProductCard { border-left: solid $secondary; display: none; }
    """

    _resumed = False

    def __init__(
        self,
        view: SaleView,
        clock: Clock,
        *,
        training: bool,
        stands: Callable[[], object],
        clicked: Callable[[str], object],
    ) -> None:
        super().__init__()
        self.view = view
        self._clock = clock
        self._training = training
        self._stands = stands
        self._clicked = clicked

    def compose(self) -> ComposeResult:
        """The layout of the smallest screen; a wider one has a card too."""
        if self._training:
            yield TrainingBanner(_("TRAINING"))
        yield HeaderLine(self._clock)
        yield FrameRule("top", joint="down", from_right=PANEL + 1, id="over")
        panel, card = TotalPanel(), ProductCard()
        panel.styles.width, card.styles.width = PANEL, CARD + 1
        basket = BasketView(placeholder=_("Scan an item"))
        yield SideBySide(basket, card, FrameSide(), panel, id="basket", classes="framed")
        yield FrameRule("middle", joint="up", from_right=PANEL + 1, id="under")
        yield ErrorBar(classes="framed")
        yield InputLine(classes="framed")
        yield FrameRule("bottom")
        yield StatusLine()
        yield KeyRow()

    def on_mount(self) -> None:
        """Show the open sale, then say that the screen stands."""
        self.view.screen, self.view.parts = self, Parts.of(self)
        self.view.paint_all()
        self._stands()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Keep the styles that the widgets got when they were made a moment ago; they are read once."""
        if not self._resumed:
            self._resumed, event.refresh_styles = True, False

    def on_resize(self, event: events.Resize) -> None:
        """Show or hide the card."""
        card, wide = self.view.parts.card, event.size.width >= WIDE
        if card.display != wide:
            card.display = wide
            joints = (PANEL + 1, PANEL + CARD + 2) if wide else (PANEL + 1,)
            self.query_one("#over", FrameRule).set_joints(*joints)
            self.query_one("#under", FrameRule).set_joints(*joints)
            self.view.paint_card_anew()

    def on_key_row_pressed(self, event: KeyRow.Pressed) -> None:
        """A click on a key's label is the key."""
        event.stop()
        self._clicked(event.key)

    def on_basket_view_row_clicked(self, event: BasketView.RowClicked) -> None:
        """A click chooses a line."""
        event.stop()
        self.view.parts.basket.cursor = event.index
        self.view.paint_card()
