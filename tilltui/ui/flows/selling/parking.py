"""Parking this sale, recalling one, giving one up."""

from __future__ import annotations

from tilltui.domain.selling.parked import Parked
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _, ngettext
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.paying.tender import close
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.sale.state import Mode
from tilltui.ui.sale.times import age_text
from tilltui.ui.widgets.choice import Choice


async def park(sale: Conversation) -> None:
    """Park this sale, under the name that was keyed before; without one recall a parked sale."""
    if sale.basket:
        sale.register.selling.parking.park(sale.keyed())
        await _parked(sale)
    else:
        await _recall(sale)


async def park_name(sale: Conversation) -> None:
    """Park under a name."""

    def put_aside(values: Values) -> bool:
        sale.register.selling.parking.park(clean(values["name"]))
        return True

    name = sale.basket.name or sale.basket.customer
    question = Question("name", _("Name:"), name, hint=_("of the customer, of the table ..."))
    if await Ask(_("Park with a name"), [question], put_aside):
        await _parked(sale)


async def _parked(sale: Conversation) -> None:
    sale.face.begin()
    sale.face.become(Mode.SELL)
    sale.face.paint_all()
    await sale.register.selling.parking.settled()


async def _recall(sale: Conversation) -> None:
    parking = sale.register.selling.parking
    rows = await parking.parked()
    if not rows:
        raise SaleError(N_("No sale is parked."), hint=N_("F5 parks the open sale."))
    chosen: int | None = rows[0].id
    if len(rows) > 1:
        now = sale.clock()
        chosen = await Pick(_("Parked sales"), [_choice(sale, row, now) for row in rows])
    if chosen is not None:
        await parking.recall(chosen)
        sale.face.begin()
        sale.face.paint_all()
        await parking.settled()


def _choice(sale: Conversation, row: Parked, now_ms: int) -> Choice[int]:
    lines = ngettext("{count} line", "{count} lines", row.lines).format(count=row.lines)
    detail = f"{sale.money.format(row.subtotal)}  {age_text(row.saved_ms, now_ms)}"
    return Choice(f"{row.name or _('without a name')} ({lines})", row.id, detail)


async def abandon(sale: Conversation) -> None:
    """Void every line and close a sale of nothing, after asking."""
    count = len(sale.basket.live_lines)
    yes = ngettext("Yes, take back {count} line", "Yes, take back {count} lines", count)
    choices = [Choice(_("No, go on selling"), False), Choice(yes.format(count=count), True)]
    if await Pick(_("Give up this sale?"), choices):
        sale.register.paying.abandon()
        sale.face.changed()
        await close(sale)
