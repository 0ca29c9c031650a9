"""A till whose terminal goes away closes by itself, and its open sale is there at the next start."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.program import environment
from tests.support.shop import ROOT


@pytest.mark.parametrize("how", ["closed", signal.SIGHUP, signal.SIGTERM])
def test_the_till_closes_when_nobody_can_see_it(how: str | signal.Signals, tmp_path: Path) -> None:
    master, slave = os.openpty()
    # Not the surroundings of the test: with PYTHONUNBUFFERED nothing is left to be written at the end.
    env = environment(tmp_path) | {"TERM": "xterm-256color"}
    argv = [sys.executable, "-m", "tilltui"]
    process = subprocess.Popen(
        argv, stdin=slave, stdout=slave, stderr=slave, env=env, cwd=ROOT, start_new_session=True
    )
    os.close(slave)
    try:
        seen = b""
        # The status line is painted once the devices have been started: from then on the till watches.
        while b"demo" not in seen:
            assert select.select([master], [], [], 60)[0], seen[-2000:]
            seen += os.read(master, 65536)
        if isinstance(how, signal.Signals):
            process.send_signal(how)
        else:
            os.close(master)
            master = -1
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        if master >= 0:
            os.close(master)
