"""How a device is, in the language in force."""

from __future__ import annotations

from tilltui.i18n import _
from tilltui.ports import DeviceChanged, DeviceState
from tilltui.ports.kinds import KINDS


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
