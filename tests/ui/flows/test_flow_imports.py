"""A conversation needs no screen: importing all of them loads neither Textual nor Rich."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import tilltui.ui.flows

ROOT = Path(__file__).parents[3]
MODULES = [module.name for module in pkgutil.walk_packages(tilltui.ui.flows.__path__, "tilltui.ui.flows.")]


def test_no_conversation_loads_a_screen() -> None:
    assert {"tilltui.ui.flows.table", "tilltui.ui.flows.runner", "tilltui.ui.flows.day.day"} <= set(MODULES)
    imports = "\n".join(f"import {name}" for name in MODULES)
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{imports}\nprint('\\n'.join(sys.modules))"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'drivers'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert set(MODULES) <= loaded
    screens = ("textual", "rich", "peewee", "apsw.shell")
    assert {name for name in loaded if name.partition(".")[0] in screens} == set()
