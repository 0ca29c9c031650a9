"""What the function keys do here, fitted to the screen's width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Unpack

from rich.cells import set_cell_size
from textual import events
from textual.message import Message

from tilltui.domain.frozen import frozen
from tilltui.ui.widgets.cells import fit, plain, width_of
from tilltui.ui.widgets.line_widget import Line, LineWidget, Named, Run


@frozen
class KeyLabel:
    """One key.

    Attributes:
        key: As printed on the keyboard: ``F1``, ``Esc``.
        label: What it does, in full.
        short: The same in at most seven letters; ``label`` is cut where it is empty.
        enabled: Whether it does anything now; otherwise dim.
    """

    key: str
    label: str
    short: str = ""
    enabled: bool = True


class KeyRow(LineWidget):
    """The keys in one row if their full labels fit, else in a grid of two rows (full, then short labels).

    With only one row to draw in, labels are shortened and at last cut evenly, so that no key is ever missing.
    Twelve keys with labels of up to seven letters are readable on two rows of 80 columns.
    """

    STYLE_PREFIX = "keys"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key", "keys--label", "keys--off"}
    DEFAULT_CSS = """
    KeyRow {
        height: 2; width: 1fr; background: $background; color: $foreground; padding: 0 1;
        & > .keys--key { text-style: bold; color: $accent; }
        & > .keys--off { text-style: dim; }
    }
    """

    @dataclass(repr=False, eq=False)
    class Pressed(Message):
        """A key's label was clicked or touched.

        Attributes:
            key: The key, as in its ``KeyLabel``.
        """

        key: str

    def __init__(self, keys: Sequence[KeyLabel] = (), **named: Unpack[Named]) -> None:
        super().__init__(**named)
        self._keys = tuple(keys)
        self._targets: list[tuple[int, int, int, str]] = []

    def set_keys(self, keys: Sequence[KeyLabel]) -> None:
        """Show these keys."""
        if tuple(keys) != self._keys:
            self._keys = tuple(keys)
            self.show()

    def paint(self, width: int, height: int) -> Sequence[Line]:
        """One or two lines."""
        self._targets = []
        if not self._keys:
            return []
        full = [plain(key.label) for key in self._keys]
        short = [plain(key.short or key.label) for key in self._keys]
        cells = [
            width_of(plain(key.key)) + 1 + width_of(text) + 2
            for key, text in zip(self._keys, full, strict=True)
        ]
        if sum(cells) <= width:
            return [self._row(0, zip(self._keys, full, cells, strict=True))]
        rows = min(2, height)
        columns = -(-len(self._keys) // rows)
        cell = width // columns
        texts = [
            text if width_of(plain(key.key)) + 1 + width_of(text) < cell else brief
            for key, text, brief in zip(self._keys, full, short, strict=True)
        ]
        cells = [cell] * len(texts)
        return [
            self._row(
                row, list(zip(self._keys, texts, cells, strict=True))[row * columns : (row + 1) * columns]
            )
            for row in range(rows)
        ]

    def _row(self, row: int, keys: Iterable[tuple[KeyLabel, str, int]]) -> Line:
        runs: list[Run] = []
        x = 0
        for key, text, cells in keys:
            name = plain(key.key)
            tight = width_of(name) + 1 + width_of(text) >= cells
            gap = "" if tight and cells < 9 else " "
            head = fit(name, min(cells, width_of(name)))
            runs.append(Run(head, "key" if key.enabled else "off"))
            body = cells - width_of(head)
            # In the tightest row a third letter says more than the mark of a cut.
            kept = (
                fit(gap + text, min(body - 1, width_of(gap + text))) if gap else set_cell_size(text, body - 1)
            )
            runs.append(Run(fit(kept, body), "label" if key.enabled else "off"))
            self._targets.append((row, x, x + cells, key.key))
            x += cells
        return tuple(runs)

    def on_click(self, event: events.Click) -> None:
        """A click or touch on a label is its key."""
        offset = event.get_content_offset(self)
        for row, left, right, key in self._targets:
            if offset is not None and offset.y == row and left <= offset.x < right:
                self.post_message(self.Pressed(key))
