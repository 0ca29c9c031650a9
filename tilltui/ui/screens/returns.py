"""Taking goods of an earlier sale back, linked to it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from tilltui.domain.line import Line, LineKind
from tilltui.domain.money import format_quantity
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

        self.pick(_("Return of sale {number}").format(number=number), choices, picked)

    def _take_back(self, number: str, line: Line) -> None:
        rung = self.try_to(lambda: self.checkout.ring_return(line, number))
        if rung is not None:
            self.rung(rung)

    def _body(self, number: str) -> dict[str, Any]:
        till, _dash, digits = number.rpartition("-")
        row = None
        if till == self.desk.shop.till and digits.isdigit() and len(digits) <= 15:
            # Of a practice sale no money is given back, and in practice none of a real one.
            query = (
                "SELECT j.body FROM sale s JOIN journal j ON j.seq = s.seq WHERE s.id = ? AND s.training = ?"
            )
            values = (int(digits), int(self.desk.shop.training))
            row = next(self.desk.store.reader.execute(query, values), None)
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
        # Only sales after it: read in their order, not all lines that were ever returned.
        query = """SELECT l.sku, l.description, -sum(l.quantity) FROM sale s
            CROSS JOIN sale_line l ON l.sale_id = s.id AND l.kind = 'return'
            WHERE s.id > ? AND s.returns = ? AND NOT EXISTS (
                SELECT 1 FROM sale_line v WHERE v.sale_id = s.id AND v.reverses = l.no
            ) GROUP BY l.sku, l.description"""
        number = body["number"]
        values = (int(number.rpartition("-")[2]), number)
        returned: Counter[tuple[str, str]] = Counter()
        for sku, name, quantity in self.desk.store.reader.execute(query, values):
            returned[sku, name] += quantity
        for line in self.checkout.basket.lines:
            if line.kind is LineKind.RETURN and line.live:
                returned[line.sku, line.description] -= line.quantity
        rows = [row for row in body["lines"] if not (row.get("kind") or row.get("reversed_by"))]
        left = _left(rows, returned)
        lines = []
        for row in rows:
            sku, quantity = row.get("sku", ""), row["qty"]
            already = quantity - left[row["no"]]
            if already >= quantity:
                continue
            part = _paid(row) * (quantity - already) // quantity
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


def _left(rows: Iterable[dict[str, Any]], returned: Counter[tuple[str, str]]) -> dict[int, int]:
    """Thousandths of each line that have not come back.

    Of the same item at several prices the dearest is taken to have come back first: in the end no more is
    refunded than was paid.
    """
    left: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: Fraction(_paid(row), row["qty"]), reverse=True):
        key = (row.get("sku", ""), row["name"])
        already = min(returned[key], row["qty"])
        returned[key] -= already
        left[row["no"]] = row["qty"] - already
    return left


def _paid(row: dict[str, Any]) -> int:
    """What was paid for a line, its share of the sale's discount taken off; minor units."""
    return int(row["amount"]) - int(row.get("shared", 0))
