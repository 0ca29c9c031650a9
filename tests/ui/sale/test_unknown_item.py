"""An unknown code that is being added to the catalogue: keys and scans meanwhile change nothing of it."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.ui.cashier import MILK, PATIENCE, UNKNOWN, Cashier, ean

OTHER = ean(999_998)


async def handled(cashier: Cashier) -> None:
    """Wait until the till has taken every key and scan so far, though the disk does not answer."""
    async with asyncio.timeout(PATIENCE):
        passed = asyncio.Event()
        cashier.app.call_later(passed.set)
        await passed.wait()


@pytest.mark.parametrize(
    "meanwhile", [("escape",), ("escape", "escape", "enter", "f7"), ("f12",), ("delete",)]
)
async def test_keys_while_the_disk_takes_it(cashier: Cashier, meanwhile: tuple[str, ...]) -> None:
    await cashier.scan(UNKNOWN)
    await cashier.press("f7")
    await cashier.type("Galletas")
    await cashier.press("enter")
    await cashier.type("990")
    await cashier.press("enter", "enter")
    gate = threading.Event()
    cashier.store.submit(lambda connection: gate.wait(PATIENCE), durable=False)
    try:
        cashier.key("enter")
        await handled(cashier)
        assert cashier.dialog is None
        assert cashier.state.busy
        assert len(cashier.errors) == 1
        for key in meanwhile:
            cashier.key(key)
            await handled(cashier)
        cashier.read(OTHER)
        cashier.read(MILK)
        await handled(cashier)
        assert len(cashier.errors) == 1
        assert cashier.lines == []
    finally:
        gate.set()
    await cashier.until(lambda: not cashier.state.busy)
    await cashier.settle()
    assert [name for name, _quantity, _amount in cashier.lines] == ["Galletas", "Leche entera 1 L"]
    assert cashier.errors == [f"No product has the code {OTHER}."]
    assert cashier.dialog is None
