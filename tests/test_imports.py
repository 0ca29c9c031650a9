"""Who pulls in whom, seen by a fresh interpreter: a start on a Pi pays for every module."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
THIRD_PARTY = {
    "textual",
    "rich",
    "peewee",
    "playhouse",
    "apsw",
    "serial",
    "escpos",
    "PIL",
    "biip",
    "openpyxl",
} | {
    "stdnum",
    "zxingcpp",
    "platformdirs",
    "qrcode",
}


def loaded_by(code: str, home: str = "/nonexistent") -> set[str]:
    """Names of the modules that ``code`` leaves in ``sys.modules`` of a new interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint('\\n'.join(sys.modules), file=sys.__stderr__)"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'drivers'}", "PATH": "/usr/bin:/bin", "HOME": home},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def third_party(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] in THIRD_PARTY}


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] in ("tilltui", "tilltui_drivers")}


def test_the_package_itself_imports_nothing() -> None:
    assert ours(loaded_by("import tilltui")) == {"tilltui"}


def test_the_probe_sees_what_is_imported() -> None:
    assert "peewee" in third_party(loaded_by("import peewee"))


def test_the_domain_is_standard_library_only() -> None:
    names = [m.name for m in pkgutil.walk_packages([str(ROOT / "tilltui" / "domain")], "tilltui.domain.")]
    assert "tilltui.domain.text" in names
    modules = loaded_by("\n".join(f"import {name}" for name in names))
    assert set(names) <= modules
    assert third_party(modules) == set()
    assert {n for n in ours(modules) if not n.startswith("tilltui.domain")} <= {"tilltui", "tilltui.errors"}


@pytest.mark.parametrize(
    "module", ["tilltui.ports", "tilltui.errors", "tilltui.i18n", "tilltui.plugins", "tilltui.log"]
)
def test_the_seams_are_standard_library_only(module: str) -> None:
    modules = loaded_by(f"import {module}")
    assert third_party(modules) == set()
    assert not {n for n in ours(modules) if n.startswith(("tilltui_drivers", "tilltui.ui", "tilltui.store"))}


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"]])
def test_help_is_light(arguments: list[str]) -> None:
    modules = loaded_by(
        f"from tilltui.cli import main\ntry: main({arguments!r})\nexcept SystemExit as e: assert not e.code"
    )
    assert not third_party(modules) - {"platformdirs"} - {n for n in modules if n.startswith("platformdirs.")}
    assert "tilltui.wiring" not in modules


def test_help_imports_no_other_command() -> None:
    modules = loaded_by(
        "from tilltui.cli import main\ntry: main(['init', '--help'])\nexcept SystemExit: pass"
    )
    assert "tilltui.commands.init" in modules
    assert "tilltui.commands.check" not in modules


def test_listing_plugins_imports_none() -> None:
    modules = loaded_by("from tilltui import plugins\nfor g in plugins.GROUPS: assert plugins.names(g)")
    assert not {n for n in modules if n.startswith("tilltui_drivers")}
    assert third_party(modules) == set()


def test_reading_settings_imports_no_screen_and_no_store(tmp_path: Path) -> None:
    file = tmp_path / "till.toml"
    file.write_text('[shop]\nname = "X"\n', "utf-8")
    code = f"from pathlib import Path\nfrom tilltui.config.load import load\nassert load(Path({str(file)!r}))"
    modules = loaded_by(code)
    assert not third_party(modules) - {n for n in modules if n.partition(".")[0] == "platformdirs"}


OPENED = """
from tilltui import splash, wiring
from tilltui.ui.shell.fast_textual import import_textual
till = wiring.make_till(None)
import_textual()
import tilltui.ui.shell.app
till.close()
"""
"""What a demo till has imported when its screen is about to open; devices start after the first paint."""

BARE = "from textual.app import App\nfrom textual.widgets import Static\nimport textual.drivers.linux_driver"
"""What any Textual program imports."""

AT_START = {
    "apsw",
    "concurrent",
    "csv",
    "fcntl",
    "gc",
    "gettext",
    "hashlib",
    "hmac",
    "json",
    "logging",
    "pkgutil",
    "secrets",
    "tomllib",
}
"""What the till imports beside it: top modules, of anyone but Textual and us; csv for the demo's products."""

AFTER_START = {
    "argparse",
    "tilltui.arguments",
    "tilltui.domain.paper.sale_receipt",
    "tilltui.services.cards.desk",
    "tilltui.services.paper.printing",
    "tilltui.services.upload.worker",
    "tilltui.services.day.closing",
    "tilltui.services.doctor.findings",
    "tilltui.services.devices.hotplug",
    "tilltui.store.models",
    "tilltui.upload.http",
    "tilltui.ui.dialogs.dialog",
    "tilltui.ui.widgets.choice_list",
    "tilltui.ui.widgets.form_field",
    "textual.command",
    "textual.containers",
    "textual.widgets._input",
    "textual.widgets._toast",
}
"""What each was some part of the start once, and has no business there."""


def tops(modules: set[str]) -> set[str]:
    """Top modules without the private ones, which come and go with Python's versions."""
    return {top for name in modules if not (top := name.partition(".")[0]).startswith("_")}


def test_a_till_opens_with_few_imports(tmp_path: Path) -> None:
    opened, bare = loaded_by(OPENED, str(tmp_path)), loaded_by(BARE)
    assert "tilltui.ui.sale.screen" in opened
    assert tops(opened) - tops(bare) - {"tilltui", "tilltui_drivers"} <= AT_START
    assert opened & AFTER_START == set()
    assert not {name for name in opened if name.startswith("tilltui_drivers.")}


SHOWN = """
import asyncio
from tilltui import wiring
till = wiring.make_till(None)
from tilltui.ui.shell.fast_textual import import_textual
import_textual()
from tilltui.ui.shell.app import TillApp

async def show():
    app = TillApp(till)
    async with app.run_test() as pilot:
        while not app.opened:
            await pilot.pause()
        await asyncio.wrap_future(till.background.submit(int))

asyncio.run(show())
till.close()
"""
"""A demo till with its screen, until its background has done what it was given at the start."""


def test_pop_ups_are_loaded_before_anybody_opens_one(tmp_path: Path) -> None:
    shown = loaded_by(SHOWN, str(tmp_path))
    assert {f"tilltui.ui.dialogs.{name}" for name in ("ask", "find", "pick", "show")} <= shown


def test_textual_opens_without_palette_and_toasts_and_has_them_later() -> None:
    code = "from tilltui.ui.shell.fast_textual import import_textual\nimport_textual()\n"
    assert {"textual.command", "textual.widgets._toast", "textual.containers"} & loaded_by(code) == set()
    assert "textual.containers" in loaded_by(f"{code}from textual.widgets._toast import ToastRack")
    assert "textual.widgets._select" in loaded_by(f"{code}from textual.command import CommandPalette")


def test_what_textual_opens_without_is_what_it_has() -> None:
    code = "from importlib import import_module\nfrom tilltui.ui.shell.fast_textual import LEFT_OUT\n"
    loaded_by(f"{code}for m, names in LEFT_OUT.items(): [getattr(import_module(m), name) for name in names]")


def test_the_splash_needs_no_import_worth_the_name() -> None:
    assert ours(loaded_by("from tilltui import splash")) == {"tilltui", "tilltui.splash"}
