"""Cables that come and go under the real program: the screen never waits, and everything arrives once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.head_office import Fault, HeadOffice
from tests.support.ledger import Books, at_head_office, books, receipts
from tests.support.program import Till, amount
from tests.support.shop import MATE, MILK, OIL, TEA, TestShop
from tilltui_drivers.virtual.printers.printer_device import Faults, VirtualPrinterDevice

AT_ONCE = 1.0
"""Seconds from a scan to its painted line that no cable may use up, on a machine that others use too."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TestShop]:
    shop = TestShop.make(tmp_path)
    yield shop
    shop.close()


def sell(till: Till, count: int = 1) -> None:
    """Sell a carton of milk for exact cash."""
    for _ in range(count):
        till.scan(MILK)
        till.scan(MATE)
        till.exact(4640)


def printed_once(kept: Books, *printers: VirtualPrinterDevice) -> None:
    """Each sale is on paper once, and nothing else is."""
    paper = receipts(*printers)
    assert sorted(piece.number for piece in paper) == [sale.number for sale in kept.sales]
    assert {piece.total for piece in paper} == {amount(sale.total) for sale in kept.sales}
    assert not any(piece.copy for piece in paper)


def checked(till: Till) -> Books:
    """Close the till; its books are in order, at head office too, and no scan waited."""
    assert till.quit() == 0
    kept = books(till.shop)
    assert kept.findings == []
    assert max(till.scan_seconds) < AT_ONCE, till.scan_seconds
    return kept


def a_free_port() -> int:
    """A port on which a printer can be switched on later."""
    with VirtualPrinterDevice() as virtual:
        return virtual.serve_tcp()


def go_down(office: HeadOffice) -> None:
    """Take head office down, the connection that is open included."""
    office.always = Fault.CLOSE_BEFORE_COMMIT
    office.stop()


def test_a_printer_switched_on_later_prints_what_waited_once(shop: TestShop) -> None:
    shop.printer_port = a_free_port()
    till = Till(shop)
    with VirtualPrinterDevice() as printer:
        try:
            sell(till, 3)
            till.wait("printer: does not answer")
            printer.serve_tcp(port=shop.printer_port)
            assert printer.wait_for(lambda p: p.paper.cuts == 3, 30)
            till.wait(lambda text: "printer:" not in text)
            sell(till)
            assert printer.wait_for(lambda p: p.paper.cuts == 4)
            kept = checked(till)
        finally:
            till.close()
        printed_once(kept, printer)
        assert [state for _title, state, _copy in kept.jobs] == ["confirmed"] * 4
        # The three kicks for the printer that was off are dropped: a drawer does not open by itself later.
        assert len(printer.paper.kicks) == 1


def test_paper_that_ends_in_mid_receipt_is_waited_for(shop: TestShop) -> None:
    with VirtualPrinterDevice(Faults(paper_for=10)) as printer:
        shop.printer_port = printer.serve_tcp()
        till = Till(shop)
        try:
            sell(till)
            till.wait("printer: no paper")
            sell(till, 3)
            assert printer.paper.cuts == 0
            printer.set_paper()
            assert printer.wait_for(lambda p: p.paper.cuts == 4, 20)
            till.wait(lambda text: "no paper" not in text)
            kept = checked(till)
        finally:
            till.close()
        printed_once(kept, printer)
        assert [state for _title, state, _copy in kept.jobs] == ["confirmed"] * 4


def test_a_printer_cable_pulled_in_mid_receipt_is_asked_about(shop: TestShop) -> None:
    torn = VirtualPrinterDevice(Faults(cut_after=500))
    shop.printer_port = torn.serve_tcp()
    till = Till(shop)
    with VirtualPrinterDevice() as printer:
        try:
            till.scan(OIL)
            till.by_card(2790)
            till.wait("perhaps not printed")
            torn.close()
            assert torn.paper.cuts == 0
            printer.serve_tcp(port=shop.printer_port)
            till.hands_free()
            till.press("escape")
            till.wait(lambda text: "A receipt was perhaps" not in text)
            sell(till)
            assert printer.wait_for(lambda p: p.paper.cuts == 1)
            assert [piece.number for piece in receipts(torn, printer)] == ["1-000002"]
            till.press("f12")
            till.pick("Menu", "Printing: what waits")
            till.pick("Printing", "1-000001")
            till.pick("Did 1-000001 come out?", "No, print a copy")
            assert printer.wait_for(lambda p: p.paper.cuts == 2)
            kept = checked(till)
        finally:
            till.close()
        paper = receipts(torn, printer)
        assert [(piece.number, piece.copy) for piece in paper] == [("1-000002", False), ("1-000001", True)]
        assert kept.jobs == [
            ("1-000001", "cancelled", 0),
            ("1-000002", "confirmed", 0),
            ("1-000001", "confirmed", 1),
        ]


def test_a_scanner_that_is_unplugged_comes_back(shop: TestShop) -> None:
    assert shop.scanner is not None
    till = Till(shop)
    try:
        sell(till)
        shop.scanner.pull_out()
        till.wait(lambda text: "scanner: unplugged" in text or "scanner: not found" in text)
        till.key_code(TEA)
        shop.scanner.plug_in()
        shop.scanner.wait_opened()
        till.wait(lambda text: "scanner:" not in text)
        till.scan(MILK)
        till.by_card(2149)
        kept = checked(till)
    finally:
        till.close()
    assert [sale.total for sale in kept.sales] == [4640, 999 + 1150]


def test_a_scanner_that_is_not_there_is_said_and_found_later(shop: TestShop) -> None:
    assert shop.scanner is not None
    shop.scanner.pull_out()
    till = Till(shop)
    try:
        till.wait("scanner: not found")
        shop.scanner.plug_in()
        shop.scanner.wait_opened()
        till.wait(lambda text: "scanner:" not in text)
        sell(till)
        assert len(checked(till).sales) == 1
    finally:
        till.close()


def test_sales_wait_for_head_office_and_arrive_once(shop: TestShop) -> None:
    office = shop.office
    assert office is not None
    till = Till(shop)
    try:
        sell(till)
        till.wait("all sent")
        go_down(office)
        sell(till, 4)
        till.wait("offline: 4 records wait")
        office.always = None
        office.start()
        till.wait("all sent", 60)
        sell(till)
        till.wait("all sent")
        kept = checked(till)
    finally:
        till.close()
    assert len(kept.sales) == 6
    assert at_head_office(office) == kept.sales


def test_a_till_that_closed_without_network_sends_the_next_day(shop: TestShop) -> None:
    office = shop.office
    assert office is not None
    office.stop()
    till = Till(shop)
    try:
        sell(till, 2)
        till.wait("offline: 3 records wait")
        checked(till)
    finally:
        till.close()
    office.start()
    till = Till(shop, rewrite=False)
    try:
        till.wait("all sent", 30)
        assert till.quit() == 0
    finally:
        till.close()
    kept = books(shop)
    assert len(kept.sales) == 2
    assert at_head_office(office) == kept.sales
