"""The floor: bare Python, one lookup, row and total by escape sequences; no toolkit, nothing kept."""

from __future__ import annotations

import os
import sqlite3
import sys
import tty

ROWS = 22


def main() -> None:
    """Show baskets: DATABASE PORT LINES."""
    database, port, lines = sys.argv[1:]
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    query = "SELECT p.name, p.price FROM barcode b JOIN product p ON p.id = b.product_id WHERE b.code = ?"
    serial = os.open(port, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(serial)
    basket = [("before", 1000)] * int(lines)
    total = sum(price for _, price in basket)
    os.write(1, b"\x1b[2J\x1b[30;1HF12")
    pending = b""
    while True:
        pending += os.read(serial, 256)
        while b"\r" in pending:
            code, _, pending = pending.partition(b"\r")
            name, price = connection.execute(query, (code.decode(),)).fetchone()
            basket.append((name, price))
            total += price
            shown = basket[-ROWS:]
            at, rows = (len(shown), shown[-1:]) if len(basket) <= ROWS else (1, shown)
            painted = "".join(f"\x1b[{at + i};1H{n:<60.60}{p:>12}" for i, (n, p) in enumerate(rows))
            os.write(1, f"{painted}\x1b[1;80H{total:>12}".encode())


if __name__ == "__main__":
    main()
