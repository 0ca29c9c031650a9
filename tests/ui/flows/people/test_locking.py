"""The locked till: nobody sells, no scan is lost or silent, and only the PIN leads back."""

from __future__ import annotations

import pytest

from tests.ui.cashier import MILK, SOAP, UNKNOWN, YERBA, Bench, Cashier, open_till
from tilltui.services.people import pin
from tilltui.ui.dialogs.lock import LockDialog
from tilltui.ui.flows.returns.goods_back import keyed_return


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pin, "COST", 16)


async def locked(cashier: Cashier) -> LockDialog:
    await cashier.choose("lock")
    dialog = cashier.dialog
    assert isinstance(dialog, LockDialog)
    return dialog


async def test_without_a_pin_enter_unlocks_and_the_sale_stays(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await locked(cashier)
    text = await cashier.text()
    assert "Almacén Rosita" in text
    assert "14:32" in text
    assert "Leche" not in text
    await cashier.press("escape", "f10", "1", "f12", "delete")
    assert isinstance(cashier.dialog, LockDialog)
    await cashier.press("enter")
    assert cashier.dialog is None
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
    assert "Leche" in await cashier.text()


async def test_scans_are_listed_sound_wrong_and_are_said_afterwards(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await locked(cashier)
    bells = cashier.app.bells
    await cashier.scan(SOAP, UNKNOWN)
    assert cashier.app.bells == bells + 2
    text = await cashier.text()
    assert SOAP in text
    assert UNKNOWN in text
    assert len(cashier.lines) == 1
    await cashier.press("enter")
    assert cashier.errors == ["Scanned while the till was locked."] * 2
    assert [shown.code for shown in cashier.state.errors] == [SOAP, UNKNOWN]
    assert len(cashier.lines) == 1
    kept = cashier.store.reader.execute("SELECT code FROM bad_scan WHERE reason = 'locked' ORDER BY id")
    assert [code for (code,) in kept] == [SOAP, UNKNOWN]


async def test_the_scanners_own_enter_unlocks_nothing(cashier: Cashier) -> None:
    await locked(cashier)
    cashier.read(SOAP, ago=0.0)
    cashier.key("enter")
    await cashier.settle()
    assert isinstance(cashier.dialog, LockDialog)


async def test_many_scans_are_counted(cashier: Cashier) -> None:
    await locked(cashier)
    await cashier.scan(*[YERBA] * 25)
    assert "(25)" in await cashier.text()
    await cashier.press("enter")
    assert len(cashier.errors) == 21
    assert cashier.errors[-1] == "5 more codes were scanned while the till was locked."


async def test_a_hostile_code_does_nothing(cashier: Cashier) -> None:
    await locked(cashier)
    await cashier.scan("\x1b[2J[/foo]\u202e")
    assert "\x1b" not in await cashier.text()
    await cashier.press("enter")
    assert cashier.state.errors[0].code == "[2J[/foo]"


async def test_the_pin_unlocks(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.choose("pin")
    await cashier.type("4711")
    await cashier.press("enter")
    await cashier.type("4712")
    await cashier.press("enter")
    assert cashier.dialog is not None
    assert "differ" in await cashier.text()
    await cashier.press("backspace", "1", "enter")
    await cashier.until(lambda: cashier.errors == ["The PIN is set."])
    await cashier.press("escape")
    dialog = await locked(cashier)
    await cashier.press("enter", "x")
    assert cashier.dialog is dialog
    await cashier.type("4711")
    assert "4711" not in await cashier.text()
    assert "****" in await cashier.text()
    await cashier.press("enter")
    await cashier.until(lambda: cashier.dialog is None)
    assert len(cashier.lines) == 1


async def test_a_wrong_pin_waits_across_a_restart(bench: Bench) -> None:
    async with open_till(bench) as cashier:
        cashier.register.people.locking.pins.change(1, "", "4711")
        dialog = await locked(cashier)
        await cashier.type("1234")
        await cashier.press("enter")
        await cashier.until(lambda: not dialog._looking)
        text = await cashier.text()
        assert "Wrong PIN. Wait 2 seconds" in text
        await cashier.type("4711")
        await cashier.press("enter")
        assert cashier.dialog is dialog
        assert "Wait before the next try." in await cashier.text()
    async with open_till(bench) as cashier:
        assert cashier.register.people.locking.pins.waits(1) == 2


async def test_a_till_with_a_pin_opens_locked_over_the_sale_that_was_open(bench: Bench) -> None:
    async with open_till(bench) as cashier:
        cashier.register.people.locking.pins.change(1, "", "4711")
        await cashier.scan(MILK)
    async with open_till(bench) as cashier:
        await cashier.press("escape", "enter", "f10", "f12")
        await cashier.scan(SOAP)
        assert isinstance(cashier.dialog, LockDialog)
        assert "Leche" not in await cashier.text()
        await cashier.type("4711")
        await cashier.press("enter")
        await cashier.until(lambda: cashier.dialog is None)
        assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
        assert "Scanned while the till was locked." in cashier.errors


async def test_esc_clears_a_pin_keyed_wrongly(cashier: Cashier) -> None:
    cashier.register.people.locking.pins.change(1, "", "4711")
    await locked(cashier)
    await cashier.type("99")
    await cashier.press("escape")
    await cashier.type("4711")
    await cashier.press("enter")
    await cashier.until(lambda: cashier.dialog is None)


async def test_the_till_locks_itself_after_a_while(bench: Bench) -> None:
    bench.lock_minutes = 5
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f6")
        cashier.app.lock_if_idle()
        assert not isinstance(cashier.dialog, LockDialog)
        cashier.app.queue.active_at -= 301
        cashier.app.lock_if_idle()
        await cashier.settle()
        assert isinstance(cashier.dialog, LockDialog)
        assert len(cashier.app.screen_stack) == 2
        await cashier.press("enter")
        assert cashier.dialog is None
        cashier.app.lock_if_idle()
        assert cashier.dialog is None
        assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]


async def test_a_pop_up_waits_for_the_unlocking(cashier: Cashier) -> None:
    await locked(cashier)
    cashier.app.host.run(keyed_return(cashier.app.gestures.sale))
    await cashier.settle()
    assert isinstance(cashier.dialog, LockDialog)
    await cashier.press("enter")
    assert cashier.dialog is not None
    assert "Number of the receipt" in await cashier.text()


async def test_the_lock_of_a_full_screen(bench: Bench) -> None:
    async with open_till(bench, (40, 15)) as cashier:
        await locked(cashier)
        assert "Enter" in await cashier.text()
