"""Taking goods of an earlier sale back, linked to it."""

from __future__ import annotations

import re

from tilltui.domain.money.money import format_quantity
from tilltui.domain.selling.line import Line
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.screens.aside import AsideActions
from tilltui.ui.screens.correcting import CorrectActions
from tilltui.ui.widgets.choice import Choice

_NUMBER = re.compile(r"[A-Za-z0-9_-]{1,16}-[0-9]{6,}")


class ReturnActions(AsideActions, CorrectActions):
    """A return begins with the receipt's number, scanned or keyed, and marks its lines one by one."""

    def do_void(self) -> None:
        """Take the chosen line back with a reversing line; without lines take goods of a sale back."""
        if self.checkout.basket:
            self.do_void_line()
        else:
            self.start_return()

    def start_return(self) -> None:
        """Ask for the receipt."""
        self.begin()

        def answer(values: Values) -> str:
            return clean(values["number"], 40)

        self.ask(
            _("Return"),
            [Question("number", _("Number of the receipt:"), f"{self.desk.shop.till}-", limit=40)],
            answer,
            lambda number: self.try_to(lambda: self.open_return(number)),
            about=_("Scan the receipt, or key its number."),
        )

    def take_return_scan(self, text: str) -> bool:
        """Take the scan of a receipt: with an empty basket, or one of returns, its lines are offered."""
        if (
            not _NUMBER.fullmatch(text)
            or self.checkout.payments
            or (self.checkout.basket and not self.checkout.basket.returns)
            or self.checkout.knows(text)
        ):
            return False
        self.begin()
        self.try_to(lambda: self.open_return(text))
        return True

    def open_return(self, number: str, *, more: bool = False) -> None:
        """Offer the lines of a sale.

        Raises:
            SaleError: There is no such sale here, or nothing of it is left to bring back.
        """
        from tilltui.services.returns.returnable import find_returnable

        desk = self.desk
        sale = find_returnable(desk.store, desk.shop, self.checkout.basket, number)
        if not sale.lines and more:
            return
        if not sale.lines:
            raise SaleError(
                N_("Everything of sale {number} has come back."),
                hint=N_("Check the number on the receipt."),
                number=sale.number,
            )
        if sale.before_restore and not more:
            self.fail(
                _("This sale is from before a backup was restored: ask whether it has come back already."),
                level="warning",
            )
        choices = [
            Choice(_("Everything"), self.money.format(sum(-line.amount for line in sale.lines)), "all")
        ]
        choices += [
            Choice(
                f"{format_quantity(abs(line.quantity), self.money.decimal)} {line.description}",
                self.money.format(-line.amount),
                line,
            )
            for line in sale.lines
        ]

        def picked(choice: Choice | None) -> None:
            if choice is None:
                return
            chosen = sale.lines if choice.value == "all" else [choice.value]
            for line in chosen:
                if isinstance(line, Line):
                    self._take_back(sale.number, line)
            if choice.value != "all":
                self.try_to(lambda: self.open_return(sale.number, more=True))

        self.pick(_("Return of sale {number}").format(number=sale.number), choices, picked)

    def _take_back(self, number: str, line: Line) -> None:
        rung = self.try_to(lambda: self.checkout.ring_return(line, number))
        if rung is not None:
            self.rung(rung)
