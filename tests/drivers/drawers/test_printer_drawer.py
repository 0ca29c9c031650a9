from types import SimpleNamespace

import pytest

from tilltui.errors import DeviceError, DeviceOffline
from tilltui_drivers.drawers.printer import PrinterDrawer


def test_the_printer_is_kicked_once_on_the_right_pin() -> None:
    pins: list[int] = []
    drawer = PrinterDrawer("main", PrinterDrawer.Settings(printer="receipt", pin=5))
    drawer.attach(SimpleNamespace(kick=pins.append))  # type: ignore[arg-type]
    drawer.open()
    assert pins == [5]


def test_a_failure_is_passed_on_and_not_tried_again() -> None:
    tries: list[int] = []

    def kick(pin: int) -> None:
        tries.append(pin)
        raise DeviceOffline("off", device="receipt")

    drawer = PrinterDrawer("main", PrinterDrawer.Settings(printer="receipt"))
    drawer.attach(SimpleNamespace(kick=kick))  # type: ignore[arg-type]
    with pytest.raises(DeviceOffline):
        drawer.open()
    assert tries == [2]


def test_a_drawer_without_its_printer_says_so() -> None:
    with pytest.raises(DeviceError, match="receipt"):
        PrinterDrawer("main", PrinterDrawer.Settings(printer="receipt")).open()
