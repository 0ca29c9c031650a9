"""What the figures were measured on, without naming the machine."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path


def machine() -> str:
    """Processor, cores, memory, kernel, Python and the libraries that count."""
    from importlib.metadata import version

    import apsw

    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"))
    gib = int(memory[1]) / 1024 / 1024 if memory else 0
    return (
        f"{_processor()}, {os.cpu_count()} cores, {gib:.1f} GiB, Linux {platform.release().split('-')[0]}, "
        f"{platform.python_implementation()} {platform.python_version()}, Textual {version('textual')}, "
        f"Peewee {version('peewee')}, SQLite {apsw.sqlite_lib_version()}; "
        f"load {os.getloadavg()[0]:.1f} at the start"
    )


def _processor() -> str:
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    found = re.search(r"(?:model name|Model)\s*:\s*(.+)", text)
    return found[1].strip() if found else platform.machine()
