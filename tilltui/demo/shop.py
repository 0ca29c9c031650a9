"""The shop of the demonstration: settings and devices that need nothing plugged in."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tilltui import paths
from tilltui.config.schema import Config, DeviceSection, Shop, Till

if TYPE_CHECKING:
    from tilltui.services.shop import Shop as OpenShop
    from tilltui.store.file.store import Store


def demo_config() -> Config:
    """The settings of the demo shop; its data lie in the folder ``demo`` of the till's data folder."""
    folder = paths.make_private(paths.data_dir() / "demo")
    outbox = paths.make_private(folder / "head-office")

    def device(kind: str, name: str, driver: str, **options: object) -> DeviceSection:
        return DeviceSection(kind, name, driver, MappingProxyType(options))

    return Config(
        shop=Shop(
            name="Almacén Rosita",
            address="Av. Matta 1234, Santiago",
            tax_id="76.192.083-9",
            footer="¡Gracias por su compra!",
        ),
        till=Till(data_dir=str(folder)),
        devices=(
            device("scanner", "front", "virtual", path=str(folder / "scanner")),
            device("printer", "receipt", "virtual", folder=str(folder / "receipts")),
            device("drawer", "main", "printer", printer="receipt"),
            device("uploader", "folder", "folder", folder=str(outbox)),
        ),
    )


def fill(store: Store, shop: OpenShop) -> None:
    """Put the demo's catalogue into an empty store."""
    from tilltui.domain.clock import now_ms
    from tilltui.store.goods import catalogue

    if catalogue.count(store.reader) == 0:
        from tilltui.demo import products

        rows = list(products())
        store.run(lambda connection: catalogue.put(connection, rows, now_ms()))
