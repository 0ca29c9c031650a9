"""Instructions of a process: by the processor where it tells them, else by valgrind.

Both count user-space instructions alone and agree within a few in a hundred (measured: importing textual.app
is 865 M by perf and 859 M by cachegrind). Wall time means nothing under valgrind: it is some twenty times
slower.
"""

from __future__ import annotations

import functools
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_EVENT = ["-x", ",", "-e", "instructions:u"]


@dataclass(frozen=True, slots=True)
class Counter:
    """A way to count.

    Attributes:
        name: ``perf``, ``valgrind`` or ``none``.
        slow: How many times longer to wait for anything.
    """

    name: str
    slow: int = 1

    def from_start(self, argv: list[str], report: Path) -> list[str]:
        """The command that runs ``argv`` and counts from its start to its end."""
        if self.name == "perf":
            return ["perf", "stat", *_EVENT, "-o", str(report), "--", *argv]
        options = ["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
        return ["valgrind", *options, f"--log-file={report}", *argv]

    def in_part(self, argv: list[str], report: Path) -> list[str]:
        """The command that runs ``argv`` and counts while ``counting`` is open."""
        if self.name == "perf":
            return argv
        options = ["--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={report}.out"]
        return ["valgrind", *options, f"--log-file={report}", *argv]

    @contextmanager
    def counting(self, pid: int, report: Path) -> Iterator[None]:
        """Count what all threads of a process do meanwhile."""
        if self.name == "perf":
            perf = subprocess.Popen(["perf", "stat", *_EVENT, "-o", str(report), "-p", str(pid)])
            yield
            perf.send_signal(signal.SIGINT)
            perf.wait(10)
        else:
            self._switch(pid, "on")
            yield
            self._switch(pid, "off")

    def _switch(self, pid: int, state: str) -> None:
        command = ["callgrind_control", "-i", state, str(pid)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        if "OK" not in done.stdout:
            raise RuntimeError(f"valgrind does not obey: {done.stdout}{done.stderr}")

    def read(self, report: Path) -> int:
        """Instructions in ``report``, once the process has ended.

        Raises:
            ValueError: There is no count in it.
        """
        text = report.read_text(encoding="utf-8", errors="replace")
        pattern = r"^(\d+),+instructions:u" if self.name == "perf" else r"I\s+refs:\s+([\d,]+)"
        found = re.search(pattern, text, re.MULTILINE)
        if not found:
            raise ValueError(f"Failed to read a count of instructions from {self.name}: got {text[-300:]!r}.")
        return int(found[1].replace(",", ""))


@functools.cache
def counter() -> Counter | None:
    """The best way to count on this machine, or ``None``."""
    if shutil.which("perf"):
        command = ["perf", "stat", *_EVENT, "true"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if re.search(r"^\d+,+instructions:u", done.stderr, re.MULTILINE):
            return Counter("perf")
    if shutil.which("valgrind") and shutil.which("callgrind_control"):
        return Counter("valgrind", slow=20)
    return None


NO_COUNTER = "neither perf with a processor that counts nor valgrind is here"
"""Why instructions were not counted."""
