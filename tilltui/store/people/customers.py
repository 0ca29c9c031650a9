"""Customers, by name or tax number."""

from __future__ import annotations

from typing import Any

from tilltui.domain.people.customer import Customer
from tilltui.domain.text import fold
from tilltui.store.file.engine import Connection


def _folded(*values: Any) -> str:
    """``fold`` for SQL."""
    return fold(str(values[0]))


def search(connection: Connection, text: str, limit: int = 20) -> list[Customer]:
    """Customers whose name holds the text or whose tax number begins with it; accents, case, dots aside."""
    connection.create_scalar_function("fold", _folded, 1, deterministic=True)
    number = "".join(char for char in text if char.isalnum())
    like = fold(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    query = """SELECT id, name, tax_id FROM customer WHERE active AND (fold(name) LIKE ? ESCAPE '\\'
     OR (? <> '' AND replace(replace(tax_id, '.', ''), '-', '') LIKE ?)) ORDER BY name LIMIT ?"""
    return [Customer(*row) for row in connection.execute(query, (f"%{like}%", number, f"{number}%", limit))]


def add(connection: Connection, name: str, *, tax_id: str = "", phone: str = "", email: str = "") -> Customer:
    """Add a customer. Runs in the caller's transaction."""
    connection.execute(
        "INSERT INTO customer (name, tax_id, phone, email) VALUES (?,?,?,?)", (name, tax_id, phone, email)
    )
    return Customer(connection.last_insert_rowid(), name, tax_id)
