"""The command line: ``tilltui`` opens the till, ``tilltui COMMAND`` does one thing and ends.

Exit codes: 0 done, 1 the command's own "no" or an error said in words, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import keyword
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, TextIO

from tilltui import __version__
from tilltui.commands import COMMANDS
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import TillError
from tilltui.i18n import _, environment_language, explain, set_language

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
    args = _parser().parse_args(argv)
    try:
        if args.command is None:
            from tilltui.wiring import open_till  # the screen's imports are heavy

            return int(open_till(args.config))
        return int(_module(args.command).run(args))
    except TillError as error:
        print_error(error)
        return 1
    except KeyboardInterrupt:
        return 1
    except BrokenPipeError:
        # The reader (head, less) has gone; keep Python from complaining when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def print_error(error: TillError, stream: TextIO | None = None) -> None:
    """Say an error in the language in force on ``stream`` (stderr): title, text, hint."""
    stream = sys.stderr if stream is None else stream
    title, text, hint = explain(error)
    print(f"tilltui: {_printable(title)}", file=stream)
    print(f"  {_printable(text)}", file=stream)
    for problem in getattr(error, "problems", ()):
        print(f"  - {_printable(explain(problem.error).text)}", file=stream)
    if hint:
        print(f"  {_printable(hint)}", file=stream)


def _printable(text: str) -> str:
    """``text`` without anything that a terminal could obey."""
    return clean(text, 4 * MAX_NOTE)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"tilltui.commands.{name}{'_' if keyword.iskeyword(name) else ''}")


class _CommandParser(argparse.ArgumentParser):
    """A subcommand's parser, which imports the command when its turn comes and not before."""

    _command = ""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Declare the command's own arguments, then parse."""
        if self._command:
            name, self._command = self._command, ""
            _add_config(self, default=argparse.SUPPRESS)
            _module(name).configure(self)
        return super().parse_known_args(args, namespace)


def _add_config(parser: argparse.ArgumentParser, default: Any = None) -> None:
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=default,
        help=_("settings file; without it $TILLTUI_CONFIG, the boot partition, then your settings folder"),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tilltui",
        description=_("A till for the terminal. Without a command it opens the till."),
        epilog=_("“tilltui COMMAND --help” says more about a command."),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"tilltui {__version__}")
    _add_config(parser)
    commands = parser.add_subparsers(
        dest="command", metavar=_("COMMAND"), title=_("commands"), parser_class=_CommandParser
    )
    for name, line in COMMANDS.items():
        sub: _CommandParser = commands.add_parser(name, help=_(line), description=_(line), allow_abbrev=False)
        sub._command = name
    return parser
