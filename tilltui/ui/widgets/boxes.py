"""Widgets that only hold others: two of the two dozen that importing ``textual.containers`` makes."""

from __future__ import annotations

from typing import ClassVar

from textual.widget import Widget


class SideBySide(Widget):
    """Holds widgets from left to right, as large as there is room."""

    DEFAULT_CSS: ClassVar[str] = (
        "SideBySide { width: 1fr; height: 1fr; layout: horizontal; overflow: hidden hidden; }"
    )


class Stacked(Widget):
    """Holds widgets one below the other, as large as there is room."""

    DEFAULT_CSS: ClassVar[str] = (
        "Stacked { width: 1fr; height: 1fr; layout: vertical; overflow: hidden hidden; }"
    )
