"""The key of a sale's lines, payments and taxes: the sale's number and theirs in one integer.

``sale_id`` and ``no`` are columns that SQLite works out of it; no index knows them. So the rows of a sale are
found by the range of their keys, and ``WHERE sale_id = ?`` would read the whole table.
"""

from __future__ import annotations

NO_BITS = 12
"""A row's own number has this many bits; ``migrations.m0001_first`` says the same.

A basket has at most 2,000 lines, and as many again that void them.
"""

LAST_NO = (1 << NO_BITS) - 1
"""The largest number of a row within its sale."""

OF_SALE = f"BETWEEN ?1 << {NO_BITS} AND ?1 << {NO_BITS} | {LAST_NO}"
"""SQL after ``id``: the rows of sale ``?1``."""

OF_ITS_SALE = f"BETWEEN s.id << {NO_BITS} AND s.id << {NO_BITS} | {LAST_NO}"
"""SQL after ``id``: the rows of the sale that the query calls ``s``."""

AFTER_SALE = f">= (?1 + 1) << {NO_BITS}"
"""SQL after ``id``: the rows of sales after ``?1``."""


def first_key(sale_id: int) -> int:
    """The key before a sale's first row, whose number is 1.

    >>> first_key(3) + 2
    12290
    """
    return sale_id << NO_BITS
