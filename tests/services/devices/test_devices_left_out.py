"""A device that cannot be made is told, remembered, and keeps nothing else from working."""

from __future__ import annotations

from pathlib import Path

from tilltui.config.schema import Config, DeviceSection, Shop
from tilltui.services.devices.devices import Devices, quiet
from tilltui.services.paper.spool import Spool
from tilltui.services.shop import shop_of
from tilltui.store.file.store import Store

BROKEN = DeviceSection("scanner", "front", "nobodys", {})
ODD = DeviceSection("scanner", "back", "virtual", {"no_such_setting": 1, "path": 5})


def test_what_cannot_be_made_is_left_out_and_named(tmp_path: Path) -> None:
    config = Config(shop=Shop("Almacén"), devices=(BROKEN, ODD))
    store = Store.open(tmp_path, "1", safe_disk_only=False, ballast_bytes=4096)
    devices = Devices(config, store)
    try:
        devices.start(quiet, Spool(store, shop_of(config), lambda text: text), lambda status: None)
        assert BROKEN in devices.left_out
        assert "front" not in devices.scanners
        assert len(devices.warnings) >= len(devices.left_out) >= 1
    finally:
        devices.stop()
        store.close()
