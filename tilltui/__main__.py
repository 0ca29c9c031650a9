"""``python -m tilltui`` and the command ``tilltui``."""

from __future__ import annotations

import sys

from tilltui import splash


def run() -> int:
    """Say that the till is coming, then import it; returns the exit code."""
    splash.show(sys.argv[1:])
    from tilltui import last_words  # after the splash: a tenth of a second and more on a Pi
    from tilltui.cli import main, print_lost

    try:
        code = main()
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        lost = last_words.send()
    if lost is None:
        return code
    print_lost(lost)
    last_words.send()
    return code or 1


if __name__ == "__main__":
    sys.exit(run())
