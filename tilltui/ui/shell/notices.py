"""How the till is, in words for the status line: the most important first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tilltui.i18n import _, explain, ngettext
from tilltui.ports import DeviceChanged, DeviceState
from tilltui.ports.kinds import KINDS
from tilltui.ui.sale.rows import age_text
from tilltui.ui.shell.desk import Desk
from tilltui.ui.widgets.sale.status_line import Notice

if TYPE_CHECKING:
    from tilltui.config.schema import DeviceSection
    from tilltui.services.upload.worker import SyncStatus

MOST_NEW = 2
"""Most new devices that the line names; the page has them all."""

_FINE = (DeviceState.READY, DeviceState.OFF)


def notices(
    desk: Desk,
    devices: Mapping[tuple[str, str], DeviceChanged],
    uploads: Mapping[str, SyncStatus],
    now_ms: int,
    new: Sequence[str] = (),
) -> list[Notice]:
    """Everything there is to know.

    Args:
        desk: The till.
        devices: Last word of each device, by kind and name.
        uploads: Last word of each uploader.
        now_ms: The wall clock, UTC milliseconds.
        new: What was plugged in and nobody has looked at yet.
    """
    said = [notice for status in uploads.values() for notice in _upload(status, now_ms)]
    kinds = Counter(kind for kind, _name in devices)
    said += [
        _device(changed, alone=kinds[changed.kind] == 1)
        for changed in devices.values()
        if changed.state not in _FINE
    ]
    said += [_left_out(section) for section in desk.devices.left_out]
    if desk.store.ballast.low():
        said.append(Notice(_("disk nearly full"), "error"))
    for cards in desk.devices.cards.values():
        if cards.in_doubt and not cards.busy:
            said.append(Notice(_("card in doubt: F9"), "error"))
        elif cards.loose:
            said.append(Notice(_("card charged without a sale"), "warning"))
    said += [Notice(_("new: {name} - F12, Devices").format(name=name), "warning") for name in new[:MOST_NEW]]
    parked = len(desk.checkout.parked_names())
    if parked:
        said.append(Notice(ngettext("{count} parked", "{count} parked", parked).format(count=parked)))
    if not (devices or uploads or desk.devices.sections):
        said.append(Notice(_("no devices set up")))
    if desk.shop.demo:
        said.append(Notice(_("demo shop")))
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(said, key=lambda notice: order[notice.level])


def _upload(status: SyncStatus, now_ms: int) -> list[Notice]:
    """How an uploader is: what a person must look at, and how much waits; each hides nothing of the other."""
    said: list[Notice] = []
    if status.forks:
        text = _("{name}: another till has this till's number").format(name=status.uploader)
        said.append(Notice(text, "error"))
    if status.denied:
        # The error says whether head office or the till's own key file is the matter.
        why = explain(status.error).text if status.error is not None else _("refuses this till")
        said.append(Notice(f"{status.uploader}: {why}", "error"))
    # A fork is one of those that are parked, and the alarm above says it already.
    if (parked := status.parked - status.forks) > 0:
        text = ngettext("{count} sale needs a look", "{count} sales need a look", parked)
        said.append(Notice(text.format(count=parked), "warning"))
    if status.waiting:
        said.append(_waiting(status, now_ms))
    return said or [Notice(_("all sent") if status.online else _("nothing to send"))]


def _waiting(status: SyncStatus, now_ms: int) -> Notice:
    """How many records wait, and how long while there is no network."""
    text = ngettext("{count} record waits", "{count} records wait", status.waiting).format(
        count=status.waiting
    )
    if status.online is not False:
        return Notice(text)
    text = _("offline: {waiting}").format(waiting=text)
    if status.oldest_ms is not None:
        text = _("{text}, the oldest {age}").format(text=text, age=age_text(status.oldest_ms, now_ms))
    return Notice(text, "warning")


def _device(changed: DeviceChanged, *, alone: bool) -> Notice:
    """How a device is; named only where there are several of its kind."""
    level = {DeviceState.CONNECTING: "info", DeviceState.DEGRADED: "warning"}.get(changed.state, "error")
    kind, what = kind_text(changed.kind), how_text(changed)
    text = f"{kind}: {what}" if alone else f"{kind} {changed.device}: {what}"
    return Notice(text, level)  # type: ignore[arg-type]


def _left_out(section: DeviceSection) -> Notice:
    """A device whose driver or settings are wrong; why was said when the till opened, and stands in F12."""
    text = _("{kind} {name} is left out").format(kind=kind_text(section.kind), name=section.name)
    return Notice(text, "error")


def kind_text(kind: str) -> str:
    """A kind of device in the language in force."""
    row = KINDS.get(kind)
    return _(row.word) if row is not None else kind


def reason_text(reason: str) -> str:
    """Why a device does not work, in the language in force; empty for a word that is none of ours."""
    reasons = {
        "paper": _("no paper"),
        "paper_low": _("paper runs low"),
        "cover": _("cover open"),
        "cutter": _("cutter stuck"),
        "error": _("error"),
        "unplugged": _("unplugged"),
        "missing": _("not found"),
        "denied": _("no permission"),
        "busy": _("used by another program"),
        "offline": _("does not answer"),
        "settings": _("wrong settings"),
        "uncertain": _("perhaps not printed"),
        "unconfirmed": _("does not confirm what it prints"),
        "left_open": _("left open"),
    }
    return reasons.get(reason, "")


def how_text(changed: DeviceChanged) -> str:
    """A device's state in the language in force."""
    states = {
        DeviceState.OFF: _("switched off"),
        DeviceState.READY: _("ready"),
        DeviceState.CONNECTING: _("connecting"),
        DeviceState.DEGRADED: _("limited"),
        DeviceState.BLOCKED: _("stopped"),
        DeviceState.FAILED: _("failed"),
    }
    return reason_text(changed.reason) or states.get(changed.state, changed.state.value)
