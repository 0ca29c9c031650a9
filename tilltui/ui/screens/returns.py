"""Taking goods of an earlier sale back, linked to it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from tilltui.domain.line import Line, LineKind
from tilltui.domain.money import format_quantity
from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.ui.dialogs.ask import Question, Values
from tilltui.ui.dialogs.pick import PickDialog
from tilltui.ui.screens.aside import AsideActions
from tilltui.ui.screens.correcting import CorrectActions
from tilltui.ui.widgets.choice_list import Choice

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
        body = self._body(number)
        lines = self._returnable(body)
        if not lines and more:
            return
        if not lines:
            raise SaleError(N_("Everything of sale {number} has come back."), number=number)
        choices = [Choice(_("Everything"), self.money.format(sum(-line.amount for line in lines)), "all")]
        choices += [
            Choice(
                f"{format_quantity(abs(line.quantity), self.money.decimal)} {line.description}",
                self.money.format(-line.amount),
                line,
            )
            for line in lines
        ]

        def picked(choice: Choice | None) -> None:
            if choice is None:
                return
            chosen = lines if choice.value == "all" else [choice.value]
            for line in chosen:
                if isinstance(line, Line):
                    self._take_back(number, line)
            if choice.value != "all":
                self.try_to(lambda: self.open_return(number, more=True))

        self.open(PickDialog(_("Return of sale {number}").format(number=number), choices), picked)

    def _take_back(self, number: str, line: Line) -> None:
        rung = self.try_to(lambda: self.checkout.ring_return(line, number))
        if rung is not None:
            self.rung(rung)

    def _body(self, number: str) -> dict[str, Any]:
        till, _dash, digits = number.rpartition("-")
        row = None
        if till == self.desk.shop.till and digits.isdigit() and len(digits) <= 15:
            query = (
                "SELECT j.body FROM sale s JOIN journal j ON j.seq = s.seq WHERE s.id = ? AND s.kind = 'sale'"
            )
            row = next(self.desk.store.reader.execute(query, (int(digits),)), None)
        if row is None:
            raise SaleError(
                N_("There is no sale {number} at this till."),
                hint=N_("Check the number on the receipt."),
                number=number,
            )
        body: dict[str, Any] = json.loads(row[0])
        return body

    def _returnable(self, body: dict[str, Any]) -> list[Line]:
        """Lines of a sale that have not come back yet, as return lines at the price that was paid."""
        query = """SELECT l.code, -sum(l.quantity) FROM sale s JOIN (
            SELECT sale_id, sku AS code, quantity FROM sale_line WHERE kind = 'return') l ON l.sale_id = s.id
            WHERE s.returns = ? GROUP BY l.code"""
        returned: dict[str, int] = _pairs(self.desk.store.reader.execute(query, (body["number"],)))
        for line in self.checkout.basket.lines:
            if line.kind is LineKind.RETURN and line.live:
                returned[line.sku] = returned.get(line.sku, 0) - line.quantity
        lines = []
        for row in body["lines"]:
            if row.get("kind") or row.get("reversed_by"):
                continue
            sku, quantity = row.get("sku", ""), row["qty"]
            already = min(returned.get(sku, 0), quantity)
            returned[sku] = returned.get(sku, 0) - already
            if quantity - already <= 0:
                continue
            paid = row["amount"] - row.get("shared", 0)
            part = paid * (quantity - already) // quantity
            lines.append(
                Line(
                    no=0,
                    description=row["name"],
                    quantity=already - quantity,
                    unit_price=row["price"],
                    tax=row["tax"],
                    gross=-part,
                    product_id=row.get("product"),
                    sku=sku,
                    code=row.get("code", sku),
                    unit=row.get("unit", "u"),
                    category=row.get("category", ""),
                    list_price=row["price"],
                    kind=LineKind.RETURN,
                    lot=row.get("lot", ""),
                )
            )
        return lines


def _pairs(rows: Iterable[tuple[Any, ...]]) -> dict[str, int]:
    return {str(sku): int(quantity) for sku, quantity in rows}
