"""The two looks of the till: sixteen colours for the bare console, true colour for everything else.

On the Linux console a bright background does not exist (``console_codes(4)``: 100..107 are as 40..47) and a
512-glyph font takes the bright foregrounds too, so that ``tilltui-16`` uses the eight dark colours for
backgrounds, reverse for what is selected, and says nothing by brightness alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.app import App
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import Theme

SIXTEEN = "tilltui-16"
"""Theme for the bare Linux console and other terminals with sixteen colours."""

TRUE_COLOUR = "tilltui-rgb"
"""Theme for terminals with 256 colours or more."""

_CURSOR_16 = {
    "ansi-background": "ansi_black",
    "ansi-foreground": "ansi_white",
    "input-cursor-text-style": "none",
    "block-cursor-foreground": "ansi_black",
    "block-cursor-background": "ansi_white",
    "block-cursor-blurred-foreground": "ansi_black",
    "block-cursor-blurred-background": "ansi_white",
    "input-cursor-foreground": "ansi_black",
    "input-cursor-background": "ansi_white",
    "input-selection-foreground": "ansi_black",
    "input-selection-background": "ansi_cyan",
    "screen-selection-foreground": "ansi_black",
    "screen-selection-background": "ansi_cyan",
}

THEMES = (
    Theme(
        name=SIXTEEN,
        ansi=True,
        primary="ansi_blue",
        secondary="ansi_cyan",
        accent="ansi_yellow",
        warning="ansi_yellow",
        error="ansi_red",
        success="ansi_green",
        foreground="ansi_white",
        background="ansi_black",
        surface="ansi_black",
        panel="ansi_black",
        boost="ansi_black",
        variables=_CURSOR_16
        | {
            "border": "ansi_cyan",
            "border-blurred": "ansi_cyan",
            "scrollbar": "ansi_cyan",
            "scrollbar-hover": "ansi_cyan",
            "scrollbar-active": "ansi_cyan",
            "scrollbar-background": "ansi_black",
            "scrollbar-background-hover": "ansi_black",
            "scrollbar-background-active": "ansi_black",
            "scrollbar-corner-color": "ansi_black",
            "link-background-hover": "ansi_blue",
            "link-color": "ansi_cyan",
            "link-color-hover": "ansi_white",
            "footer-key-foreground": "ansi_yellow",
        },
    ),
    Theme(
        name=TRUE_COLOUR,
        primary="#1f5f8b",
        secondary="#7aa2c4",
        accent="#ffd166",
        warning="#f4a259",
        error="#ff6b6b",
        success="#7bd88f",
        foreground="#e8eaed",
        background="#10151c",
        surface="#161d26",
        panel="#1c2530",
        variables={"border": "#7aa2c4", "border-blurred": "#4a6478", "input-cursor-text-style": "reverse"},
    ),
)

CONSOLE_CSS = """
Screen { background: $background; color: $foreground; }
Input, TextArea, Select, Button, Switch, OptionList, ListView, DataTable { border: solid $secondary; }
Input:focus, TextArea:focus, Select:focus, Button:focus, OptionList:focus { border: double $accent; }
Button { height: 3; text-style: bold; }
ListView, DataTable { border: none; }
.framed { border-left: solid $secondary; border-right: solid $secondary; }
"""
"""For the application's ``CSS``: Textual's own widgets with borders that every console font has,
and ``framed`` for what stands between two ``FrameRule`` lines."""

_MANY_COLOURS = ("256color", "direct", "truecolor", "kitty", "alacritty", "foot", "ghostty", "wezterm")


class PlainScrollBarRender(ScrollBarRender):
    """A scroll bar of whole cells; the eighth blocks of the original are in no console font."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


def pick_theme(environ: Mapping[str, str], setting: str = "auto") -> str:
    """Choose the theme for a terminal.

    Args:
        environ: The process's environment; ``TERM``, ``COLORTERM`` and ``NO_COLOR`` are read.
        setting: ``16``, ``rgb``, a theme's full name, or ``auto``.

    Returns:
        Name of one of ``THEMES``.

    Raises:
        ValueError: ``setting`` is none of these.

    >>> pick_theme({"TERM": "linux", "COLORTERM": "truecolor"})
    'tilltui-16'
    """
    for name in (SIXTEEN, TRUE_COLOUR):
        if setting in (name, name.removeprefix("tilltui-")):
            return name
    if setting != "auto":
        raise ValueError(f"Theme {setting!r}: expected auto, 16 or rgb.")
    term = environ.get("TERM", "")
    # The kernel's console accepts true colour and then folds it into eight backgrounds: TERM decides first.
    if term in ("linux", "dumb", "ansi", "") or term.startswith("vt") or environ.get("NO_COLOR"):
        return SIXTEEN
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return TRUE_COLOUR
    return TRUE_COLOUR if any(word in term for word in _MANY_COLOURS) else SIXTEEN


def apply_theme(app: App[Any], name: str) -> None:
    """Register both themes with ``app`` and use ``name``; call it in the application's constructor."""
    for theme in THEMES:
        app.register_theme(theme)
    # Not app.theme = name: its watcher would have all styles read a second time when the screen opens.
    app.set_reactive(App.theme, name)
    app.ansi_color = app.current_theme.ansi  # its watcher sets the colour filter
    app.set_reactive(App.ansi_color, None)  # from now on as the theme says
    app.stylesheet.set_variables(app.get_css_variables())
    app.animation_level = "none"
    ScrollBar.renderer = PlainScrollBarRender
