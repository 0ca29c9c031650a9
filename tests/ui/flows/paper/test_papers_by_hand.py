"""Papers that somebody asks for: shelf labels from a product's card, and gift receipts."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.ui.cashier import MILK, SOAP, Bench, Cashier, open_till
from tilltui.ports import DeviceState, Memory
from tilltui.ui.dialogs.ask import AskDialog
from tilltui.ui.dialogs.pick import PickDialog
from tilltui.ui.dialogs.show import SheetDialog
from tilltui_drivers.virtual.printers.printer import VirtualPrinter


class Paper(VirtualPrinter):
    """Prints into text files, and can be asked anew what it can do."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name, VirtualPrinter.Settings(folder=str(folder), pictures=False))
        self.forgotten = threading.Event()

    def use_memory(self, memory: Memory) -> None:
        pass

    def forget(self) -> None:
        self.forgotten.set()

    @property
    def papers(self) -> list[str]:
        """What came out, oldest first."""
        return [path.read_text("utf-8") for path in sorted(self.folder.glob(f"{self.name}-*.txt"))]


@pytest.fixture
def printer(bench: Bench, tmp_path: Path) -> Paper:
    printer = Paper("receipt", tmp_path / "paper")
    bench.fitted["printer", "receipt"] = printer
    return printer


def kinds(cashier: Cashier) -> list[tuple[str, str, str]]:
    query = "SELECT printer, kind, state FROM print_job ORDER BY id"
    return [(printer, kind, state) for printer, kind, state in cashier.store.reader.execute(query)]


async def test_labels_from_the_card(bench: Bench, printer: Paper) -> None:
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f7")
        assert isinstance(cashier.dialog, SheetDialog)
        assert "Print shelf labels" in await cashier.text()
        await cashier.press("f7")
        assert isinstance(cashier.dialog, AskDialog)
        await cashier.press("backspace", "3", "enter")
        await cashier.until(lambda: kinds(cashier) == [("receipt", "label", "confirmed")])
        (paper,) = printer.papers
        assert paper.count("$1.150") == 3
        assert paper.count("Almacén Rosita") == 3
        assert len(cashier.lines) == 1


async def test_one_label_is_two_keys_and_enter(bench: Bench, printer: Paper) -> None:
    async with open_till(bench) as cashier:
        await cashier.type("2100123")
        await cashier.press("f7", "f7", "enter")
        await cashier.until(lambda: kinds(cashier) == [("receipt", "label", "confirmed")])
        assert "$1.990 / kg" in printer.papers[0]
        assert cashier.lines == []


@pytest.mark.parametrize("keyed", ["0", "100", "x", ""])
async def test_how_many_is_bounded(bench: Bench, printer: Paper, keyed: str) -> None:
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f7", "f7", "backspace")
        await cashier.type(keyed)
        await cashier.press("enter")
        assert isinstance(cashier.dialog, AskDialog)
        assert "from 1 to 99 labels" in await cashier.text()
        await cashier.press("escape")
        assert kinds(cashier) == []


async def test_labels_go_to_the_printer_for_labels(bench: Bench, printer: Paper, tmp_path: Path) -> None:
    # Both sections have the options of their kind: the first one that is for labels takes them.
    bench.options["printer"] = {"labels": True}
    bench.fitted = {("printer", "shelf"): Paper("shelf", tmp_path / "paper"), **bench.fitted}
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f7", "f7", "enter")
        await cashier.until(lambda: kinds(cashier) == [("shelf", "label", "confirmed")])


async def test_without_a_printer_the_card_offers_none(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f7")
    assert "shelf labels" not in await cashier.text()
    await cashier.press("f7")
    assert isinstance(cashier.dialog, SheetDialog)


async def test_a_scan_on_the_card_rings(bench: Bench, printer: Paper) -> None:
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f7", "f7")
        await cashier.scan(SOAP)
        assert cashier.dialog is None
        assert len(cashier.lines) == 2
        assert kinds(cashier) == []


async def test_a_gift_receipt_has_no_price(bench: Bench, printer: Paper) -> None:
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("enter", "enter")
        await cashier.until(lambda: kinds(cashier) == [("receipt", "receipt", "confirmed")])
        await cashier.choose("receipts")
        await cashier.press("1")
        dialog = cashier.dialog
        assert isinstance(dialog, PickDialog)
        await cashier.press("3")
        await cashier.until(lambda: kinds(cashier)[1:] == [("receipt", "gift", "confirmed")])
        receipt, gift = printer.papers
        assert "1.150" in receipt
        assert "1.150" not in gift
        assert "Leche entera 1 L" in gift


async def test_a_printer_is_found_out_anew(bench: Bench, printer: Paper) -> None:
    async with open_till(bench) as cashier:
        await cashier.choose("devices")
        await cashier.press("1")
        assert "It was exchanged" in await cashier.text()
        await cashier.press("3")
        await cashier.until(printer.forgotten.is_set)
        assert cashier.errors == ["What it can do is found out with its next paper."]


async def test_doubtful_labels_can_be_had_again(bench: Bench, printer: Paper) -> None:
    async with open_till(bench) as cashier:
        spool = cashier.app.till._spool
        printer.folder.write_text("in the way")
        await cashier.scan(MILK)
        await cashier.press("f7", "f7", "enter")
        await cashier.until(lambda: ("printer", "receipt") in cashier.app.known.devices)
        assert cashier.app.known.devices["printer", "receipt"].state is DeviceState.FAILED
        (job,) = spool.unsettled()
        spool.set_state(job.id, "uncertain")
        printer.folder.unlink()
        await cashier.choose("jobs")
        await cashier.press("1", "2")
        await cashier.until(lambda: [state for *_, state in kinds(cashier)] == ["cancelled", "confirmed"])
        assert len(printer.papers) == 1


async def test_labels_of_what_changed(bench: Bench, printer: Paper) -> None:
    async with open_till(bench) as cashier:
        await cashier.choose("labels")
        await cashier.until(lambda: isinstance(cashier.dialog, PickDialog))
        dialog = cashier.dialog
        assert isinstance(dialog, PickDialog)
        assert [(choice.label, choice.detail) for choice in dialog._choices] == [
            ("Changed today", "5"),
            ("Changed in the last 7 days", "5"),
            ("(no category)", "3"),
            ("Abarrotes", "1"),
            ("Lácteos", "1"),
        ]
        await cashier.press("1")
        assert "Yes, print 5 labels" in await cashier.text()
        await cashier.press("2")
        await cashier.until(lambda: kinds(cashier) == [("receipt", "label", "confirmed")])
        assert sum("Almacén Rosita" in line for line in printer.papers[0].splitlines()) == 5


@pytest.mark.parametrize(("last", "names"), [("1", []), ("2", ["Leche entera 1 L"])])
async def test_labels_of_a_category_after_asking(
    bench: Bench, printer: Paper, last: str, names: list[str]
) -> None:
    async with open_till(bench) as cashier:
        await cashier.choose("labels")
        await cashier.until(lambda: isinstance(cashier.dialog, PickDialog))
        await cashier.press("5", last)
        await cashier.until(lambda: len(kinds(cashier)) == len(names))
        assert cashier.dialog is None
        await cashier.until(lambda: len(printer.papers) == len(names))
        assert all(name in paper for name, paper in zip(names, printer.papers, strict=True))


async def test_without_products_there_are_no_labels(bench: Bench, printer: Paper) -> None:
    bench.products = ()
    async with open_till(bench) as cashier:
        await cashier.choose("labels")
        await cashier.until(lambda: cashier.errors == ["There are no products yet."])
