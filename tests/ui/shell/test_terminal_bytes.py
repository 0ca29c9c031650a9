"""The whole till on a terminal of its own: what it writes holds nothing of what was scanned at it."""

from __future__ import annotations

import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pyte

from tests.proofs.injection.strings import PAYLOADS

PATIENCE = 60.0
"""Seconds after which the till has not said what it should."""

ATTACKS = (
    b"\x1b]",
    b"\x07owned",
    b"\x1b[66;66H",
    b"\x1bP",
    b"\x1bc",
    b"\x1b[6n",
    b"\x1b[5i",
    b"\x1b[2J",
    b"\x1bp",
)
"""What must never reach the terminal."""

SETTINGS = """[shop]
name = "Almacén Rosita"
address = "Av. Matta 1234, Santiago"
[till]
id = "1"
data_dir = "{folder}/data"
[scanner.front]
driver = "virtual"
path = "{folder}/scanner"
"""


def read_until(terminal: int, mark: bytes, seen: bytearray) -> None:
    """Read what the till writes until a text stands in it."""
    deadline = time.monotonic() + PATIENCE
    start = len(seen)
    while mark not in seen[start:]:
        ready, _, _ = select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))
        assert ready, f"{mark!r} did not come: {bytes(seen[-400:])!r}"
        seen += os.read(terminal, 65536)


def hostile_scans(count: int) -> list[str]:
    """Payloads that begin with what the terminal would obey."""
    chance = random.Random(3)
    return [
        chance.choice(PAYLOADS)[:40].replace("\r", "").replace("\n", "")
        + f"\x1b]0;owned{number}\x07\x1b[66;66Hx"
        for number in range(count)
    ]


def test_two_hundred_hostile_scans_on_a_real_terminal(tmp_path: Path) -> None:
    (tmp_path / "till.toml").write_text(SETTINGS.format(folder=tmp_path), "utf-8")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environ = os.environ | {"TERM": "linux", "PYTHONPATH": os.pathsep.join(sys.path), "LANG": "es_CL.UTF-8"}
    command = [sys.executable, "-m", "tilltui", "--config", str(tmp_path / "till.toml")]
    till = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environ, start_new_session=True
    )
    os.close(theirs)
    seen = bytearray()
    try:
        read_until(ours, b"F12", seen)
        deadline = time.monotonic() + PATIENCE
        while not (tmp_path / "scanner").exists():
            assert time.monotonic() < deadline
            select.select([ours], [], [], 0.05)
        begun = len(seen)
        with (tmp_path / "scanner").open("wb", buffering=0) as scanner:
            for number, scan in enumerate(hostile_scans(200)):
                scanner.write(scan.encode("utf-8", "replace") + b"\r")
                if number % 20 == 19:
                    os.write(ours, b"\x1b" * 3)
        # What was scanned is told in the bar, as text; then the till has nothing more to say.
        read_until(ours, b"]0;owned", seen)
        while select.select([ours], [], [], 2.0)[0]:
            seen += os.read(ours, 65536)
        after = bytes(seen[begun:])
        screen = pyte.Screen(80, 24)
        pyte.ByteStream(screen).feed(bytes(seen))
        assert re.search(r"\(1/\d\d", "\n".join(screen.display)), "\n".join(screen.display)
        for attack in ATTACKS:
            assert attack not in after, attack
    finally:
        os.killpg(till.pid, signal.SIGKILL)
        till.wait(10)
        os.close(ours)
