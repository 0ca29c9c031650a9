"""What a pop-up asks: a value of its own, so that a screen can put a question before the pop-up is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tilltui.domain.frozen import frozen

Values = Mapping[str, str]
"""What was keyed, by the question's name."""


@frozen
class Question:
    """One field.

    Attributes:
        name: Name in the answer.
        label: What is asked.
        value: Text to begin with.
        hint: Shown while it is empty.
        limit: Most characters.
        masked: For PINs.
        takes_code: Whether a scanned code belongs in here; without it a scan closes the pop-up and rings.
    """

    name: str
    label: str
    value: str = ""
    hint: str = ""
    limit: int = 60
    masked: bool = False
    takes_code: Callable[[str], bool] | None = None
