"""Rows of a sale are found by the range of their keys, and by nothing slower."""

from __future__ import annotations

import random

import pytest

from tests.support import selling
from tilltui.domain.selling.basket import MAX_LINES
from tilltui.errors import StoreError
from tilltui.store.books.keys import AFTER_SALE, LAST_NO, OF_ITS_SALE, OF_SALE, first_key
from tilltui.store.file.store import Store

TABLES = ("sale_line", "payment", "sale_tax")


def test_every_line_of_the_longest_sale_and_its_void_has_a_number() -> None:
    assert LAST_NO >= 2 * MAX_LINES


@pytest.mark.parametrize("table", TABLES)
def test_a_key_says_the_sale_and_the_number(store: Store, table: str) -> None:
    rng = random.Random(4)
    for _ in range(6):
        selling.sell(store, rng, 5)
    rows: list[tuple[int, int, int]] = store.reader.execute(f"SELECT id, sale_id, no FROM {table}").fetchall()  # type: ignore[assignment]
    assert {sale for _id, sale, _no in rows} == {1, 2, 3, 4, 5, 6}
    assert all(key == first_key(sale) + no for key, sale, no in rows)
    for sale_id in (0, 1, 3, 6, 7):
        for where, among in (
            (OF_SALE, [row for row in rows if row[1] == sale_id]),
            (AFTER_SALE, [row for row in rows if row[1] > sale_id]),
        ):
            query = f"SELECT id, sale_id, no FROM {table} WHERE id {where} ORDER BY id"
            assert store.reader.execute(query, (sale_id,)).fetchall() == among
    query = f"SELECT x.id, s.id FROM sale s JOIN {table} x ON x.id {OF_ITS_SALE} ORDER BY x.id"
    assert store.reader.execute(query).fetchall() == [(key, sale) for key, sale, _no in rows]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * FROM {{}} x WHERE x.id {OF_SALE} ORDER BY x.id",
        f"SELECT * FROM {{}} x WHERE x.id {AFTER_SALE}",
        f"SELECT * FROM sale s JOIN {{}} x ON x.id {OF_ITS_SALE} WHERE s.id = ?1",
    ],
)
def test_the_range_is_searched_and_not_the_table(store: Store, table: str, query: str) -> None:
    plan = [row[3] for row in store.reader.execute("EXPLAIN QUERY PLAN " + query.format(table), (3,))]
    assert any(line.startswith("SEARCH x USING INTEGER PRIMARY KEY") for line in plan), plan
    assert not [line for line in plan if line.startswith(("SCAN", "USE TEMP B-TREE"))]


@pytest.mark.parametrize("sale_id", [0, 2])
def test_a_row_belongs_to_a_sale(store: Store, sale_id: int) -> None:
    """A number that runs over into the next sale is refused as long as that is not there."""
    selling.sell(store, random.Random(1), 3)
    with pytest.raises(StoreError, match="FOREIGN KEY"):
        store.run(
            lambda connection: connection.execute(
                "INSERT INTO payment VALUES (?, 'cash', 1, 1, 0, 0, '')",
                (first_key(sale_id) + 1,),
            )
        )


def test_sales_that_take_back_are_found_by_what_they_take_back(store: Store) -> None:
    query = "EXPLAIN QUERY PLAN SELECT id FROM sale WHERE returns = ? AND returns <> ''"
    assert "sale_returns" in next(store.reader.execute(query, ("1-000001",)))[3]
