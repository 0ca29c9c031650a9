"""What all pop-ups share: a frame with a title, the keys that leave it, and room for an error.

A pop-up is finished at once and once: the next key or scan in the queue finds it gone, and a message that a
widget had posted before changes nothing any more.

Conversations do not open one: they await a step of ``ui.flows.steps``, for which ``ui.shell.host`` opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widget import Widget

from tilltui.errors import TillError
from tilltui.i18n import _, explain
from tilltui.ui.widgets.boxes import Stacked
from tilltui.ui.widgets.frame import FrameRule
from tilltui.ui.widgets.key_row import KeyLabel, KeyRow
from tilltui.ui.widgets.label import Label

if TYPE_CHECKING:
    from tilltui.ui.dialogs.opener import Opener

R = TypeVar("R")


class Dialog(ModalScreen[None], Generic[R]):
    """A pop-up. ``None`` is its result when it was left without one.

    Attributes:
        then: Takes the result; called at once when the pop-up is finished.
        opener: What opened it.
        interrupted: A scan closed it.
    """

    opener: Opener

    WIDTH: ClassVar[int] = 60
    HEIGHT: ClassVar[str] = "auto"

    DEFAULT_CSS = """
    Dialog { align: center middle; background: transparent; }
    Dialog > .box { height: auto; max-height: 100%; max-width: 100%; background: $background; }
    Dialog > .box > .body { height: auto; padding: 0 1; }
    Dialog > .box > .tall { height: 1fr; }
    Dialog > .box > #wrong { height: auto; color: $error; text-style: bold; padding: 0 1; }
    Dialog > .box > KeyRow { height: 1; }
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self._ready = False
        self._finished = False
        self._early: list[events.Key] = []
        self.then: Callable[[R | None], object] | None = None
        self.interrupted = False

    def content(self) -> Iterable[Widget]:
        """The widgets between title and keys."""
        return ()

    def keys(self) -> list[KeyLabel]:
        """What the keys do here."""
        return [KeyLabel("Enter", _("Accept")), KeyLabel("Esc", _("Back"))]

    def compose(self) -> ComposeResult:
        """Frame, content, error, keys."""
        box = Stacked(classes="box")
        box.styles.width = self.WIDTH
        box.styles.height = self.HEIGHT
        with box:
            yield FrameRule("top", title=self._title, id="title")
            yield from self.content()
            yield Label("", id="wrong", classes="framed")
            yield KeyRow(self.keys(), classes="framed")
            yield FrameRule("bottom")

    def prepare(self) -> None:
        """Set up what is inside, once it is there."""

    def on_mount(self) -> None:
        """Take the keys that were pressed while the pop-up was being made, if it is still there."""
        if self._finished:
            return
        self.prepare()
        self._ready = True
        early, self._early = self._early, []
        for event in early:
            self.opener.key(event)

    def take_key(self, event: events.Key) -> None:
        """Take a key: Esc leaves, Enter accepts, and no key goes on to what is behind."""
        if not self._ready:
            self._early.append(event)
        elif event.key == "escape":
            self.leave()
        elif event.key == "enter":
            self.accept()
        else:
            self.pressed(event)

    def pressed(self, event: events.Key) -> None:
        """Take any other key."""

    def accept(self) -> None:
        """Enter."""

    def wrong(self, error: TillError | str) -> None:
        """Say what is wrong and stay."""
        if isinstance(error, TillError):
            said = explain(error)
            text = f"{said.text} {said.hint}".strip()
        else:
            text = error
        self.query_one("#wrong", Label).set_text(text)
        if text:
            self.opener.alarm()

    def take_barcode(self, text: str) -> bool:
        """Take a scan instead of being closed by it; most pop-ups do not.

        Returns:
            Whether it was taken.
        """
        return False

    def leave(self, *, interrupted: bool = False) -> None:
        """Close without a result."""
        self.interrupted = interrupted
        self.finish(None)

    def finish(self, result: R | None) -> None:
        """Close with a result; only the first time counts."""
        if self._finished:
            return
        self._finished = True
        app = self.app
        while app.screen is not self and isinstance(app.screen, Dialog):
            top = app.screen
            top.interrupted = True
            top.finish(None)
        app.pop_screen()
        if self.then is not None:
            self.then(result)

    def on_key_row_pressed(self, event: KeyRow.Pressed) -> None:
        """A click on a key's label is the key."""
        event.stop()
        if event.key == "Esc":
            self.leave()
        elif event.key == "Enter":
            self.accept()
