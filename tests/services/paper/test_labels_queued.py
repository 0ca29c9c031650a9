"""Which printer a label goes to, and how many make a job: over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tilltui.config.schema import Config, DeviceSection, Shop
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.paper.elements import Barcode, Cut, Rule
from tilltui.domain.paper.labels import LabelOf
from tilltui.services.devices.devices import Devices
from tilltui.services.paper.print_routes import label_printer, receipt_printer, route_of
from tilltui.services.paper.spool import LABELS_A_JOB, Spool
from tilltui.services.shop import shop_of
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue, shelf
from tilltui.store.paper import jobs
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.printers.paper_settings import PaperSettings
from tilltui_drivers.transport.memory import MemoryTransport
from tilltui_drivers.virtual.printers.printer import VirtualPrinter

SHOP = Shop("Almacén")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "till", "1", safe_disk_only=False, ballast_bytes=4096)
    yield opened
    opened.close()


def section(name: str, **options: object) -> DeviceSection:
    return DeviceSection("printer", name, "escpos", MappingProxyType(options))


@pytest.mark.parametrize(
    ("printers", "receipts", "for_labels"),
    [
        ([], "", ""),
        ([section("front")], "front", "front"),
        ([section("shelf", labels=True), section("front")], "front", "shelf"),
        ([section("kitchen", categories=["*"]), section("shelf", labels=True)], "kitchen", "shelf"),
        ([section("a", labels=True), section("b", labels=True), section("receipt")], "receipt", "a"),
        ([section("receipt", labels=True), section("b")], "receipt", "receipt"),
        ([section("only", labels=True)], "only", "only"),
        # A wrong setting is a warning and chooses nothing.
        ([section("front"), section("shelf", labels="yes")], "front", "front"),
    ],
)
def test_the_printer_for_labels(
    printers: list[DeviceSection], receipts: str, for_labels: str, store: Store
) -> None:
    assert (receipt_printer(printers), label_printer(printers)) == (receipts, for_labels)
    devices = Devices(Config(shop=SHOP, devices=tuple(printers)), store)
    assert (devices.receipt_printer, devices.label_printer) == (receipts, for_labels)


@pytest.mark.parametrize(("profile", "cuts"), [("generic-80", True), ("POS-58", False)])
def test_labels_are_jobs_of_twenty(store: Store, profile: str, cuts: bool) -> None:
    spool = Spool(store, shop_of(Config(shop=SHOP)), str)
    settings = EscposPrinter.Settings(host="192.0.2.1", profile=profile)
    spool.serve(EscposPrinter("shelf", settings, pipe=MemoryTransport()))
    products = [LabelOf(str(n), f"Artículo {n}", n) for n in range(1, 2 * LABELS_A_JOB + 2)]
    made = spool.labels("shelf", products)
    assert len(made) == 3
    counts = []
    while (job := spool.next_job("shelf")) is not None:
        assert (job.kind, job.copy_no, job.sale_id) == ("label", 0, None)
        counts.append(sum(isinstance(e, Barcode) for e in job.elements))
        assert sum(isinstance(e, Cut) for e in job.elements) == (counts[-1] if cuts else 1)
        assert sum(isinstance(e, Rule) for e in job.elements) == (0 if cuts else counts[-1] - 1)
        spool.set_state(job.id, "confirmed")
    assert counts == [LABELS_A_JOB, LABELS_A_JOB, 1]
    rows = [jobs.job(store.reader, number) for number in made]
    assert [row.title for row in rows if row] == [
        *("Artículo 1 – Artículo 20", "Artículo 21 – Artículo 40", "Artículo 41")
    ]


def test_many_labels_of_one_product_are_one_job(store: Store) -> None:
    spool = Spool(store, shop_of(Config(shop=SHOP)), str)
    assert spool.labels("shelf", []) == []
    made = spool.labels("shelf", [LabelOf("1", "Pan", 990), LabelOf("2", "Té", 100)], copies=30)
    assert len(made) == 2
    job = spool.next_job("shelf")
    assert job is not None
    assert sum(isinstance(e, Barcode) for e in job.elements) == 30


def test_doubtful_labels_are_printed_again_without_a_word(store: Store) -> None:
    spool = Spool(store, shop_of(Config(shop=SHOP)), str)
    (first,) = spool.labels("shelf", [LabelOf("1", "Pan", 990)])
    spool.set_state(first, "sending")
    spool.set_state(first, "uncertain")
    again = spool.again(first)
    one, two = jobs.job(store.reader, first), jobs.job(store.reader, again)
    assert one is not None
    assert two is not None
    assert again != first
    assert (two.kind, two.copy_no, two.state, two.doc) == ("label", 0, "queued", one.doc)


def test_the_shelf_is_read_as_it_stands(store: Store) -> None:
    products = [
        NewProduct("2", "Té", 1500, "general", category="Abarrotes"),
        NewProduct("1", "Pan", 990, "general", "kg", category="Panadería", codes=("B", "A")),
        NewProduct("3", "Pan viejo", 1, "general", category="Panadería", active=False),
    ]
    store.run(lambda c: catalogue.put(c, products[:1], 1000))
    store.run(lambda c: catalogue.put(c, products[1:], 2000))
    bread = LabelOf("1", "Pan", 990, "kg", ("A", "B"))
    assert [label.sku for label in shelf.changed(store.reader)] == ["2", "1"]
    assert shelf.changed(store.reader, since_ms=1001) == [bread]
    assert shelf.changed(store.reader, since_ms=2001) == []
    assert shelf.changed(store.reader, within=["PANADERIA"]) == [bread]
    assert shelf.unsold(shelf.categories(store.reader), ["panaderia", "Frutas", "*"]) == ["Frutas"]
    found = catalogue.by_code(store.reader, "A")
    assert found is not None
    assert shelf.label_of(store.reader, found) == bread


@pytest.mark.parametrize("options", [{}, {"categories": ("Bar",), "copies": 2, "gift": True}])
def test_the_virtual_printer_has_the_papers_of_a_real_one(options: dict[str, Any], tmp_path: Path) -> None:
    papers = PaperSettings(**options)
    real = EscposPrinter("p", EscposPrinter.Settings(host="192.0.2.1", papers=papers), pipe=MemoryTransport())
    virtual = VirtualPrinter("p", VirtualPrinter.Settings(folder=str(tmp_path), papers=papers))
    assert route_of(virtual) == route_of(real)
    assert route_of(virtual).copies == options.get("copies", 0)
