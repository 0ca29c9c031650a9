"""Locking the till and getting back in, and the PIN for it; the open sale stays."""

from __future__ import annotations

from tilltui.domain.goods.bad_scan import BadScan
from tilltui.domain.selling.line import Entry
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.services.flow import Flow
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Ask, Locked
from tilltui.ui.sale.state import Shown

MOST_CODES = 20
"""Codes scanned while locked that get a message of their own afterwards; the rest are counted."""


async def lock(sale: Conversation) -> None:
    """Close what is open, cover everything, and let only the operator back in."""
    sale.state.buffer.clear()
    customer = sale.register.devices.customer
    if customer is not None and not sale.basket:
        customer.idle()
    ringing = sale.register.selling.ringing
    codes = await Locked(lambda code: ringing.note_bad_scan(code, Entry.SCAN, BadScan.LOCKED))
    errors = sale.state.errors
    for code in codes[:MOST_CODES]:
        error = SaleError(
            N_("Scanned while the till was locked."), hint=N_("It was not rung: scan it again.")
        )
        errors.append(Shown(error, clean(code, 40)))
    if len(codes) > MOST_CODES:
        more = SaleError(
            N_("{count} more codes were scanned while the till was locked."),
            hint=N_("None was rung."),
            count=len(codes) - MOST_CODES,
        )
        errors.append(Shown(more))
    sale.face.paint_all()


async def pin(sale: Conversation) -> None:
    """Set, change or take away the operator's PIN."""
    locking = sale.register.people.locking
    questions = [
        Question("new", _("New PIN:"), hint=_("empty: none"), limit=12, masked=True),
        Question("again", _("Once more:"), limit=12, masked=True),
    ]
    if locking.has():
        questions.insert(0, Question("old", _("Old PIN:"), limit=12, masked=True))
    given = False

    def change(values: Values) -> Flow[None]:
        nonlocal given
        given = bool(values["new"])
        return locking.change(values.get("old", ""), values["new"], values["again"])

    about = _("It unlocks the till; 4 to 12 digits.")
    changing = await Ask(_("PIN to unlock the till"), questions, change, about=about)
    if changing is not None:
        await changing
        text = _("The PIN is set.") if given else _("There is no PIN any more.")
        sale.face.say(text, level="warning")
