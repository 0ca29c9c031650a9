"""What all pop-ups share: a frame with a title, the keys that leave it, and room for an error."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from tilltui.errors import TillError
from tilltui.i18n import _, explain
from tilltui.ui.widgets.frame import FrameRule
from tilltui.ui.widgets.key_row import KeyLabel, KeyRow
from tilltui.ui.widgets.label import Label

R = TypeVar("R")


class Dialog(ModalScreen[R | None]):
    """A pop-up. ``None`` is its result when it was left without one."""

    WIDTH: ClassVar[int] = 60
    HEIGHT: ClassVar[str] = "auto"

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background; }
    Dialog > .box { height: auto; max-height: 100%; background: $background; }
    Dialog > .box > .body { height: auto; padding: 0 1; }
    Dialog > .box > .tall { height: 1fr; }
    Dialog > .box > #wrong { height: auto; color: $error; text-style: bold; padding: 0 1; }
    Dialog > .box > KeyRow { height: 1; }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def content(self) -> Iterable[Widget]:
        """The widgets between title and keys."""
        return ()

    def keys(self) -> list[KeyLabel]:
        """What the keys do here."""
        return [KeyLabel("Enter", _("Accept")), KeyLabel("Esc", _("Back"))]

    def compose(self) -> ComposeResult:
        """Frame, content, error, keys."""
        box = Vertical(classes="box")
        box.styles.width = self.WIDTH
        box.styles.height = self.HEIGHT
        with box:
            yield FrameRule("top", title=self._title, id="title")
            yield from self.content()
            yield Label("", id="wrong")
            yield FrameRule("bottom")
            yield KeyRow(self.keys())

    def wrong(self, error: TillError | str) -> None:
        """Say what is wrong and stay."""
        if isinstance(error, TillError):
            said = explain(error)
            text = f"{said.text} {said.hint}".strip()
        else:
            text = error
        self.query_one("#wrong", Label).set_text(text)
        if text:
            self.app.bell()

    def take_barcode(self, text: str) -> bool:
        """Take a scan instead of being closed by it; most pop-ups do not.

        Returns:
            Whether it was taken.
        """
        return False

    def leave(self) -> None:
        """Close without a result."""
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Esc leaves; what a dialog does not know goes no further, so that no key sells behind it."""
        event.stop()
        if event.key == "escape":
            self.leave()
        else:
            self.pressed(event)

    def pressed(self, event: events.Key) -> None:
        """A key that no widget took."""

    def on_key_row_pressed(self, event: KeyRow.Pressed) -> None:
        """A click on a key's label is the key."""
        event.stop()
        if event.key == "Esc":
            self.leave()
        elif event.key == "Enter":
            self.accept()

    def accept(self) -> None:
        """Enter."""
