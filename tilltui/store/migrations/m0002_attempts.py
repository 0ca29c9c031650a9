"""Attempts at charging a card: written before the first byte leaves, ended by what the terminal says."""

from __future__ import annotations

from tilltui.store.file.engine import Connection

TABLES = """
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


def apply(connection: Connection) -> None:
    """Create the table of attempts."""
    connection.execute(TABLES)
