"""Textual with two labels: what any Textual program pays to start."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """Two labels."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """The labels."""
        yield Static("TOTAL")
        yield Static("F1 Help  F12 Menu")


if __name__ == "__main__":
    Bare().run(mouse=False)
