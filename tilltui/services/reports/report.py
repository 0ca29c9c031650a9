"""What a report is: how it is asked for, and what is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.domain.paper.elements import Element
from tilltui.services.register import Register

Say = Callable[[str], str]
"""Translates a marked English message."""


@frozen
class Made:
    """A report that was made.

    Attributes:
        elements: What stands on the screen or on paper.
        data: The same as plain values, for JSON.
    """

    elements: Sequence[Element]
    data: Mapping[str, Any]


@frozen
class Report:
    """A report that can be made.

    Attributes:
        id: Name on the command line.
        words: What the menu calls it, marked for translation.
        make: Makes it by a command of the register, which asks for its right.
    """

    id: str
    words: str
    make: Callable[[Register, Say], Made]
