"""Several scanners at one till at once: each keeps its own rules, and none takes anything from another."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.support.benches import SerialBench, UdpBench
from tests.support.hid_scanner import HidBench, reports
from tilltui.ports import BarcodeScanned, DeviceChanged, DeviceState, Scanner
from tilltui_drivers.contract.bench import TillEar
from tilltui_drivers.scanners.code_settings import CodeSettings
from tilltui_drivers.scanners.hidpos import HidPosScanner, HidPosSettings
from tilltui_drivers.scanners.network import NetworkScanner, NetworkSettings
from tilltui_drivers.scanners.serial import SerialScanner, SerialSettings

TIMES = 40


def test_each_has_its_own_rules(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("serial", "udp", "hid")]
    for folder in folders:
        folder.mkdir()
    cable, phone, usb = SerialBench(folders[0]), UdpBench(folders[1]), HidBench(folders[2])
    cable.plug_in()
    phone.plug_in()
    usb.plug_in()
    strip = SerialSettings(str(cable.folder / "scanner"), codes=CodeSettings("~", "#", "|"))
    scanners: list[Scanner] = [
        SerialScanner("front", strip),
        NetworkScanner("phone", NetworkSettings("udp", port=phone.port)),
        HidPosScanner(
            "back", HidPosSettings(str(usb.path), CodeSettings(symbologies=("ean",))), ioctl=usb.kernel
        ),
    ]
    till = TillEar()
    for scanner in scanners:
        scanner.start(till.emit)
    waiting = {scanner.name for scanner in scanners}
    while waiting:
        event = till.next(DeviceChanged, lambda event: event.state is DeviceState.READY)
        waiting.discard(event.device)

    def cabled(number: int) -> None:
        cable.scan(f"~10LOTE{number}|17261231#")

    def phoned(number: int) -> None:
        phone.scan(f"~{number}|#")

    def reported(number: int) -> None:
        usb.send(*reports(b"7801234567894", b"]E0"), *reports(f"C{number}".encode(), b"]C0"))

    hands = [
        threading.Thread(target=lambda scan=scan: [scan(number) for number in range(TIMES)], daemon=True)
        for scan in (cabled, phoned, reported)
    ]
    try:
        for hand in hands:
            hand.start()
        seen = Counter[tuple[str, str]]()
        for _ in range(3 * TIMES):
            scanned = till.next(BarcodeScanned)
            seen[scanned.source, scanned.text] += 1
        for hand in hands:
            hand.join(10)
        assert seen == Counter(
            {
                **{("front", f"10LOTE{number}\x1d17261231"): 1 for number in range(TIMES)},
                **{("phone", f"~{number}|#"): 1 for number in range(TIMES)},
                ("back", "7801234567894"): TIMES,
            }
        )
    finally:
        closing: list[Callable[[], object]] = [
            *(s.stop for s in scanners),
            cable.close,
            phone.close,
            usb.close,
        ]
        for close in closing:
            close()
    assert not [event for event in till.taken() if isinstance(event, BarcodeScanned)]
