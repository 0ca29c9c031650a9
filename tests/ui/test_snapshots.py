"""Pictures of what a shopkeeper would recognise, in Spanish and English at 80x24.

``TILLTUI_SNAPSHOTS=write`` draws them anew; look at each before committing it.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.cashier import MILK, SOAP, Bench, open_till
from tests.ui.device_states import DEVICE_STATES, fit
from tests.ui.states import STATES
from tilltui.i18n import set_language
from tilltui.ui.shell.app import TillApp

FOLDER = Path(__file__).parent / "snapshots"
MOST = 25

NAMES = (
    "sale", "paying", "change", "error", "find", "menu", "parked", "help_selling", "product", "trouble",
    "offline",
)  # fmt: skip

DEVICE_NAMES = ("charging", "locked")


def picture(app: TillApp) -> str:
    """The screen as SVG, without what differs from run to run and without fonts from elsewhere."""
    svg = app.export_screenshot(title="Tilltui")
    svg = re.sub(r"@font-face\s*\{[^}]*\}\s*", "", svg)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def compare(name: str, svg: str) -> None:
    """Hold a picture against the committed one."""
    path = FOLDER / f"{name}.svg"
    if os.environ.get("TILLTUI_SNAPSHOTS") == "write":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(svg, "utf-8")
    assert path.exists(), f"{path.name} is not there: TILLTUI_SNAPSHOTS=write draws it"
    assert svg == path.read_text("utf-8"), f"{path.name} looks different: TILLTUI_SNAPSHOTS=write draws it"


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("name", NAMES)
async def test_a_state_looks_as_it_should(bench: Bench, name: str, language: str) -> None:
    set_language(language)
    async with open_till(replace(bench, theme="rgb")) as cashier:
        await STATES[name](cashier)
        await cashier.screen()
        # Everything once more, when all that the start brings has been said.
        cashier.view.show_through()
        await cashier.screen()
        compare(f"{name}-{language}", picture(cashier.app))


async def test_a_wide_screen_looks_as_it_should(bench: Bench) -> None:
    set_language("es")
    async with open_till(replace(bench, theme="rgb", training=True), (120, 34)) as cashier:
        await cashier.scan(MILK, SOAP)
        await cashier.screen()
        compare("wide-es", picture(cashier.app))


@pytest.mark.parametrize("name", DEVICE_NAMES)
async def test_a_state_of_devices_looks_as_it_should(bench: Bench, name: str) -> None:
    set_language("es")
    fit(bench)
    async with open_till(replace(bench, theme="rgb")) as cashier:
        await DEVICE_STATES[name](cashier)
        await cashier.screen()
        cashier.view.show_through()
        await cashier.screen()
        compare(f"{name}-es", picture(cashier.app))


def test_there_are_few() -> None:
    names = {f"{name}-{language}" for name in NAMES for language in ("es", "en")} | {"wide-es"}
    names |= {f"{name}-es" for name in DEVICE_NAMES}
    assert {path.stem for path in FOLDER.glob("*.svg")} == names
    assert len(names) <= MOST
