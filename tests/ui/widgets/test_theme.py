from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Button, Input, OptionList, Static

from tests.ui.glyph_check import assert_console_safe
from tilltui.ui.shell.glyphs import ALLOWED, missing, plainer
from tilltui.ui.shell.theme import CONSOLE_CSS, SIXTEEN, TRUE_COLOUR, apply_theme, pick_theme


@pytest.mark.parametrize(
    ("environ", "setting", "theme"),
    [
        ({"TERM": "linux"}, "auto", SIXTEEN),
        ({"TERM": "linux", "COLORTERM": "truecolor"}, "auto", SIXTEEN),
        ({"TERM": "linux"}, "rgb", TRUE_COLOUR),
        ({"TERM": "xterm-256color"}, "auto", TRUE_COLOUR),
        ({"TERM": "foot"}, "auto", TRUE_COLOUR),
        ({"TERM": "xterm", "COLORTERM": "24bit"}, "auto", TRUE_COLOUR),
        ({"TERM": "xterm"}, "auto", SIXTEEN),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, "auto", SIXTEEN),
        ({"TERM": "xterm-256color"}, "tilltui-16", SIXTEEN),
        ({"TERM": "vt220"}, "auto", SIXTEEN),
        ({}, "auto", SIXTEEN),
    ],
)
def test_the_terminal_picks_the_theme(environ: dict[str, str], setting: str, theme: str) -> None:
    assert pick_theme(environ, setting) == theme


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(ValueError, match="'neon'"):
        pick_theme({}, "neon")


def test_the_allow_list_is_in_the_kernels_font() -> None:
    # Python's codec is the kernel's font without the substitutes of drivers/tty/vt/cp437.uni, listed here.
    substitutes = set("ÀÁÂÃÈÊËÌÍÎÏÐÒÓÔÕÙÚÛÝ¨´¸­©®ãõ×ý¦¤§¶ØðøμÞ•‼←↑→↓▲▶▼◀") - {"Þ"}
    lacking = {c for c in ALLOWED if c not in substitutes and not c.encode("cp437", "ignore")}
    assert lacking == set()
    assert missing("áéíóúñüÁÉÍÓÚÑÜ¿¡ªº ãõçÃÕÇ àèìòù ─│┌┐└┘├┤┬┴┼═║█░▒■▲▶▼◀←↑→↓·") == ""
    assert missing("a€…▀▄✓●⏎\x1b\u202e牛") == "€…▀▄✓●⏎\x1b\u202e牛"
    assert missing(plainer("“x” – ‘y’ … ¾")) == ""


class Stock(App[None]):
    """Textual's own widgets, as a back-office screen might use them."""

    CSS = CONSOLE_CSS

    def __init__(self, theme: str) -> None:
        super().__init__()
        apply_theme(self, theme)

    def compose(self) -> ComposeResult:
        yield Input("hola")
        yield Button("Guardar")
        yield OptionList("uno", "dos")
        with VerticalScroll():
            yield Static("línea\n" * 100)


@pytest.mark.parametrize("theme", [SIXTEEN, TRUE_COLOUR])
async def test_textuals_own_widgets_are_tamed(theme: str) -> None:
    app = Stock(theme)
    async with app.run_test(size=(80, 24)) as pilot:
        assert_console_safe(app)
        app.query_one(VerticalScroll).scroll_to(y=13, animate=False)
        await pilot.press("tab", "tab")
        assert_console_safe(app)
        app.theme = SIXTEEN if theme == TRUE_COLOUR else TRUE_COLOUR
        await pilot.pause()
        assert_console_safe(app)
