"""Checks that what a screen shows can be drawn by the bare Linux console."""

from __future__ import annotations

import unicodedata
from typing import Any

from rich.color import ColorType
from textual.app import App

from tilltui.ui.shell.glyphs import missing
from tilltui.ui.shell.theme import SIXTEEN


def screen_lines(app: App[Any]) -> list[str]:
    """The text of the present screen, line by line."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def assert_console_safe(app: App[Any], *, data: str = "") -> None:
    """Fail if the present screen has a glyph, control character or colour that the console lacks.

    Args:
        app: A running application.
        data: Characters that come from the test's own data (such as Chinese names) and are let through.
    """
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        bad = [c for c in missing(strip.text) if c not in data or unicodedata.category(c).startswith("C")]
        assert not bad, f"line {y}: {bad!r} in {strip.text!r}"
        assert strip.cell_length == app.size.width, f"line {y} is {strip.cell_length} cells wide"
        if app.theme != SIXTEEN:
            continue
        for text, style, _control in strip:
            colour = style.bgcolor if style is not None else None
            if colour is not None and not colour.is_default:
                assert colour.type is ColorType.STANDARD, f"line {y}: background {colour} under {text!r}"
                assert colour.number is not None
                assert colour.number < 8, f"line {y}: bright background {colour} under {text!r}"
