"""The basket: an immutable value whose sums are kept, not recounted.

Adding a line costs the same at one line and at three hundred: the sums by tax group move with each step.
Nothing is erased: a void is a reversing line, and every change of a line leaves a trail that goes into the
sale's journal record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace

from tilltui.domain.frozen import frozen
from tilltui.domain.money.money import MAX_QUANTITY, RATE_UNIT, allocate, checked, checked_quantity, divide
from tilltui.domain.money.tax import TaxTable
from tilltui.domain.selling.change import Change, ChangeKind
from tilltui.domain.selling.line import UNTAXED, Deed, Line, PriceBy
from tilltui.domain.selling.line_kinds import LINE_KINDS
from tilltui.domain.selling.totals import Totals
from tilltui.errors import N_, AmountError, SaleError

# CPython 3.11 looks a member up by a slow path: the ones of the hot path are looked up once.
_SALE, _RETURN = Deed.SALE, Deed.RETURN

MAX_LINES = 2000
"""Most lines that can be rung in one basket; beyond it the cashier is asked to close the sale.

A reversing line may go beyond it: what was rung can always be taken back."""


@frozen
class Basket:
    """What the customer takes. Every step returns a new basket.

    Attributes:
        lines: In the order they were rung.
        subtotal: Sum of the lines' amounts.
        by_tax: The same by tax group; what is not taxed stands under ``UNTAXED``.
        apart: Sums of what is no revenue, by its kind.
        items: Pieces of the live lines.
        discount_rate: Discount on the basket in hundred-millionths.
        discount_amount: Discount on the basket as an amount.
        customer_id: Customer row.
        customer: Customer's name.
        note: Note on the sale.
        name: Name under which it is parked.
        returns: Number of the sale whose lines come back.
        next_no: Number of the next line.
        trail: Every change so far.
        opened_ms: UTC milliseconds of the first line.
        recalled: It was parked and wants an explicit tender key.
    """

    lines: tuple[Line, ...] = ()
    subtotal: int = 0
    by_tax: Mapping[str, int] = field(default_factory=dict)
    apart: Mapping[str, int] = field(default_factory=dict)
    items: int = 0
    discount_rate: int = 0
    discount_amount: int = 0
    customer_id: int | None = None
    customer: str = ""
    note: str = ""
    name: str = ""
    returns: str = ""
    next_no: int = 1
    trail: tuple[Change, ...] = ()
    opened_ms: int = 0
    recalled: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything that a new sale would forget."""
        return bool(self.lines)

    @property
    def live_lines(self) -> list[Line]:
        """Lines that are really sold."""
        return [line for line in self.lines if line.live]

    def index(self, no: int) -> int:
        """Position of a line.

        Raises:
            SaleError: There is no such line.
        """
        if 0 < no <= len(self.lines) and self.lines[no - 1].no == no:
            return no - 1
        for i, line in enumerate(self.lines):
            if line.no == no:
                return i
        raise SaleError(
            N_("There is no line {no} in this sale."),
            hint=N_("Choose one of its lines with Up and Down."),
            no=no,
        )

    def line(self, no: int) -> Line:
        """The line of that number."""
        return self.lines[self.index(no)]

    def add(self, line: Line, *, now_ms: int = 0) -> Basket:
        """Ring a line; its number is given here.

        Raises:
            SaleError: The basket is full.
            AmountError: The total would be too large.
        """
        if len(self.lines) >= MAX_LINES:
            raise SaleError(
                N_("This sale has {count} lines, the most that one sale can have."),
                hint=N_("Take the money for these first."),
                count=MAX_LINES,
            )
        return self._appended(line, now_ms)

    def merge(self, line: Line, *, now_ms: int = 0) -> tuple[Basket, int]:
        """Ring a line, as one more of the last line where that is the same item.

        Returns:
            The basket, and the number of the line that was rung or grew.
        """
        if self.lines:
            last = self.lines[-1]
            if last.merges(line) and last.quantity + line.quantity <= MAX_QUANTITY:
                return self._replaced(last, last.with_quantity(last.quantity + line.quantity)), last.no
        return self.add(line, now_ms=now_ms), self.next_no

    def void(self, no: int, change: Change | None = None) -> Basket:
        """Take a line back with a reversing line.

        The last line with a discount takes the basket's with it: it was given for goods that are gone.

        Raises:
            SaleError: It is a void, or was taken back already.
        """
        line = self.line(no)
        if not line.live:
            raise SaleError(
                N_("Line {no} is already taken back."), hint=N_("Choose another line with the arrows."), no=no
            )
        reversal = line.reversal(self.next_no)
        at = self.index(no)
        marked = replace(line, reversed_by=reversal.no)
        basket = replace(self, lines=(*self.lines[:at], marked, *self.lines[at + 1 :]))
        basket = replace(basket._appended(reversal), items=self.items - line.pieces)
        basket = basket._noted(change or Change(ChangeKind.VOID, no, str(line.quantity), "0"))
        discounted = basket.discount_rate or basket.discount_amount
        if not discounted or any(line.kind.discountable for line in basket.live_lines):
            return basket
        return basket.set_discount()

    def set_quantity(self, no: int, quantity: int, change: Change | None = None) -> Basket:
        """Set the quantity of a line absolutely; of what comes back it can only become less.

        Raises:
            SaleError: The line cannot change.
            AmountError: The quantity cannot be sold.
        """
        line = self._changeable(no)
        quantity = checked_quantity(quantity)
        returned = line.deed is _RETURN
        changed = line.with_fewer_returned(quantity) if returned else line.with_quantity(quantity)
        basket = self._replaced(line, changed)
        return basket._noted(change or Change(ChangeKind.QUANTITY, no, str(line.quantity), str(quantity)))

    def set_price(self, no: int, unit_price: int, change: Change | None = None) -> Basket:
        """Set the unit price of a line.

        Raises:
            SaleError: The line cannot change; a return is refunded as it was paid.
            AmountError: The price is below zero or too large.
        """
        line = self._priceable(no)
        basket = self._replaced(line, line.with_price(unit_price, PriceBy.CASHIER))
        return basket._noted(change or Change(ChangeKind.PRICE, no, str(line.unit_price), str(unit_price)))

    def set_line_discount(
        self, no: int, *, rate: int = 0, amount: int = 0, change: Change | None = None
    ) -> Basket:
        """Give a discount on one line.

        Raises:
            SaleError: The line cannot change or has no discount; a return is refunded as it was paid.
            AmountError: More than the line is worth, or below zero.
        """
        line = self._priceable(no)
        if not line.kind.discountable and (rate or amount):
            raise SaleError(
                N_("On {name} no discount is given."),
                hint=N_("Choose another line with the arrows."),
                name=line.description,
            )
        discounted = line.with_discount(rate=rate, amount=amount)
        basket = self._replaced(line, discounted)
        return basket._noted(
            change or Change(ChangeKind.DISCOUNT, no, str(line.discount), str(discounted.discount))
        )

    def set_line_note(self, no: int, note: str) -> Basket:
        """Put a note on a line."""
        line = self._changeable(no)
        basket = self._replaced(line, replace(line, note=note))
        return basket._noted(Change(ChangeKind.NOTE, no, line.note, note))

    def set_discount(self, *, rate: int = 0, amount: int = 0, change: Change | None = None) -> Basket:
        """Give a discount on the whole basket; it replaces the one before.

        Raises:
            AmountError: It is more than the basket is worth.
        """
        if rate < 0 or amount < 0 or rate > RATE_UNIT or amount > self._most_off(amount):
            raise AmountError(
                N_("A discount must lie between nothing and the total."),
                hint=N_("Key a percentage up to 100 or an amount up to the total."),
            )
        basket = replace(self, discount_rate=rate, discount_amount=amount)
        return basket._noted(
            change
            or Change(
                ChangeKind.DISCOUNT, 0, f"{self.discount_rate}/{self.discount_amount}", f"{rate}/{amount}"
            )
        )

    def _most_off(self, amount: int) -> int:
        """The largest amount that can be taken off the basket; looked for only where one is asked for."""
        return max(0, min(self.subtotal, sum(self._sold().values()))) if amount else 0

    def discount(self) -> int:
        """The basket's discount in minor units.

        It stands on what is sold here and not on what comes back: a return is refunded as it was paid. An
        amount is never more than what is left to pay.
        """
        return sum(self._shares().values())

    def totals(self, table: TaxTable, day: str) -> Totals:
        """What the basket comes to on an ISO date."""
        shares = self._shares()
        left = self._less(shares)
        untaxed = left.pop(UNTAXED, 0)
        assessment = table.assess(left, day)
        discount = sum(shares.values())
        total = checked(self.subtotal - discount + assessment.added)
        return Totals(
            subtotal=self.subtotal,
            discount=discount,
            total=total,
            net=assessment.net + untaxed,
            tax=assessment.tax,
            taxes=assessment.taxes,
            items=self.items,
            apart=sum(self.apart.values()),
            document=total - sum(self.apart[key] for key in self.apart if not LINE_KINDS[key].on_document),
        )

    def shared_discount(self) -> dict[int, int]:
        """The basket's discount by line number, adding up to it, tax group by tax group."""
        result: dict[int, int] = {}
        for code, share in self._shares().items():
            lines = [line for line in self.lines if line.can_be_discounted and line.tax_group == code]
            for line, part in zip(lines, allocate(share, [line.amount for line in lines]), strict=True):
                result[line.no] = part
        return result

    def _sold(self) -> dict[str, int]:
        """Amounts of what a discount can stand on, by tax group; only what is above zero.

        Where nothing comes back and every line can have one these are the sums kept in ``by_tax``, because a
        void cancels its line.
        """
        if not any(line.deed is _RETURN or not line.kind.discountable for line in self.lines):
            return {code: amount for code, amount in self.by_tax.items() if amount > 0}
        sold: dict[str, int] = {}
        for line in self.lines:
            if line.can_be_discounted:
                sold[line.tax_group] = sold.get(line.tax_group, 0) + line.amount
        return sold

    def _less(self, shares: Mapping[str, int]) -> dict[str, int]:
        """Amounts by tax group less their shares of the discount; groups without an amount left out."""
        left = {code: amount - shares.get(code, 0) for code, amount in self.by_tax.items()}
        return {code: amount for code, amount in left.items() if amount}

    def _shares(self) -> dict[str, int]:
        """The basket's discount by tax group."""
        if not (self.discount_rate or self.discount_amount):
            return {}
        sold = self._sold()
        whole = sum(sold.values())
        if self.discount_rate:
            discount = divide(whole * self.discount_rate, RATE_UNIT)
        else:
            discount = max(0, min(self.discount_amount, whole, self.subtotal))
        return dict(zip(sold, allocate(discount, list(sold.values())), strict=True))

    def _changeable(self, no: int) -> Line:
        line = self.line(no)
        if not line.live:
            raise SaleError(
                N_("Line {no} was taken back and cannot change."),
                hint=N_("Choose another line with the arrows."),
                no=no,
            )
        return line

    def _priceable(self, no: int) -> Line:
        line = self._changeable(no)
        if line.deed is _RETURN:
            raise SaleError(
                N_("What comes back is refunded as it was paid."),
                hint=N_("Take the line back with F8 if it is the wrong one."),
            )
        return line

    def _appended(self, line: Line, now_ms: int = 0) -> Basket:
        if line.no != self.next_no:
            line = replace(line, no=self.next_no)
        by_tax, group = dict(self.by_tax), line.tax_group
        by_tax[group] = by_tax.get(group, 0) + line.amount
        return replace(
            self,
            lines=(*self.lines, line),
            subtotal=checked(self.subtotal + line.amount),
            by_tax=by_tax,
            apart=self._apart(line),
            items=self.items + (line.pieces if line.live else 0),
            next_no=self.next_no + 1,
            opened_ms=self.opened_ms or now_ms,
        )

    def _replaced(self, old: Line, new: Line) -> Basket:
        at = self.index(old.no)
        by_tax = dict(self.by_tax)
        by_tax[old.tax_group] -= old.amount
        by_tax[new.tax_group] = by_tax.get(new.tax_group, 0) + new.amount
        return replace(
            self,
            lines=(*self.lines[:at], new, *self.lines[at + 1 :]),
            subtotal=checked(self.subtotal - old.amount + new.amount),
            by_tax=by_tax,
            apart=self._apart(new, old.amount),
            items=self.items - old.pieces + new.pieces,
        )

    def _apart(self, line: Line, before: int = 0) -> Mapping[str, int]:
        """``apart`` with a line that came, or that added ``before`` so far."""
        kind = line.kind
        if kind.revenue:
            return self.apart
        return {**self.apart, kind.key: self.apart.get(kind.key, 0) - before + line.amount}

    def _noted(self, change: Change) -> Basket:
        return replace(self, trail=(*self.trail, change))
