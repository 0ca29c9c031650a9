"""A receipt on the screen: the same elements that go to the printer, as text."""

from __future__ import annotations

from collections.abc import Iterable

from tilltui.domain.paper.elements import Element
from tilltui.domain.paper.layout import to_text

COLUMNS = 42
"""Width of the preview."""


def text_lines(elements: Iterable[Element], columns: int = COLUMNS) -> list[str]:
    """Lay elements out as lines of text."""
    return to_text(elements, columns).splitlines()
