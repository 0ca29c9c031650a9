from __future__ import annotations

import importlib
import io
import json
import keyword
import stat
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tilltui import cli, i18n, paths
from tilltui.commands import COMMANDS
from tilltui.commands.check import check_drivers
from tilltui.commands.init import template
from tilltui.config.load import read
from tilltui.config.problems import Problems
from tilltui.config.schema import Config, DeviceSection, Shop
from tilltui.errors import ConfigError

ROOT = Path(__file__).resolve().parent.parent
GOOD = '[shop]\nname = "Almacén Rosita"\nlanguage = "en"\n[uploader.usb]\ndriver = "folder"\nfolder = "out"\n'


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "TILLTUI_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(paths, "config_dir", lambda: tmp_path / "config")
    before = i18n.language()
    yield
    i18n.set_language(before)


@pytest.fixture
def wiring(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stands for the till itself, which has tests of its own."""
    seen = SimpleNamespace(opened=[], result=0, error=None)

    def open_till(path: Path | None) -> int:
        seen.opened.append(path)
        if seen.error is not None:
            raise seen.error
        return int(seen.result)

    module = ModuleType("tilltui.wiring")
    module.open_till = open_till  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tilltui.wiring", module)
    return seen


def till_toml(tmp_path: Path, text: str = GOOD) -> Path:
    file = tmp_path / "till.toml"
    file.write_text(text, "utf-8")
    return file


def test_without_a_command_the_till_opens(wiring: SimpleNamespace) -> None:
    assert cli.main([]) == 0
    assert cli.main(["--config", "x.toml"]) == 0
    assert wiring.opened == [None, Path("x.toml")]


def test_the_tills_own_code_is_handed_on(wiring: SimpleNamespace) -> None:
    wiring.result = 1
    assert cli.main([]) == 1


def test_an_error_is_said_in_words_without_control_characters(
    wiring: SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    wiring.error = ConfigError("no {name}", hint="use {name}", name="pa\x1b[2J\nper")
    assert cli.main([]) == 1
    assert capsys.readouterr().err == "tilltui: The settings are wrong\n  no pa[2J per\n  use pa[2J per\n"


def test_the_language_is_that_of_the_environment(
    wiring: SimpleNamespace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "es_CL.UTF-8")
    wiring.error = ConfigError("x")
    assert cli.main([]) == 1
    assert "Los ajustes están mal" in capsys.readouterr().err


def test_interrupting_is_a_no(wiring: SimpleNamespace) -> None:
    wiring.error = KeyboardInterrupt()
    assert cli.main([]) == 1


@pytest.mark.parametrize(
    "argv", [["nonsense"], ["--nonsense"], ["check", "--nonsense"], ["--config"], ["--conf", "x"]]
)
def test_wrong_usage_is_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(argv)
    assert caught.value.code == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_module_and_explains_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module = importlib.import_module(f"tilltui.commands.{name}{'_' if keyword.iskeyword(name) else ''}")
    assert callable(module.configure)
    assert callable(module.run)
    with pytest.raises(SystemExit) as caught:
        cli.main([name, "--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: tilltui {name} ")
    assert "--config FILE" in out


def test_every_command_module_is_in_the_table() -> None:
    files = (ROOT / "tilltui" / "commands").glob("[a-z]*.py")
    modules = {p.stem.rstrip("_") for p in files if "\ndef run(" in p.read_text(encoding="utf-8")}
    assert modules == set(COMMANDS)


def test_check_says_nothing_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = till_toml(tmp_path)
    assert cli.main(["check", "--config", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}: nothing is wrong.\n"


def test_config_may_stand_before_the_command(tmp_path: Path) -> None:
    assert cli.main(["--config", str(till_toml(tmp_path)), "check"]) == 0


def test_check_says_all_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = till_toml(
        tmp_path,
        GOOD + '[printer.a]\ndriver = "escpso"\n[scanner.b]\n[uploader.c]\ndriver = "folder"\nx = 1\n',
    )
    assert cli.main(["check", "--config", str(file)]) == 1
    out = capsys.readouterr().out
    assert "warning: There is no printer driver called “escpso”." in out
    assert "Did you mean “escpos”?" in out
    assert "warning: scanner.b.driver must name a driver." in out
    assert "warning: There is no setting “uploader.c.x”." in out
    assert out.endswith("The till opens, without what is wrong.\n")


def test_check_reads_the_devices_of_a_wrong_shop_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = till_toml(tmp_path, '[shop]\n[uploader.c]\ndriver = "folder"\nx = 1\n')
    assert cli.main(["check", "--config", str(file)]) == 1
    out = capsys.readouterr().out
    assert "error: shop.name is missing." in out
    assert "warning: There is no setting “uploader.c.x”." in out
    assert out.endswith("The till does not open with these settings.\n")


def test_check_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = till_toml(tmp_path, '[shop]\nnmae = "x"\n')
    assert cli.main(["check", "--json", "--config", str(file)]) == 1
    result = json.loads(capsys.readouterr().out)
    assert result["file"] == str(file)
    assert result["opens"] is False
    assert result["problems"][0] == {
        "severity": "error",
        "key": "shop.nmae",
        "message": "There is no setting “shop.nmae”.",
        "hint": "Did you mean “name”?",
    }
    assert len(result["problems"]) == 2


@pytest.mark.parametrize("config", [[], ["--config", "/nonexistent/till.toml"]])
def test_check_without_a_file_says_how_to_make_one(
    config: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", *config]) == 1
    assert "tilltui init" in capsys.readouterr().err


def test_a_driver_that_does_not_exist_is_a_warning_with_its_key() -> None:
    problems = Problems("till.toml")
    check_drivers(Config(Shop("X"), devices=(DeviceSection("drawer", "main", "hook"),)), problems)
    assert [(p.key, p.severity.value) for p in problems] == [("drawer.main.driver", "warning")]


def test_init_writes_a_file_that_check_accepts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "till.toml"
    assert cli.main(["init", str(file)]) == 0
    assert stat.S_IMODE(file.stat().st_mode) & 0o600 == 0o600
    result = read(file)
    assert len(result.problems) == 0
    assert result.config is not None
    assert "# Name of the shop" in file.read_text("utf-8")
    assert [p.name for p in tmp_path.iterdir()] == ["till.toml"]
    assert "tilltui check" in capsys.readouterr().out


def test_init_without_a_path_writes_where_the_till_looks(tmp_path: Path) -> None:
    assert cli.main(["init"]) == 0
    assert (tmp_path / "config" / "till.toml").exists()
    assert cli.main(["check"]) == 0


def test_init_never_overwrites_unasked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = till_toml(tmp_path, "mine")
    assert cli.main(["init", str(file)]) == 1
    assert "is there already" in capsys.readouterr().err
    assert file.read_text("utf-8") == "mine"
    assert cli.main(["init", "--force", str(file)]) == 0
    assert read(file).config is not None
    assert [p.name for p in tmp_path.iterdir()] == ["till.toml"]


def test_init_says_where_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["init", str(tmp_path / "missing" / "till.toml")]) == 1
    assert "cannot be written: No such file or directory" in capsys.readouterr().err


def test_every_commented_setting_of_the_template_is_right(tmp_path: Path) -> None:
    """What ``init`` shows as an example must be accepted as it stands."""
    text = "\n".join(
        line[1:] if line.startswith("#") and not line.startswith("# ") else line
        for line in template().splitlines()
    )
    sections = tomllib.loads(text)
    ours = {key: sections[key] for key in ("shop", "till", "barcodes", "cash", "keys", "taxes")}
    assert all(ours.values())
    result = read(till_toml(tmp_path, text))
    assert [str(p.error) for p in result.problems] == []


def test_errors_with_problems_list_them(tmp_path: Path, wiring: SimpleNamespace) -> None:
    from tilltui.config.load import load

    with pytest.raises(ConfigError) as caught:
        load(till_toml(tmp_path, "[till]\nid = 1\n"))
    stream = io.StringIO()
    cli.print_error(caught.value, stream)
    assert "  - till.id must be text in quotes, got 1.\n  - " not in stream.getvalue().splitlines()[0]
    assert "  - shop.name is missing.\n" in stream.getvalue()
    assert "  - till.id must be text in quotes, got 1.\n" in stream.getvalue()


def test_a_key_that_no_action_has_is_named_with_the_nearest_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = till_toml(tmp_path)
    file.write_text(file.read_text(encoding="utf-8") + '\n[keys]\nfnd = "f2"\n', encoding="utf-8")
    assert cli.main(["check", "--config", str(file)]) == 1
    out = capsys.readouterr().out
    assert "keys.fnd" in out
    assert "find" in out
