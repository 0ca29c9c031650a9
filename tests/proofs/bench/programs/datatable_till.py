"""What a Textual till usually is: a DataTable scrolled to its end, and a Static for the total."""

from __future__ import annotations

import os
import sqlite3
import sys
import tty

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import DataTable, Static


class DataTableTill(App[None]):
    """Rows in a table: DATABASE PORT LINES."""

    ENABLE_COMMAND_PALETTE = False
    CSS = "DataTable { width: 1fr; } #total { width: 24; } Horizontal { height: 1fr; }"
    QUERY = "SELECT p.name, p.price FROM barcode b JOIN product p ON p.id = b.product_id WHERE b.code = ?"

    def __init__(self, database: str, port: str, lines: int) -> None:
        super().__init__()
        self._connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        self._serial = os.open(port, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._serial)
        self._lines, self._total, self._pending = lines, 0, b""

    def compose(self) -> ComposeResult:
        """A table, a total and a row of keys."""
        yield Horizontal(DataTable(cursor_type="row"), Static("0", id="total"))
        yield Static("F1 Help  F12 Menu")

    def on_mount(self) -> None:
        """Fill the table and listen."""
        import asyncio

        table = self.query_one(DataTable)
        table.add_columns("qty", "item", "price", "amount")
        for _ in range(self._lines):
            self._append("before", 1000)
        asyncio.get_running_loop().add_reader(self._serial, self._read)

    def _read(self) -> None:
        self._pending += os.read(self._serial, 256)
        while b"\r" in self._pending:
            code, _, self._pending = self._pending.partition(b"\r")
            name, price = self._connection.execute(self.QUERY, (code.decode(),)).fetchone()
            self._append(name, price)

    def _append(self, name: str, price: int) -> None:
        table = self.query_one(DataTable)
        table.add_row("1", name, str(price), str(price))
        table.move_cursor(row=table.row_count - 1)
        self._total += price
        self.query_one("#total", Static).update(f"TOTAL {self._total}")


if __name__ == "__main__":
    DataTableTill(sys.argv[1], sys.argv[2], int(sys.argv[3])).run(mouse=False)
