"""Shelf labels: of one product, of what changed, of a category."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from tilltui.domain.goods.offer import Offer
from tilltui.domain.goods.product import Product
from tilltui.domain.text import clean
from tilltui.i18n import _, ngettext
from tilltui.services.flow import Flow
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.widgets.choice import Choice

WEEK = 7
"""Days back to which a change is offered apart."""


async def labels_of(sale: Conversation, product: Product) -> None:
    """Ask how many labels of a product are wanted, and have them printed."""

    def queue(values: Values) -> Flow[list[int]]:
        keyed = clean(values["count"])
        count = int(keyed) if keyed.isascii() and keyed.isdigit() else 0
        return sale.register.paper.labels_of(product, count)

    queued = await Ask(product.name, [Question("count", _("How many:"), "1", limit=3)], queue)
    if queued is not None:
        await queued


async def labels(sale: Conversation) -> None:
    """Offer the labels of what changed, and of each category; asked once more: it may be a roll of paper."""
    now = sale.clock()
    days = {midnight(now, 0): _("Changed today"), midnight(now, WEEK): _("Changed in the last 7 days")}
    offers = [offer for offer in await sale.register.paper.label_offers(list(days)) if offer.count]
    if not offers:
        sale.face.say(_("There are no products yet."), level="warning")
        return
    choices = [Choice(_name(offer, days), offer, str(offer.count)) for offer in offers]
    offer = await Pick(_("Shelf labels"), choices)
    if offer is None:
        return
    yes = ngettext("Yes, print {count} label", "Yes, print {count} labels", offer.count)
    sure = [Choice(_("No"), False), Choice(yes.format(count=offer.count), True)]
    if await Pick(_name(offer, days), sure):
        await sale.register.paper.labels_offered(offer)


def _name(offer: Offer, days: dict[int, str]) -> str:
    if offer.category is None:
        return days[offer.since_ms]
    return clean(offer.category) or _("(no category)")


def midnight(now_ms: int, days: int) -> int:
    """Midnight of that many days ago in the machine's time zone, UTC milliseconds."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone()
    start = datetime.combine(now.date() - timedelta(days=days), time()).astimezone()
    return round(start.timestamp() * 1000)
