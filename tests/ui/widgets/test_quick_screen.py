from __future__ import annotations

from typing import Any

import pyte
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from rich.console import Console
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.screen import ModalScreen, Screen

from tilltui.ui.shell.theme import CONSOLE_CSS, SIXTEEN, TRUE_COLOUR, apply_theme
from tilltui.ui.widgets.frame import FrameRule, FrameSide
from tilltui.ui.widgets.key_row import KeyLabel, KeyRow
from tilltui.ui.widgets.label import Label
from tilltui.ui.widgets.line_widget import StyledWidget
from tilltui.ui.widgets.quick_screen import PiecesUpdate, QuickScreen
from tilltui.ui.widgets.sale.basket_view import BasketView
from tilltui.ui.widgets.sale.error_bar import ErrorBar
from tilltui.ui.widgets.sale.header_line import HeaderLine
from tilltui.ui.widgets.sale.input_line import InputLine
from tilltui.ui.widgets.sale.status_line import StatusLine
from tilltui.ui.widgets.sale.total_panel import TotalPanel
from tilltui.ui.widgets.sale.training_banner import TrainingBanner
from tilltui.ui.widgets.sale.values import BasketRow, Notice, RowKind, TotalView

COLUMNS, ROWS = 80, 24


class Sale(QuickScreen):
    """The sale screen's widgets without a till behind them."""

    def compose(self) -> ComposeResult:
        yield TrainingBanner("PRÁCTICA")
        yield HeaderLine()
        yield FrameRule("top", joint="down", from_right=24)
        panel = TotalPanel()
        panel.styles.width = 23
        yield Horizontal(BasketView(placeholder="Escanee"), FrameSide(), panel, classes="framed")
        yield FrameRule("middle", joint="up", from_right=24)
        yield ErrorBar(classes="framed")
        yield InputLine(classes="framed")
        yield StatusLine()
        yield KeyRow([KeyLabel("F1", "Ayuda"), KeyLabel("F2", "Buscar")])


class Over(ModalScreen[None]):
    def compose(self) -> ComposeResult:
        yield Label("pop-up")


class Shop(App[None]):
    """Feeds everything that would go to the terminal into a terminal."""

    CSS = CONSOLE_CSS + "Over { align: center middle; } Over Label { width: 20; }"

    def __init__(self, theme: str) -> None:
        super().__init__()
        apply_theme(self, theme)
        self.terminal = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.Stream(self.terminal)
        self.quick = self.slow = 0
        self.bytes_sent = 0
        self.paper = Console(color_system="standard" if theme == SIXTEEN else "truecolor")

    def get_default_screen(self) -> Screen[Any]:
        return Sale()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            text = renderable.render_segments(self.paper)
            self.bytes_sent += len(text.encode())
            self.quick += isinstance(renderable, PiecesUpdate)
            self.slow += not isinstance(renderable, PiecesUpdate)
            self.stream.feed(text)
        super()._display(screen, renderable)

    def reset(self) -> None:
        self.quick = self.slow = self.bytes_sent = 0

    def shown(self) -> list[list[pyte.screens.Char]]:
        """Every cell of the terminal, with its colours."""
        return [[self.terminal.buffer[y][x] for x in range(COLUMNS)] for y in range(ROWS)]

    def fresh(self) -> list[list[pyte.screens.Char]]:
        """The same from a screen that Textual paints at once."""
        terminal = pyte.Screen(COLUMNS, ROWS)
        compositor = self.screen._compositor
        strips = compositor.render_strips()
        text = LayoutUpdate([[strip] for strip in strips], compositor.size.region).render_segments(self.paper)
        pyte.Stream(terminal).feed(text)
        return [[terminal.buffer[y][x] for x in range(COLUMNS)] for y in range(ROWS)]


NAMES = st.text("ab ñÁ牛ü$0", max_size=50)
ROWS_ = st.builds(
    BasketRow,
    st.sampled_from(["1", "12", "0,450"]),
    NAMES,
    st.just("$990"),
    st.integers(-9999, 9999999).map(lambda amount: f"${amount}"),
    st.sampled_from(["sale", "void", "voided", "discount", "note", "open", "payment", "return"]),
)
VIEWS = st.builds(
    TotalView,
    st.sampled_from(["TOTAL", "CAMBIO", ""]),
    st.integers(0, 99999999).map(lambda amount: f"${amount:,}".replace(",", "."))
    | st.sampled_from(["", "牛"]),
    items=NAMES,
    tax=NAMES,
    emphasis=st.sampled_from(["total", "rest", "change"]),
)
TEXTS = st.tuples(NAMES, NAMES)
STEPS = st.one_of(
    st.tuples(st.just("append"), ROWS_),
    st.tuples(st.just("rows"), st.lists(ROWS_, max_size=30)),
    st.tuples(st.just("move"), st.integers(-30, 30)),
    st.tuples(st.just("total"), VIEWS),
    st.tuples(st.just("error"), TEXTS),
    st.tuples(st.just("calm"), TEXTS),
    st.tuples(st.just("input"), TEXTS),
    st.tuples(st.just("header"), TEXTS),
    st.tuples(st.just("status"), TEXTS),
    st.tuples(st.just("dialog"), st.none()),
    st.tuples(st.just("pause"), st.none()),
)


async def do(app: Shop, pilot: Any, step: str, value: Any) -> None:
    """One random thing that happens at a till."""
    sale = app.screen_stack[0]
    basket = sale.query_one(BasketView)
    if step == "append":
        basket.append(value)
    elif step == "rows":
        basket.set_rows(value)
    elif step == "move":
        basket.move(value)
    elif step == "total":
        sale.query_one(TotalPanel).set_view(value)
    elif step == "error":
        sale.query_one(ErrorBar).show_error(*value)
    elif step == "calm":
        sale.query_one(ErrorBar).clear()
        sale.query_one(ErrorBar).set_quiet(*value)
    elif step == "input":
        sale.query_one(InputLine).set_buffer(value[0], hint=value[1])
    elif step == "header":
        sale.query_one(HeaderLine).set_texts(*value)
    elif step == "status":
        sale.query_one(StatusLine).set_notices([Notice(value[0]), Notice(value[1], "error")])
    elif step == "dialog":
        if len(app.screen_stack) == 1:
            await app.push_screen(Over())
        else:
            app.pop_screen()
    if step in ("pause", "dialog"):
        await pilot.pause()


@pytest.mark.parametrize("theme", [SIXTEEN, TRUE_COLOUR])
@settings(max_examples=10, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@example(  # a wide character at the edge of an older, smaller change
    [("total", TotalView("TOTAL", "$0", "aaba ")), ("total", TotalView("TOTAL", "$0", "ÁÁÁ牛牛牛b0b"))]
)
@given(st.lists(STEPS, min_size=1, max_size=25))
async def test_the_terminal_shows_what_a_screen_painted_at_once_shows(
    theme: str, steps: list[tuple[str, Any]]
) -> None:
    app = Shop(theme)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await pilot.pause()
        for step, value in steps:
            await do(app, pilot, step, value)
        await pilot.pause()
        await pilot.pause()
        assert app.shown() == app.fresh()


def some_row(number: int) -> BasketRow:
    return BasketRow("1", f"Azúcar clásico Nuteva {number:03d}", "$8.990", "$8.990")


def some_total(number: int) -> TotalView:
    return TotalView(
        "TOTAL", f"${number * 8990:,}".replace(",", "."), f"{number} artículos", f"IVA ${number}"
    )


@pytest.mark.parametrize("theme", [SIXTEEN, TRUE_COLOUR])
async def test_a_scan_is_sent_in_one_short_piece(theme: str) -> None:
    app = Shop(theme)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        basket, panel = app.screen.query_one(BasketView), app.screen.query_one(TotalPanel)
        most = 0
        for number in range(1, 40):
            await pilot.pause()
            app.reset()
            top = basket.top
            basket.append(some_row(number))
            panel.set_view(some_total(number))
            await pilot.pause()
            assert app.slow == 0, number
            assert app.quick >= 1, number
            assert app.shown() == app.fresh(), number
            if number > 2 and basket.top == top:
                most = max(most, app.bytes_sent)
        assert most <= 450


@pytest.mark.parametrize("theme", [SIXTEEN, TRUE_COLOUR])
async def test_lines_without_a_border_are_what_textual_draws(theme: str) -> None:
    app = Shop(theme)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        basket = app.screen.query_one(BasketView)
        kinds: tuple[RowKind, ...] = (
            "sale",
            "void",
            "voided",
            "discount",
            "note",
            "open",
            "payment",
            "return",
        )
        basket.set_rows([BasketRow("1", "Ñandú", "$1", "$1", kind) for kind in kinds], cursor=2)
        app.screen.query_one(TotalPanel).set_view(some_total(3))
        app.screen.query_one(ErrorBar).show_error("sin papel", "ponga papel")
        await pilot.pause()
        bare = [widget for widget in app.screen.query(StyledWidget) if widget.bare]
        assert {type(widget) for widget in bare} >= {BasketView, TotalPanel, FrameSide, FrameRule, HeaderLine}
        for widget in bare:
            crop = Region(0, 0, *widget.size)
            ours = widget.render_lines(crop)
            widget._styles_cache.clear()
            theirs = widget._styles_cache.render_widget(widget, crop)
            assert ["".join(strip.render(app.paper)) for strip in ours] == [
                "".join(strip.render(app.paper)) for strip in theirs
            ], widget
            inner = Region(2, 0, 7, widget.size.height)
            assert [strip.text for strip in widget.render_lines(inner)] == [
                strip.crop(2, 9).text for strip in ours
            ]


async def test_another_theme_and_another_size_are_painted_whole() -> None:
    app = Shop(SIXTEEN)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        basket = app.screen.query_one(BasketView)
        for number in range(30):
            basket.append(some_row(number))
        await pilot.pause()
        before = app.shown()
        app.theme = TRUE_COLOUR
        app.paper = Console(color_system="truecolor")
        await pilot.pause()
        await pilot.pause()
        assert app.shown() == app.fresh()
        assert app.shown() != before
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        await pilot.resize_terminal(COLUMNS, ROWS)
        await pilot.pause()
        basket.append(some_row(30))
        await pilot.pause()
        assert app.shown() == app.fresh()


async def test_what_lies_under_something_goes_textuals_way() -> None:
    app = Shop(SIXTEEN)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        basket = app.screen.query_one(BasketView)
        cover = Label("over the basket")
        cover.styles.layer = "above"
        app.screen.styles.layers = "default above"
        cover.styles.width = 15
        cover.styles.offset = (3, 4)
        await app.screen.mount(cover)
        await pilot.pause()
        await pilot.pause()
        assert "over the basket" in "".join(char.data for char in app.shown()[4])
        app.reset()
        basket.append(some_row(1))
        basket.append(some_row(2))
        await pilot.pause()
        assert app.slow >= 1
        assert app.shown() == app.fresh()
        await cover.remove()
        await pilot.pause()
        app.reset()
        basket.append(some_row(3))
        await pilot.pause()
        assert (app.quick, app.slow) == (1, 0)
        assert app.shown() == app.fresh()
