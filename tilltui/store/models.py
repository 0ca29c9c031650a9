"""Peewee models of the tables that back-office screens and commands read and change.

Sales and the journal are written by ``store.books`` alone; their models are for
reading. Find lines and payments by the range of their ``id`` (``store.books.keys``), not by ``sale``.
"""

from __future__ import annotations

from peewee import (
    BlobField,
    BooleanField,
    ForeignKeyField,
    IntegerField,
    Model,
    TextField,
)

from tilltui.store.file.peewee_database import StoreDatabase

database = StoreDatabase("till", autoconnect=False)
"""Works on the store that is open."""


class Base(Model):
    """What all models share."""

    class Meta:
        """Peewee's settings."""

        database = database
        strict_tables = True


class Operator(Base):
    """Who sells."""

    name = TextField()
    pin_hash = TextField(default="")
    role = TextField(default="cashier")
    active = BooleanField(default=True)


class Shift(Base):
    """From one Z to the next."""

    opened_ms = IntegerField()
    operator = ForeignKeyField(Operator)
    closed_ms = IntegerField(null=True)


class Location(Base):
    """Where stock lies."""

    id = TextField(primary_key=True)
    name = TextField()


class Customer(Base):
    """Who buys."""

    name = TextField()
    tax_id = TextField(default="")
    phone = TextField(default="")
    email = TextField(default="")
    note = TextField(default="")
    active = BooleanField(default=True)


class Product(Base):
    """What is sold."""

    sku = TextField(unique=True)
    name = TextField()
    kind = TextField(default="goods")
    unit = TextField(default="u")
    price = IntegerField()
    open_price = BooleanField(default=False)
    tax = TextField()
    category = TextField(default="")
    note = TextField(default="")
    active = BooleanField(default=True)
    complete = BooleanField(default=True)
    updated_ms = IntegerField(default=0)


class Barcode(Base):
    """A code on a product."""

    code = TextField(primary_key=True)
    product = ForeignKeyField(Product, backref="barcodes")


class Sale(Base):
    """A closed sale."""

    seq = IntegerField()
    uuid = TextField()
    kind = TextField()
    opened_ms = IntegerField()
    closed_ms = IntegerField()
    offset_min = IntegerField()
    day = TextField()
    operator = ForeignKeyField(Operator)
    shift = ForeignKeyField(Shift)
    customer = ForeignKeyField(Customer, null=True)
    location = TextField()
    currency = TextField()
    subtotal = IntegerField()
    discount = IntegerField()
    total = IntegerField()
    net = IntegerField()
    tax = IntegerField()
    rounding = IntegerField()
    change = IntegerField()
    returns = TextField(default="")
    note = TextField(default="")
    training = BooleanField(default=False)
    apart = IntegerField(default=0)


class SaleLine(Base):
    """A line of a closed sale."""

    sale = ForeignKeyField(Sale, backref="lines")
    no = IntegerField()
    deed = TextField()
    kind = TextField()
    product_id = IntegerField(null=True)
    sku = TextField()
    description = TextField()
    quantity = IntegerField()
    unit = TextField()
    unit_price = IntegerField()
    gross = IntegerField()
    discount = IntegerField()
    shared_discount = IntegerField()
    amount = IntegerField()
    tax = TextField()
    category = TextField()
    lot = TextField(default="")
    location = TextField(default="")
    reverses = IntegerField(null=True)
    origin = IntegerField(null=True)

    class Meta:
        """Peewee's settings."""

        table_name = "sale_line"


class Payment(Base):
    """A payment of a closed sale."""

    sale = ForeignKeyField(Sale, backref="payments")
    no = IntegerField()
    tender = TextField()
    amount = IntegerField()
    given = IntegerField()
    change = IntegerField()
    rounding = IntegerField()
    reference = TextField(default="")


class Journal(Base):
    """A record of the journal."""

    seq = IntegerField(primary_key=True)
    epoch = TextField()
    kind = TextField()
    uuid = TextField()
    created_ms = IntegerField()
    body = BlobField()
    hash = BlobField()


class BadScan(Base):
    """A code that nobody knew."""

    at_ms = IntegerField()
    code = TextField()
    source = TextField()
    operator = ForeignKeyField(Operator)
    reason = TextField()

    class Meta:
        """Peewee's settings."""

        table_name = "bad_scan"


class PaymentAttempt(Base):
    """An attempt at charging a card; written by ``store.cards.attempts`` alone."""

    ticket = TextField()
    terminal = TextField()
    kind = TextField()
    amount = IntegerField()
    basket_id = IntegerField()
    opened_ms = IntegerField()
    operator_id = IntegerField()
    of_ticket = TextField(default="")
    mark = TextField(default="")
    state = TextField()
    decided_by = TextField(default="")
    authorisation = TextField(default="")
    last4 = TextField(default="")
    brand = TextField(default="")
    operation = TextField(default="")
    reason = TextField(default="")
    slip = TextField(default="[]")
    after_sale = IntegerField()
    sale_id = IntegerField(null=True)
    created_ms = IntegerField()
    updated_ms = IntegerField()
    told = IntegerField(default=0)

    class Meta:
        """Peewee's settings."""

        table_name = "payment_attempt"


MODELS = (
    Operator, Shift, Location, Customer, Product, Barcode, Sale, SaleLine, Payment, Journal, BadScan,
    PaymentAttempt,
)  # fmt: skip
"""Every model, for the test that holds them against the schema."""
