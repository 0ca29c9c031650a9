"""The arguments of ``tilltui`` and of its subcommands.

Apart from ``cli``, for a till that is opened needs none of it: argparse and the table cost it milliseconds.
"""

from __future__ import annotations

import argparse
import importlib
import keyword
from pathlib import Path
from types import ModuleType
from typing import Any

from tilltui import __version__
from tilltui.commands import COMMANDS
from tilltui.i18n import _


def module_of(command: str) -> ModuleType:
    """The module of a subcommand."""
    return importlib.import_module(f"tilltui.commands.{command}{'_' if keyword.iskeyword(command) else ''}")


class _CommandParser(argparse.ArgumentParser):
    """A subcommand's parser, which imports the command when its turn comes and not before."""

    _command = ""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Declare the command's own arguments, then parse."""
        if self._command:
            name, self._command = self._command, ""
            _add_config(self, default=argparse.SUPPRESS)
            module_of(name).configure(self)
        return super().parse_known_args(args, namespace)


def _add_config(parser: argparse.ArgumentParser, default: Any = None) -> None:
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        default=default,
        help=_("settings file; without it $TILLTUI_CONFIG, the boot partition, then your settings folder"),
    )


def parser() -> argparse.ArgumentParser:
    """What the command line may say."""
    whole = argparse.ArgumentParser(
        prog="tilltui",
        description=_("A till for the terminal. Without a command it opens the till."),
        epilog=_("“tilltui COMMAND --help” says more about a command."),
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"tilltui {__version__}")
    _add_config(whole)
    commands = whole.add_subparsers(
        dest="command", metavar=_("COMMAND"), title=_("commands"), parser_class=_CommandParser
    )
    for name, line in COMMANDS.items():
        sub: _CommandParser = commands.add_parser(name, help=_(line), description=_(line), allow_abbrev=False)
        sub._command = name
    return whole
