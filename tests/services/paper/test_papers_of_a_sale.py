"""Several papers a sale, the logo, and what devices are remembered for: over a real store."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.support import registers
from tests.support.registers import OpenTill, a_till, settle
from tilltui.domain.goods.product import Product
from tilltui.domain.paper.elements import Image, Text
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.errors import SaleError
from tilltui.services.flow import through
from tilltui.services.paper.logo import MAX_BYTES, Logo, logo_of
from tilltui.services.paper.printing import PrintJob
from tilltui.services.paper.spool import Spool
from tilltui.services.register import Register
from tilltui.store.devices import memory as device_memory
from tilltui.store.devices.memory import DeviceMemory
from tilltui.store.file.store import Store
from tilltui.store.paper import jobs
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.printers.graphics import image_bytes
from tilltui_drivers.printers.paper_settings import PaperSettings
from tilltui_drivers.transport.memory import MemoryTransport
from tilltui_drivers.virtual.printers.paper import Interpreter, RasterRow


@pytest.fixture
def till(tmp_path: Path) -> Iterator[OpenTill]:
    with a_till(tmp_path / "till", printer="receipt") as opened:
        yield opened


def printer(name: str, profile: str = "generic-80", **papers: Any) -> EscposPrinter:
    values = EscposPrinter.Settings(host="192.0.2.1", profile=profile, papers=PaperSettings(**papers))
    return EscposPrinter(name, values, pipe=MemoryTransport())


def a_spool(till: OpenTill, *printers: EscposPrinter, logo: Logo | None = None) -> Spool:
    """The papers of a till with these printers."""
    spool = Spool(till.store, till.shop, str, logo=logo)
    for one in printers:
        spool.serve(one)
    return spool


def ring(register: Register, *items: tuple[str, str]) -> None:
    """Ring products by name and category, each for 1.000."""
    for number, (name, category) in enumerate(items, 1):
        product = Product(
            number, f"A{number}", name, "u", 1000, False, "general", category, "", active=True, complete=True
        )
        register.selling.ringing.ring(product)


def sell(till: OpenTill, *items: tuple[str, str]) -> int:
    ring(till.register, *items)
    till.register.paying.pay_cash(100_000)
    return registers.close(till.register).seq


def queued(store: Store) -> list[tuple[str, str, int]]:
    return [(row.printer, row.kind, row.copy_no) for row in reversed(jobs.recent(store.reader))]


def texts(job: PrintJob | None) -> str:
    assert job is not None
    return "\n".join(
        f"{element.left}{element.center} {element.right}"
        for element in job.elements
        if isinstance(element, Text)
    )


def test_each_paper_of_a_sale_is_a_job_of_its_transaction(till: OpenTill) -> None:
    spool = a_spool(
        till,
        printer("receipt", copies=1, gift=True),
        printer("kitchen", categories=("Cocina",)),
        printer("bar", categories=("Bar",)),
    )
    sell(till, ("Lomo", "cocina"), ("Pan", "Panadería"))
    assert queued(till.store) == [
        ("receipt", "receipt", 0),
        ("receipt", "copy", 1),
        ("receipt", "gift", 0),
        ("kitchen", "order", 0),
    ]
    slip = texts(spool.next_job("kitchen"))
    assert "1 x Lomo" in slip
    assert "Pan" not in slip
    assert spool.next_job("bar") is None
    seen = {}
    while (job := spool.next_job("receipt")) is not None:
        seen[job.kind, job.copy_no] = texts(job)
        spool.set_state(job.id, "confirmed")
    assert "COPY" not in seen["receipt", 0]
    assert "*** COPY 1 ***" in seen["copy", 1]
    assert "1.000" in seen["receipt", 0]
    assert "1.000" not in seen["gift", 0]


def test_a_sale_that_is_closed_twice_has_its_papers_once(till: OpenTill) -> None:
    a_spool(till, printer("receipt", copies=2), printer("kitchen", categories=("*",)))
    ring(till.register, ("Lomo", "x"))
    paying = till.register.paying
    paying.pay_cash(1000)
    paying.close().close()  # nobody heard how it ended
    settle(till.store)
    assert len(queued(till.store)) == 4
    assert through(paying.close()).job_id
    assert len(queued(till.store)) == 4


def test_copies_count_on_and_leave_out_what_is_no_receipt(till: OpenTill) -> None:
    spool = a_spool(till, printer("receipt", copies=1, gift=True), printer("kitchen", categories=("*",)))
    seq = sell(till, ("Lomo", "Cocina"))
    spool.copy(seq, "receipt")
    spool.copy(seq, "receipt")
    copies = [number for _, kind, number in queued(till.store) if kind == "copy"]
    assert copies == [1, 2, 3]


def test_a_copy_of_any_job_says_copy(till: OpenTill) -> None:
    spool = a_spool(till, printer("receipt"), printer("kitchen", categories=("*",)))
    seq = sell(till, ("Lomo", "Cocina"))
    order = next(row for row in jobs.recent(till.store.reader) if row.kind == "order")
    spool.set_state(order.id, "uncertain")
    spool.again(order.id)
    assert "*** COPY 1 ***" in texts(spool.next_job("kitchen"))
    assert spool.gift(seq, "receipt") > 0
    assert spool.gift(seq, "receipt") > 0
    assert [number for _, kind, number in queued(till.store) if kind == "gift"] == [0, 1]
    with pytest.raises(SaleError):
        spool.again(10_000)
    with pytest.raises(SaleError):
        spool.gift(10_000, "receipt")


# -- the logo --------------------------------------------------------------------------------------------


def png(width: int, height: int, mode: str = "L", fill: object = 0) -> bytes:
    out = io.BytesIO()
    Pillow.new(mode, (width, height), fill).save(out, "PNG")  # type: ignore[arg-type]
    return out.getvalue()


def black(image: Image) -> int:
    return sum(byte.bit_count() for byte in image.bits)


@pytest.mark.parametrize(("dots", "width"), [(384, 384), (576, 576)])
def test_a_logo_fits_the_paper_of_its_printer(till: OpenTill, tmp_path: Path, dots: int, width: int) -> None:
    (tmp_path / "logo.png").write_bytes(png(1200, 300))
    logo = logo_of("logo.png", tmp_path, tmp_path)
    profile = "generic-58" if dots == 384 else "generic-80"
    spool = a_spool(till, printer("receipt", profile=profile, gift=True), logo=logo)
    sell(till, ("Pan", ""))
    job = spool.next_job("receipt")
    assert job is not None
    top = job.elements[0]
    assert isinstance(top, Image)
    assert (top.width, top.height) == (width, width // 4)
    assert black(top) == top.width * top.height
    virtual = Interpreter(dots)
    virtual.feed(printer("receipt", profile=profile).render(job.elements))
    rasters = [row for row in virtual.paper.rows if isinstance(row, RasterRow)]
    # One white row more where the printer would else get a multiple of 48.
    assert sum(row.height for row in rasters) - top.height in (0, 1)
    assert all(row.height % 48 for row in rasters)
    assert sum(byte.bit_count() for row in rasters for byte in row.bits) == black(top)
    assert virtual.paper.unknown == []


def test_a_logo_stands_on_receipts_and_not_on_slips(till: OpenTill, tmp_path: Path) -> None:
    (tmp_path / "logo.png").write_bytes(png(100, 50))
    logo = Logo(tmp_path / "logo.png")
    spool = a_spool(till, printer("receipt"), printer("kitchen", categories=("*",)), logo=logo)
    seq = sell(till, ("Pan", ""))
    for name, expected in (("receipt", True), ("kitchen", False)):
        job = spool.next_job(name)
        assert job is not None
        assert any(isinstance(element, Image) for element in job.elements) is expected
    assert not any(isinstance(element, Image) for element in spool.elements(seq))


def test_transparent_is_white_and_grey_is_dithered(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(png(64, 64, "RGBA", (0, 0, 0, 0)))
    image = Logo(path).image(384)
    assert image is not None
    assert black(image) == 0
    path.write_bytes(png(61, 64, "L", 128))
    image = Logo(path).image(384)
    assert image is not None
    assert 0.4 < black(image) / (61 * 64) < 0.6


def test_a_logo_is_made_once_and_anew_when_its_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tilltui.services.paper import logo as module

    made: list[int] = []
    real = module.one_bit

    def counted(raw: bytes, dots: int, name: str) -> Image:
        made.append(dots)
        return real(raw, dots, name)

    monkeypatch.setattr(module, "one_bit", counted)
    path = tmp_path / "logo.png"
    path.write_bytes(png(64, 64))
    logo = Logo(path, tmp_path / "cache")
    first = logo.image(384)
    assert logo.image(384) is first
    assert Logo(path, tmp_path / "cache").image(384) == first
    assert made == [384]
    path.write_bytes(png(80, 64))
    changed = logo.image(384)
    assert changed is not None
    assert changed.width == 80
    kept = next((tmp_path / "cache").glob("*.pbm"))
    for each in (tmp_path / "cache").glob("*.pbm"):
        each.write_bytes(kept.read_bytes()[:20])
    assert Logo(path, tmp_path / "cache").image(384) == changed


@pytest.mark.parametrize(
    "raw",
    [b"", b"no picture", png(64, 64)[:40], b"\x89PNG" * 10, b"x" * (MAX_BYTES + 1), None, "folder", "loop"],
    ids=["empty", "text", "cut", "false", "large", "missing", "folder", "loop"],
)
def test_a_bad_logo_is_said_once_and_the_receipt_prints(
    till: OpenTill, tmp_path: Path, raw: bytes | str | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "logo.png"
    if isinstance(raw, bytes):
        path.write_bytes(raw)
    elif raw == "folder":
        path.mkdir()
    elif raw == "loop":
        path.symlink_to(path)
    spool = a_spool(till, printer("receipt"), logo=Logo(path))
    sell(till, ("Pan", ""))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert "Pan" in texts(spool.next_job("receipt"))
    assert len([record for record in caplog.records if "no logo" in record.message]) == 1


def test_a_huge_picture_in_a_small_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(png(20_000, 20_000, "1", 0))
    assert path.stat().st_size < MAX_BYTES
    assert Logo(path).image(384) is None


def test_a_logo_that_went_away_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(png(64, 64))
    logo = Logo(path, tmp_path / "cache")
    first = logo.image(384)
    path.unlink()
    assert logo.image(384) is None
    path.write_bytes(png(64, 64))
    assert logo.image(384) == first


def test_a_logo_of_nobodys_home_is_no_logo(tmp_path: Path) -> None:
    logo = logo_of("~nobody-of-that-name/logo.png", tmp_path, tmp_path)
    assert logo is not None
    assert logo.image(384) is None


def test_a_logo_that_is_not_there_is_no_logo(tmp_path: Path) -> None:
    assert logo_of("", tmp_path, tmp_path) is None
    assert Logo(tmp_path / "none.png").image(384) is None


@pytest.mark.parametrize("width", [1, 7, 8, 9, 250, 383, 384])
@pytest.mark.parametrize("height", [1, 48, 100, 148, 196, 200])
def test_rasters_are_cut_exactly_whatever_the_size(width: int, height: int) -> None:
    stride = (width + 7) // 8
    image = Image(width, height, b"\xff" * stride * height)
    virtual = Interpreter(384)
    virtual.feed(image_bytes(image, 384))
    rows = [row for row in virtual.paper.rows if isinstance(row, RasterRow)]
    assert sum(byte.bit_count() for row in rows for byte in row.bits) == width * height
    assert all(row.height % 48 for row in rows)
    assert virtual.paper.unknown == []


# -- what devices are remembered for -----------------------------------------------------------------------


def test_a_device_is_remembered_over_a_restart_and_forgotten_when_asked(tmp_path: Path) -> None:
    for _ in range(2):
        store = Store.open(tmp_path, "1", safe_disk_only=False, ballast_bytes=4096)
        memory = DeviceMemory(store)
        memory.remember("usb:Epson/TM", "fence", "gsr")
        memory.remember("usb:Epson/TM", "fence", "pid")
        memory.remember("tcp:a:1", "replies", "yes")
        store.close()
    store = Store.open(tmp_path, "1", safe_disk_only=False, ballast_bytes=4096)
    try:
        memory = DeviceMemory(store)
        assert memory.recall("usb:Epson/TM") == {"fence": "pid"}
        assert memory.recall("tcp:a:1") == {"replies": "yes"}
        assert store.run(lambda c: device_memory.forget(c, "usb:Epson/TM")) == 1
        assert memory.recall("usb:Epson/TM") == {}
    finally:
        store.close()


def test_a_paper_that_cannot_be_written_does_not_stop_the_ones_behind_it(till: OpenTill) -> None:
    spool = till.spool
    bad = till.store.run(lambda c: jobs.add(c, "receipt", PaperKind.NOTE, "bad", 1, doc=[["nosuch", 1]]))
    good = spool.add("receipt", PaperKind.NOTE, "good", [Text("hola")])
    job = spool.next_job("receipt")
    assert job is not None
    assert (job.id, job.elements) == (good, [Text("hola")])
    row = jobs.job(till.store.reader, bad)
    assert row is not None
    assert (row.state, "nosuch" in row.reason) == ("cancelled", True)
