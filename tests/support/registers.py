"""A register over a real store, without a screen: where the rules are tested."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tilltui.config import load
from tilltui.config.schema import Config, DeviceSection
from tilltui.config.schema import Shop as ShopSettings
from tilltui.config.schema import Till as TillSettings
from tilltui.domain.people.operator import Operator
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.domain.record.sales.accepted import Accepted
from tilltui.services.devices.devices import Devices
from tilltui.services.flow import through
from tilltui.services.paper.spool import Spool
from tilltui.services.register import Register
from tilltui.services.shop import Shop, shop_of
from tilltui.services.till import Till
from tilltui.store.file.store import Store

ANA = Operator(1, "Ana")
"""Who sells, unless somebody else is named."""


class FittedDevices(Devices):
    """Devices that a test made instead of plug-ins; what it did not make is left out."""

    fitted: Mapping[tuple[str, str], Any]

    def _made(self, section: DeviceSection) -> Any:
        return self.fitted.get((section.kind, section.name))


@dataclass
class OpenTill:
    """A till that is open, and what it stands on.

    Attributes:
        till: The till, closed at the end with everything below.
        store: Where everything is kept.
        devices: What is on a cable; not started.
        spool: The print jobs.
        failed: What went wrong behind a command.
    """

    till: Till
    store: Store
    devices: FittedDevices
    spool: Spool
    failed: list[BaseException] = field(default_factory=list)

    @property
    def register(self) -> Register:
        """Every command."""
        return self.till.register

    @property
    def shop(self) -> Shop:
        """The shop."""
        return self.till.shop

    def close(self) -> None:
        """Close it; may be called twice."""
        self.till.close()


def open_till(
    folder: Path,
    *,
    printer: str = "",
    devices: Mapping[tuple[str, str], Any] | None = None,
    operator: Operator = ANA,
    rights: frozenset[Right] = EVERYTHING,
    training: bool = False,
    settings: str = "",
    vfs: str | None = None,
    say: Callable[[str], str] = str,
) -> OpenTill:
    """Open a till over a store in a folder.

    Args:
        folder: Its data; a second till on it is the same shop after it was closed.
        printer: Name of a printer for receipts that is set up but not there; empty: none is set up.
        devices: What stands for devices, by kind and name; made when the devices are started.
        operator: Who sells.
        rights: What they may do.
        training: Sales are practice.
        settings: Text of a ``till.toml`` for everything but devices; empty for a plain shop.
        vfs: Where the disk is, for one that fails.
        say: Translates what stands on paper.
    """
    fitted = devices or {}
    sections = [DeviceSection(kind, name, "test", {}) for kind, name in fitted]
    if printer and ("printer", printer) not in fitted:
        sections.append(DeviceSection("printer", printer, "test", {}))
    config = replace(
        _read(folder, settings) if settings else Config(shop=ShopSettings(name="Almacén Rosita")),
        till=TillSettings(data_dir=str(folder), training=training),
        devices=tuple(sections),
    )
    with ExitStack() as opened:
        store = Store.open(folder, "1", safe_disk_only=False, ballast_bytes=4096, vfs=vfs)
        opened.callback(store.close)
        made = FittedDevices(config, store)
        made.fitted = fitted
        shop = shop_of(config)
        spool = Spool(store, shop, say)
        till = Till(shop, store, made, spool, operator, say, ends=opened)
        till.register.session.rights = rights
        till.ends = opened.pop_all()
    ready = OpenTill(till, store, made, spool)
    till.register.events.failed = ready.failed.append
    return ready


def _read(folder: Path, settings: str) -> Config:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "till.toml"
    file.write_text(settings, "utf-8")
    reading = load.read(file)
    assert reading.config is not None, list(reading.problems.errors)
    return reading.config


@contextmanager
def a_till(folder: Path, **how: Any) -> Iterator[OpenTill]:
    """Open a till as ``open_till`` does, and close it at the end."""
    opened = open_till(folder, **how)
    try:
        yield opened
    finally:
        opened.close()


def close(register: Register) -> Accepted:
    """Close the open sale, which is paid; waits for the disk."""
    return through(register.paying.close())


def settle(store: Store) -> None:
    """Wait until everything that was given to the writer is done, or was tried."""
    store.submit(lambda connection: None, durable=False).result(30)


def dump(store: Store) -> dict[str, list[str]]:
    """Every row of every table."""
    settle(store)
    reader = store.reader
    tables = [name for (name,) in reader.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {name: sorted(map(repr, reader.execute(f'SELECT * FROM "{name}"'))) for name in tables}
