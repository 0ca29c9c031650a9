"""A shop in a folder: settings, catalogue, and everything on its cables."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import struct
import tempfile
import termios
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.head_office import HeadOffice
from tilltui.domain.clock import now_ms
from tilltui.domain.goods.gtin import check_digit, lookup_key
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.record.identity import chain
from tilltui.store.file.filesystem import UNSAFE, filesystem_of
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue

ROOT = Path(__file__).parents[2]
"""The project."""

KEY = b"k" * 32
"""Shared secret of till and head office."""


def ean(number: int) -> str:
    """The shop's EAN-13 of a number."""
    payload = f"780{number:09d}"
    return f"{payload}{check_digit(payload)}"


def label(prefix: str, item: int, value: int) -> str:
    """A scale's label: prefix ``20`` with a price, ``21`` with grams, ``24`` with pieces."""
    payload = f"{prefix}{item:05d}{value:05d}"
    return f"{payload}{check_digit(payload)}"


@dataclass(frozen=True)
class Article:
    """One product of the test shop; ``code`` is what its barcode says."""

    number: int
    name: str
    price: int
    unit: str = "u"
    tax: str = "general"
    open_price: bool = False
    key: str = ""

    @property
    def code(self) -> str:
        return self.key or ean(self.number)


MILK = Article(1, "Leche entera 1 L", 1150)
MATE = Article(2, "Yerba mate 500 g", 3490)
BREAD = Article(3, "Pan hallulla", 1990, unit="kg", key="2100003")
CHEESE = Article(4, "Queso gauda", 9990, unit="kg", key="2000004")
BEER = Article(5, "Cerveza 1 L", 1890, tax="beer")
BOOK = Article(6, "Cuaderno exento", 2505, tax="exempt")
GIFT = Article(7, "Regalo surtido", 0, open_price=True)
TEA = Article(8, "Té negro", 999)
OIL = Article(9, "Aceite 900 ml", 2790)
GEM = Article(10, "Diamante", 999_999_999_999)
ARTICLES = (MILK, MATE, BREAD, CHEESE, BEER, BOOK, GIFT, TEA, OIL, GEM)


def durable_folder(base: Path) -> Path:
    """A folder of that test on a disk that the store trusts: ``base``, else one below the project.

    Many systems have ``/tmp`` in memory, where the till refuses to keep sales.
    """
    for folder in (base, ROOT / "build"):
        folder.mkdir(parents=True, exist_ok=True)
        kind = filesystem_of(folder)
        if kind not in UNSAFE and not kind.startswith("fuse"):
            return Path(tempfile.mkdtemp(prefix="shop-", dir=folder))
    raise AssertionError(f"neither {base} nor {ROOT} lies on a disk that keeps a sale")


def rehash(member: dict[str, Any], body: bytes) -> str:
    """The hash that a record of a real till must have."""
    return chain(member["prev_hash"], member["till"], member["epoch"], member["seq"], member["kind"], body)


class ScannerLine:
    """A scanner's end of a serial line, plugged in under a name that stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._master = -1
        self.plug_in()

    @property
    def plugged_in(self) -> bool:
        """Whether it is there."""
        return self._master >= 0

    def plug_in(self) -> None:
        """Appear under the name."""
        self._master, slave = pty.openpty()
        # Packet mode tells when the other side has opened the line and thrown old input away (tty_ioctl(2)).
        fcntl.ioctl(self._master, termios.TIOCPKT, struct.pack("i", 1))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.symlink_to(os.ttyname(slave))
        os.close(slave)

    def forget(self) -> None:
        """Forget who opened the line so far; call it while nobody has it open."""
        while select.select([], [], [self._master], 0)[2]:
            os.read(self._master, 4096)

    def opened(self, within: float) -> bool:
        """Whether the till opens the line within some seconds: what is sent from then on arrives."""
        deadline = time.monotonic() + within
        while (left := deadline - time.monotonic()) > 0:
            if (
                select.select([], [], [self._master], left)[2]
                and os.read(self._master, 4096)[0] & termios.TIOCPKT_FLUSHREAD
            ):
                return True
        return False

    def wait_opened(self, timeout: float = 10.0) -> None:
        """Wait until the till has opened the line."""
        assert self.opened(timeout), f"nobody opened {self.path} within {timeout:g} s"

    def pull_out(self) -> None:
        """Vanish, name and all."""
        self.path.unlink()
        os.close(self._master)
        self._master = -1

    def send(self, code: str) -> None:
        """Send a code as the scanner does, with CR."""
        os.write(self._master, code.encode("latin-1") + b"\r")

    def close(self) -> None:
        """Pull it out if it is not."""
        if self.plugged_in:
            self.pull_out()


@dataclass
class TestShop:
    """Where everything of one shop is.

    Attributes:
        folder: All of it is below.
        scanner: The serial scanner, or ``None``.
        office: Head office, or ``None``.
        printer_port: Port of the network printer, 0 for none.
        till: Settings under ``[till]``.
        extra: Further text for ``till.toml``.
    """

    __test__ = False

    folder: Path
    scanner: ScannerLine | None = None
    office: HeadOffice | None = None
    printer_port: int = 0
    till: dict[str, Any] = field(default_factory=dict)
    extra: str = ""

    @classmethod
    def make(
        cls, base: Path, *, scanner: bool = True, office: bool = True, printer_port: int = 0
    ) -> TestShop:
        """A shop with its catalogue, its scanner plugged in and its head office listening."""
        folder = durable_folder(base)
        shop = cls(folder, printer_port=printer_port)
        shop.fill()
        if scanner:
            shop.scanner = ScannerLine(folder / "by-id" / "usb-Scanner")
        if office:
            shop.office = HeadOffice(folder / "head-office.db", KEY, rehash=rehash).start()
        return shop

    @property
    def data(self) -> Path:
        """The till's data folder."""
        return self.folder / "data"

    @property
    def config(self) -> Path:
        """The settings file."""
        return self.folder / "till.toml"

    @property
    def key_file(self) -> Path:
        """The uploader's key."""
        return self.folder / "hq.key"

    def fill(self) -> None:
        """Put the catalogue into the till's database."""
        products = [
            NewProduct(
                f"A{article.number:02d}", article.name, article.price, article.tax, unit=article.unit,
                open_price=article.open_price, category="test", codes=(lookup_key(article.code),),
            )
            for article in ARTICLES
        ]  # fmt: skip
        store = Store.open(self.data, "1")
        try:
            store.run(lambda connection: catalogue.put(connection, products, now_ms()))
        finally:
            store.close()

    def store(self) -> Store:
        """The till's database, while the till does not run."""
        return Store.open(self.data, "1")

    def write(self) -> Path:
        """Write the settings as they are now."""
        till = {"id": "1", "data_dir": str(self.data), "wedge": False, "beep": False, **self.till}
        parts = ['[shop]\nname = "Almacén Rosita"\ncountry = "CL"\nlanguage = "en"\nfooter = "Gracias"']
        parts.append("[till]\n" + "\n".join(f"{key} = {_toml(value)}" for key, value in till.items()))
        if self.scanner is not None:
            parts.append(f'[scanner.front]\ndriver = "serial"\nport = "{self.scanner.path}"')
        if self.printer_port:
            parts.append(
                f'[printer.receipt]\ndriver = "escpos"\ntransport = "network"\nhost = "127.0.0.1"\n'
                f'port = {self.printer_port}\nprofile = "generic-80"'
            )
            parts.append('[drawer.main]\ndriver = "printer"\nprinter = "receipt"')
        if self.office is not None:
            self.key_file.touch(mode=0o600)
            self.key_file.write_text(self.office.secret)
            parts.append(
                f'[uploader.hq]\ndriver = "http"\nurl = "{self.office.url}"\nkey_file = "{self.key_file}"'
            )
        self.config.write_text("\n\n".join([*parts, self.extra]) + "\n")
        return self.config

    def close(self) -> None:
        """Unplug everything and remove the folder."""
        if self.scanner is not None:
            self.scanner.close()
        if self.office is not None:
            self.office.close()
        shutil.rmtree(self.folder)


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'
