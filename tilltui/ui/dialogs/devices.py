"""The devices' page: a list that changes while it is looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from tilltui.ui.dialogs.pick import MOST_ROWS, PickDialog
from tilltui.ui.widgets.choice import Choice

T = TypeVar("T")


class DevicesDialog(PickDialog[T], Generic[T]):
    """Offers what ``offer`` gives at the moment.

    Args:
        title: Heading.
        offer: What there is now; each choice's value says which device it is.
    """

    def __init__(self, title: str, offer: Callable[[], Sequence[Choice[T]]]) -> None:
        super().__init__(title, offer())
        self._offer = offer

    def renew(self) -> bool:
        """Show what there is now; the cursor stays on its device, or near where that was.

        Returns:
            Whether the page is there to be seen.
        """
        if not self._ready:
            return False
        choices = tuple(self._offer())
        if choices == self._choices:
            return True
        before = self._choices[self._list.cursor].value if self._choices else None
        values = [choice.value for choice in choices]
        cursor = values.index(before) if before in values else self._list.cursor
        self._choices = choices
        self._list.styles.height = max(1, min(len(choices), MOST_ROWS))
        self._list.set_choices(choices, cursor)
        return True
