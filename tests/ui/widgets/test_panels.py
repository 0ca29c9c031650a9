from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.widget import Widget

from tests.ui.glyph_check import assert_console_safe, screen_lines
from tilltui.ui.shell.theme import SIXTEEN, TRUE_COLOUR, apply_theme
from tilltui.ui.widgets.big_digits import BigDigits, digit_rows
from tilltui.ui.widgets.cells import width_of
from tilltui.ui.widgets.frame import FrameRule
from tilltui.ui.widgets.key_row import KeyLabel, KeyRow
from tilltui.ui.widgets.sale.error_bar import ErrorBar
from tilltui.ui.widgets.sale.header_line import HeaderLine
from tilltui.ui.widgets.sale.input_line import InputLine
from tilltui.ui.widgets.sale.product_card import ProductCard
from tilltui.ui.widgets.sale.status_line import StatusLine
from tilltui.ui.widgets.sale.total_panel import TotalPanel
from tilltui.ui.widgets.sale.training_banner import TrainingBanner
from tilltui.ui.widgets.sale.values import Notice, ProductView, TotalView

HOSTILE = "\x1b[2J[/foo][@click=app.quit]\u202e\x9bm"
SHOWN = "[2J[/foo][@click=app.quit]m"


class Shelf(App[None]):
    """One widget, alone."""

    def __init__(self, make: Callable[[], Widget], theme: str = SIXTEEN) -> None:
        super().__init__()
        apply_theme(self, theme)
        self._make = make
        self.pressed: list[str] = []

    def compose(self) -> ComposeResult:
        yield self._make()

    def on_key_row_pressed(self, message: KeyRow.Pressed) -> None:
        self.pressed.append(message.key)


KEYS = [
    KeyLabel(f"F{n}", label, short)
    for n, (label, short) in enumerate(
        [
            ("Ayuda", ""), ("Buscar", ""), ("Cantidad", "Cant"), ("Descuento", "Dscto"), ("Aparcar", ""),
            ("Cliente", ""), ("Producto", "Ficha"), ("Anular", ""), ("Tarjeta", ""), ("Efectivo", "Efect"),
            ("Cajón", ""), ("Menú principal", "Menú"),
        ],
        1,
    )
]  # fmt: skip


def hostile_error() -> Widget:
    bar = ErrorBar()
    bar.show_error(HOSTILE, HOSTILE, code=HOSTILE, key="Esc")
    return bar


def hostile_status() -> Widget:
    line = StatusLine()
    line.set_notices([Notice(HOSTILE, "error"), Notice("ñandú " * 40, "warning")])
    return line


def hostile_header() -> Widget:
    line = HeaderLine(lambda: ("14:32", 60.0))
    line.set_texts(HOSTILE, "Venta 1")
    return line


def hostile_card() -> Widget:
    card = ProductCard()
    card.set_view(ProductView(HOSTILE * 3, HOSTILE, HOSTILE, ((HOSTILE, HOSTILE), ("Stock", "3")), HOSTILE))
    return card


def hostile_digits() -> Widget:
    digits = BigDigits()
    digits.set_number(HOSTILE, HOSTILE)
    return digits


def hostile_input() -> Widget:
    line = InputLine()
    line.set_buffer(HOSTILE, prompt=HOSTILE, pending=HOSTILE, hint=HOSTILE)
    return line


@pytest.mark.parametrize("theme", [SIXTEEN, TRUE_COLOUR])
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (20, 6)])
@pytest.mark.parametrize(
    "make",
    [
        hostile_error,
        hostile_status,
        hostile_header,
        hostile_card,
        hostile_digits,
        hostile_input,
        lambda: TotalPanel(TotalView(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, (HOSTILE,))),
        lambda: KeyRow([KeyLabel(HOSTILE, HOSTILE), *KEYS]),
        lambda: TrainingBanner(HOSTILE),
        lambda: FrameRule("top", joint="down", from_right=5, title=HOSTILE),
    ],
)
async def test_hostile_text_is_shown_or_dropped(
    make: Callable[[], Widget], size: tuple[int, int], theme: str
) -> None:
    app = Shelf(make, theme)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert_console_safe(app)
        if size[0] >= 80 and not isinstance(app.query("*").last(), (TotalPanel, KeyRow)):
            assert any(SHOWN in line for line in screen_lines(app))


@pytest.mark.parametrize("columns", [80, 100, 200])
async def test_twelve_keys_are_all_readable(columns: int) -> None:
    app = Shelf(lambda: KeyRow(KEYS))
    async with app.run_test(size=(columns, 2)) as pilot:
        await pilot.pause()
        text = " ".join(screen_lines(app))
        for key in KEYS:
            assert f"{key.key} {key.label} " in text or f"{key.key} {key.short or key.label} " in text, key
        if columns == 200:
            assert screen_lines(app)[1].strip() == ""
        assert_console_safe(app)


async def test_one_row_of_keys_leaves_none_out() -> None:
    app = Shelf(lambda: KeyRow(KEYS))
    async with app.run_test(size=(80, 1)) as pilot:
        app.query_one(KeyRow).styles.height = 1
        await pilot.pause()
        line = screen_lines(app)[0]
        at = [
            line.index(f" F{n}{(KEYS[n - 1].short or KEYS[n - 1].label)[: 3 if n < 10 else 2]}")
            for n in range(1, 13)
        ]
        assert at == sorted(at)
        app.query_one(KeyRow).set_keys([KeyLabel("Esc", "Volver")])
        await pilot.pause()
        assert screen_lines(app)[0].split() == ["Esc", "Volver"]


async def test_a_touch_on_a_label_is_its_key() -> None:
    app = Shelf(lambda: KeyRow(KEYS))
    async with app.run_test(size=(80, 2)) as pilot:
        await pilot.pause()
        second_row = screen_lines(app)[1]
        await pilot.click(KeyRow, offset=(second_row.index("Efectivo"), 1))
        await pilot.click(KeyRow, offset=(3, 0))
        assert app.pressed == ["F10", "F1"]


async def test_an_error_stays_until_it_is_cleared_and_moves_nothing() -> None:
    app = Shelf(ErrorBar)
    async with app.run_test(size=(80, 24)) as pilot:
        bar = app.query_one(ErrorBar)
        bar.set_quiet("Yerba mate", "7790387013627")
        bar.show_error("código desconocido", "F12 lo agrega.", code="7801234567890")
        await pilot.pause()
        size = bar.size
        lines = screen_lines(app)
        assert "7801234567890: código desconocido" in lines[0]
        assert "F12 lo agrega." in lines[1]
        assert lines[1].rstrip().endswith("Esc")
        assert bar.showing
        bar.set_quiet("Leche", "")
        await pilot.pause()
        assert "código desconocido" in screen_lines(app)[0]
        bar.clear()
        await pilot.pause()
        assert screen_lines(app)[0].strip() == "Leche"
        assert bar.size == size
        assert not bar.showing


async def test_a_long_error_is_wrapped_not_lost() -> None:
    app = Shelf(ErrorBar)
    async with app.run_test(size=(60, 3)) as pilot:
        message = "La impresora no responde desde hace un minuto y puede que haya papel atascado"
        app.query_one(ErrorBar).show_error(message, "Revise el papel.")
        await pilot.pause()
        words = " ".join(screen_lines(app)[:2]).split()
        assert " ".join(words).startswith(
            "! La impresora no responde desde hace un minuto y puede que haya papel"
        )


async def test_the_clock_ticks_when_its_text_changes() -> None:
    times = iter([("14:32", 0.0), ("14:33", 60.0)])
    asked: list[str] = []

    def clock() -> tuple[str, float]:
        text, seconds = next(times)
        asked.append(text)
        return text, seconds

    app = Shelf(lambda: HeaderLine(clock))
    async with app.run_test(size=(80, 1)) as pilot:
        assert screen_lines(app)[0].rstrip().endswith("14:32")
        header = app.query_one(HeaderLine)
        header.set_texts("Almacén Rosita · Caja 1 · " + "Ana " * 30, "Venta 1-000123")
        await pilot.pause(1.2)
        assert asked == ["14:32", "14:33"]
        line = screen_lines(app)[0]
        assert line.rstrip().endswith("14:33")
        assert "Venta 1-000123" in line
        assert line.startswith(" Almacén Rosita · Caja 1")


async def test_status_says_the_first_things_first() -> None:
    app = Shelf(StatusLine)
    async with app.run_test(size=(60, 1)) as pilot:
        app.query_one(StatusLine).set_notices(
            [
                Notice("sin conexión: 14 ventas esperan", "warning"),
                Notice("impresora: sin papel, tapa abierta"),
            ]
        )
        await pilot.pause()
        assert screen_lines(app)[0] == f" {'sin conexión: 14 ventas esperan · impresora: sin papel, t.':<58} "


async def test_the_end_of_a_long_buffer_is_shown() -> None:
    app = Shelf(InputLine)
    async with app.run_test(size=(30, 1)) as pilot:
        line = app.query_one(InputLine)
        line.set_buffer("", hint="escanee")
        await pilot.pause()
        assert screen_lines(app)[0].strip() == "_ escanee"
        line.set_buffer("0123456789" * 5 + "X", pending="3 x", prompt="Código:")
        await pilot.pause()
        shown = screen_lines(app)[0]
        assert shown.rstrip().endswith("9X_")
        assert "3 x" in shown


@pytest.mark.parametrize(("width", "rows"), [(27, 5), (26, 3), (18, 3), (17, 1), (60, 5)])
def test_digits_take_the_largest_size_that_fits(width: int, rows: int) -> None:
    drawn = digit_rows("$12.990", width, 5)
    assert len(drawn) == rows
    assert all(width_of(row) <= width for row in drawn)


@given(
    st.text("0123456789.,-+$€£% :R", min_size=1, max_size=12), st.integers(0, 80), st.sampled_from([1, 3, 5])
)
def test_digits_fit_or_stay_text(text: str, width: int, rows: int) -> None:
    drawn = digit_rows(text, width, rows)
    assert len(drawn) <= rows
    assert len({width_of(row) for row in drawn}) == 1
    if len(drawn) > 1:
        assert width_of(drawn[0]) <= width
        assert set("".join(drawn)) <= set(" █╔═╗║╚╝╠╣╦╩╬.,'")
    else:
        assert drawn == (text,)


def test_gaps_are_given_up_where_least_is_lost() -> None:
    assert digit_rows("$15.690", 22, 3) == (
        "╔╦═ ╗ ╔══ ╔══ ╔═╗ ╔═╗",
        "╚╬╗ ║ ╚═╗ ╠═╗ ╚═╣ ║ ║",
        "═╩╝ ║ ══╝.╚═╝ ══╝ ╚═╝",
    )


@pytest.mark.parametrize("left", "$€£0123456789")
def test_without_gaps_no_digit_becomes_a_part_of_another(left: str) -> None:
    """The 1 of a change of $15.690 was the corner of the $, so that it could be read as $5.690."""
    end = len(digit_rows(left, 9, 3)[0])
    for right in "0123456789":
        tightest = next(rows for width in range(9) if len(rows := digit_rows(left + right, width, 3)) == 3)
        for row in tightest:
            assert not re.fullmatch("[═╔╚╠╦╩╬][═╗╝╣╦╩╬]", row[end - 1 : end + 1]), tightest


def test_all_digits_differ_in_both_sizes() -> None:
    for size in (3, 5):
        assert len({digit_rows(digit, 40, size) for digit in "0123456789-+.,$€£%"}) == 18


async def test_total_panel_shows_everything_in_ten_rows() -> None:
    view = TotalView(
        "TOTAL", "$12.990", "9 artículos", "IVA incl. $2.074", "Cliente: M. Soto", "Vuelto $1.010"
    )
    app = Shelf(lambda: TotalPanel(view))
    async with app.run_test(size=(24, 10)) as pilot:
        await pilot.pause()
        lines = [line.strip() for line in screen_lines(app)]
        assert lines[0] == "TOTAL"
        assert lines[1].startswith("╔")
        assert lines[4:] == ["", "9 artículos", "IVA incl. $2.074", "", "Cliente: M. Soto", "Vuelto $1.010"]
        await pilot.resize_terminal(24, 5)
        await pilot.pause()
        assert [line.strip() for line in screen_lines(app)][:2] == ["TOTAL", "$12.990"]


async def test_total_panel_never_cuts_an_amount() -> None:
    extra = ("Transferencia $1.234.567", "Efectivo $5")
    app = Shelf(lambda: TotalPanel(TotalView("A PAGAR", "$12.990", "1 artículo", extra=extra)))
    async with app.run_test(size=(23, 12)) as pilot:
        await pilot.pause()
        shown = [line.strip() for line in screen_lines(app)]
        assert shown[4:10] == ["", "1 artículo", "", "Transferencia", "$1.234.567", "Efectivo $5"]


def test_a_frame_joins_the_column_beside_it() -> None:
    line = FrameRule("middle", joint="up", from_right=4).paint(20, 1)[0]
    assert "".join(run.text for run in line) == "├" + "─" * 14 + "┴" + "─" * 3 + "┤"
    with pytest.raises(KeyError):
        FrameRule("round")
