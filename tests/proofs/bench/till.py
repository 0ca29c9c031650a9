"""The real till in a terminal: a catalogue, a scanner on a serial line, settings in a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.proofs.bench.terminal import Terminal

ROOT = Path(__file__).resolve().parents[3]

READY = "F12"
"""The last of what the sale screen paints at its first frame: the label of the last key."""

TOML = """
[shop]
name = "Almacén Rosita"
country = "CL"
language = "es"

[till]
id = "1"
data_dir = "{data}"
theme = "rgb"

[scanner.front]
driver = "serial"
port = "{port}"
"""

PRINTER = """
[printer.receipt]
driver = "escpos"
transport = "file"
path = "{path}"
"""


def environment(home: Path) -> dict[str, str]:
    """A clean environment: no settings and no data but those of ``home``, no colours but the terminal's."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(home),
        "PYTHONPATH": f"{ROOT}:{ROOT / 'drivers'}",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
    }


def settings(folder: Path, data: Path, port: str, extra: str = "") -> Path:
    """Write a ``till.toml`` and return its path."""
    file = folder / "till.toml"
    file.write_text(TOML.format(data=data, port=port) + extra, encoding="utf-8")
    return file


def command(config: Path | None = None) -> list[str]:
    """The command line that opens the till; without settings the demo shop's."""
    return [sys.executable, "-m", "tilltui", *(["--config", str(config)] if config else [])]


def program(name: str, *arguments: str) -> list[str]:
    """The command line of one of the programs to compare with."""
    return [sys.executable, str(Path(__file__).parent / "programs" / f"{name}.py"), *arguments]


def open_terminal(argv: Sequence[str], home: Path, *, slow: int = 1) -> Terminal:
    """Start a program and wait until its screen is whole and still."""
    terminal = Terminal(argv, environment(home))
    try:
        terminal.wait_for(READY, seconds=30.0 * slow)
        terminal.settle(0.3 * (5 if slow > 1 else 1), most=60.0 * slow)
    except BaseException:
        terminal.close()
        raise
    return terminal
