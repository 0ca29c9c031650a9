"""Every action of the table, at each of its questions: a scan gets through and rings exactly once."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.ui.card_terminal import ScriptedTerminal, approved
from tests.ui.cashier import MILK, SOAP, Bench, Cashier, open_till
from tests.ui.flows.devices.test_devices_screen import FiredDrawer, PaperPrinter, StillScanner
from tilltui.config.schema import Tender
from tilltui.ports import ChargeResult
from tilltui.ui.dialogs.ask import AskDialog
from tilltui.ui.dialogs.charge import ChargeDialog
from tilltui.ui.dialogs.find import FindDialog
from tilltui.ui.dialogs.lock import LockDialog
from tilltui.ui.sale.actions import MENU, PAY, SELL
from tilltui.ui.sale.state import Mode
from tilltui.ui.widgets.choice_list import ChoiceList

DEEPEST = 3
"""So many answers are given at most before the scan."""

VALID = {
    "price": "100",
    "quantity": "2",
    "discount": "10%",
    "name": "Ana",
    "number": "1-000001",
    "note": "bolsa",
    "reason": "cambio",
    "new": "4321",
    "again": "4321",
    "count": "1",
    "reference": "7",
}
"""What is keyed into the field of that name; any other is left as it is."""

LOCKS = {"lock"}
"""After these the scan belongs to the lock, until Enter; it rings when it is scanned again."""

BEHIND = {
    "park",
    "park_name",
    "labels",
    "cards",
    "receipts",
    "drawer",
    "product_sheet",
    "pin",
    "day",
    "customer",
}
"""These wait behind the screen for a disk, a printer or a terminal; some hold scans until then.

Those of ``SHOWS_LATER`` have something to ask or to show at the end: the pop-up comes over what was rung
meanwhile, and the next scan closes it as any other. Every other one is done, or asks, at once.
"""

SHOWS_LATER = {"labels", "cards", "day"}


class QuickTerminal(ScriptedTerminal):
    """A terminal that approves at once, and closes its day at once."""

    def _next(self, call: str, ticket: str, amount: int) -> ChargeResult | None:
        self.calls.append(f"{call} {amount}")
        return approved(ticket, amount)


async def calm(cashier: Cashier) -> None:
    """Wait until a conversation asks something or none is left."""
    await cashier.settle()
    host = cashier.app.host

    def nothing_works() -> bool:
        dialog = cashier.dialog
        return host.runner.count == 0 if dialog is None else not isinstance(dialog, ChargeDialog)

    await cashier.until(nothing_works)
    await cashier.settle()


async def keyed(cashier: Cashier, dialog: AskDialog[object]) -> None:
    """Key what is valid into each field, and accept."""
    for question in dialog._questions:
        valid = VALID.get(question.name)
        if valid is not None:
            await cashier.press(*["backspace"] * len(dialog._field.value))
            await cashier.type(valid)
        await cashier.press("enter")


async def answered(cashier: Cashier) -> None:
    """Answer what is asked: the first choice that can be picked, valid values, else Esc."""
    dialog = cashier.dialog
    if dialog is None:
        return
    if isinstance(dialog, AskDialog):
        await keyed(cashier, dialog)
    elif isinstance(dialog, FindDialog):
        await cashier.type("yerba")
        await cashier.press("enter")
    elif isinstance(dialog, LockDialog):
        await cashier.press("enter")
    elif (listing := next(iter(dialog.query(ChoiceList)), None)) is not None:
        at = next(at for at, choice in enumerate(listing.choices) if choice.enabled)
        await cashier.press(*["down"] * at, "enter")
    else:
        await cashier.press("escape")


def idle(cashier: Cashier) -> None:
    """Nothing is open, nothing waits, nothing is lent."""
    assert cashier.dialog is None
    assert cashier.app.host.runner.count == 0
    assert not cashier.state.busy
    assert cashier.register.session.approver is None
    assert cashier.mode is Mode.SELL


async def fresh(cashier: Cashier, *, paying: bool) -> None:
    """Begin with milk in the basket, and nothing else from before."""
    register, sale = cashier.register, cashier.open_sale
    while sale.payments:
        register.paying.take_back()
    while cashier.dialog is not None:
        await cashier.press("escape")
    if sale.basket:
        await cashier.choose("abandon")
        await cashier.press("2")
    while cashier.state.errors or cashier.state.buffer.text:
        await cashier.press("escape")
    assert cashier.lines == []
    await cashier.scan(MILK)
    if paying:
        await cashier.press("enter")
        assert cashier.mode is Mode.PAY


def keys_of(action: str, *, paying: bool) -> Sequence[str]:
    """The key of an action, which is remapped for an entry of the menu."""
    return [row.key for row in (PAY if paying else SELL) if row.id == action]


EVERY = [
    *(pytest.param(action.id, False, id=f"selling-{action.id}") for action in (*SELL, *MENU)),
    *(pytest.param(action.id, True, id=f"paying-{action.id}") for action in (*PAY, *MENU)),
]
ENTRIES = {action.id for action in MENU}


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """A shop with a device of every kind, and a way to pay of its own, that an action asks for."""
    bench.tenders = {"cheque": Tender(name="Cheque", number="Cheque number")}
    bench.fitted = {
        ("printer", "receipt"): PaperPrinter(),
        ("scanner", "front"): StillScanner(),
        ("drawer", "main"): FiredDrawer(),
        ("terminal", "card"): QuickTerminal(),
    }
    return bench


async def begun(cashier: Cashier, action: str, *, paying: bool) -> None:
    """Begin an action in a fresh sale."""
    await fresh(cashier, paying=paying)
    if action in ENTRIES:
        await cashier.choose(action)
    else:
        await cashier.press(*keys_of(action, paying=paying))
    if action not in BEHIND:
        assert cashier.dialog is not None or cashier.app.host.runner.count == 0


async def rings_once(cashier: Cashier) -> None:
    """A scan rings exactly once."""
    before = rung(cashier)
    await cashier.scan(SOAP)
    assert rung(cashier) == before + 1


@pytest.mark.parametrize(("action", "paying"), EVERY)
async def test_a_scan_rings_once_whatever_is_asked(bench: Bench, action: str, paying: bool) -> None:
    async with open_till(bench) as cashier:
        # A sale from before: receipts, returns and copies have something to offer.
        await cashier.scan(MILK)
        await cashier.press("enter", "enter")
        for deep in range(DEEPEST + 1):
            await begun(cashier, action, paying=paying)
            await calm(cashier)
            for _answer in range(deep):
                await answered(cashier)
                await calm(cashier)
            if isinstance(cashier.dialog, LockDialog):
                assert action in LOCKS
                await cashier.scan(SOAP)
                await cashier.press("enter")
            await rings_once(cashier)
            idle(cashier)


@pytest.mark.parametrize("action", sorted(BEHIND))
async def test_a_scan_rings_once_while_something_is_waited_for(bench: Bench, action: str) -> None:
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("enter", "enter")
        for deep in range(DEEPEST + 1):
            await begun(cashier, action, paying=False)
            for _answer in range(deep):
                await answered(cashier)
            await rings_once(cashier)
            await calm(cashier)
            if cashier.dialog is not None:
                assert action in SHOWS_LATER
                await rings_once(cashier)
            idle(cashier)


def rung(cashier: Cashier) -> int:
    """How often soap was rung in the open sale."""
    return sum(quantity for name, quantity, _amount in cashier.lines if name.startswith("Detergente")) // 1000


def test_every_row_of_the_table_is_tried() -> None:
    assert {str(param.id) for param in EVERY} == {
        *(f"selling-{action.id}" for action in (*SELL, *MENU)),
        *(f"paying-{action.id}" for action in (*PAY, *MENU)),
    }
    assert {action.id for action in (*SELL, *PAY, *MENU)} >= BEHIND >= SHOWS_LATER
