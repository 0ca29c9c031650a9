"""Runs the contract on anyone's driver: ``pytest -p tilltui_drivers.pytest_plugin --driver module:Bench``.

``module:Bench`` is a subclass of a bench of ``tilltui_drivers.contract.bench``; the option may be given more
than once. Without other arguments nothing but the contract runs.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.register_assert_rewrite(
    *(
        f"tilltui_drivers.contract.{part}"
        for part in ("device", "display", "drawer", "printer", "scale", "scanner", "terminal")
    )
)

_CHOSEN: list[type[Any]] = []


def chosen() -> list[type[Any]]:
    """The benches of this run's ``--driver`` options."""
    return list(_CHOSEN)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare ``--driver``."""
    parser.getgroup("tilltui").addoption(
        "--driver",
        action="append",
        default=[],
        metavar="MODULE:BENCH",
        help="run the contract of its kind on this bench's driver",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load the benches, and collect their tests where no other tests are named."""
    targets = config.getoption("--driver")
    if not targets:
        return
    from tilltui_drivers.contract.choose import bench_at

    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        _CHOSEN[:] = [bench_at(target) for target in targets]
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error
    tests = str(Path(__file__).with_name("contract") / "chosen.py")
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args.clear()
    config.args.append(tests)
