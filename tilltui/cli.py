"""The command line: ``tilltui`` opens the till, ``tilltui COMMAND`` does one thing and ends.

Exit codes: 0 done, 1 the command's own "no" or an error said in words, 2 wrong usage.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from tilltui import splash
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, TillError
from tilltui.i18n import environment_language, explain, set_language

_QUIET = logging.NullHandler()
"""Keeps Python from writing log records to stderr until a command says where they go."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code.

    Args:
        argv: Arguments without the program's name; those of the process by default.

    Raises:
        SystemExit: With 2 on wrong usage, with 0 after ``--help`` and ``--version``.
    """
    logging.getLogger().addHandler(_QUIET)
    set_language(environment_language())
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        if splash.opens_till(arguments):
            return _open_till(Path(arguments[-1].removeprefix("--config=")) if arguments else None)
        from tilltui.arguments import module_of, parser

        args = parser().parse_args(arguments)
        return _open_till(args.config) if args.command is None else int(module_of(args.command).run(args))
    except TillError as error:
        print_error(error)
        return 1
    except (KeyboardInterrupt, BrokenPipeError):
        return 1


def _open_till(config_file: Path | None) -> int:
    from tilltui.wiring import open_till  # the screen's imports are heavy

    return int(open_till(config_file))


def print_error(error: TillError, stream: TextIO | None = None) -> None:
    """Say an error in the language in force on ``stream`` (stderr): title, text, hint."""
    stream = sys.stderr if stream is None else stream
    title, text, hint = explain(error)
    print(f"tilltui: {_printable(title)}", file=stream)
    print(f"  {_printable(text)}", file=stream)
    for part in error.parts:
        print(f"  - {_printable(explain(part).text)}", file=stream)
    if hint:
        print(f"  {_printable(hint)}", file=stream)


def print_lost(error: OSError) -> None:
    """Say that not all of the output was taken, unless its reader (head, less) wanted no more."""
    if isinstance(error, BrokenPipeError):
        return
    lost = TillError(
        N_("{file} cannot be written: {reason}."),
        hint=N_("Check that the disk is there and has room, then try again."),
        file="stdout",
        reason=error.strerror or error,
    )
    with suppress(OSError):  # stderr may go the same way
        print_error(lost)


def _printable(text: str) -> str:
    """``text`` without anything that a terminal could obey."""
    return clean(text, 4 * MAX_NOTE)
