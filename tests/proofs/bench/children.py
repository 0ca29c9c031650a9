"""Run a measurement in an interpreter of its own, so that nothing of the one before is in its way."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.proofs.bench.till import ROOT, environment


def child(module: str, *arguments: object, before: tuple[str, ...] = ()) -> dict[str, Any]:
    """Run ``tests/proofs/bench/programs/MODULE.py`` and return the JSON that it prints.

    Args:
        module: Name of the program.
        arguments: Its arguments.
        before: A command to run it under, such as ``strace``.
    """
    program = Path(__file__).parent / "programs" / f"{module}.py"
    done = subprocess.run(
        [*before, sys.executable, str(program), *map(str, arguments)],
        env=environment(ROOT),
        stdout=subprocess.PIPE,
        check=True,
        timeout=1800,
        text=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
