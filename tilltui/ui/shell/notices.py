"""How the till is, in words for the status line: the most important first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tilltui.i18n import _, explain, ngettext
from tilltui.ports import DeviceChanged, DeviceState
from tilltui.ui.flows.devices.words import how_text, kind_text
from tilltui.ui.sale.times import age_text
from tilltui.ui.widgets.sale.values import Notice

if TYPE_CHECKING:
    from tilltui.config.schema import DeviceSection
    from tilltui.services.till import Till
    from tilltui.services.upload.worker import SyncStatus
    from tilltui.ui.flows.known import Known

MOST_NEW = 2
"""Most new devices that the line names; the page has them all."""

_FINE = (DeviceState.READY, DeviceState.OFF)


def notices(till: Till, known: Known, now_ms: int) -> list[Notice]:
    """Everything there is to know.

    Args:
        till: The till.
        known: Last word of each device and uploader, and what is plugged in.
        now_ms: The wall clock, UTC milliseconds.
    """
    register, devices, uploads = till.register, known.devices, known.uploads
    new = known.plugs.new() if known.plugs is not None else ()
    said = [notice for status in uploads.values() for notice in _upload(status, now_ms)]
    kinds = Counter(kind for kind, _name in devices)
    said += [
        _device(changed, alone=kinds[changed.kind] == 1)
        for changed in devices.values()
        if changed.state not in _FINE
    ]
    said += [_left_out(section) for section in register.devices.left_out]
    if till.disk_nearly_full():
        said.append(Notice(_("disk nearly full"), "error"))
    for cards in register.cards.desks:
        if cards.in_doubt and not cards.busy:
            said.append(Notice(_("card in doubt: F9"), "error"))
        elif cards.loose:
            said.append(Notice(_("card charged without a sale"), "warning"))
    said += [Notice(_("new: {name} - F12, Devices").format(name=name), "warning") for name in new[:MOST_NEW]]
    parked = len(register.selling.parking.parked_names())
    if parked:
        said.append(Notice(ngettext("{count} parked", "{count} parked", parked).format(count=parked)))
    if not (devices or uploads or register.devices.sections):
        said.append(Notice(_("no devices set up")))
    if till.shop.demo:
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
