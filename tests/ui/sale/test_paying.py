"""Paying at the screen, parking, returns, and what happens when the disk does not do its part."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from tests.ui.cashier import MILK, SOAP, UNKNOWN, YERBA, Bench, Cashier, open_till
from tilltui.domain.record.sales.accepted import Accepted
from tilltui.errors import DiskFull, StoreError
from tilltui.store.selling import baskets
from tilltui.ui.sale.state import Mode


async def test_enter_enter_is_exact_cash(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter")
    assert "TO PAY" in await cashier.text()
    await cashier.press("enter")
    assert cashier.mode is Mode.DONE
    assert cashier.sales() == [(1, 1150, 0)]
    assert cashier.payments(1) == [("cash", 1150, 1150, "")]
    assert "CHANGE" in await cashier.text()


async def test_a_note_key_gives_change_until_the_next_scan(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter", "f4")
    assert cashier.sales() == [(1, 1150, 3850)]
    text = await cashier.text()
    assert "CHANGE" in text
    assert "Sale 1-000001" in text
    assert "Leche entera" in text
    await cashier.press("enter", "escape", "up", "f1", "escape")
    assert "CHANGE" in await cashier.text()
    await cashier.scan(YERBA)
    text = await cashier.text()
    assert "Last change $3.850" in text
    assert "Leche entera" not in text
    assert "Sale 1-000002" in text


async def test_cash_given_is_keyed(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter")
    await cashier.type("2000")
    await cashier.press("enter")
    assert cashier.sales() == [(1, 1150, 850)]


async def test_cash_given_can_be_keyed_before(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.type("2000")
    await cashier.press("f10")
    assert cashier.sales() == [(1, 1150, 850)]


async def test_a_barcode_is_never_cash(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter")
    await cashier.type(YERBA)
    await cashier.press("enter")
    assert cashier.mode is Mode.PAY
    assert "barcode, not an amount" in cashier.errors[0]
    await cashier.press("escape", "escape")
    await cashier.type("96385074")
    await cashier.press("f10")
    assert cashier.sales() == []
    assert cashier.open_sale.payments == ()


async def test_split_tender_and_taking_back(cashier: Cashier) -> None:
    await cashier.scan(SOAP, YERBA)
    await cashier.press("enter")
    await cashier.type("2480")
    await cashier.press("enter")
    assert "Cash $2.480" in await cashier.text()
    await cashier.type("5000")
    await cashier.press("f9")
    await cashier.type("4242")
    await cashier.press("enter")
    await cashier.type("1000")
    await cashier.press("f7", "enter")
    await cashier.press("f11")
    assert len(cashier.open_sale.payments) == 2
    await cashier.type("1000")
    await cashier.press("f8")
    await cashier.scan("VALE-77")
    assert "VALE-77" in await cashier.text()
    await cashier.press("enter")
    await cashier.press("f7", "enter")
    assert cashier.mode is Mode.DONE
    assert cashier.payments(1) == [
        ("cash", 2480, 2480, ""),
        ("card", 5000, 5000, "4242"),
        ("voucher", 1000, 1000, "VALE-77"),
        ("transfer", 4000, 4000, ""),
    ]
    text = await cashier.text()
    assert "CHANGE" in text
    assert "Voucher $1.000" in text


async def test_a_card_never_takes_more(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter")
    await cashier.type("5000")
    await cashier.press("f9")
    assert cashier.dialog is None
    assert "more is taken in cash alone" in cashier.errors[0]


async def test_card_in_one_key(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f9", "enter")
    assert cashier.payments(1) == [("card", 1150, 1150, "")]
    assert "PAID" in await cashier.text()


async def test_a_scan_while_paying_goes_on_with_the_sale(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter")
    await cashier.type("500")
    await cashier.press("enter", "7")
    await cashier.scan(YERBA)
    assert cashier.mode is Mode.SELL
    assert cashier.total == 4640
    assert len(cashier.open_sale.payments) == 1
    text = await cashier.text()
    assert "Cash $500" in text
    assert "To pay $4.140" in text
    await cashier.press("enter", "enter")
    assert cashier.sales() == [(1, 4640, 0)]


async def test_a_product_scanned_over_a_tender_rings_and_the_tender_is_said(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter", "f8")
    await cashier.scan(YERBA)
    assert cashier.dialog is None
    assert cashier.errors == ["Voucher: the payment was not taken, the scan came first."]
    assert [line[0] for line in cashier.lines] == ["Leche entera 1 L", "Yerba mate 500 g"]
    assert cashier.open_sale.payments == ()


async def test_nothing_to_pay(cashier: Cashier) -> None:
    await cashier.press("enter")
    assert cashier.errors == ["There is nothing to sell yet."]


async def test_a_sale_of_nothing_is_closed(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f4", "2")
    await cashier.type("100%")
    await cashier.press("enter", "enter", "enter")
    assert cashier.sales() == [(1, 0, 0)]
    assert cashier.payments(1) == []


async def test_giving_a_sale_up(cashier: Cashier) -> None:
    await cashier.scan(MILK, YERBA)
    await cashier.choose("abandon")
    await cashier.press("1")
    assert cashier.lines != []
    await cashier.choose("abandon")
    await cashier.press("2")
    assert cashier.mode is Mode.DONE
    assert cashier.sales() == [(1, 0, 0)]
    assert "NOTHING TO PAY" in await cashier.text()
    voids = next(cashier.store.reader.execute("SELECT count(*) FROM sale_line WHERE deed = 'void'"))
    assert voids == (2,)


async def test_giving_up_saves_the_basket_once(cashier: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
    await cashier.scan(MILK, YERBA, SOAP)
    submit, saved = cashier.store.submit, list[Any]()

    def counted(work: Any, *, durable: bool = True) -> Future[Any]:
        saved.append(work)
        return submit(work, durable=durable)

    monkeypatch.setattr(cashier.store, "submit", counted)
    cashier.register.paying.abandon()
    assert len(saved) == 1
    cashier.store.submit(lambda connection: None, durable=False).result(10)
    there = baskets.load(cashier.store.reader, cashier.open_sale.basket_id)
    assert there == cashier.open_sale.basket
    assert there is not None
    assert there.live_lines == []


async def test_park_and_recall_in_one_key_each(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f5")
    assert cashier.lines == []
    await cashier.until(lambda: cashier.register.selling.parking.parked_names() == [""])
    await cashier.pilot.pause()
    assert "1 parked" in await cashier.text()
    await cashier.scan(YERBA)
    await cashier.press("enter", "enter", "f5")
    assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
    assert "1 parked" not in await cashier.text()


async def test_a_recalled_sale_wants_its_tender_named(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f5", "f5", "enter", "enter")
    assert cashier.sales() == []
    assert "recalled" in cashier.errors[0]
    await cashier.press("f10")
    assert cashier.sales() == [(1, 1150, 0)]


async def test_several_parked_sales_by_name(cashier: Cashier) -> None:
    for code, name in ((MILK, "Rosa"), (YERBA, "Mesa 4"), (SOAP, "")):
        await cashier.scan(code)
        if name:
            await cashier.choose("park_name")
            await cashier.type(name)
            await cashier.press("enter")
        else:
            await cashier.press("f5")
    await cashier.press("f5")
    text = await cashier.text()
    assert "Rosa (1 line)" in text
    assert "Mesa 4" in text
    assert "$8.990" in text
    await cashier.press("2")
    assert cashier.lines == [("Yerba mate 500 g", 1000, 3490)]


async def test_a_scan_while_choosing_a_parked_sale_rings(cashier: Cashier) -> None:
    for code in (MILK, YERBA):
        await cashier.scan(code)
        await cashier.press("f5")
    await cashier.press("f5")
    await cashier.scan(SOAP)
    assert cashier.lines == [("Detergente líquido 3 L", 1000, 8990)]
    assert len(cashier.register.selling.parking.parked_names()) == 2


async def test_nothing_parked(cashier: Cashier) -> None:
    await cashier.press("f5")
    assert cashier.errors == ["No sale is parked."]


async def test_a_partly_paid_sale_is_not_parked(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter")
    await cashier.type("500")
    await cashier.press("enter", "escape", "f5")
    assert "already paid" in cashier.errors[0]
    assert cashier.lines != []


async def test_a_return_from_the_receipt(cashier: Cashier) -> None:
    await cashier.scan(MILK, MILK, YERBA)
    await cashier.press("enter", "enter")
    await cashier.scan("1-000001")
    text = await cashier.text()
    assert "Return of sale 1-000001" in text
    await cashier.press("3", "escape")
    assert cashier.lines == [("Yerba mate 500 g", -1000, -3490)]
    await cashier.press("enter")
    assert "TO GIVE BACK" in await cashier.text()
    await cashier.press("enter")
    assert cashier.sales()[1][1] == -3490
    assert "GIVEN BACK" in await cashier.text()
    await cashier.press("f8")
    await cashier.type("000001")
    await cashier.press("enter", "1")
    assert cashier.lines == [("Leche entera 1 L", -2000, -2300)]
    await cashier.press("enter", "enter")
    await cashier.scan("1-000001")
    assert "has come back" in cashier.errors[0]


async def test_a_customer_is_found_or_added(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f6")
    await cashier.type("Marta Soto")
    await cashier.press("enter", "1", "enter")
    await cashier.type("12.345.678-5")
    await cashier.press("enter", "enter", "enter")
    assert cashier.open_sale.basket.customer == "Marta Soto"
    assert "Customer: Marta" in await cashier.text()
    await cashier.press("f6", "ctrl+u", "enter")
    assert cashier.open_sale.basket.customer == ""
    await cashier.press("f6")
    await cashier.type("12345678")
    await cashier.press("enter")
    assert cashier.open_sale.basket.customer == "Marta Soto"


async def test_the_basket_and_what_was_paid_are_there_after_a_kill(bench: Bench) -> None:
    async with open_till(bench) as cashier:
        await cashier.scan(MILK, YERBA)
        await cashier.press("enter")
        await cashier.type("1000")
        await cashier.press("enter")
    async with open_till(bench) as cashier:
        assert [line[0] for line in cashier.lines] == ["Leche entera 1 L", "Yerba mate 500 g"]
        assert "already paid" in cashier.errors[0]
        assert "Cash $1.000" in await cashier.text()
        await cashier.press("escape", "enter", "enter")
        assert cashier.sales() == [(1, 4640, 0)]
        assert len(cashier.payments(1)) == 2


async def test_a_recalled_sale_is_there_after_a_kill(bench: Bench) -> None:
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f5")
        await cashier.choose("note")
        await cashier.type("nota suelta")
        await cashier.press("enter", "f5")
        assert cashier.lines != []
    async with open_till(bench) as cashier:
        assert cashier.lines == [("Leche entera 1 L", 1000, 1150)]
        assert cashier.open_sale.basket.recalled


async def test_training_says_so_and_opens_no_drawer(bench: Bench) -> None:
    bench.training = True
    async with open_till(bench) as cashier:
        assert (await cashier.screen())[0].count("TRAINING") > 3
        await cashier.scan(MILK)
        await cashier.press("enter", "enter")
        assert "TRAINING" in (await cashier.screen())[0]
        assert cashier.sales() == [(1, 1150, 0)]


@pytest.fixture
def stuck(cashier: Cashier) -> Iterator[threading.Event]:
    """A disk that does nothing until the event is set."""
    go = threading.Event()
    cashier.store.submit(lambda connection: go.wait(20), durable=False)
    yield go
    go.set()


async def handled(cashier: Cashier) -> None:
    """Wait until everything in the queue was handled, not for the disk."""
    await cashier.pilot.pause()


async def test_what_comes_while_saving_is_the_next_customers(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    go = threading.Event()
    cashier.store.submit(lambda connection: go.wait(20), durable=False)
    for key in ("enter", "enter", "enter", "f10", "2", "*"):
        cashier.key(key)
    cashier.read(YERBA)
    cashier.read(UNKNOWN)
    cashier.read(SOAP)
    await handled(cashier)
    assert cashier.mode is Mode.SAVING
    assert "saving the sale" in await cashier.text()
    go.set()
    await cashier.settle()
    assert cashier.sales() == [(1, 1150, 0)]
    assert cashier.lines == [("Yerba mate 500 g", 2000, 6980), ("Detergente líquido 3 L", 1000, 8990)]
    assert len(cashier.errors) == 1


async def test_a_slow_disk_never_stops_the_screen(cashier: Cashier, stuck: threading.Event) -> None:
    await cashier.scan(MILK, YERBA)
    assert cashier.total == 4640
    cashier.key("f5")
    await handled(cashier)
    assert cashier.lines == []
    cashier.key("f5")
    await handled(cashier)
    assert "one moment" in await cashier.text()
    cashier.read(SOAP)
    await handled(cashier)
    stuck.set()
    await cashier.settle()
    assert [line[0] for line in cashier.lines] == [
        "Leche entera 1 L",
        "Yerba mate 500 g",
        "Detergente líquido 3 L",
    ]


def failing(error: Exception) -> Future[Accepted]:
    """A closing that fails."""
    future: Future[Accepted] = Future()
    future.set_exception(error)
    return future


async def test_a_full_disk_keeps_the_sale_and_its_payments(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cashier.scan(MILK)
    with monkeypatch.context() as patch:
        patch.setattr(cashier.store, "close_sale", lambda *args, **kwargs: failing(DiskFull("No room.")))
        await cashier.press("f9", "enter")
    assert cashier.mode is Mode.PAY
    assert cashier.errors == ["No room."]
    assert [payment.tender.key for payment in cashier.open_sale.payments] == ["card"]
    assert "Enter: save the sale" in await cashier.text()
    await cashier.press("escape", "enter")
    assert cashier.sales() == [(1, 1150, 0)]
    assert cashier.payments(1) == [("card", 1150, 1150, "")]


async def test_a_sale_that_landed_although_the_disk_failed_is_accepted(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cashier.scan(MILK)
    real = cashier.store.close_sale

    def lands_and_fails(*args: object, **kwargs: object) -> Future[Accepted]:
        real(*args, **kwargs).result(10)  # type: ignore[arg-type]
        return failing(StoreError("The disk reported an error."))

    monkeypatch.setattr(cashier.store, "close_sale", lands_and_fails)
    await cashier.press("enter", "enter")
    assert cashier.mode is Mode.DONE
    assert cashier.sales() == [(1, 1150, 0)]
    assert cashier.errors == []


async def test_a_sale_in_doubt_can_only_be_saved_again(
    cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cashier.scan(MILK)
    with monkeypatch.context() as patch:
        patch.setattr(cashier.store, "close_sale", lambda *args, **kwargs: failing(StoreError("I/O error.")))
        patch.setattr(cashier.store, "landed", lambda uuid: failing(StoreError("Still dead.")))
        await cashier.press("enter", "enter")
    assert cashier.open_sale.in_doubt
    await cashier.scan(YERBA)
    assert len(cashier.open_sale.basket.lines) == 1
    assert any("not certain" in error for error in cashier.errors)
    await cashier.press(*["escape"] * len(cashier.errors), "enter", "enter")
    assert cashier.sales() == [(1, 1150, 0)]
    await cashier.scan(YERBA)
    assert cashier.lines == [("Yerba mate 500 g", 1000, 3490)]


async def test_a_payment_that_was_taken_back_stands_in_the_journal(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("enter", "f9")
    await cashier.type("4242")
    await cashier.press("escape")
    await cashier.type("500")
    await cashier.press("f9")
    await cashier.type("4242")
    await cashier.press("enter", "f11", "enter")
    assert cashier.payments(1) == [("cash", 1150, 1150, "")]
    (body,) = next(cashier.store.reader.execute("SELECT body FROM journal ORDER BY seq DESC LIMIT 1"))
    assert [step[:5] for step in json.loads(body)["trail"]] == [["payment", 0, "card 500", "4242", "Ana"]]
