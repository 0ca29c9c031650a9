from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.hid_scanner import KEYBOARD, descriptor
from tests.support.sysfs_tree import MOUSE_KEYS, FakeMachine
from tilltui.services.doctor.advice import advise
from tilltui_drivers.discovery.found import Found
from tilltui_drivers.discovery.keyboards import other_keyboard
from tilltui_drivers.discovery.known import known, table
from tilltui_drivers.discovery.listing import ieee1284, look, signature
from tilltui_drivers.printers import profiles


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


def one(machine: FakeMachine) -> Found:
    [found] = look(machine.roots)
    return found


def test_a_machine_without_anything(tmp_path: Path, machine: FakeMachine) -> None:
    assert look(machine.roots) == []
    assert look() is not None  # this machine, whatever it has


def test_a_serial_scanner_by_its_stable_name(machine: FakeMachine) -> None:
    usb = machine.usb(
        "1-1", "0c2e", "0caa", manufacturer="Honeywell", product="Honeywell 1900", serial="18A0"
    )
    machine.tty("ttyACM0", usb, by_id="usb-Honeywell_1900_18A0-if00")
    found = one(machine)
    assert (found.bus, found.title, found.serial_number) == ("serial", "Honeywell 1900", "18A0")
    assert found.path == str(machine.roots.dev / "serial/by-id/usb-Honeywell_1900_18A0-if00")
    assert found.node == str(machine.roots.dev / "ttyACM0")
    assert found.key == "usb:0c2e:0caa:18A0"
    assert found.stable
    assert found.known is not None
    assert (found.known.kind, found.known.verified) == ("scanner", False)


def test_a_scanner_in_hid_pos_mode_by_what_it_says(machine: FakeMachine) -> None:
    usb = machine.usb("1-1", "1234", "0caa", manufacturer="Honeywell", product="Xenon 1900", serial="18A0")
    machine.hidraw("hidraw0", usb, descriptor(), link="scanner-Honeywell_Xenon_1900_18A0")
    found = one(machine)
    assert (found.bus, found.title) == ("hidraw", "Honeywell Xenon 1900")
    assert found.path == str(machine.roots.dev / "tilltui/scanner-Honeywell_Xenon_1900_18A0")
    assert found.node == str(machine.roots.dev / "hidraw0")
    assert found.known is not None
    assert (found.known.kind, found.known.verified) == ("scanner", True)
    [advice] = advise([found], {}, None)
    assert advice.sure
    assert advice.lines == ("[scanner.front]", 'driver = "hidpos"', f'device = "{found.path}"')


def test_without_a_rule_of_udev_its_path_may_change(machine: FakeMachine) -> None:
    machine.hidraw("hidraw0", machine.usb("1-1", "0c2e", "0caa"), descriptor())
    found = one(machine)
    assert (found.path, found.stable) == (str(machine.roots.dev / "hidraw0"), False)


def test_a_keyboards_raw_side_is_nothing_of_ours(machine: FakeMachine) -> None:
    usb = machine.usb("1-1", "046d", "c31c")
    machine.hidraw("hidraw0", usb, KEYBOARD)
    machine.hidraw("hidraw1", usb, b"")
    assert look(machine.roots) == []


def test_the_key_stays_in_another_socket_with_a_serial_number_only(machine: FakeMachine) -> None:
    keys = []
    for port, serial in (("1-1", "A1"), ("1-2", "A1"), ("1-1", ""), ("1-2", "")):
        usb = machine.usb(port, "067b", "2303", **({"serial": serial} if serial else {}))
        machine.tty("ttyUSB0", usb)
        keys.append(one(machine).key)
        assert not one(machine).stable
        machine.pull(port)
    assert keys[0] == keys[1]
    assert keys[2] != keys[3]


def test_a_cable_is_no_device(machine: FakeMachine) -> None:
    machine.tty("ttyUSB0", machine.usb("1-1", "1a86", "7523", product="USB Serial"))
    entry = one(machine).known
    assert entry is not None
    assert (entry.kind, entry.driver) == ("", "")


def test_ports_of_the_machine_itself_that_are_there(machine: FakeMachine) -> None:
    machine.tty("ttyS0", kind="4")
    machine.tty("ttyS1", kind="0")
    machine.tty("tty1")
    machine.tty("ttyAMA0", kind="32")
    found = look(machine.roots)
    assert [Path(f.path).name for f in found] == ["ttyS0", "ttyAMA0"]
    assert all(f.stable and f.vendor is None for f in found)


def test_a_usb_printer_says_who_it_is(machine: FakeMachine) -> None:
    usb = machine.usb("1-1.4", "04b8", "0e15", cls="07", serial="4D51")
    machine.printer("lp0", usb, "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;DES:EPSON TM-T20II;\n")
    found = one(machine)
    assert (found.bus, found.title, found.commands) == ("usblp", "EPSON TM-T20II", "ESC/POS")
    assert found.known is not None
    assert found.known.settings == {"profile": "TM-T20II"}
    assert found.path == str(machine.roots.dev / "usb/lp0")


def test_a_printer_without_its_kernel_driver_is_seen(machine: FakeMachine) -> None:
    machine.usb("1-3", "dead", "beef", cls="07", product="Nameless")
    machine.usb("1-4", "1d6b", "0002", cls="09", product="A hub")
    found = one(machine)
    assert (found.bus, found.path, found.name) == ("usb", "", "Nameless")
    assert found.known is not None
    assert found.known.kind == "printer"


def test_keyboards_and_scanners_that_are_keyboards(machine: FakeMachine) -> None:
    machine.keys("event0", "Cheap Keyboard", machine.usb("1-1", "04d9", "1702"))
    machine.keys("event1", "Cheap Mouse", machine.usb("1-2", "04d9", "1703"), keys=MOUSE_KEYS)
    machine.keys("event2", "USB BarCode Scanner", machine.usb("1-3", "1111", "2222"), by_id="usb-x-event-kbd")
    machine.keys("event3", "Power Button", keys="10000000000000 0")
    machine.keys("event4", "AT Translated Set 2 keyboard")
    found = {f.title: f for f in look(machine.roots)}
    assert set(found) == {"Cheap Keyboard", "USB BarCode Scanner"}
    assert found["Cheap Keyboard"].known is None
    entry = found["USB BarCode Scanner"].known
    assert entry is not None
    assert entry.kind == "scanner"
    assert found["USB BarCode Scanner"].path.endswith("/input/by-id/usb-x-event-kbd")


def test_the_last_keyboard_is_known(machine: FakeMachine) -> None:
    scanner = machine.usb("1-1", "05e0", "1200")
    path = machine.keys("event0", "Symbol", scanner, by_id="usb-Symbol-event-kbd")
    machine.keys("event1", "Symbol second", scanner / "second")
    machine.keys("event2", "Zebra Bar Code Scanner", machine.usb("1-2", "05e0", "1300"))
    machine.keys("event3", "Mouse", machine.usb("1-3", "1", "2"), keys=MOUSE_KEYS)
    assert not other_keyboard(path, machine.roots)
    machine.keys("event4", "A real one", machine.usb("1-4", "04d9", "1702"))
    assert other_keyboard(path, machine.roots)
    machine.pull("1-4")
    assert not other_keyboard(path, machine.roots)
    machine.keys("event5", "AT Translated Set 2 keyboard")
    assert other_keyboard(path, machine.roots)


def test_what_devices_call_themselves_is_cleaned(machine: FakeMachine) -> None:
    usb = machine.usb("1-1", "0c2e", "0001", product="Evil\x1b[2J\u202ename", serial="1\x07")
    machine.tty("ttyACM0", usb)
    assert one(machine).title == "Evil[2Jname"
    assert one(machine).serial_number == "1"


@pytest.mark.parametrize(
    ("attribute", "value"), [("idVendor", ""), ("idVendor", "zz"), ("idProduct", "\x00")]
)
def test_nonsense_in_sysfs_is_no_usb_device(machine: FakeMachine, attribute: str, value: str) -> None:
    interface = machine.usb("1-1", "0c2e", "0001")
    (interface.parent / attribute).write_text(value)
    machine.tty("ttyACM0", interface)
    assert one(machine).vendor is None


def test_the_signature_changes_with_plugs_and_links(machine: FakeMachine) -> None:
    seen = {signature(machine.roots)}
    machine.tty("ttyACM0", machine.usb("1-1", "0c2e", "1", serial="x"), by_id="usb-x")
    seen.add(signature(machine.roots))
    (machine.roots.dev / "tilltui").mkdir()
    (machine.roots.dev / "tilltui" / "scanner-0c2e").symlink_to(machine.roots.dev / "ttyACM0")
    seen.add(signature(machine.roots))
    assert len(seen) == 3
    machine.pull("1-1")
    assert signature(machine.roots) == frozenset()


@given(st.text(max_size=200))
def test_any_device_id_is_survived(text: str) -> None:
    assert all(key for key in ieee1284(text))


def test_the_table_is_sound() -> None:
    rows = table()
    assert len(rows) > 30
    for (vendor, product), entry in rows.items():
        assert 0 < vendor <= 0xFFFF
        assert product is None or 0 <= product <= 0xFFFF
        assert entry.kind in ("", "scanner", "printer", "scale", "display", "terminal")
        assert re.match(r"\S.*\S", entry.title)
        assert entry.kind or not entry.driver
        profile = entry.settings.get("profile")
        assert profile is None or profile in profiles.names()
    assert {entry.verified for entry in rows.values()} == {True, False}
    assert known(0x0C2E, 0x1234) is rows[0x0C2E, None]
    assert known(0x0000, 0x0000) is None
