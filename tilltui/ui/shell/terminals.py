"""What the card terminals are doing for this screen, and what they say by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tilltui.domain.cards.attempt import Attempt
    from tilltui.services.cards.card_messages import CardEvent
    from tilltui.ui.dialogs.charge import ChargeDialog


class Terminals:
    """The pop-ups of the terminals that work.

    Args:
        changed: Called when something of a terminal is another; the status line shows it.
        ended: Takes an attempt that ended while no pop-up waited for it.

    Attributes:
        at: The pop-up of each terminal that works, by its name; it may have been left.
    """

    def __init__(self, changed: Callable[[], object], ended: Callable[[Attempt], object]) -> None:
        self.at: dict[str, ChargeDialog] = {}
        self.changed = changed
        self._ended = ended

    def hear(self, event: CardEvent) -> None:
        """Take a step for the pop-up, or how an attempt in doubt ended."""
        from tilltui.services.cards.card_messages import CardProgress

        dialog = self.at.get(event.attempt.terminal)
        if isinstance(event, CardProgress):
            if dialog is not None:
                dialog.step(event.step)
            return
        # What the pop-up waits for comes with its own answer.
        if dialog is None:
            self._ended(event.attempt)
        self.changed()
