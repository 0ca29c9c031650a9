"""The end of the day, from the menu."""

from __future__ import annotations

from tests.ui.cashier import MILK, SOAP, Cashier
from tilltui.i18n import _
from tilltui.ui.dialogs.pick import PickDialog
from tilltui.ui.widgets.choice_list import ChoiceList


async def end_of_day(cashier: Cashier, which: str) -> None:
    """F12, End of the day, X or Z."""
    await cashier.press("f12")
    choices = cashier.app.screen.query_one(ChoiceList).choices
    at = next(i for i, choice in enumerate(choices) if choice.value == "day")
    await cashier.press(*["down"] * at, "enter")
    assert isinstance(cashier.app.screen, PickDialog)
    await cashier.press("1" if which == "x" else "2")


async def test_an_x_shows_the_shift_and_changes_nothing(cashier: Cashier) -> None:
    await cashier.scan(MILK, SOAP)
    await cashier.press("enter", "enter")
    await end_of_day(cashier, "x")
    assert "$10.140" in await cashier.text()
    assert next(cashier.store.reader.execute("SELECT count(*) FROM shift"))[0] == 1


async def test_a_z_closes_the_shift_and_the_next_sale_is_in_the_next_one(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter", "enter")
    await end_of_day(cashier, "z")
    assert "$1.150" in await cashier.text()
    await cashier.press("escape")
    await cashier.scan(SOAP)
    await cashier.press("enter", "enter")
    shifts = cashier.store.reader.execute("SELECT shift_id FROM sale ORDER BY id").fetchall()
    assert shifts == [(1,), (2,)]
    kinds = [row[0] for row in cashier.store.reader.execute("SELECT kind FROM journal ORDER BY seq")]
    assert kinds.count("z") == 1
    while not list((cashier.store.folder / "backups").glob("till-*.db")):
        await cashier.pilot.pause()


async def test_a_z_waits_for_the_sale_in_hand(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await end_of_day(cashier, "z")
    assert cashier.errors == [_("Finish or park this sale first.")]
    assert next(cashier.store.reader.execute("SELECT count(*) FROM journal WHERE kind = 'z'"))[0] == 0
