"""The states that a shopkeeper would recognise, each reached by keys and scans."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.ui.cashier import BREAD, MILK, NOON, OPEN, SOAP, UNKNOWN, YERBA, Cashier
from tilltui.domain.paper.job_state import JobState
from tilltui.ports import DeviceChanged, DeviceState, JobChanged
from tilltui.services.upload.worker import SyncStatus
from tilltui.ui.shell.messages import UploadReported

Reach = Callable[[Cashier], Awaitable[None]]


async def empty(cashier: Cashier) -> None:
    """Nothing has happened yet."""


async def sale(cashier: Cashier) -> None:
    """A sale in hand with everything that a line can be."""
    await cashier.scan(MILK)
    await cashier.press("3", "*")
    await cashier.scan(YERBA)
    await cashier.scan(BREAD, SOAP)
    await cashier.press("delete")
    await cashier.press("up", "f4", "1")
    await cashier.type("10%")
    await cashier.press("enter", "end", "f6")
    await cashier.type("Marta Soto")
    await cashier.press("enter", "1", "enter", "enter", "enter", "enter")


async def quantity(cashier: Cashier) -> None:
    """A quantity waits for its scan."""
    await cashier.scan(MILK)
    await cashier.press("3", "*")


async def paying(cashier: Cashier) -> None:
    """Part is paid."""
    await cashier.scan(MILK, YERBA, SOAP)
    await cashier.press("enter")
    await cashier.type("5000")
    await cashier.press("enter")
    await cashier.type("1000")
    await cashier.press("f7", "enter")
    await cashier.type("80")


async def change(cashier: Cashier) -> None:
    """The change of a sale."""
    await cashier.scan(MILK, YERBA, SOAP)
    await cashier.press("enter", "f6")


async def error(cashier: Cashier) -> None:
    """A code that nobody knows."""
    await cashier.scan(MILK, UNKNOWN)


async def add_item(cashier: Cashier) -> None:
    """The unknown code is being added."""
    await cashier.scan(UNKNOWN)
    await cashier.press("f7")
    await cashier.type("Galletas")


async def find(cashier: Cashier) -> None:
    """A search by name."""
    await cashier.scan(MILK)
    await cashier.type("de")


async def menu(cashier: Cashier) -> None:
    """The menu."""
    await cashier.scan(MILK)
    await cashier.press("f12")


async def parked(cashier: Cashier) -> None:
    """Several parked sales."""
    for code, name in ((MILK, "Rosa"), (YERBA, "Mesa 4"), (SOAP, "")):
        await cashier.scan(code)
        if name:
            await cashier.choose("park_name")
            await cashier.type(name)
            await cashier.press("enter")
        else:
            await cashier.press("f5")
    await cashier.press("f5")


async def help_selling(cashier: Cashier) -> None:
    """Help while selling."""
    await cashier.press("f1")


async def help_paying(cashier: Cashier) -> None:
    """Help while paying."""
    await cashier.scan(MILK)
    await cashier.press("enter", "f1")


async def product(cashier: Cashier) -> None:
    """The card of a product."""
    await cashier.scan(SOAP)
    await cashier.press("f7")


async def trouble(cashier: Cashier) -> None:
    """The printer has no paper, a receipt is uncertain, nothing can be sent."""
    cashier.report(DeviceChanged("printer", "receipt", DeviceState.BLOCKED, "paper"))
    cashier.report(DeviceChanged("scanner", "front", DeviceState.FAILED, "unplugged"))
    cashier.report(JobChanged(1, "receipt", JobState.UNCERTAIN))
    await offline(cashier)


async def offline(cashier: Cashier) -> None:
    """Sales wait for the network."""
    status = SyncStatus("head_office", online=False, waiting=14, oldest_ms=NOON - 21 * 60_000)
    cashier.app.post_message(UploadReported(status))
    await cashier.scan(MILK)


async def weight(cashier: Cashier) -> None:
    """A weight is asked for."""
    await cashier.scan("2100123")


async def price(cashier: Cashier) -> None:
    """A price is asked for, and what was keyed is wrong."""
    await cashier.scan(OPEN)
    await cashier.type("x")
    await cashier.press("enter")


async def card(cashier: Cashier) -> None:
    """A card is being taken."""
    await cashier.scan(MILK)
    await cashier.press("f9")


async def voucher(cashier: Cashier) -> None:
    """A voucher is being taken."""
    await cashier.scan(MILK)
    await cashier.press("enter", "f8")


async def edit(cashier: Cashier) -> None:
    """Quantity and price of a line."""
    await cashier.scan(SOAP)
    await cashier.press("f3")


async def discount(cashier: Cashier) -> None:
    """What gets the discount."""
    await cashier.scan(SOAP)
    await cashier.press("f4")


async def discount_key(cashier: Cashier) -> None:
    """How much discount."""
    await discount(cashier)
    await cashier.press("2")


async def customer(cashier: Cashier) -> None:
    """A new customer."""
    await cashier.press("f6")
    await cashier.type("Marta Soto")
    await cashier.press("enter", "1")


async def drawer(cashier: Cashier) -> None:
    """Why the drawer is opened."""
    await cashier.press("f11")


async def open_item(cashier: Cashier) -> None:
    """Something without a code."""
    await cashier.press("/")


async def returning(cashier: Cashier) -> None:
    """Lines that come back."""
    await cashier.scan(MILK, YERBA)
    await cashier.press("enter", "enter")
    await cashier.scan("1-000001")
    await cashier.press("2")


async def giving_back(cashier: Cashier) -> None:
    """Money goes back."""
    await returning(cashier)
    await cashier.press("escape", "enter")


async def ask_return(cashier: Cashier) -> None:
    """Which receipt."""
    await cashier.press("f8")


async def give_up(cashier: Cashier) -> None:
    """Is the sale given up?"""
    await cashier.scan(MILK, YERBA)
    await cashier.choose("abandon")


async def receipts(cashier: Cashier) -> None:
    """The last receipts."""
    await change(cashier)
    await cashier.choose("receipts")


async def receipt(cashier: Cashier) -> None:
    """A receipt on the screen."""
    await receipts(cashier)
    await cashier.press("1", "1")


async def language(cashier: Cashier) -> None:
    """The languages."""
    await cashier.choose("language")


async def many_errors(cashier: Cashier) -> None:
    """Several errors wait."""
    await cashier.scan(UNKNOWN, "ZZ-1", "7801")


async def recalled(cashier: Cashier) -> None:
    """A recalled sale that wants its tender."""
    await cashier.scan(MILK)
    await cashier.press("f5", "f5", "enter", "enter")


STATES: dict[str, Reach] = {
    reach.__name__: reach
    for reach in (
        empty, sale, quantity, paying, change, error, add_item, find, menu, parked, help_selling, help_paying,
        product, trouble, offline, weight, price, card, voucher, edit, discount, discount_key, customer,
        drawer, open_item, returning, giving_back, ask_return, give_up, receipts, receipt, language,
        many_errors, recalled,
    )
}  # fmt: skip
"""Every state by its name."""
