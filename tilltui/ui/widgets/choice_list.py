"""A list to pick from: menus, search results, parked sales, customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Unpack

from textual import events
from textual.message import Message

from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.choice import Choice
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run


class ChoiceList(LineWidget, can_focus=True):
    """Rows with a cursor; half-page jumps; digits 1 to 9 and 0 pick the first ten of the page at once.

    Keys it takes when focused: up, down, page up, page down, home, end, Enter and, with ``digits``, the
    digits. A screen whose search field has the focus calls ``move`` and ``pick_cursor`` itself.
    """

    STYLE_PREFIX = "choice"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "choice--cursor",
        "choice--digit",
        "choice--off",
        "choice--empty",
        "choice--label",
    }
    DEFAULT_CSS = """
    ChoiceList {
        height: 1fr; width: 1fr; background: $background; color: $foreground;
        & > .choice--cursor { text-style: reverse; }
        & > .choice--digit { text-style: bold; color: $accent; }
        & > .choice--off { text-style: dim; }
        & > .choice--empty { text-style: dim; }
    }
    """

    @dataclass(repr=False, eq=False)
    class Picked(Message):
        """A choice was made.

        Attributes:
            index: Its number, from 0.
            choice: The choice itself.
        """

        index: int
        choice: Choice[Any]

    @dataclass(repr=False, eq=False)
    class CursorMoved(Message):
        """Another choice is under the cursor.

        Attributes:
            index: Its number, from 0.
            choice: The choice itself.
        """

        index: int
        choice: Choice[Any]

    def __init__(
        self,
        choices: Sequence[Choice[Any]] = (),
        *,
        digits: bool = True,
        placeholder: str = "",
        **named: Unpack[Named],
    ) -> None:
        super().__init__(**named)
        self._choices = tuple(choices)
        self._digits = digits
        self.placeholder = placeholder
        self._cursor = 0 if choices else -1
        self._top = 0

    @property
    def choices(self) -> tuple[Choice[Any], ...]:
        """What can be picked."""
        return self._choices

    @property
    def cursor(self) -> int:
        """Number of the choice under the cursor, from 0; -1 when there is none."""
        return self._cursor

    @property
    def chosen(self) -> Choice[Any] | None:
        """The choice under the cursor."""
        return self._choices[self._cursor] if self._choices else None

    def set_choices(self, choices: Sequence[Choice[Any]], cursor: int = 0) -> None:
        """Offer these choices, with the cursor on ``cursor`` (clamped)."""
        self._choices = tuple(choices)
        self._top = 0
        self._cursor = min(max(cursor, 0), len(self._choices) - 1)
        self.show()

    def move(self, delta: int) -> None:
        """Move the cursor by ``delta``, as far as there are choices."""
        if not self._choices:
            return
        before, self._cursor = self._cursor, min(max(self._cursor + delta, 0), len(self._choices) - 1)
        if self._cursor != before:
            self.show()
            self.post_message(self.CursorMoved(self._cursor, self._choices[self._cursor]))

    def pick(self, index: int) -> bool:
        """Pick choice ``index``; ``False`` if there is none or it is off."""
        if not 0 <= index < len(self._choices) or not self._choices[index].enabled:
            return False
        self._cursor = index
        self.show()
        self.post_message(self.Picked(index, self._choices[index]))
        return True

    def pick_cursor(self) -> bool:
        """Pick what is under the cursor."""
        return self.pick(self._cursor)

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """The page that the cursor is on."""
        if not self._choices:
            return [(Run(fit(f" {plain(self.placeholder)}", width), "empty"),)]
        if not self._top <= self._cursor < self._top + height:
            self._top = max(0, self._cursor - height // 2)
        page = self._choices[self._top : self._top + height]
        return [self._line(choice, row, width) for row, choice in enumerate(page)]

    def _line(self, choice: Choice[Any], row: int, width: int) -> Line:
        selected = self._top + row == self._cursor
        mark = ">" if selected else " "
        digit = f"{(row + 1) % 10} " if self._digits and row < 10 else "  " if self._digits else ""
        detail = plain(choice.detail)
        room = width - len(mark) - len(digit) - 1
        # The detail gives way only where the label would have less than a third of the line.
        detail = fit(detail, min(width_of(detail), room * 2 // 3), "right")
        label_cells = room - width_of(detail) - (1 if detail else 0)
        text = fit(choice.label, label_cells) + (f" {detail}" if detail else "") + " "
        if selected:
            return (Run(mark + digit + text, "cursor"),)
        role = "label" if choice.enabled else "off"
        return (Run(mark, role), Run(digit, "digit" if choice.enabled else "off"), Run(text, role))

    def take_move(self, key: str) -> bool:
        """Move by an arrow, page, home or end key.

        Returns:
            Whether it was one.
        """
        page = max(1, self.content_size.height)
        moves = {"up": -1, "down": 1, "pageup": -page, "pagedown": page, "home": -(10**9), "end": 10**9}
        if key not in moves:
            return False
        self.move(moves[key])
        return True

    def index_of_digit(self, character: str) -> int | None:
        """Number of the choice that a digit stands for on this page, or ``None``."""
        if not self._digits or len(character) != 1 or character not in "0123456789":
            return None
        row = (int(character) - 1) % 10
        height = self.content_size.height
        index = self._top + row
        return index if index < len(self._choices) and (row < height or not height) else None

    def on_key(self, event: events.Key) -> None:
        """Move and pick; every other key goes on to the screen."""
        index = self.index_of_digit(event.character or "")
        if event.key == "enter":
            self.pick_cursor()
        elif index is not None:
            self.pick(index)
        elif not self.take_move(event.key):
            return
        event.stop()
        event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        """A click or touch picks at once."""
        offset = event.get_content_offset(self)
        if offset is not None:
            self.pick(self._top + offset.y)
