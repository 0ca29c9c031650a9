"""One queue for everything that a cashier does.

Textual hands a key to the focused widget's own queue. Then a fast cashier's second letter can overtake the
pop-up that the first one opens, and a scan the Enter before it. Here the application takes keys, scans and
answers of the disk in the order in which they came, and hands them on by calling.
"""

from __future__ import annotations

from typing import Generic, TypeVar

from textual import events
from textual.app import App

R = TypeVar("R")


class RoutedKeys(App[R], Generic[R]):
    """An application whose keys go to ``key_pressed`` and nowhere else."""

    def key_pressed(self, event: events.Key) -> None:
        """Take a key, after everything that came before it."""
        raise NotImplementedError

    async def on_event(self, event: events.Event) -> None:
        """Take keys out of Textual's own way; ``on_event`` is semi-private to it, so the tests cover it."""
        if isinstance(event, events.Key):
            if not event.is_forwarded:
                self.key_pressed(event)
        else:
            await super().on_event(event)
