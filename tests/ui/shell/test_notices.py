"""The status line says everything that there is to know of an uploader; nothing hides anything else."""

from __future__ import annotations

import pytest

from tests.ui.cashier import NOON, Cashier
from tilltui.config.schema import DeviceSection
from tilltui.errors import N_, UploadDenied
from tilltui.i18n import set_language
from tilltui.services.upload.worker import SyncStatus
from tilltui.ui.flows.known import Known
from tilltui.ui.shell.messages import UploadReported
from tilltui.ui.shell.notices import notices

HOUR = 3_600_000
REFUSED = UploadDenied(N_("Head office refuses this till."), hint=N_("Call head office."))


def said(cashier: Cashier, status: SyncStatus) -> list[tuple[str, str]]:
    """Level and text of each notice of one uploader."""
    every = notices(cashier.app.till, Known(uploads={"hq": status}), NOON)
    return [(notice.level, notice.text) for notice in every]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (SyncStatus("hq"), [("info", "nothing to send")]),
        (SyncStatus("hq", online=True), [("info", "all sent")]),
        (SyncStatus("hq", online=True, waiting=1), [("info", "1 record waits")]),
        (
            SyncStatus("hq", online=True, waiting=5, parked=1),
            [("warning", "1 sale needs a look"), ("info", "5 records wait")],
        ),
        (
            SyncStatus("hq", online=False, waiting=5, parked=2, oldest_ms=NOON - 2 * HOUR),
            [("warning", "2 sales need a look"), ("warning", "offline: 5 records wait, the oldest 2:00 h")],
        ),
        (SyncStatus("hq", online=False, parked=2), [("warning", "2 sales need a look")]),
        (
            SyncStatus("hq", online=True, waiting=3, parked=4, forks=1),
            [
                ("error", "hq: another till has this till's number"),
                ("warning", "3 sales need a look"),
                ("info", "3 records wait"),
            ],
        ),
        (
            SyncStatus("hq", online=True, parked=1, forks=1),
            [("error", "hq: another till has this till's number")],
        ),
        (
            SyncStatus("hq", online=True, waiting=2, parked=1, denied=True, error=REFUSED),
            [
                ("error", "hq: Head office refuses this till."),
                ("warning", "1 sale needs a look"),
                ("info", "2 records wait"),
            ],
        ),
    ],
)
async def test_what_waits_and_what_was_refused_are_both_told(
    cashier: Cashier, status: SyncStatus, expected: list[tuple[str, str]]
) -> None:
    assert said(cashier, status) == expected


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("2 ventas", "5 registros")),
        ("pt", ("2 vendas", "5 registros")),
        ("en", ("2 sales", "5 records")),
    ],
)
async def test_both_are_on_the_screen(cashier: Cashier, language: str, words: tuple[str, str]) -> None:
    set_language(language)
    cashier.app.post_message(UploadReported(SyncStatus("hq", online=True, waiting=5, parked=2)))
    await cashier.settle()
    status = (await cashier.screen())[21]
    assert all(word in status for word in words), status


def test_a_device_whose_driver_is_not_there_is_said_for_as_long_as_it_is_so(cashier: Cashier) -> None:
    cashier.devices.left_out.append(DeviceSection("printer", "kitchen", "nobodys", {}))
    found = notices(cashier.app.till, Known(), NOON)
    assert ("error", "printer kitchen is left out") in [(notice.level, notice.text) for notice in found]
