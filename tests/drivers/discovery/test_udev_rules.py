"""The udev rules: written as udev reads them, for the numbers of the table, and open to nobody else."""

from __future__ import annotations

import re
import stat
import subprocess
from pathlib import Path

import pytest

from tilltui_drivers.discovery.known import table
from tilltui_drivers.discovery.listing import _LINKS

ROOT = Path(__file__).resolve().parents[3]
RULES = ROOT / "scripts" / "udev" / "60-tilltui.rules"

Token = tuple[str, str, str, str]

_TOKEN = re.compile(r'([A-Z]+)(?:\{(\w+)\})?(==|!=|\+=|:=|=)"([^"]*)"')
_MATCHES = {"ACTION", "SUBSYSTEM", "KERNEL", "ATTRS", "ENV"}
_ASSIGNMENTS = {"GROUP", "MODE", "SYMLINK", "ENV", "GOTO", "LABEL", "IMPORT"}


def parse(text: str) -> list[list[Token]]:
    """Rules as key, attribute, operator, value; anything that udev would not read is an error."""
    rules = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split(", ")
        tokens = []
        for part in parts:
            match = _TOKEN.fullmatch(part)
            assert match, f"line {number}: {part!r}"
            tokens.append((match[1], match[2] or "", match[3], match[4]))
        rules.append(tokens)
    return rules


@pytest.fixture(scope="module")
def rules() -> list[list[Token]]:
    return parse(RULES.read_text("utf-8"))


def test_the_parser_refuses_what_udev_would() -> None:
    for bad in ('SUBSYSTEM="tty" GROUP="x"', "GROUP=x", 'SUBSYSTEM=="tty",GROUP="x"', 'group="x"'):
        with pytest.raises(AssertionError):
            parse(bad)


def test_every_key_is_one_that_udev_knows(rules: list[list[Token]]) -> None:
    for rule in rules:
        for key, _attribute, operator, _value in rule:
            known = _MATCHES if operator in ("==", "!=") else _ASSIGNMENTS
            assert key in known, rule
        # A rule without a condition would hold for every device of the machine.
        assert any(operator in ("==", "!=") for _, _, operator, _ in rule) or rule[0][0] == "LABEL"


def test_every_jump_leads_forward_to_a_label(rules: list[list[Token]]) -> None:
    labels = {value: n for n, rule in enumerate(rules) for key, _, _, value in rule if key == "LABEL"}
    jumps = [(n, value) for n, rule in enumerate(rules) for key, _, _, value in rule if key == "GOTO"]
    assert len(jumps) == 2
    assert all(labels[value] > n for n, value in jumps)


def test_groups_and_modes(rules: list[list[Token]]) -> None:
    groups = {}
    for rule in rules:
        values = {key: value for key, _, _, value in rule}
        if "GROUP" in values:
            groups[values["SUBSYSTEM"]] = values["GROUP"]
            assert int(values["MODE"], 8) & 0o007 == 0
            assert "KERNEL" in values
    assert groups == {"usbmisc": "lp", "tty": "dialout", "input": "input", "hidraw": "input"}


def test_links_lie_where_the_listing_looks(rules: list[list[Token]]) -> None:
    links = [(rule, value) for rule in rules for key, _, op, value in rule if key == "SYMLINK" and op == "+="]
    assert len(links) == 4
    for rule, value in links:
        assert value.partition("/")[0] in _LINKS
        [name] = re.findall(r"\$env\{(\w+)\}", value)
        # An empty value would give all devices the same name.
        assert any(
            key == "ENV" and attribute in name and op == "==" for key, attribute, op, _ in rule
        ) or any(attribute.startswith(name) and op == "==" for _, attribute, op, _ in rule)


def test_raw_hid_devices_are_given_for_the_tables_scanners_only(rules: list[list[Token]]) -> None:
    raw = [rule for rule in rules if ("SUBSYSTEM", "", "==", "hidraw") in rule]
    given = [rule for rule in raw if any(key in ("GROUP", "SYMLINK") for key, *_ in rule)]
    assert len(given) == 3
    assert all(("ENV", "TILLTUI_SCANNER", "==", "1") in rule for rule in given)
    [chosen] = [rule for rule in raw if ("ENV", "TILLTUI_SCANNER", "=", "1") in rule]
    assert ("ATTRS", "bInterfaceProtocol", "==", "00") in chosen  # 01 is a keyboard's: its keys are nobody's
    [makers] = [value for _, attribute, op, value in chosen if (attribute, op) == ("ID_VENDOR_ID", "==")]
    scanners = [vendor for (vendor, _product), entry in table().items() if entry.kind == "scanner"]
    assert makers.split("|") == [f"{vendor:04x}" for vendor in scanners]


def test_modemmanager_leaves_the_tables_devices_alone(rules: list[list[Token]]) -> None:
    ignored = set()
    for rule in rules:
        if ("ENV", "ID_MM_DEVICE_IGNORE", "=", "1") not in rule:
            continue
        found = {attribute: value for key, attribute, op, value in rule if key == "ATTRS" and op == "=="}
        product = found.get("idProduct")
        ignored.add((int(found["idVendor"], 16), int(product, 16) if product else None))
        assert all(value == value.lower() and len(value) == 4 for value in found.values())
    assert ignored == {ids for ids, entry in table().items() if entry.kind != "printer"}


def test_the_installer_puts_them_in_place(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "install-udev"
    for _ in range(2):
        subprocess.run([script, tmp_path / "rules.d"], check=True, capture_output=True, timeout=30)
    installed = tmp_path / "rules.d" / "60-tilltui.rules"
    assert installed.read_bytes() == RULES.read_bytes()
    assert stat.S_IMODE(installed.stat().st_mode) == 0o644
