from __future__ import annotations

import sys
import tomllib
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from tilltui import plugins
from tilltui.errors import PluginError
from tilltui.fiscal.none import NoFiscalRegime

ROOT = Path(__file__).resolve().parent.parent


def test_the_built_in_table_is_what_the_wheel_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {group.removeprefix("tilltui."): table for group, table in project["entry-points"].items()}
    assert {group: dict(table) for group, table in plugins.BUILTIN.items()} == declared


def test_names_lists_without_importing() -> None:
    before = set(sys.modules)
    assert plugins.names("printer") == ["escpos", "virtual"]
    assert not {m for m in set(sys.modules) - before if m.startswith("tilltui_drivers")}


def test_load_gives_the_class_with_its_settings() -> None:
    plugin = plugins.load("fiscal", "none")
    assert plugin is NoFiscalRegime
    assert plugin("fiscal", plugin.Settings()).receipt_elements({}) == ()


def test_a_wrong_name_says_the_nearest() -> None:
    with pytest.raises(PluginError, match="no printer driver called “escpso”") as caught:
        plugins.load("printer", "escpso")
    assert caught.value.fields["near"] == "escpos"
    assert "{near}" in caught.value.hint


def test_a_name_like_no_other_lists_them_all() -> None:
    with pytest.raises(PluginError) as caught:
        plugins.load("uploader", "zzz")
    assert caught.value.hint.format(**caught.value.fields) == "Known here: folder, http."


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(PluginError, match="no kind of plug-in called “scaner”"):
        plugins.names("scaner")


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A stranger's package with one good, one broken and one shadowing plug-in."""
    (tmp_path / "stranger_plugin.py").write_text("class Fine:\n    pass\n", "utf-8")
    (tmp_path / "stranger_broken.py").write_text("raise RuntimeError('no libusb here')\n", "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    points = EntryPoints(
        EntryPoint(name, value, "tilltui.printer")
        for name, value in {
            "fine": "stranger_plugin:Fine",
            "broken": "stranger_broken:X",
            "absent": "stranger_plugin:Absent",
            "escpos": "stranger_plugin:Fine",
        }.items()
    )
    monkeypatch.setattr("importlib.metadata.entry_points", lambda **which: points.select(**which))
    return tmp_path


@pytest.mark.usefixtures("foreign")
def test_a_strangers_plugin_loads_by_its_entry_point() -> None:
    assert plugins.load("printer", "fine").__name__ == "Fine"
    assert plugins.names("printer") == ["absent", "broken", "escpos", "fine", "virtual"]


@pytest.mark.usefixtures("foreign")
@pytest.mark.parametrize(("name", "reason"), [("broken", "no libusb here"), ("absent", "AttributeError")])
def test_a_broken_plugin_is_said_in_words(name: str, reason: str) -> None:
    with pytest.raises(PluginError, match=reason):
        plugins.load("printer", name)


def test_built_in_names_do_not_scan_the_installed_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_which: str) -> EntryPoints:
        raise AssertionError("scanned")

    monkeypatch.setattr("importlib.metadata.entry_points", refuse)
    assert plugins.load("fiscal", "none") is NoFiscalRegime
    with pytest.raises(AssertionError, match="scanned"):
        plugins.names("fiscal")
