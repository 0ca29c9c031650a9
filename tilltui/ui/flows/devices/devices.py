"""F12, Devices: what is set up, how each is, and trying one out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

from tilltui.domain.money.money import format_quantity
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _, explain
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.cards.terminal import cards
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.devices.drawer import opened
from tilltui.ui.flows.devices.words import how_text, kind_text
from tilltui.ui.flows.paper.jobs import jobs
from tilltui.ui.flows.steps import Ask, Pick, PickLive, Show, Weigh
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.services.devices.hotplug import Unused

TEXT_COLUMNS = 54
"""Columns of text in a pop-up: 60 without frame, cursor and spaces."""

TEST_LINES = ("Tilltui áéíóúñü", "12345678901234567890")
"""What a display shows to be tried out: letters, and every column."""

Try = Callable[[Conversation, str], Awaitable[None]]
"""Tries the device of that name."""


async def devices(sale: Conversation) -> None:
    """List what is set up, with its state in words, and what is plugged in without being set up."""
    if not _rows(sale):
        sale.face.say(_("No device is set up."), level="warning")
        return
    chosen = await PickLive(_("Devices"), lambda: _rows(sale), sale.known.seen)
    if isinstance(chosen, tuple):
        await _device(sale, *chosen)
    elif chosen is not None:
        await _set_up(chosen)


def _rows(sale: Conversation) -> list[Choice[tuple[str, str] | Unused]]:
    sections = [(section.kind, section.name) for section in sale.register.devices.sections]
    rows: list[Choice[tuple[str, str] | Unused]] = [
        Choice(_title(kind, name), (kind, name), _how(sale, kind, name)) for kind, name in sections
    ]
    plugs = sale.known.plugs
    unused = plugs.unused() if plugs is not None else []
    rows += [Choice(_unused_title(one), one, _("not set up")) for one in unused]
    return rows


def _title(kind: str, name: str) -> str:
    return f"{kind_text(kind)} {clean(name, 20)}"


def _unused_title(one: Unused) -> str:
    return f"{kind_text(one.kind)} {clean(one.name, 30)}"


async def _set_up(one: Unused) -> None:
    """Show what to write into the settings for what is plugged in."""
    if one.lines:
        lines = [
            *wrap(_("Add to the settings (take the # away from what is right):"), TEXT_COLUMNS),
            "",
            *(part for line in one.lines for part in _pieces(line)),
            "",
            *wrap(_("“tilltui doctor” writes this where it can be copied."), TEXT_COLUMNS),
        ]
    else:
        lines = wrap(_("The till has no driver for it on this cable."), TEXT_COLUMNS)
    await Show(_unused_title(one), lines)


def _pieces(line: str) -> list[str]:
    """A line of settings in pieces that fit the pop-up: a path has no spaces to be cut at."""
    return [line[at : at + TEXT_COLUMNS] for at in range(0, len(line), TEXT_COLUMNS)]


def _how(sale: Conversation, kind: str, name: str) -> str:
    """A device's state in words."""
    if name not in sale.register.devices.of_kind(kind):
        return _("left out: wrong settings")
    if kind == "uploader":
        status = sale.known.uploads.get(name)
        if status is None:
            return ""
        return _("offline") if status.online is False else _("ready")
    changed = sale.known.devices.get((kind, name))
    if changed is not None:
        return how_text(changed)
    if kind == "terminal":
        desk = next(desk for desk in sale.register.cards.desks if desk.name == name)
        return _("in doubt") if desk.in_doubt else _("busy") if desk.busy else _("ready")
    return ""


async def _device(sale: Conversation, kind: str, name: str) -> None:
    """Show what can be done with one device."""
    choices = [Choice(_(one.words), one.id) for one in sale.register.devices.tries(kind, name)]
    if not choices:
        sale.face.say(_about(sale, kind, name) or _("There is nothing to try."), level="warning")
        return
    chosen = await Pick(f"{_title(kind, name)}: {_how(sale, kind, name)}", choices)
    if chosen is not None:
        await TRIES[chosen](sale, name)


def _about(sale: Conversation, kind: str, name: str) -> str:
    """What is known of a device that cannot be tried."""
    known = sale.known.devices.get((kind, name))
    if known is not None:
        return clean(known.detail, 200)
    warnings = sale.register.devices.warnings
    wrong = next((warning for warning in warnings if warning.fields.get("device") == name), None)
    return clean(explain(wrong).text, 200) if wrong is not None else ""


# Trying


async def _page(sale: Conversation, name: str) -> None:
    await sale.register.paper.test_page(name, _("Test page"))


async def _forget(sale: Conversation, name: str) -> None:
    sale.register.devices.forget(name)
    sale.face.say(_("What it can do is found out with its next paper."), level="warning")


async def _jobs(sale: Conversation, name: str) -> None:
    await jobs(sale)


async def _cards(sale: Conversation, name: str) -> None:
    await cards(sale)


async def _drawer(sale: Conversation, name: str) -> None:
    await opened(sale, sale.register.devices.open_drawer(_("test")))


async def _show(sale: Conversation, name: str) -> None:
    sale.register.devices.show_test(name, *TEST_LINES)


async def _scan(sale: Conversation, name: str) -> None:
    """Take codes instead of ringing them, until Esc."""

    def said(values: Values) -> bool:
        if not values["code"]:
            raise SaleError(N_("Nothing was scanned."), hint=N_("Check its cable and its settings."))
        return True

    question = Question("code", _("Code:"), hint=_("scan something"), takes_code=lambda code: True)
    about = _("What is scanned is shown here and not rung.")
    await Ask(_("Scan something to try it"), [question], said, about=about)


async def _weigh(sale: Conversation, name: str) -> None:
    weighing = sale.register.devices.weighing
    if weighing is None:
        return
    weighed = await Weigh(weighing, _("Try the scale"), "kg")
    if weighed is not None:
        kilos = format_quantity(weighed.quantity, sale.money.decimal)
        sale.face.say(_("The scale says {weight} kg.").format(weight=kilos), level="warning")


TRIES: Mapping[str, Try] = {
    "page": _page,
    "jobs": _jobs,
    "forget": _forget,
    "drawer": _drawer,
    "show": _show,
    "scan": _scan,
    "weigh": _weigh,
    "cards": _cards,
}
"""What ``ports.kinds`` offers to try, by its id."""
