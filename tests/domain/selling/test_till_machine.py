"""A customer who cannot decide: any steps on a basket and its payments keep every sum right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.support.till_lines import DAY, LINES, RETURNS, TABLE, check_basket
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.money.money import RATE_UNIT
from tilltui.domain.paying.settlement import Settlement
from tilltui.domain.paying.tenders import BUILT_IN, CASH, Tender
from tilltui.domain.record.identity import canonical
from tilltui.domain.record.sales.closing import Closing, body
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Line
from tilltui.errors import AmountError, SaleError

NUMBERS = st.integers(1, 6)
AMOUNTS = st.integers(-10, 60_000)


class Till(RuleBasedStateMachine):
    """One till that sells, takes back, takes money and closes, over and over."""

    def __init__(self) -> None:
        super().__init__()
        self.basket = Basket()
        self.settlement: Settlement | None = None
        self.grand_total = 0
        self.sales = 0

    def attempt(self, step: Callable[[], Basket]) -> None:
        """Take a step; one that is refused must leave the basket as it was."""
        before, text = self.basket, repr(self.basket)
        try:
            self.basket = step()
        except (SaleError, AmountError):
            assert repr(before) == text
        else:
            assert repr(before) == text
            assert len(self.basket.trail) >= len(before.trail)
            assert len(self.basket.lines) >= len(before.lines)

    selling = precondition(lambda self: self.settlement is None)
    paying = precondition(lambda self: self.settlement is not None)

    @selling
    @rule(line=LINES | RETURNS)
    def add(self, line: Line) -> None:
        self.attempt(lambda: self.basket.add(line, now_ms=1))

    @selling
    @rule(line=LINES, times=st.integers(1, 3))
    def scan(self, line: Line, times: int) -> None:
        before = self.basket.subtotal
        for _ in range(times):
            self.attempt(lambda: self.basket.merge(line)[0])
        if line.quantity % 1000 == 0:
            assert self.basket.subtotal == before + times * line.amount

    @selling
    @rule(no=NUMBERS)
    def void(self, no: int) -> None:
        self.attempt(lambda: self.basket.void(no))

    @selling
    @rule(no=NUMBERS, quantity=st.integers(-1, 5000))
    def set_quantity(self, no: int, quantity: int) -> None:
        self.attempt(lambda: self.basket.set_quantity(no, quantity))

    @selling
    @rule(no=NUMBERS, price=AMOUNTS)
    def set_price(self, no: int, price: int) -> None:
        self.attempt(lambda: self.basket.set_price(no, price))

    @selling
    @rule(no=NUMBERS, rate=st.sampled_from([0, 1, RATE_UNIT // 3, RATE_UNIT, RATE_UNIT + 1]))
    def discount_rate(self, no: int, rate: int) -> None:
        self.attempt(lambda: self.basket.set_line_discount(no, rate=rate))

    @selling
    @rule(no=NUMBERS, amount=AMOUNTS)
    def discount_amount(self, no: int, amount: int) -> None:
        self.attempt(lambda: self.basket.set_line_discount(no, amount=amount))

    @selling
    @rule(rate=st.integers(0, RATE_UNIT), amount=AMOUNTS, percent=st.booleans())
    def discount_all(self, rate: int, amount: int, percent: bool) -> None:
        wanted: dict[str, Any] = {"rate": rate} if percent else {"amount": amount}
        self.attempt(lambda: self.basket.set_discount(**wanted))

    @selling
    @precondition(lambda self: bool(self.basket.lines))
    @rule(country=st.sampled_from(sorted(COUNTRIES)))
    def to_payment(self, country: str) -> None:
        self.settlement = Settlement(COUNTRIES[country].currency, self.basket.totals(TABLE, DAY).total)

    @paying
    @rule(kind=st.sampled_from(BUILT_IN), amount=st.none() | AMOUNTS)
    def pay(self, kind: Tender, amount: int | None) -> None:
        assert self.settlement is not None
        before, text = self.settlement, repr(self.settlement)
        try:
            self.settlement = before.pay(kind, amount)
        except (SaleError, AmountError):
            assert repr(before) == text

    @paying
    @rule()
    def back_to_the_sale(self) -> None:
        assert self.settlement is not None
        self.settlement = self.settlement.without_last() if self.settlement.payments else None

    @paying
    @rule()
    def close(self) -> None:
        assert self.settlement is not None
        if not self.settlement.settled:
            self.settlement = self.settlement.pay(CASH)
        totals = self.basket.totals(TABLE, DAY)
        closing = Closing("u", self.basket, totals, self.settlement, 1, "Rosa", 1, "", 5, 0, DAY).checked()
        self.grand_total += totals.total
        self.sales += 1
        self.check_body(body(closing, till="1", number=self.sales, grand_total=self.grand_total))
        self.basket, self.settlement = Basket(), None

    def check_body(self, body: dict[str, Any]) -> None:
        """The journal body adds up by itself."""
        sale = SaleRecord.parse(canonical(body))
        assert sum(line.amount for line in sale.lines) == sale.subtotal
        assert sum(line.shared for line in sale.lines) == sale.discount
        assert sale.net + sale.tax == sale.total
        assert sum(tax.amount for tax in sale.taxes) == sale.tax
        assert sum(payment.amount for payment in sale.payments) == sale.total + sale.rounding
        assert sum(payment.change for payment in sale.payments) == sale.change

    @invariant()
    def sums_are_right(self) -> None:
        check_basket(self.basket)
        if self.settlement is not None:
            paid = sum(payment.amount for payment in self.settlement.payments)
            assert paid + self.settlement.due == self.settlement.total + self.settlement.rounding


TestTill = Till.TestCase
