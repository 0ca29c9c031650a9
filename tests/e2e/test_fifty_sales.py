"""Fifty sales of every kind at the real program: screen, database, paper and head office agree on each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.ledger import Expected, at_head_office, books, receipts
from tests.support.program import Till, amount, shows_large
from tests.support.shop import (
    BEER,
    BOOK,
    BREAD,
    CHEESE,
    GIFT,
    MATE,
    MILK,
    OIL,
    TEA,
    TestShop,
    ean,
    label,
)
from tilltui_drivers.virtual.printers.printer_device import VirtualPrinterDevice

CTRL_U = "\x15"


@pytest.fixture
def printer() -> Iterator[VirtualPrinterDevice]:
    with VirtualPrinterDevice() as virtual:
        yield virtual


@pytest.fixture
def shop(tmp_path: Path, printer: VirtualPrinterDevice) -> Iterator[TestShop]:
    shop = TestShop.make(tmp_path, printer_port=printer.serve_tcp())
    yield shop
    shop.close()


@pytest.fixture
def till(shop: TestShop) -> Iterator[Till]:
    till = Till(shop)
    yield till
    till.close()


def cash(total: int, rounded: int | None = None, *, change: int = 0, words: tuple[str, ...] = ()) -> Expected:
    """A sale that was paid in cash alone."""
    return Expected(total, (("cash", total if rounded is None else rounded),), change, words)


def exact_cash(till: Till) -> Expected:
    till.scan(MILK)
    till.scan(MATE)
    till.exact(4640)
    return cash(4640, words=("Leche entera 1 L", "Yerba mate 500 g"))


def enter_twice(till: Till) -> Expected:
    till.scan(MATE)
    till.enter()
    till.wait("TO PAY")
    till.enter()
    till.paid(0)
    return cash(3490)


def note_key(till: Till) -> Expected:
    till.scan(MILK)
    till.begin_payment(1150)
    till.press("f3")
    till.paid(850)
    return cash(1150, change=850, words=("Change",))


def keyed_cash(till: Till) -> Expected:
    till.scan(OIL)
    till.scan(OIL)
    till.begin_payment(5580)
    till.type("6000")
    till.enter()
    till.paid(420)
    return cash(5580, change=420, words=("2 x $2.790",))


def rounded_cash(till: Till) -> Expected:
    till.scan(BOOK)
    till.begin_payment(2505)
    till.press("f10")
    till.paid(0)
    return cash(2505, 2500, words=("Cash rounding", "Exempt"))


def card(till: Till) -> Expected:
    till.scan(BEER)
    till.by_card(1890)
    return Expected(1890, (("card", 1890),), words=("4242", "ILA"))


def transfer(till: Till) -> Expected:
    till.scan(TEA)
    till.begin_payment(999)
    till.press("f7")
    till.answer("Number of the transfer", "T-77")
    till.paid(999, "PAID")
    return Expected(999, (("transfer", 999),), words=("T-77",))


def voucher(till: Till) -> Expected:
    till.scan(MATE)
    till.begin_payment(3490)
    till.type("5000")
    till.press("f8")
    till.answer("Number of the voucher", "V1")
    till.paid(3490, "PAID")
    return Expected(3490, (("voucher", 3490),), words=("V1", "$5.000"))


def split(till: Till) -> Expected:
    till.scan(MATE)
    till.scan(MILK)
    till.begin_payment(4640)
    till.type("2000")
    till.press("f9")
    till.answer("Last four digits", "")
    till.wait(lambda text: shows_large(text, 2640))
    till.press("f4")
    till.paid(2360)
    return Expected(4640, (("card", 2000), ("cash", 2640)), 2360)


def taken_back_payment(till: Till) -> Expected:
    till.scan(MATE)
    till.begin_payment(3490)
    till.type("2000")
    till.enter()
    till.wait(lambda text: shows_large(text, 1490))
    till.press("f11")
    till.wait(lambda text: shows_large(text, 3490))
    till.by_card(3490)
    return Expected(3490, (("card", 3490),))


def quantity_first(till: Till) -> Expected:
    till.type("3*")
    till.wait("3 x")
    till.scan(MILK, 3)
    till.exact(3450)
    return cash(3450, words=("3 x $1.150",))


def quantity_after(till: Till) -> Expected:
    till.scan(MILK)
    till.type("*4")
    till.enter()
    till.rung(3)
    till.exact(4600)
    return cash(4600, words=("4 x $1.150",))


def void(till: Till) -> Expected:
    till.scan(MILK)
    till.scan(MATE)
    till.press("f8")
    till.rung(-1)
    till.exact(1150)
    return cash(1150, words=("Taken back: Yerba mate 500 g",))


def line_discount(till: Till) -> Expected:
    till.scan(MATE)
    till.press("f4")
    till.pick("Discount", "Yerba mate")
    till.answer("Discount:", "10%")
    till.wait("-10% Yerba mate 500 g")
    till.exact(3141)
    return cash(3141, 3140, words=("Discount 10%", "-$349"))


def basket_discount(till: Till) -> Expected:
    till.scan(MATE)
    till.scan(MILK)
    till.press("f4")
    till.pick("Discount", "On the whole sale")
    till.answer("Discount:", "500")
    till.wait("Discount -$500")
    till.exact(4140)
    return cash(4140, words=("Subtotal", "-$500"))


def price_change(till: Till) -> Expected:
    till.scan(TEA)
    till.press("f3")
    till.answer("Quantity:", "", CTRL_U + "800")
    till.wait("$800*")
    till.exact(800)
    return cash(800)


def open_price(till: Till) -> Expected:
    till.send(GIFT.code)
    till.answer("Price:", "3500")
    till.rung()
    till.exact(3500)
    return cash(3500, words=("Regalo surtido",))


def item_without_code(till: Till) -> Expected:
    till.press("/")
    till.answer("What it is:", "", "990")
    till.rung()
    till.exact(990)
    return cash(990, words=("Various",))


def weighed_labels(till: Till) -> Expected:
    till.scan(label("21", 3, 450))
    till.scan(label("20", 4, 2500))
    till.exact(896 + 2500)
    return cash(3396, 3400, words=("0,450 kg x $1.990", "0,250 kg x $9.990"))


def keyed_weight(till: Till) -> Expected:
    till.type(BREAD.code)
    till.enter()
    till.answer("Weight in kg:", "1,5")
    till.rung()
    till.exact(2985)
    return cash(2985, 2980, words=("1,500 kg x $1.990",))


def keyed_code(till: Till) -> Expected:
    till.key_code(CHEESE_LABEL)
    till.exact(1000)
    return cash(1000, words=("Queso gauda",))


CHEESE_LABEL = label("20", CHEESE.number, 1000)


def repeated(till: Till) -> Expected:
    till.scan(MILK)
    till.press("+")
    till.rung()
    till.press("+")
    till.rung()
    till.exact(3450)
    return cash(3450, words=("3 x $1.150",))


def with_note(till: Till) -> Expected:
    till.scan(MILK)
    till.press("f12")
    till.pick("Menu", "Note on the sale")
    till.answer("Note:", "Entregar el martes")
    till.wait("Entregar el martes")
    till.exact(1150)
    return cash(1150, words=("Note: Entregar el martes",))


def new_customer(till: Till) -> Expected:
    till.scan(MILK)
    till.press("f6")
    till.answer("Name or tax number:", "Muñoz")
    till.pick("Customer", "New customer: Muñoz")
    till.answer("New customer", "", "", "", "")
    till.wait("Customer: Muñoz")
    till.exact(1150)
    return cash(1150, words=("Customer: Muñoz",))


def known_customer(till: Till) -> Expected:
    till.scan(MILK)
    till.press("f6")
    till.answer("Name or tax number:", "muñ")
    till.wait("Customer: Muñoz")
    till.exact(1150)
    return cash(1150, words=("Customer: Muñoz",))


def found_by_name(till: Till) -> Expected:
    till.press("f2")
    till.wait("Find an item")
    till.type("acei")
    till.wait(lambda text: "Aceite 900 ml" in text and "Find an item" in text)
    till.enter()
    till.rung()
    till.exact(2790)
    return cash(2790, words=("Aceite 900 ml",))


def unknown_code(till: Till) -> Expected:
    till.scan(MILK)
    code = ean(99_999)
    till.send(code)
    till.wait(f"No product has the code {code}")
    till.hands_free()
    till.press("escape")
    till.wait(lambda text: "No product" not in text)
    till.exact(1150)
    return cash(1150)


def wrong_check_digit(till: Till) -> Expected:
    wrong = MILK.code[:-1] + str((int(MILK.code[-1]) + 1) % 10)
    till.send(wrong)
    till.wait(lambda text: "Wrong check digit" in text and wrong in text)
    till.hands_free()
    till.press("escape")
    till.wait(lambda text: "Wrong check digit" not in text)
    till.scan(MATE)
    till.exact(3490)
    return cash(3490)


def returned(till: Till) -> Expected:
    """The first sale of the day comes back: milk and mate."""
    till.press("f8")
    till.answer("Number of the receipt:", "000001")
    till.pick("Return of sale 1-000001", "Everything")
    till.wait(lambda text: shows_large(text, -4640))
    till.press("f10")
    till.wait("TO GIVE BACK")
    till.press("f10")
    till.paid(4640, "GIVEN BACK")
    return cash(-4640, words=("RETURN", "Of the sale 1-000001", "Returned: Leche entera 1 L"))


def parked_and_recalled(till: Till) -> Expected:
    """A sale is put aside, and comes back after the next customer."""
    till.scan(OIL)
    till.press("f5")
    till.wait("1 parked")
    till.items = 0
    till.press("f5")
    till.rung(1)
    till.wait(lambda text: "1 parked" not in text)
    till.enter()
    till.wait("TO PAY")
    till.enter()
    till.wait("This sale was recalled")
    till.press("escape")
    till.wait(lambda text: "was recalled" not in text)
    till.press("f10")
    till.paid(0)
    return cash(2790, words=("Aceite 900 ml",))


KINDS: tuple[Callable[[Till], Expected], ...] = (
    exact_cash, note_key, card, weighed_labels, quantity_first, void, keyed_cash, line_discount, split,
    transfer, basket_discount, price_change, open_price, rounded_cash, item_without_code, keyed_weight,
    voucher, repeated, with_note, new_customer, known_customer, found_by_name, unknown_code,
    wrong_check_digit, returned, parked_and_recalled, taken_back_payment, quantity_after, enter_twice,
    keyed_code,
)  # fmt: skip


def play(till: Till, count: int) -> list[Expected]:
    """Sell, each kind in turn; what comes back a second time comes from nowhere, so that kind is left out."""
    again = [kind for kind in KINDS if kind not in (returned, new_customer)]
    kinds = [*KINDS, *again, *again][:count]
    expected = []
    for number, kind in enumerate(kinds, 1):
        try:
            expected.append(kind(till))
        except AssertionError as error:
            raise AssertionError(f"sale {number}, {kind.__name__}: {error}") from error
        till.wait(f"Sale 1-{number:06d}")
        till.wait(f"Total {amount(expected[-1].total)}")
    return expected


def test_screen_database_paper_and_head_office_agree_on_fifty_sales(
    till: Till, shop: TestShop, printer: VirtualPrinterDevice
) -> None:
    assert shop.office is not None
    expected = play(till, 50)
    till.press("f11")
    till.answer("Why:", "change for a note")
    kicks = sum(sale.kicks for sale in expected) + 1
    assert printer.wait_for(lambda p: p.paper.cuts == 50 and len(p.paper.kicks) == kicks, 20)
    till.wait("all sent", 20)
    assert till.quit() == 0

    kept = books(shop)
    assert kept.findings == []
    assert [(sale.total, sale.tenders, sale.change) for sale in kept.sales] == [
        (sale.total, sale.tenders, sale.change) for sale in expected
    ]
    assert kept.grand_total == sum(sale.total for sale in expected)
    assert kept.others.count("drawer") == 1
    assert {state for _title, state, _copy in kept.jobs} == {"confirmed"}
    assert at_head_office(shop.office) == kept.sales

    paper = receipts(printer)
    assert [(p.number, p.total, p.copy) for p in paper] == [
        (sale.number, amount(sale.total), False) for sale in kept.sales
    ]
    for piece, sale in zip(paper, expected, strict=True):
        assert [word for word in sale.words if word not in piece.text] == [], piece.text
    assert len(printer.paper.kicks) == kicks
    assert not printer.paper.unknown


def test_a_key_that_others_can_read_is_refused_and_said(shop: TestShop) -> None:
    shop.write()
    shop.key_file.chmod(0o644)
    till = Till(shop, rewrite=False)
    try:
        exact_cash(till)
        till.wait("hq: The key file")
        log = (shop.data / "logs" / "till.log").read_text()
        assert str(shop.key_file) in log
        assert shop.office is not None
        assert shop.office.secret not in log
    finally:
        till.close()
    assert shop.office.requests == 0
