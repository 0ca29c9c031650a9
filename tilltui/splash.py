"""The first thing on the screen: the till's name, before anything that takes time is imported."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from tilltui import __version__

SPLASH = f"\x1b[2J\x1b[H\r\n  Tilltui {__version__}\r\n"
"""An empty screen with the name on its second line."""


def opens_till(arguments: Sequence[str]) -> bool:
    """Whether a command line opens the till; of several ways to write one, the usual ones.

    >>> opens_till([]), opens_till(["--config", "till.toml"]), opens_till(["--config=till.toml"])
    (True, True, True)
    >>> opens_till(["check"]), opens_till(["--help"]), opens_till(["--config", "--help"])
    (False, False, False)
    """
    match arguments:
        case []:
            return True
        case ["--config", file]:
            return not file.startswith("-")
        case [one]:
            return one.startswith("--config=")
        case _:
            return False


def show(arguments: Sequence[str]) -> None:
    """Write the name, if this command line opens the till and a person looks at it.

    A subcommand, ``--help``, a pipe and a dumb terminal get nothing.

    Args:
        arguments: Those of the process, without its name.
    """
    looked_at = os.environ.get("TERM", "dumb") != "dumb" and os.isatty(0) and os.isatty(1)
    if looked_at and opens_till(arguments):
        sys.stdout.write(SPLASH)
        sys.stdout.flush()
