from __future__ import annotations

import pytest

from tilltui.errors import ConfigError
from tilltui.ports import BarcodeScanned, DeviceChanged, DeviceEvent, DeviceState, ScanGarbled
from tilltui_drivers.scanners.rules import KINDS, Rules, check_kinds


class Till:
    def __init__(self) -> None:
        self.events: list[DeviceEvent] = []
        self.open = True

    def emit(self, event: DeviceEvent) -> bool:
        self.events.append(event)
        return self.open


def scan(text: str, at: float = 0.0, symbology: str | None = None) -> BarcodeScanned:
    return BarcodeScanned(text, "front", symbology, at=at)


def test_without_rules_nothing_stands_between() -> None:
    emit = Till().emit
    assert Rules().guard(emit) == emit


def test_a_code_that_is_held_there_is_one() -> None:
    till = Till()
    emit = Rules(duplicate_ms=500).guard(till.emit)
    for text, at in (("1", 0.0), ("1", 0.4), ("1", 0.8), ("2", 0.9), ("1", 1.0), ("1", 1.5), ("1", 1.9)):
        assert emit(scan(text, at))
    # The window begins again with each reading; another code ends it.
    assert [(e.text, e.at) for e in till.events if isinstance(e, BarcodeScanned)] == [
        ("1", 0.0),
        ("2", 0.9),
        ("1", 1.0),
        ("1", 1.5),
    ]


@pytest.mark.parametrize(
    ("symbology", "taken"),
    [("]E0", True), ("]E4", True), ("]C1", True), ("]C0", False), ("]Q1", False), (None, False)],
)
def test_kinds_that_are_not_named_are_refused_in_words(symbology: str | None, taken: bool) -> None:
    till = Till()
    emit = Rules(("ean", "gs1-128")).guard(till.emit)
    assert emit(scan("1", symbology=symbology))
    [event] = till.events
    assert isinstance(event, BarcodeScanned if taken else ScanGarbled)
    if isinstance(event, ScanGarbled):
        assert event.source == "front"
        assert event.reason.endswith(".")


def test_other_events_and_a_closing_till_pass() -> None:
    till = Till()
    emit = Rules(("ean",), 500).guard(till.emit)
    ready = DeviceChanged("scanner", "front", DeviceState.READY)
    assert emit(ready)
    assert till.events == [ready]
    till.open = False
    assert not emit(scan("1", symbology="]E0"))
    assert not emit(scan("2", symbology="]Q0"))


def test_a_kind_that_is_none_is_refused() -> None:
    check_kinds(tuple(KINDS))
    with pytest.raises(ConfigError, match="“ean13”"):
        check_kinds(("ean", "ean13"))
