"""What the record of a sale says, read back: ``docs/records.md`` is the shape, ``closing`` writes it."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.money.tax import TaxLine
from tilltui.domain.paying.settlement import ticket_of
from tilltui.domain.record.fields import Body, Fields
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.person import Person
from tilltui.domain.record.sales.closing import BODY_VERSION
from tilltui.domain.record.sales.recorded_line import RecordedLine
from tilltui.domain.record.stamp import Stamp
from tilltui.domain.selling.change import ChangeKind

_PAYMENT = ("tender", "amount", "given", "change", "rounding", "reference")
_TAX = ("group", "code", "name", "rate", "base", "amount")
_CHANGE = ("what", "line", "before", "after", "operator", "approved_by", "at_ms")


@frozen
class RecordedPayment:
    """One tender of a sale that is closed, in minor units.

    Attributes:
        tender: Key of what it was paid with; the shop may no longer have it.
        amount: What it took off the total, rounding included for cash; below zero it went back.
        given: What the customer handed over.
        change: What went back of that.
        rounding: What cash rounding added, or took away.
        reference: Card's last four and authorisation, transfer number, voucher number.
    """

    tender: str
    amount: int
    given: int
    change: int
    rounding: int
    reference: str

    @property
    def ticket(self) -> str:
        """The card terminal's ticket behind it; what stands last in its reference."""
        return ticket_of(self.reference)

    @classmethod
    def of(cls, row: Fields) -> RecordedPayment:
        """Read one row of ``payments``."""
        return cls(
            row.text("tender"),
            row.whole("amount"),
            row.whole("given"),
            row.whole("change"),
            row.whole("rounding"),
            row.text("reference"),
        )


def _tax(row: Fields) -> TaxLine:
    """Read one row of ``taxes``."""
    return TaxLine(
        row.text("group"),
        row.text("code"),
        row.text("name"),
        row.whole("rate"),
        row.whole("base"),
        row.whole("amount"),
    )


@frozen
class RecordedChange:
    """A change of a line, or a payment that was taken back, before the sale closed.

    Attributes:
        what: A ``ChangeKind``, or another word of a newer till.
        line: Number of the line, 0 for the basket.
        before: Value before, as text of an integer or words.
        after: Value after.
        operator: Who did it.
        approved_by: Who allowed it, where somebody had to.
        at_ms: UTC milliseconds.
    """

    what: str
    line: int
    before: str
    after: str
    operator: str
    approved_by: str
    at_ms: int

    @classmethod
    def of(cls, row: Fields) -> RecordedChange:
        """Read one row of ``trail``."""
        return cls(
            row.known_word("what", ChangeKind),
            row.count("line"),
            row.text("before"),
            row.text("after"),
            row.text("operator"),
            row.text("approved_by"),
            row.moment("at_ms"),
        )


@frozen
class SaleRecord:
    """The record of a sale or a return; amounts in minor units.

    Attributes:
        stamp: What every record says of itself.
        kind: ``SALE`` or ``RETURN``.
        number: As printed and scanned.
        day: Business day, ISO date.
        opened_ms: UTC milliseconds of the first line.
        closed_ms: UTC milliseconds at which it was accepted.
        offset_min: Minutes east of UTC, for showing the time.
        operator: Who sold.
        shift: Number of the shift.
        location: Where the stock leaves from.
        currency: ISO 4217.
        lines: In the order they were rung, voids too.
        subtotal: Sum of the lines.
        discount: The basket's own discount.
        total: What it comes to, before cash rounding.
        net: Without tax.
        tax: Sum of the taxes.
        items: Pieces; a weighed line counts as one.
        taxes: Each of them.
        payments: Each of them.
        rounding: Cash rounding; the payments add up to ``total`` and this.
        change: What went back to the customer.
        customer: Who bought, if it was said.
        discount_rate: Hundred-millionths, if the basket's discount is a percentage.
        note: On the sale.
        returns: Number of the sale whose goods come back; empty where it is not known, or none do.
        original: That sale's ``uuid``.
        training: It was practice: no money, no stock, in no total.
        apart: What of the total is no revenue.
        document: What the legal document is of; ``None``: the total.
        slips: What a card terminal printed, in lines, a payment each.
        trail: What was changed before it closed.
    """

    stamp: Stamp
    kind: RecordKind
    number: str
    day: str
    opened_ms: int
    closed_ms: int
    offset_min: int
    operator: Person
    shift: int
    location: str
    currency: str
    lines: tuple[RecordedLine, ...]
    subtotal: int
    discount: int
    total: int
    net: int
    tax: int
    items: int
    taxes: tuple[TaxLine, ...]
    payments: tuple[RecordedPayment, ...]
    rounding: int
    change: int
    customer: Person | None = None
    discount_rate: int = 0
    note: str = ""
    returns: str = ""
    original: str = ""
    training: bool = False
    apart: int = 0
    document: int | None = None
    slips: tuple[tuple[str, ...], ...] = ()
    trail: tuple[RecordedChange, ...] = ()

    @property
    def uuid(self) -> str:
        """Its public identity."""
        return self.stamp.uuid

    @property
    def sold(self) -> tuple[RecordedLine, ...]:
        """Lines that went out of the shop: neither taken back nor goods that come back."""
        return tuple(line for line in self.lines if line.sold)

    @property
    def returnable(self) -> tuple[RecordedLine, ...]:
        """Those of what went out that are of a kind that can come back."""
        return tuple(line for line in self.lines if line.sold and line.kind.returnable)

    @property
    def tenders(self) -> tuple[str, ...]:
        """Keys of what it was paid with."""
        return tuple(payment.tender for payment in self.payments)

    @classmethod
    def parse(cls, body: Body) -> SaleRecord:
        """Read the body of a record of kind ``sale`` or ``return``.

        Args:
            body: The journal's bytes, or what they say.

        Raises:
            RecordDamaged: Something that a sale has is not there, or not what it should be.
        """
        said = Fields.of(body, RecordKind.SALE)
        if said.whole("v") != BODY_VERSION:  # a newer till means something else by the same keys
            raise said.damaged("v", str(BODY_VERSION))
        kind = said.word("kind", RecordKind)
        if kind is not RecordKind.SALE and kind is not RecordKind.RETURN:
            raise said.damaged("kind", f"{RecordKind.SALE}, {RecordKind.RETURN}")
        return cls(
            stamp=Stamp.of(said),
            kind=kind,
            number=said.text("number"),
            day=said.text("day"),
            opened_ms=said.moment("opened_ms"),
            closed_ms=said.moment("closed_ms"),
            offset_min=said.offset("offset_min"),
            operator=said.person("operator"),
            shift=said.whole("shift"),
            location=said.text("location"),
            currency=said.text("currency"),
            lines=tuple(RecordedLine.of(row) for row in said.objects("lines")),
            subtotal=said.whole("subtotal"),
            discount=said.whole("discount"),
            total=said.whole("total"),
            net=said.whole("net"),
            tax=said.whole("tax"),
            items=said.whole("items"),
            taxes=tuple(_tax(row) for row in said.rows("taxes", _TAX)),
            payments=tuple(RecordedPayment.of(row) for row in said.rows("payments", _PAYMENT)),
            rounding=said.whole("rounding"),
            change=said.whole("change"),
            customer=said.person_or_none("customer"),
            discount_rate=said.whole("discount_rate", 0),
            note=said.text("note", ""),
            returns=said.text("returns", ""),
            original=said.text("original", ""),
            training=said.flag("training", False),
            apart=said.whole("apart", 0),
            document=said.whole("document") if "document" in said.values else None,
            slips=said.lists_of_texts("slips"),
            trail=tuple(RecordedChange.of(row) for row in said.rows("trail", _CHANGE, needed=False)),
        )
