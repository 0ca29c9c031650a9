"""Shelf labels: of the product on its card, of what changed, of a category."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _, ngettext
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.screens.ringing import RingActions
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.domain.goods.offer import Offer
    from tilltui.domain.goods.product import Product
    from tilltui.domain.paper.labels import LabelOf

WEEK = 7
"""Days back to which a change is offered apart."""


class LabelActions(RingActions):
    """What prints shelf labels."""

    def ask_labels(self, product: Product) -> None:
        """Ask how many labels of a product are wanted, and print them."""

        def answer(values: Values) -> int:
            from tilltui.domain.paper.labels import MAX_COPIES

            keyed = clean(values["count"])
            count = int(keyed) if keyed.isascii() and keyed.isdigit() else 0
            if not 1 <= count <= MAX_COPIES:
                raise SaleError(
                    N_("There are from 1 to {most} labels at a time."),
                    hint=N_("Key how many you want."),
                    most=MAX_COPIES,
                )
            return count

        def then(count: int) -> None:
            from tilltui.store.goods.shelf import label_of

            self._print_labels(lambda: [label_of(self.desk.store.reader, product)], count)

        self.ask(product.name, [Question("count", _("How many:"), "1", limit=3)], answer, then)

    def menu_labels(self) -> None:
        """Offer the labels of what changed, and of each category."""
        from tilltui.store.goods.shelf import offers

        days = {self._since(0): _("Changed today"), self._since(WEEK): _("Changed in the last 7 days")}
        counted = self.till.background.submit(lambda: offers(self.desk.store.reader, days))
        self.later(counted, lambda found: self._offer(found, days))

    def _offer(self, found: Sequence[Offer], days: Mapping[int, str]) -> None:
        choices = [
            Choice(days[offer.since_ms], str(offer.count), offer)
            if offer.category is None
            else Choice(clean(offer.category) or _("(no category)"), str(offer.count), offer)
            for offer in found
            if offer.count
        ]
        if not choices:
            self.fail(_("There are no products yet."), level="warning")
            return
        self.pick(_("Shelf labels"), choices, lambda choice: self._chosen(choices, choice))

    def _chosen(self, choices: Sequence[Choice], choice: Choice | None) -> None:
        """Ask once more: a category may be a roll of paper."""
        if choice is None:
            return
        offer: Offer = choices[choices.index(choice)].value  # type: ignore[assignment]
        yes = ngettext("Yes, print {count} label", "Yes, print {count} labels", offer.count)
        sure = [Choice(_("No"), value="no"), Choice(yes.format(count=offer.count), value="yes")]

        def picked(answer: Choice | None) -> None:
            from tilltui.store.goods.shelf import offered

            if answer is not None and answer.value == "yes":
                self._print_labels(lambda: offered(self.desk.store.reader, offer))

        self.pick(choice.label, sure, picked)

    def _print_labels(self, products: Callable[[], list[LabelOf]], copies: int = 1) -> None:
        """Queue labels behind, for reading a whole catalogue takes its time, and have them printed."""
        devices, spool = self.desk.devices, self.desk.spool
        printer = devices.label_printer
        worker = devices.printers.get(printer)
        if worker is None:
            self.fail(_("No printer is set up."), level="warning")
            return
        queued = self.till.background.submit(lambda: spool.labels(printer, products(), copies))
        self.later(queued, lambda jobs: worker.wake())

    def _since(self, days: int) -> int:
        """Midnight of that many days ago in the machine's time zone, UTC milliseconds."""
        now = datetime.fromtimestamp(self.till.now_ms() / 1000, UTC).astimezone()
        midnight = datetime.combine(now.date() - timedelta(days=days), time()).astimezone()
        return round(midnight.timestamp() * 1000)
