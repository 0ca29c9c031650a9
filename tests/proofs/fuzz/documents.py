"""Readers of whole things: answers, files, codes."""

from __future__ import annotations

import contextlib
import io
import logging
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random

from tests.proofs.fuzz.material import damaged, mixed
from tests.proofs.fuzz.target import Feed, Target, plain
from tilltui import plugins
from tilltui.config import load
from tilltui.config.problems import Problems
from tilltui.config.schema import DEVICE_KINDS
from tilltui.domain.goods.embedded import Template
from tilltui.errors import BarcodeError, ConfigError, TillError, UploadError
from tilltui.ports import OutboxRecord
from tilltui.services.goods.codes import CodeReader
from tilltui.services.goods.product_list.columns import score
from tilltui.services.goods.product_list.importing import find_columns
from tilltui.services.goods.product_list.rows import RowReader
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.services.goods.tables.reader import open_table
from tilltui.services.goods.tables.table import BadLine
from tilltui.upload import envelope
from tilltui.upload.http import HttpSettings, HttpUploader
from tilltui.upload.wire import Answer, Wire, WireError
from tilltui_drivers.transport import ipp

GS1 = (
    b"]C10107801234567894310300125010LOTE7\x1d17261231",
    b"(01)07801234567894(3103)001250(10)LOTE7",
    b"]d20107801234567894\x1d21ABC\x1d3922199\x1d",
    b"https://id.gs1.org/01/07801234567894/10/ABC?17=261231",
    b"010780123456789439321521990",
    b"2012345012504",
    b"]E07801234567894",
)

IPP = (
    b"\x01\x01\x00\x00\x00\x00\x00\x01\x01G\x00\x12attributes-charset\x00\x05utf-8\x02!\x00\x06job-id\x00\x04"
    b"\x00\x00\x00\x07#\x00\tjob-state\x00\x04\x00\x00\x00\x09\x03",
    b"\x01\x01\x04\x06\x00\x00\x00\x01\x04D\x00\x15printer-state-reasons\x00\x0bmedia-empty"
    b"D\x00\x00\x00\x04none\x03",
)

TOML = (
    b'[shop]\nname = "Almac\xc3\xa9n Rosita"\ncountry = "CL"\nlanguage = "es"\ntax_id = "76.192.083-9"\n',
    b'[till]\nid = "1"\nlock_minutes = 5\ntheme = "16"\n[barcodes]\ntemplates = ["20IIIIIPPPPPC"]\n',
    b'[keys]\nsearch = "f5"\n[cash]\nnotes = [1000, 2000]\n',
    b'[taxes]\ngeneral = [{name = "IVA", code = "IVA", rate = "19%", from = 2003-10-01}]\n',
    b'[scanner.front]\ndriver = "serial"\nport = "/dev/ttyACM0"\nbaudrate = 9600\nparity = "N"\n',
    b'[scanner.a]\ndriver = "evdev"\ndevice = "/dev/input/by-id/usb-event-kbd"\nsymbologies = ["ean"]\n',
    b'[scanner.b]\ndriver = "network"\nprotocol = "tcp"\nport = 8456\nallow = ["192.168.1.0/24"]\n',
    b'[printer.receipt]\ndriver = "escpos"\ntransport = "network"\nhost = "::1"\nport = 9100\n',
    b'[printer.q]\ndriver = "escpos"\ntransport = "cups"\nqueue = "http://h:631/printers/p"\n',
    b'[drawer.main]\ndriver = "serial"\npath = "/dev/ttyS1"\ncommand = "1b 70 00"\nsensor = "cts"\n',
    b'[scale.deli]\ndriver = "serial"\nport = "/dev/ttyS0"\nprotocol = "cas"\ntares = ["Frasco 250"]\n',
    b'[display.c]\ndriver = "serial"\nport = "/dev/ttyS2"\ncommands = "epson"\ncodepage = "cp858"\n',
    b'[terminal.card]\ndriver = "zvt"\nhost = "10.0.0.9"\npassword = "000000"\n',
    b'[terminal.t]\ndriver = "transbank"\nport = "/dev/ttyACM1"\n',
    b'[uploader.hq]\ndriver = "http"\nurl = "https://hq.example/sales"\nkey_file = "hq.key"\n',
)

CSV = (
    b"sku;barcode;name;price;unit;tax;category\r\n",
    b'1;7801234567894;"Leche ""entera""";1.090;u;general;L\xc3\xa1cteos\r\n',
    b"2;;Queso;$ 12.990,50;kg;;\r\n",
    b"sep=,\r\nsku,name,price\r\n3,Pan,990\r\n",
    "\ufeffSKU\tNombre\tPrecio\n4\tTé\t1990\n".encode("utf-16"),
)

KEY = bytes(range(32))
RECORD = OutboxRecord(
    "1", "0" * 16, 7, "00000000-0000-7000-8000-000000000007", "sale", 1, b"{}", "0" * 64, "1" * 64
)
ANSWERS = (
    b'{"outcomes": [{"seq": 7, "verdict": "accepted", "reason": ""}]}',
    b'{"outcomes": [{"seq": 7, "verdict": "held", "reason": "no such \\u0000 \\ud800 product"}]}',
    b'{"outcomes": [{"seq": 1e400, "verdict": "fork", "reason": null}], "x": ' + b"[" * 50 + b"]" * 50 + b"}",
)
HEADERS = (b"120", b"Sun, 22 Nov 2026 01:02:03 GMT", b"Sun, 22 Nov 2026 01:02:03 +2360", b"9" * 30, b"-1")


def _codes() -> Feed:
    reader = CodeReader([Template.parse("20IIIIIPPPPPC")], decimals=0, currency="CLP")

    def feed(data: bytes) -> list[object]:
        text = data.decode("utf-8", "surrogateescape") if data[:1] < b"\x80" else data.decode("latin-1")
        symbology = (None, "]C1", "]e0", "]d2", "]E0")[len(data) % 5]
        return [reader.read(text, symbology)]

    return feed


def _ipp() -> Feed:
    def feed(data: bytes) -> list[object]:
        answer = ipp.answer(data)
        return [answer.number("job-state"), answer.texts("printer-state-reasons")]

    return feed


@contextmanager
def _settings(folder: Path) -> Iterator[Feed]:
    """The file, and each device made of it as the till makes it: only a ``TillError`` leaves a device out."""
    file = folder / "till.toml"
    for kind in DEVICE_KINDS:
        for name in plugins.names(kind):
            plugins.load(kind, name)  # a module that is imported late would look like growth

    def feed(data: bytes) -> list[object]:
        file.write_bytes(data)
        reading = load.read(file)
        found: list[object] = [str(problem.error) for problem in reading.problems]
        for section in reading.config.devices if reading.config is not None else ():
            try:
                plugin = plugins.load(section.kind, section.driver)
                settings = load.driver_settings(section, plugin.Settings, Problems(str(file)))
                found.append(plugin(section.name, settings) if settings is not None else None)
            except TillError as error:
                found.append(str(error))
        return found

    yield feed


@contextmanager
def _table(folder: Path) -> Iterator[Feed]:
    file, rules = folder / "list", CatalogueRules.of_country("CL")

    def feed(data: bytes) -> list[object]:
        file.write_bytes(data)
        found: list[object] = []
        with open_table(file, score) as table:
            columns, rows = find_columns(table.rows, file)
            reader = RowReader(columns, rules)
            for line, cells in rows:
                try:
                    if isinstance(cells, BadLine):
                        raise cells.error
                    found.append(reader.check(line, cells))
                except TillError as error:
                    found.append(str(error))
        return found

    yield feed


@cache
def _workbook() -> tuple[tuple[str, bytes], ...]:
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["SKU", "EAN", "Nombre", "Precio"],
        [1, 7801234567894, "Piña", 1990],
        ["2", None, "Sal", 19.9],
    ):
        sheet.append(row)
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return tuple((name, archive.read(name)) for name in archive.namelist())


def workbooks(rng: Random) -> bytes:
    """A workbook with one damaged member, or damaged as a whole."""
    members, out = dict(_workbook()), io.BytesIO()
    if rng.random() < 0.7:
        name = rng.choice(list(members))
        members[name] = damaged(rng, members[name], b"<>/=\"'&;#x0A9 rtsdncv" + members[name])
    with zipfile.ZipFile(out, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return (
        out.getvalue()
        if rng.random() < 0.7
        else b"PK\x03\x04" + damaged(rng, out.getvalue()[4:], b"\0PK\xff")
    )


def _answers() -> Feed:
    """Answers that head office has signed, so that they are read to the end, and some that it has not."""
    office = HttpUploader("hq", HttpSettings("https://hq.example/sales", Path("hq.key")))
    office._key = KEY
    rng = Random(7)

    def feed(data: bytes) -> list[object]:
        message_id = envelope.batch_id([RECORD])
        odd = damaged(rng, rng.choice(HEADERS), b"0123456789:, GMT+-").decode("latin-1")
        signature = envelope.sign(KEY, f"{message_id}.answer", "1", data) if rng.random() < 0.8 else odd
        headers = {
            "webhook-timestamp": "1",
            "webhook-signature": signature,
            "retry-after": odd,
            "date": rng.choice(HEADERS).decode(),
        }
        status = rng.choice((200, 200, 200, 201, 301, 401, 409, 413, 429, 500, 503, 999))
        return list(office._understand(Answer(status, headers, data), [RECORD], message_id) or ())

    return feed


REPLIES = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nwebhook-timestamp: 1\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    b"HTTP/1.0 503 Busy\r\nRetry-After: 120\r\nConnection: close\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
)


@contextmanager
def _wire(_folder: Path) -> Iterator[Feed]:
    """The connection to head office, with a server that answers anything and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def feed(data: bytes) -> list[object]:
            def serve() -> None:
                line, _ = server.accept()
                with line, contextlib.suppress(OSError):  # the till may hang up first
                    line.recv(65_536)
                    line.sendall(data)
                    line.shutdown(socket.SHUT_WR)
                    while line.recv(65_536):
                        pass

            thread = threading.Thread(target=serve, daemon=True)
            thread.start()
            wire = Wire("127.0.0.1", server.getsockname()[1], 5.0, None)
            try:
                return [wire.post("/sales", b"{}", {})]
            finally:
                wire.close()
                thread.join(10)

        yield feed


DOCUMENTS: tuple[Target, ...] = (
    Target("codes", plain(_codes), mixed(GS1, 120, 1), allowed=(BarcodeError,)),
    Target("ipp", plain(_ipp), mixed(IPP, 300, 1), allowed=(ValueError,)),
    Target("settings", _settings, mixed(TOML, 300), allowed=(ConfigError,)),
    Target("table-csv", _table, mixed(CSV, 400), allowed=(TillError,)),
    Target("table-xlsx", _table, workbooks, allowed=(TillError,)),
    Target("http-wire", _wire, mixed(REPLIES, 300, 1), allowed=(WireError,)),
    Target("http-outcomes", plain(_answers), mixed(ANSWERS, 200, 1), allowed=(UploadError,)),
)
"""All of them."""

logging.getLogger("tilltui").addHandler(logging.NullHandler())
