"""F12, Devices, without a screen: what is set up, how each is, and trying one out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.flows import (
    MILK,
    Labelled,
    StillPrinter,
    Talk,
    a_talk,
    driven,
    leaves_nothing,
    not_allowed,
    with_printer,
)
from tests.support.registers import settle
from tests.ui.card_terminal import ScriptedTerminal
from tests.ui.flows.devices.test_devices_screen import FiredDrawer, StillScanner
from tilltui.config.schema import DeviceSection
from tilltui.domain.people.rights import Right
from tilltui.errors import DeviceOffline, SaleError
from tilltui.ports import DeviceChanged, DeviceState
from tilltui.ports.kinds import KINDS
from tilltui.services.devices.hotplug import Unused
from tilltui.services.devices.weighing import Weighed
from tilltui.services.upload.worker import SyncStatus
from tilltui.ui.flows.devices.devices import TEXT_COLUMNS, TRIES, devices
from tilltui.ui.flows.devices.drawer import drawer
from tilltui.ui.flows.steps import Ask, Pick, PickLive, Show, Weigh
from tilltui_drivers.virtual.displays.display import VirtualDisplay, VirtualDisplaySettings
from tilltui_drivers.virtual.scales.scale import VirtualScale, VirtualScaleSettings


@pytest.fixture
def opens() -> FiredDrawer:
    return FiredDrawer()


@pytest.fixture
def fitted(tmp_path: Path, opens: FiredDrawer) -> Iterator[Talk]:
    """A till with a device of each kind; the printer prints nothing."""
    display = VirtualDisplay("pole", VirtualDisplaySettings())
    made: dict[tuple[str, str], Any] = {
        ("scanner", "front"): StillScanner(),
        ("drawer", "main"): opens,
        ("scale", "counter"): VirtualScale("counter", VirtualScaleSettings(by_itself=False)),
        ("display", "pole"): display,
        ("terminal", "card"): ScriptedTerminal(),
    }
    with a_talk(tmp_path / "fitted", devices=made) as talk:
        talk.till.till.start_devices(lambda event: True, lambda status: None, lambda event: None)
        yield talk


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[tuple[Talk, StillPrinter]]:
    """A till with a printer."""
    with a_talk(tmp_path / "papers", printer="receipt") as talk:
        worker = with_printer(talk)
        talk.till.devices._drivers["printer", "receipt"] = worker
        yield talk, worker


class Plugged:
    """What is plugged in.

    Attributes:
        found: What no section of the settings uses.
    """

    def __init__(self, *found: Unused) -> None:
        self.found = found
        self.looked = 0

    def unused(self) -> list[Unused]:
        return list(self.found)

    def seen(self) -> None:
        self.looked += 1


def rows(talk: Talk) -> list[tuple[str, str]]:
    step = driven(devices(talk.sale), None).last
    assert isinstance(step, PickLive)
    return [(choice.label, choice.detail) for choice in step.offer()]


def test_no_device_is_set_up(talk: Talk) -> None:
    assert driven(devices(talk.sale)).steps == []
    assert talk.said == ["No device is set up."]


def test_every_try_that_is_offered_is_there() -> None:
    assert {one.id for kind in KINDS.values() for one in kind.tries} == set(TRIES)


def test_what_is_set_up_and_how_it_is(fitted: Talk) -> None:
    known = fitted.sale.known.devices
    known["scanner", "front"] = DeviceChanged("scanner", "front", DeviceState.FAILED, "unplugged")
    known["drawer", "main"] = DeviceChanged("drawer", "main", DeviceState.READY)
    assert rows(fitted) == [
        ("scanner front", "unplugged"),
        ("drawer main", "ready"),
        ("scale counter", ""),
        ("display pole", ""),
        ("terminal card", "ready"),
    ]
    desk = fitted.register.cards.desks[0]
    desk._busy = True
    assert rows(fitted)[-1] == ("terminal card", "busy")
    desk._busy = False


@pytest.mark.parametrize(("online", "words"), [(True, "ready"), (False, "offline"), (None, "ready")])
def test_an_uploader(talk: Talk, online: bool | None, words: str) -> None:
    running = talk.till.devices
    running._config = replace(running._config, devices=(DeviceSection("uploader", "usb", "test", {}),))
    assert rows(talk) == [("upload usb", "left out: wrong settings")]
    running._running["uploader"]["usb"] = object()
    assert rows(talk) == [("upload usb", "")]
    talk.sale.known.uploads["usb"] = SyncStatus("usb", online, 0, 0)
    assert rows(talk) == [("upload usb", words)]
    running._running["uploader"].clear()


# Trying


def test_a_scanner_is_tried_without_ringing(fitted: Talk) -> None:
    went = driven(devices(fitted.sale), ("scanner", "front"), "scan", {"code": ""}, {"code": MILK})
    assert [type(step) for step in went.steps] == [PickLive, Pick, Ask]
    assert isinstance(went.refused[0], SaleError)
    assert went.last.questions[0].takes_code("anything")
    assert fitted.lines == []


def test_a_drawer_is_tried(fitted: Talk, opens: FiredDrawer) -> None:
    driven(devices(fitted.sale), ("drawer", "main"), "drawer")
    assert opens.fired.is_set()
    assert fitted.said == []


def test_a_scale_is_tried(fitted: Talk) -> None:
    went = driven(devices(fitted.sale), ("scale", "counter"), "weigh", Weighed(450))
    assert isinstance(went.last, Weigh)
    assert fitted.said == ["The scale says 0,450 kg."]
    assert fitted.lines == []
    driven(devices(fitted.sale), ("scale", "counter"), "weigh", None)
    assert len(fitted.said) == 1


def test_a_scale_that_is_gone_meanwhile(fitted: Talk) -> None:
    fitted.till.devices.weighing = None
    assert len(driven(devices(fitted.sale), ("scale", "counter"), "weigh").steps) == 2


def test_a_display_is_tried(fitted: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[tuple[str, str]] = []
    pole = fitted.till.devices.displays["pole"]
    monkeypatch.setattr(pole, "show", lambda upper, lower: shown.append((upper, lower)))
    driven(devices(fitted.sale), ("display", "pole"), "show")
    assert [len(text) for text in shown[0]] == [15, 20]


def test_a_terminal_leads_to_its_list(fitted: Talk) -> None:
    went = driven(devices(fitted.sale), ("terminal", "card"), "cards", None)
    assert went.last.title == "Card terminal"


def test_a_printer_prints_a_page_or_is_forgotten(
    papers: tuple[Talk, StillPrinter], monkeypatch: pytest.MonkeyPatch
) -> None:
    talk, worker = papers
    monkeypatch.setattr("tilltui.services.paper.trial_page.page", lambda printer: [])
    driven(devices(talk.sale), ("printer", "receipt"), "page")
    assert talk.rows("SELECT kind, title FROM print_job") == [("note", "Test page")]
    offered = driven(devices(talk.sale), ("printer", "receipt"), "jobs", None).steps[1]
    assert [choice.value for choice in offered.choices] == ["page", "jobs"]  # type: ignore[attr-defined]
    driven(TRIES["forget"](talk.sale, "receipt"))  # type: ignore[arg-type]
    assert worker.asked == ["forget"]
    assert talk.said == ["What it can do is found out with its next paper."]


def test_what_was_left_out_says_why(papers: tuple[Talk, StillPrinter]) -> None:
    talk, _worker = papers
    talk.till.devices._running["printer"].clear()
    running = talk.till.devices
    driven(devices(talk.sale), ("printer", "receipt"))
    assert talk.said == ["There is nothing to try."]
    running.warnings.append(DeviceOffline("It is wrong\x1b.", device="receipt"))
    driven(devices(talk.sale), ("printer", "receipt"))
    assert talk.said[1:] == ["It is wrong."]
    talk.sale.known.devices["printer", "receipt"] = DeviceChanged(
        "printer", "receipt", DeviceState.FAILED, detail="no\x1b cable"
    )
    driven(devices(talk.sale), ("printer", "receipt"))
    assert talk.said[2:] == ["no cable"]


# Plugged in


def test_what_is_plugged_in_says_what_to_write(fitted: Talk) -> None:
    lines = ("[scanner.front2]", "port = " + "x" * 200)
    one = Unused("Honeywell\x1b Xenon", "scanner", lines)
    plugs: Any = Plugged(one)
    fitted.sale.known.plugs = plugs
    told: list[bool] = []
    fitted.sale.known.changed = lambda: told.append(True)
    went = driven(devices(fitted.sale), one, None)
    assert isinstance(went.last, Show)
    assert max(map(len, went.last.lines)) <= TEXT_COLUMNS
    text = "".join(went.last.lines)
    assert all(line in text for line in lines)
    assert went.last.title == "scanner Honeywell Xenon"
    assert (plugs.looked, told) == (1, [True])


def test_what_has_no_driver_says_so(fitted: Talk) -> None:
    one = Unused("TM-T20II", "printer", ())
    plugs: Any = Plugged(one)
    fitted.sale.known.plugs = plugs
    assert driven(devices(fitted.sale), one, None).last.lines == (
        "The till has no driver for it on this cable.",
    )


# Left, and without the right


def test_left(fitted: Talk, opens: FiredDrawer) -> None:
    leaves_nothing(fitted, devices, ("drawer", "main"), "drawer")
    leaves_nothing(fitted, devices, ("scanner", "front"), "scan", {"code": MILK})
    leaves_nothing(fitted, devices, ("scale", "counter"), "weigh", Weighed(1))
    assert not opens.fired.is_set()


@pytest.mark.parametrize(
    ("right", "device", "answers"),
    [
        (Right.DRAWER, ("drawer", "main"), ("drawer",)),
        (Right.DEVICES, ("display", "pole"), ("show",)),
        (Right.TERMINAL_DAY, ("terminal", "card"), ("cards", Labelled("End of day"))),
    ],
)
def test_without_the_right(
    fitted: Talk, opens: FiredDrawer, right: Right, device: object, answers: tuple[object, ...]
) -> None:
    not_allowed(fitted, right, devices, device, *answers)
    assert not opens.fired.is_set()


@pytest.mark.parametrize("what", ["page", "jobs"])
def test_no_page_without_the_right(papers: tuple[Talk, StillPrinter], what: str) -> None:
    not_allowed(papers[0], Right.DEVICES, devices, ("printer", "receipt"), what)


# The drawer by hand


@pytest.mark.parametrize(("keyed", "kept"), [("  cambio\x1b ", "cambio"), ("", "no reason given")])
def test_a_drawer_is_opened_with_a_reason(fitted: Talk, opens: FiredDrawer, keyed: str, kept: str) -> None:
    driven(drawer(fitted.sale), {"reason": keyed})
    assert opens.fired.is_set()
    settle(fitted.till.store)
    kinds = [row[0] for row in fitted.rows("SELECT body FROM journal WHERE kind = 'drawer'")]
    assert len(kinds) == 1
    assert kept in str(kinds[0])


def test_one_that_does_not_open_is_said(
    fitted: Talk, opens: FiredDrawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck() -> None:
        raise DeviceOffline("no cable", device="main")

    monkeypatch.setattr(opens, "open", stuck)
    driven(drawer(fitted.sale), {})
    assert len(fitted.said) == 1
    assert fitted.state.errors[0].level == "warning"


def test_without_a_drawer(talk: Talk) -> None:
    driven(drawer(talk.sale), {})
    assert len(talk.said) == 1


def test_the_drawer_left_and_without_the_right(fitted: Talk, opens: FiredDrawer) -> None:
    leaves_nothing(fitted, drawer, {"reason": "x"})
    not_allowed(fitted, Right.DRAWER, drawer, {"reason": "x"}, None)
    assert not opens.fired.is_set()
