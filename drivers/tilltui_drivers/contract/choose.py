"""From a bench to the contract of its kind."""

from __future__ import annotations

import importlib
from typing import Any

from tilltui_drivers.contract.bench import Bench
from tilltui_drivers.contract.device import BenchTests
from tilltui_drivers.contract.display import DisplayContract
from tilltui_drivers.contract.drawer import DrawerContract
from tilltui_drivers.contract.printer import CablePrinterContract
from tilltui_drivers.contract.scale import ScaleContract
from tilltui_drivers.contract.scanner import CableScannerContract
from tilltui_drivers.contract.terminal import TerminalContract

CONTRACTS: dict[str, type[BenchTests]] = {
    "scanner": CableScannerContract,
    "printer": CablePrinterContract,
    "drawer": DrawerContract,
    "scale": ScaleContract,
    "display": DisplayContract,
    "terminal": TerminalContract,
}
"""The contract of each kind; a bench may name a narrower one in its attribute ``contract``."""


def bench_at(target: str) -> type[Bench]:
    """Import the bench at ``module:Class``.

    Raises:
        ValueError: There is none; the text says what there is instead.
    """
    module, _, name = target.partition(":")
    try:
        found: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ValueError(f"Failed to load {target!r}: expected module:Class, got {error}.") from error
    if not (isinstance(found, type) and issubclass(found, Bench)):
        raise ValueError(
            f"{target!r} is no Bench: subclass the one of its kind in tilltui_drivers.contract.bench."
        )
    return found


def contract_for(bench: type[Bench]) -> type[BenchTests]:
    """A test class for ``bench``.

    Raises:
        ValueError: Its ``kind`` is unknown.
    """
    base = bench.contract or CONTRACTS.get(bench.kind)
    if base is None:
        raise ValueError(f"{bench.__name__} has no kind: expected one of {', '.join(CONTRACTS)}.")
    return type(f"Test{bench.__name__}", (base,), {"bench_class": bench})
