"""What a pop-up needs of whoever opened it: ``ui.shell.host`` for a step of a conversation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen


class Opener(Protocol):
    """Opens pop-ups, and takes what they do not."""

    def key(self, event: events.Key) -> object:
        """Take a key that a pop-up got before it stood; it goes where it would have gone."""

    def alarm(self) -> object:
        """Sound an error."""

    def over(self, dialog: Screen[None], then: Callable[[Any], object]) -> None:
        """Open another pop-up over this one.

        Args:
            dialog: The pop-up.
            then: Takes its result, ``None`` when it was left without.
        """
