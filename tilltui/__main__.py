"""``python -m tilltui`` and the command ``tilltui``."""

from __future__ import annotations

import sys

from tilltui import splash


def run() -> int:
    """Say that the till is coming, then import it; returns the exit code."""
    splash.show(sys.argv[1:])
    from tilltui.cli import main  # after the splash: a tenth of a second and more on a Pi

    return main()


if __name__ == "__main__":
    sys.exit(run())
