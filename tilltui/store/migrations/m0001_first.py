"""The first schema: catalogue, baskets, sales, journal, paper, upload, attempts at cards, memory of devices.

A row of ``sale_line``, ``payment`` and ``sale_tax`` has the key ``sale_id << 12 | no``, so that rows are
appended at the table's end (``store.books.keys``). A key of two columns writes two to three times the pages.

Conditions on ``print_job`` are written with ``OR``: for ``IN`` with more than two values SQLite makes a table
of them at every insert, which takes longer than the insert.
"""

from __future__ import annotations

from tilltui.store.file.engine import Connection

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    till TEXT NOT NULL,
    epoch TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL,
    sales INTEGER NOT NULL,
    grand_total INTEGER NOT NULL,
    last_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    epoch TEXT NOT NULL,
    kind TEXT NOT NULL,
    uuid TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    body BLOB NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE operator (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, pin_hash TEXT NOT NULL DEFAULT '',
    role TEXT NOT NULL DEFAULT 'cashier', active INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE shift (
    id INTEGER PRIMARY KEY, opened_ms INTEGER NOT NULL, operator_id INTEGER NOT NULL REFERENCES operator (id),
    closed_ms INTEGER
) STRICT;
CREATE TABLE location (id TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE customer (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL,
    tax_id TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '',
    email TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', active INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE product (
    id INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'goods',
    unit TEXT NOT NULL DEFAULT 'u',
    price INTEGER NOT NULL CHECK (price >= 0),
    open_price INTEGER NOT NULL DEFAULT 0,
    tax TEXT NOT NULL,
    category TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    active INTEGER NOT NULL DEFAULT 1,
    complete INTEGER NOT NULL DEFAULT 1,
    updated_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE barcode (
    code TEXT PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES product (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX barcode_product ON barcode (product_id);
CREATE VIRTUAL TABLE product_fts USING fts5 (
    name, sku, content='product', content_rowid='id',
    tokenize="unicode61 remove_diacritics 2", prefix='1 2 3', detail='column'
);
CREATE TABLE popular (product_id INTEGER PRIMARY KEY, sold INTEGER NOT NULL) STRICT;
CREATE TABLE best_seller (rank INTEGER PRIMARY KEY, product_id INTEGER NOT NULL UNIQUE) STRICT;
CREATE VIRTUAL TABLE best_seller_fts USING fts5 (
    name, sku, content='', tokenize="unicode61 remove_diacritics 2", prefix='1 2 3', detail='column'
);

CREATE TABLE basket (
    id INTEGER PRIMARY KEY,
    waits_for TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '',
    operator_id INTEGER NOT NULL,
    saved_ms INTEGER NOT NULL,
    header TEXT NOT NULL
) STRICT;
CREATE TABLE basket_line (
    basket_id INTEGER NOT NULL REFERENCES basket (id) ON DELETE CASCADE,
    no INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (basket_id, no)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    uuid TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'return')),
    opened_ms INTEGER NOT NULL,
    closed_ms INTEGER NOT NULL,
    offset_min INTEGER NOT NULL,
    day TEXT NOT NULL,
    operator_id INTEGER NOT NULL REFERENCES operator (id),
    shift_id INTEGER NOT NULL REFERENCES shift (id),
    customer_id INTEGER REFERENCES customer (id),
    location TEXT NOT NULL,
    currency TEXT NOT NULL,
    subtotal INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    total INTEGER NOT NULL,
    net INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    change INTEGER NOT NULL,
    returns TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    training INTEGER NOT NULL DEFAULT 0,
    apart INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sale_returns ON sale (returns) WHERE returns <> '';
CREATE TABLE sale_line (
    id INTEGER PRIMARY KEY,
    sale_id INTEGER NOT NULL GENERATED ALWAYS AS (id >> 12) VIRTUAL REFERENCES sale (id),
    no INTEGER NOT NULL GENERATED ALWAYS AS (id & 4095) VIRTUAL,
    deed TEXT NOT NULL,
    kind TEXT NOT NULL,
    product_id INTEGER,
    sku TEXT NOT NULL,
    description TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    unit TEXT NOT NULL,
    unit_price INTEGER NOT NULL,
    gross INTEGER NOT NULL,
    discount INTEGER NOT NULL,
    shared_discount INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (amount = gross - discount),
    tax TEXT NOT NULL,
    category TEXT NOT NULL,
    lot TEXT NOT NULL DEFAULT '',
    location TEXT NOT NULL DEFAULT '',
    reverses INTEGER,
    origin INTEGER
) STRICT;
CREATE TABLE payment (
    id INTEGER PRIMARY KEY,
    sale_id INTEGER NOT NULL GENERATED ALWAYS AS (id >> 12) VIRTUAL REFERENCES sale (id),
    no INTEGER NOT NULL GENERATED ALWAYS AS (id & 4095) VIRTUAL,
    tender TEXT NOT NULL,
    amount INTEGER NOT NULL,
    given INTEGER NOT NULL,
    change INTEGER NOT NULL,
    rounding INTEGER NOT NULL,
    reference TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE sale_tax (
    id INTEGER PRIMARY KEY,
    sale_id INTEGER NOT NULL GENERATED ALWAYS AS (id >> 12) VIRTUAL REFERENCES sale (id),
    no INTEGER NOT NULL GENERATED ALWAYS AS (id & 4095) VIRTUAL,
    tax_group TEXT NOT NULL,
    code TEXT NOT NULL,
    rate INTEGER NOT NULL,
    base INTEGER NOT NULL,
    amount INTEGER NOT NULL
) STRICT;
CREATE TABLE stock_move (
    id INTEGER PRIMARY KEY,
    product_id INTEGER NOT NULL,
    location TEXT NOT NULL,
    lot TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    reason TEXT NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
CREATE TABLE day_total (
    shift_id INTEGER NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    count INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (shift_id, day, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE print_job (
    id INTEGER PRIMARY KEY,
    printer TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    seq INTEGER,
    copy_no INTEGER NOT NULL DEFAULT 0,
    doc TEXT,
    state TEXT NOT NULL CHECK (
        state = 'queued' OR state = 'blocked' OR state = 'sending' OR state = 'confirmed'
        OR state = 'sent_unconfirmed' OR state = 'uncertain' OR state = 'cancelled'),
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    fence TEXT NOT NULL DEFAULT '',
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX print_job_open ON print_job (printer, id)
    WHERE state = 'queued' OR state = 'blocked' OR state = 'sending' OR state = 'uncertain';
CREATE TABLE upload_cursor (
    uploader TEXT PRIMARY KEY, seq INTEGER NOT NULL, updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE upload_parked (
    uploader TEXT NOT NULL, seq INTEGER NOT NULL, verdict TEXT NOT NULL, reason TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (uploader, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE bad_scan (
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, code TEXT NOT NULL, source TEXT NOT NULL,
    operator_id INTEGER NOT NULL, reason TEXT NOT NULL
) STRICT;

CREATE TABLE payment_attempt (
    id INTEGER PRIMARY KEY,
    ticket TEXT NOT NULL UNIQUE,
    terminal TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('charge', 'refund')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    basket_id INTEGER NOT NULL,
    opened_ms INTEGER NOT NULL,
    operator_id INTEGER NOT NULL,
    of_ticket TEXT NOT NULL DEFAULT '',
    mark TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL CHECK (state IN ('sent', 'approved', 'declined', 'cancelled', 'doubt')),
    decided_by TEXT NOT NULL DEFAULT '',
    authorisation TEXT NOT NULL DEFAULT '',
    last4 TEXT NOT NULL DEFAULT '',
    brand TEXT NOT NULL DEFAULT '',
    operation TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    slip TEXT NOT NULL DEFAULT '[]',
    after_sale INTEGER NOT NULL,
    sale_id INTEGER,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX payment_attempt_open ON payment_attempt (terminal, id) WHERE state IN ('sent', 'doubt');
CREATE INDEX payment_attempt_loose ON payment_attempt (id)
    WHERE state = 'approved' AND sale_id IS NULL;
CREATE INDEX payment_attempt_refund ON payment_attempt (of_ticket) WHERE kind = 'refund';
CREATE TABLE device_memory (
    identity TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (identity, key)
) STRICT, WITHOUT ROWID;
"""

TRIGGERS = """
CREATE TRIGGER product_fts_insert AFTER INSERT ON product BEGIN
    INSERT INTO product_fts (rowid, name, sku) VALUES (new.id, new.name, new.sku);
END;
CREATE TRIGGER product_fts_delete AFTER DELETE ON product BEGIN
    INSERT INTO product_fts (product_fts, rowid, name, sku) VALUES ('delete', old.id, old.name, old.sku);
END;
CREATE TRIGGER product_fts_update AFTER UPDATE OF name, sku ON product
WHEN old.name <> new.name OR old.sku <> new.sku BEGIN
    INSERT INTO product_fts (product_fts, rowid, name, sku) VALUES ('delete', old.id, old.name, old.sku);
    INSERT INTO product_fts (rowid, name, sku) VALUES (new.id, new.name, new.sku);
    INSERT INTO best_seller_fts (best_seller_fts, rowid, name, sku)
        SELECT 'delete', rank, old.name, old.sku FROM best_seller WHERE product_id = old.id;
    INSERT INTO best_seller_fts (rowid, name, sku)
        SELECT rank, new.name, new.sku FROM best_seller WHERE product_id = new.id;
END;
CREATE TRIGGER payment_attempt_ended BEFORE UPDATE OF state ON payment_attempt
WHEN old.state IN ('approved', 'declined', 'cancelled') AND new.state <> old.state BEGIN
    SELECT RAISE(ABORT, 'an attempt that has ended is never changed');
END;
CREATE TRIGGER payment_attempt_same BEFORE UPDATE OF ticket, terminal, kind, amount, of_ticket
ON payment_attempt BEGIN
    SELECT RAISE(ABORT, 'what was attempted is never changed');
END;
CREATE TRIGGER payment_attempt_kept BEFORE DELETE ON payment_attempt BEGIN
    SELECT RAISE(ABORT, 'attempts are never deleted');
END;
"""

IMMUTABLE = ("journal", "sale", "sale_line", "payment", "sale_tax", "stock_move")
"""Tables whose rows never change: a correction is a new, linked document."""


def apply(connection: Connection) -> None:
    """Create everything."""
    connection.execute(TABLES)
    connection.execute(TRIGGERS)
    for table in IMMUTABLE:
        for verb in ("UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, '{table} rows are never changed'); END"
            )
    connection.execute("INSERT INTO operator (id, name) VALUES (1, '')")
    connection.execute("INSERT INTO location (id, name) VALUES ('shop', '')")
