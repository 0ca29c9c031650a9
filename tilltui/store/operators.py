"""Who sells, and the PIN of each as ``services.pin`` writes it."""

from __future__ import annotations

from tilltui.store.engine import Connection


def pin_text(connection: Connection, operator_id: int) -> str:
    """The operator's PIN record; empty for none, or for somebody unknown."""
    for (text,) in connection.execute("SELECT pin_hash FROM operator WHERE id = ?", (operator_id,)):
        return str(text)
    return ""


def set_pin_text(connection: Connection, operator_id: int, text: str) -> None:
    """Keep the operator's PIN record. Runs in the caller's transaction."""
    connection.execute("UPDATE operator SET pin_hash = ? WHERE id = ?", (text, operator_id))
