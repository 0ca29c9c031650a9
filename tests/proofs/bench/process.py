"""What the kernel says of a running process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident and proportional set size, MiB."""

    rss: float
    pss: float


def memory(pid: int) -> Memory:
    """Memory of one process."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii", errors="replace")
    sizes = {
        name: int(value) / 1024 for name, value in re.findall(r"^(Rss|Pss):\s+(\d+) kB", text, re.MULTILINE)
    }
    return Memory(sizes["Rss"], sizes["Pss"])


def family(pid: int) -> list[int]:
    """A process and everything it started."""
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            pids.extend(family(int(child)))
    return pids


def cpu_seconds(pid: int) -> float:
    """Processor time that a process's living threads have used, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9
