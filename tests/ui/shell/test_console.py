"""Every screen at 80x24 on the bare console, in every language: glyphs, colours, nothing cut that matters."""

from __future__ import annotations

from typing import Any

import pytest
from textual.screen import Screen

from tests.ui.cashier import Bench, Cashier, open_till
from tests.ui.device_states import DEVICE_STATES, fit
from tests.ui.glyph_check import assert_console_safe
from tests.ui.states import STATES
from tilltui.i18n import LANGUAGES, set_language
from tilltui.ui.widgets.choice_list import ChoiceList
from tilltui.ui.widgets.form_field import FormField
from tilltui.ui.widgets.key_row import KeyRow
from tilltui.ui.widgets.label import Label
from tilltui.ui.widgets.line_widget import LineWidget
from tilltui.ui.widgets.sale.error_bar import ErrorBar
from tilltui.ui.widgets.sale.input_line import InputLine
from tilltui.ui.widgets.sale.total_panel import TotalPanel


def painted(widget: LineWidget) -> list[str]:
    """The lines of a widget as painted."""
    return ["".join(run.text for run in line) for line in widget.paint(*widget.content_size)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
async def test_every_state_on_the_console(bench: Bench, state: str, language: str) -> None:
    set_language(language)
    async with open_till(bench) as cashier:
        await STATES[state](cashier)
        await nothing_missing(cashier)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", DEVICE_STATES)
async def test_every_state_of_devices_on_the_console(bench: Bench, state: str, language: str) -> None:
    set_language(language)
    fit(bench)
    async with open_till(bench) as cashier:
        await DEVICE_STATES[state](cashier)
        await nothing_missing(cashier)


async def nothing_missing(cashier: Cashier) -> None:
    """Every glyph can be drawn, and every word that matters is there."""
    text = await cashier.text()
    assert_console_safe(cashier.app)
    screen = cashier.app.screen
    rows = list(screen.query(KeyRow))
    for row in rows:
        lines = painted(row)
        shown = " ".join(lines)
        for key in row._keys:
            whole = f"{key.key} {key.label} ", f"{key.key} {key.short} "
            assert any(words in f"{shown} " for words in whole), (key, lines)
    if screen is cashier.app.sale:
        assert all(f"F{number} " in text for number in range(1, 13))
        assert len(painted(rows[0])) == 2
        panel = screen.query_one(TotalPanel)
        for line in panel.view.label, panel.view.items, panel.view.tax, panel.view.last_change:
            assert line in "\n".join(painted(panel)), line
        hint = screen.query_one(InputLine)
        assert hint._state[3] in painted(hint)[0] or hint._state[0]
        bar = screen.query_one(ErrorBar)
        if bar.showing:
            assert "Esc" in painted(bar)[-1]
            message = bar._problem
            assert message is not None
            words = " ".join(" ".join(painted(bar)).replace("Esc", "").split())
            assert words.endswith(message[1].strip()) or message[1] in words, words
    else:
        nothing_cut(screen)


def nothing_cut(screen: Screen[Any]) -> None:
    """Every word of a pop-up is there."""
    for label in screen.query(Label):
        assert " ".join(" ".join(painted(label)).split()) == " ".join(label._text.split())
    for field in screen.query(FormField):
        (line,) = painted(field)
        assert field._label in line
        assert ("*" * len(field.value) if field._masked else field.value) in line
        assert field.value or field._hint in line, line
    for listing in screen.query(ChoiceList):
        lines = painted(listing)
        for line, choice in zip(lines, listing.choices[listing._top :], strict=False):
            assert " ".join(choice.label.split()) in " ".join(line.split()), line
            assert choice.detail in line


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_training_banner_on_the_console(bench: Bench, language: str) -> None:
    set_language(language)
    bench.training = True
    async with open_till(bench) as cashier:
        await STATES["sale"](cashier)
        await cashier.screen()
        assert_console_safe(cashier.app)
        await cashier.press("enter", "f12")
        await cashier.screen()
        assert_console_safe(cashier.app)


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (60, 20), (40, 15)])
@pytest.mark.parametrize("state", ["sale", "paying", "change", "find", "menu", "help_selling", "customer"])
async def test_every_size_fits(bench: Bench, state: str, size: tuple[int, int]) -> None:
    async with open_till(bench, size) as cashier:
        await STATES[state](cashier)
        lines = await cashier.screen()
        assert_console_safe(cashier.app)
        assert len(lines) == size[1]
