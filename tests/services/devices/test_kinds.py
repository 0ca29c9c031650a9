"""A kind of device is one row: started in the table's order, stopped in the reverse, and it can be tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tilltui import plugins
from tilltui.config.schema import DEVICE_KINDS, Config, DeviceSection, Shop
from tilltui.errors import DeviceError
from tilltui.ports import CustomerDisplay, Device, DeviceChanged, DeviceState, Emit, Scanner
from tilltui.ports.kinds import KINDS, Kind, Try
from tilltui.services.devices.devices import Devices, quiet
from tilltui.services.devices.starts import STARTS
from tilltui.services.doctor.findings import question
from tilltui.services.doctor.trials import TRIALS
from tilltui.store.file.store import Store
from tilltui_drivers.contract.choose import CONTRACTS
from tilltui_drivers.drawers.printer import PrinterDrawer


class Noting:
    """Notes when it was started and stopped."""

    def __init__(self, name: str, notes: list[str]) -> None:
        self.name, self.notes = name, notes

    def start(self, emit: Emit) -> None:
        self.notes.append(f"start {self.name}")
        emit(DeviceChanged("lamp", self.name, DeviceState.READY))

    def stop(self, timeout: float = 2.0) -> None:
        self.notes.append(f"stop {self.name}")


class Front(Noting, Scanner):
    pass


class Pole(Noting, CustomerDisplay):
    def show(self, upper: str, lower: str) -> None:
        raise AssertionError

    def clear(self) -> None:
        self.notes.append(f"clear {self.name}")


class Lamp(Noting, Device):
    kind = "lamp"

    def blink(self) -> None:
        """What only some lamps can."""


class Fitted(Devices):
    drivers: dict[str, Any]

    def _made(self, section: DeviceSection) -> Any:
        return self.drivers[section.name]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "till", "1", safe_disk_only=False, ballast_bytes=4096)
    yield opened
    opened.close()


def started(store: Store, **drivers: tuple[str, Any]) -> Fitted:
    sections = tuple(DeviceSection(kind, name, "test") for name, (kind, _) in drivers.items())
    devices = Fitted(Config(Shop("X"), devices=sections), store)
    devices.drivers = {name: driver for name, (_, driver) in drivers.items()}
    devices.start(quiet, SimpleNamespace(), lambda status: None)  # type: ignore[arg-type]
    return devices


def test_what_was_started_last_is_stopped_first(store: Store) -> None:
    notes: list[str] = []
    devices = started(store, pole=("display", Pole("pole", notes)), front=("scanner", Front("front", notes)))
    assert notes == ["start front", "start pole"]
    devices.stop()
    devices.stop()
    assert notes[2:] == ["clear pole", "stop pole", "stop front"]


def test_one_that_cannot_be_stopped_keeps_nobody_else_running(store: Store) -> None:
    notes: list[str] = []
    bad = Pole("pole", notes)
    bad.clear = lambda: 1 // 0  # type: ignore[method-assign, assignment]
    devices = started(store, pole=("display", bad), front=("scanner", Front("front", notes)))
    with pytest.raises(ZeroDivisionError):
        devices.stop()
    assert notes[2:] == ["stop pole", "stop front"]


def test_a_drawer_without_its_printer_is_said_and_is_not_there(store: Store) -> None:
    drawer = PrinterDrawer("main", PrinterDrawer.Settings(printer="receipt"))
    devices = started(store, main=("drawer", drawer))
    assert devices.drawers == {}
    assert devices.tries("drawer", "main") == []
    [warning] = devices.warnings
    assert isinstance(warning, DeviceError)


def test_a_new_kind_is_a_row(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Blinks(Lamp):
        pass

    row = Kind(
        "lamp", Lamp, "lamp", "serial", "door", (Try("on", "Switch it on"), Try("blink", "Blink", Blinks))
    )
    monkeypatch.setitem(KINDS, "lamp", row)  # type: ignore[arg-type]
    notes: list[str] = []
    devices = started(store, door=("lamp", Lamp("door", notes)), gate=("lamp", Blinks("gate", notes)))
    assert set(devices.of_kind("lamp")) == {"door", "gate"}
    assert [one.id for one in devices.tries("lamp", "door")] == ["on"]
    assert [one.id for one in devices.tries("lamp", "gate")] == ["on", "blink"]
    devices.stop()
    assert notes == ["start door", "start gate", "stop gate", "stop door"]
    assert plugins.names("lamp") == []
    asked = question("lamp", Lamp("door", notes))
    assert asked is not None
    asked()
    assert notes[-2:] == ["start door", "stop door"]


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_a_row_is_whole(kind: Kind) -> None:
    assert kind.port.kind == kind.name  # type: ignore[attr-defined]
    assert kind.example in plugins.BUILTIN[kind.name]
    assert all(place.driver in plugins.BUILTIN[kind.name] for place in kind.places)
    assert kind.has_thread or kind.name in STARTS or not kind.named
    assert (kind.name in TRIALS) == (kind.name in CONTRACTS)


def test_no_table_has_a_kind_of_its_own() -> None:
    for table in (plugins.BUILTIN, STARTS, TRIALS, CONTRACTS):
        assert set(table) <= set(KINDS)
    assert set(DEVICE_KINDS) == set(KINDS) - {"fiscal"}
    assert list(KINDS).index("printer") < min(list(KINDS).index(kind) for kind in ("drawer", "display"))
