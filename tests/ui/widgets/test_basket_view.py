from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.strip import Strip

from tests.ui.glyph_check import assert_console_safe, screen_lines
from tilltui.ui.shell.theme import SIXTEEN, TRUE_COLOUR, apply_theme
from tilltui.ui.widgets.cells import width_of
from tilltui.ui.widgets.quick_screen import QuickScreen
from tilltui.ui.widgets.sale.basket_columns import columns_line
from tilltui.ui.widgets.sale.basket_view import BasketView
from tilltui.ui.widgets.sale.values import BasketRow

KINDS = ("sale", "void", "voided", "discount", "note", "open", "payment", "return")


def row(number: int, kind: Any = "sale") -> BasketRow:
    return BasketRow(str(number % 7), f"Artículo {number}", "$1.150", f"${number}", kind)


class Counting(BasketView):
    """Notes which lines Textual asks to be drawn anew."""

    def __init__(self) -> None:
        super().__init__(placeholder="Escanee un artículo")
        self.drawn: list[int] = []
        self.built = 0

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return super().render_line(y)

    def _draw(self, index: int, selected: bool, width: int) -> Strip:
        self.built += 1
        return super()._draw(index, selected, width)

    def reset(self) -> None:
        self.drawn.clear()
        self.built = 0


class BasketApp(App[None]):
    CSS = "Counting { height: 1fr; }"

    def __init__(self, theme: str = SIXTEEN) -> None:
        super().__init__()
        apply_theme(self, theme)
        self.clicked: list[int] = []

    def get_default_screen(self) -> QuickScreen:
        return QuickScreen()

    def compose(self) -> ComposeResult:
        yield Counting()

    def on_basket_view_row_clicked(self, message: BasketView.RowClicked) -> None:
        self.clicked.append(message.index)


@pytest.mark.parametrize("theme", [SIXTEEN, TRUE_COLOUR])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 10)])
async def test_every_kind_of_row_is_console_safe(theme: str, size: tuple[int, int]) -> None:
    app = BasketApp(theme)
    async with app.run_test(size=size) as pilot:
        assert any("Escanee un artículo" in line for line in screen_lines(app))
        basket = app.query_one(Counting)
        for number, kind in enumerate(KINDS):
            basket.append(row(number, kind))
            await pilot.pause()
            assert_console_safe(app)
        assert not any("Escanee" in line for line in screen_lines(app))
        assert screen_lines(app)[len(KINDS) - 1].startswith(">")


async def test_a_scan_repaints_the_old_and_the_new_line_only() -> None:
    app = BasketApp()
    async with app.run_test(size=(80, 24)) as pilot:
        basket = app.query_one(Counting)
        for lines in (1, 10, 300):
            basket.set_rows([row(n) for n in range(lines)])
            await pilot.pause()
            basket.reset()
            basket.append(row(lines))
            await pilot.pause()
            y = basket.cursor - basket.top
            assert sorted(basket.drawn) == [y - 1, y], lines
            assert basket.built == 2


async def test_changes_that_change_nothing_paint_nothing() -> None:
    app = BasketApp()
    async with app.run_test(size=(80, 24)) as pilot:
        basket = app.query_one(Counting)
        basket.set_rows([row(n) for n in range(12)], cursor=3)
        await pilot.pause()
        basket.reset()
        basket.set_rows([row(n) for n in range(12)], cursor=3)
        basket.update(5, row(5))
        basket.move(0)
        await pilot.pause()
        assert basket.drawn == []
        basket.set_rows([row(n) if n != 7 else row(99) for n in range(12)], cursor=3)
        await pilot.pause()
        assert basket.drawn == [7]
        assert "Artículo 99" in screen_lines(app)[7]


async def test_a_page_jump_is_half_a_page_and_keeps_drawn_lines() -> None:
    app = BasketApp()
    async with app.run_test(size=(80, 24)) as pilot:
        basket = app.query_one(Counting)
        basket.set_rows([row(n) for n in range(24)])
        await pilot.pause()
        assert basket.top == 0
        basket.reset()
        basket.append(row(24))
        await pilot.pause()
        assert basket.top == 24 - 12
        assert len(basket.drawn) == 24
        assert basket.built == 2, "rows that were on the page before are not drawn again"
        assert "Artículo 24" in screen_lines(app)[12]


async def test_rows_that_changed_while_off_the_page_are_drawn_anew() -> None:
    app = BasketApp()
    async with app.run_test(size=(60, 10)) as pilot:
        basket = app.query_one(Counting)
        for number in range(11):
            basket.append(row(number))
            await pilot.pause()
        assert basket.top == 5
        basket.set_rows([row(70)])
        await pilot.pause()
        assert "Artículo 70" in screen_lines(app)[0]


async def test_theme_and_size_changes_redraw() -> None:
    app = BasketApp(SIXTEEN)
    async with app.run_test(size=(80, 24)) as pilot:
        basket = app.query_one(Counting)
        basket.set_rows([row(n) for n in range(40)])
        await pilot.pause()
        before = basket.render_line(0)
        app.theme = TRUE_COLOUR
        await pilot.pause()
        after = basket.render_line(0)
        assert [segment.style for segment in before] != [segment.style for segment in after]
        await pilot.resize_terminal(60, 8)
        await pilot.pause()
        assert basket.top <= basket.cursor < basket.top + 8
        assert_console_safe(app)
        assert any(line.startswith(">") for line in screen_lines(app))


async def test_hostile_names_are_text_and_nothing_else() -> None:
    app = BasketApp()
    name = "\x1b]52;c;QQ==\x07[@click=app.quit]x[/foo]\x9b2J\u202egnp\u2028 \ud800 牛奶"
    async with app.run_test(size=(80, 24)) as pilot:
        basket = app.query_one(Counting)
        basket.set_rows([BasketRow("1\r", name, "\x1b[1m", "$\x00\x1b1")])
        await pilot.pause()
        text = screen_lines(app)[0]
        assert "]52;c;QQ==[@click=app.quit]x[/f" in text
        assert text.rstrip().endswith("$1")
        assert_console_safe(app, data="牛奶")
        basket.set_rows([BasketRow("1", "牛" * 80, "$1", "$1")])
        await pilot.pause()
        assert_console_safe(app, data="牛")
        assert "." in screen_lines(app)[0]


async def test_a_click_names_its_row() -> None:
    app = BasketApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.query_one(Counting).set_rows([row(n) for n in range(5)])
        await pilot.pause()
        await pilot.click(Counting, offset=(10, 3))
        await pilot.click(Counting, offset=(10, 15))
        await pilot.pause()
        assert app.clicked == [3]


def test_an_index_that_is_not_there_is_refused() -> None:
    basket = BasketView()
    with pytest.raises(IndexError):
        basket.update(0, row(0))
    with pytest.raises(IndexError):
        basket.update(-1, row(0))


Step = tuple[str, int]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(1, 30)),
        st.tuples(st.just("move"), st.integers(-30, 30)),
        st.tuples(st.just("page"), st.integers(-2, 2)),
        st.tuples(st.sampled_from(["home", "end", "update"]), st.just(0)),
        st.tuples(st.just("set"), st.integers(0, 40)),
        st.tuples(st.just("height"), st.integers(3, 20)),
    ),
    max_size=12,
)


async def _follow(steps: list[Step]) -> None:
    app = BasketApp()
    async with app.run_test(size=(60, 10)) as pilot:
        basket = app.query_one(Counting)
        rows: list[BasketRow] = []
        cursor, height = -1, 10
        for step, amount in steps:
            if step == "append":
                for _ in range(amount):
                    rows.append(row(len(rows)))
                    basket.append(rows[-1])
                cursor = len(rows) - 1
            elif step in ("move", "page"):
                getattr(basket, step)(amount)
                delta = amount if step == "move" else amount * height
                cursor = max(0, min(cursor + delta, len(rows) - 1)) if rows else -1
            elif step == "set":
                rows = [row(n + amount) for n in range(amount)]
                basket.set_rows(rows)
                cursor = len(rows) - 1
            elif step == "update" and rows:
                rows[cursor] = BasketRow("9", f"Otro {len(rows)}", "", "$9")
                basket.update(cursor, rows[cursor])
            elif step == "height":
                height = amount
                await pilot.resize_terminal(60, height)
            elif step in ("home", "end"):
                getattr(basket, step)()
                cursor = (0 if step == "home" else len(rows) - 1) if rows else -1
            await pilot.pause()
            assert basket.rows == tuple(rows)
            assert basket.cursor == cursor
            _check_page(basket, rows, cursor, screen_lines(app))


def _check_page(basket: BasketView, rows: list[BasketRow], cursor: int, lines: list[str]) -> None:
    """The page shows consecutive rows, the cursor's among them, and nothing else."""
    if not rows:
        return
    assert basket.top <= cursor < basket.top + len(lines)
    for y, line in enumerate(lines):
        index = basket.top + y
        if index >= len(rows):
            assert line.strip() == ""
            continue
        r = rows[index]
        assert line == columns_line(
            r.quantity, r.description, r.unit_price, r.amount, r.kind, index == cursor, len(line)
        )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_the_screen_follows_a_simple_model(steps: list[Step]) -> None:
    asyncio.run(_follow(steps))


@given(
    st.text(max_size=12), st.text(max_size=60), st.text(max_size=12), st.text(max_size=14),
    st.sampled_from(KINDS), st.booleans(), st.integers(0, 140),
)  # fmt: skip
def test_a_row_is_always_as_wide_as_its_line(
    quantity: str, description: str, unit: str, amount: str, kind: str, selected: bool, width: int
) -> None:
    line = columns_line(quantity, description, unit, amount, kind, selected, width)
    assert width_of(line) == width
    assert line.isprintable()


@given(st.integers(-(10**12), 10**12), st.text(max_size=200), st.integers(20, 140))
def test_an_amount_is_whole_or_hashes(amount: int, description: str, width: int) -> None:
    text = f"${amount:,}"
    line = columns_line("1", description, "$1.000.000", text, "sale", False, width)
    assert line.rstrip().endswith(text) or "#" * 8 in line


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Leche entera Valle Lindo 1 L", "Leche entera Valle L. 1 L"),
        ("Leche entera Valle Lindo 200 ml", "Leche entera Vall. 200 ml"),
        ("Pañales talla XG Copito 20 unidades", "Pañales tall. 20 unidades"),
        ("Cerveza dorada Cerro Viejo botella", "Cerveza dorada Cerro Vie."),
        ("Leche entera Valle Lindo · mesa 5", "Leche entera Valle Lindo."),
        ("Detergente 12345678901234567890", "Detergente 1234567890123."),
        ("Leche 1 L", "Leche 1 L"),
    ],
)
def test_a_name_that_is_cut_keeps_its_size(name: str, shown: str) -> None:
    line = columns_line("1", name, "$1.190", "$1.190", "sale", selected=False, width=54)
    assert line[9:34] == shown.ljust(25)
    assert len(line) == 54
