"""Sections of ``till.toml`` for scales and displays, as the till itself reads them."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tilltui import plugins
from tilltui.config import reference
from tilltui.config.load import driver_settings
from tilltui.config.problems import Problems
from tilltui.config.schema import DeviceSection

SECTIONS = """
[scale.deli]
driver = "serial"
port = "/dev/serial/by-id/usb-scale"
protocol = "cas"
unit = "lb"
tares = ["Bandeja 12"]
bytesize = 7
parity = "E"

[scale.demo]
driver = "virtual"
settle_ms = 100

[display.pole]
driver = "serial"
port = "/dev/serial/by-id/usb-pole"
commands = "cd5220"

[display.behind]
driver = "printer"
printer = "receipt"
codepage = "cp858"

[display.demo]
driver = "virtual"
"""


def made(kind: str, name: str, options: dict[str, Any]) -> tuple[Any, list[str]]:
    section = DeviceSection(kind, name, options.pop("driver"), options)
    plugin = plugins.load(kind, section.driver)
    problems = Problems("till.toml")
    settings = driver_settings(section, plugin.Settings, problems)
    return (plugin(name, settings) if settings is not None else None), [str(p.error) for p in problems]


def test_the_sections_make_their_drivers() -> None:
    drivers = [
        made(kind, name, options)
        for kind, devices in tomllib.loads(SECTIONS).items()
        for name, options in devices.items()
    ]
    assert [problems for _, problems in drivers] == [[]] * 5
    assert [(driver.kind, driver.name) for driver, _ in drivers] == [
        ("scale", "deli"),
        ("scale", "demo"),
        ("display", "pole"),
        ("display", "behind"),
        ("display", "demo"),
    ]
    for driver, _ in drivers:
        driver.stop()


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("scale", {"driver": "serial", "port": "/dev/x", "protocol": "8217"}, "protocol"),
        ("scale", {"driver": "serial"}, "port"),
        ("scale", {"driver": "serial", "port": "/dev/x", "unit": "stone"}, "unit"),
        ("display", {"driver": "serial", "port": "/dev/x", "commands": "vfd"}, "commands"),
        ("display", {"driver": "printer"}, "printer"),
        ("display", {"driver": "serial", "port": "/dev/x", "codepage": "utf-8"}, "codepage"),
    ],
)
def test_a_wrong_setting_is_named(kind: str, options: dict[str, Any], said: str) -> None:
    _, problems = made(kind, "x", options)
    assert any(said in problem for problem in problems)


@pytest.mark.parametrize(
    ("kind", "driver"), [(k, d) for k in ("scale", "display") for d in plugins.BUILTIN[k]]
)
def test_every_setting_is_documented(kind: str, driver: str) -> None:
    settings = plugins.load(kind, driver).Settings
    assert reference.summary(settings).startswith("Settings of a ``[")
    assert all(setting.doc.endswith(".") for setting in reference.settings(settings))
