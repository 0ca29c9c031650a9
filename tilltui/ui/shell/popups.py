"""The pop-ups over the sale: which is on top, and what waits while the till is locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.app import App
from textual.screen import Screen

if TYPE_CHECKING:
    from tilltui.ui.dialogs.dialog import Dialog
    from tilltui.ui.dialogs.lock import LockDialog

R = TypeVar("R")


class Popups:
    """Opens and closes them.

    Args:
        app: The application, whose lowest screen is the sale.
        key: Takes a key that a pop-up got before it stood.
        alarm: The sound of an error.
        changed: Called when a pop-up has come or gone.

    Attributes:
        locked: What covers the screen while the till is locked.
    """

    def __init__(
        self,
        app: App[None],
        key: Callable[[events.Key], object],
        alarm: Callable[[], object],
        changed: Callable[[], object],
    ) -> None:
        self.locked: LockDialog | None = None
        self._app = app
        self._key = key
        self._alarm = alarm
        self._changed = changed
        self._held: list[Callable[[], object]] = []

    def key(self, event: events.Key) -> None:
        """Take a key that a pop-up got before it stood."""
        self._key(event)

    def alarm(self) -> None:
        """Sound an error."""
        self._alarm()

    @property
    def top(self) -> Dialog[Any] | None:
        """The pop-up that has the keys."""
        if len(self._app.screen_stack) < 2:
            return None
        from tilltui.ui.dialogs.dialog import Dialog

        screen = self._app.screen
        return screen if isinstance(screen, Dialog) else None

    def open(self, dialog: Dialog[R], then: Callable[[R | None], object]) -> None:
        """Open a pop-up over what is there; on a locked till once it is unlocked.

        Args:
            dialog: The pop-up.
            then: Takes its result, ``None`` when it was left without.
        """
        if self.locked is not None and dialog is not self.locked:
            self._held.append(lambda: self.open(dialog, then))
            return

        def closed(result: R | None) -> None:
            self._changed()
            then(result)

        dialog.then = closed
        dialog.opener = self
        self._app.push_screen(dialog)
        self._changed()

    def over(self, dialog: Screen[None], then: Callable[[Any], object]) -> None:
        """Open a pop-up over the one that asks for it."""
        from tilltui.ui.dialogs.dialog import Dialog

        assert isinstance(dialog, Dialog)
        self.open(dialog, then)

    def close_all(self) -> None:
        """Close every pop-up, the uppermost first: a scan or the lock is stronger than they are."""
        if len(self._app.screen_stack) < 2:
            return
        from tilltui.ui.dialogs.dialog import Dialog

        for screen in reversed(self._app.screen_stack):
            if isinstance(screen, Dialog):
                screen.leave(interrupted=True)

    def unlocked(self) -> None:
        """The lock is gone: what waited behind it opens."""
        held, self._held = self._held, []
        for open_it in held:
            open_it()
