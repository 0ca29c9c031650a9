"""What comes back is held against its sale when it is rung and once more when it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tilltui.services.selling.checkout import Checkout, Operator

from tilltui.config.schema import Config, Shop
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.sale_record import SaleRecord
from tilltui.domain.selling.line import Line
from tilltui.errors import SaleError
from tilltui.services.returns.returnable import Returnable, find_returnable
from tilltui.services.shop import shop_of
from tilltui.store.audit.check import audit
from tilltui.store.books.sale_lookups import record
from tilltui.store.file.restore import restore_file
from tilltui.store.file.store import DATABASE, Store


def open_till(folder: Path) -> Checkout:
    store = Store.open(folder, "1", safe_disk_only=False, ballast_bytes=4096)
    return Checkout(store, shop_of(Config(shop=Shop("Almacén"))), Operator(1, "Ana"))


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    opened = open_till(tmp_path / "till")
    yield opened
    opened.store.close()


def close(checkout: Checkout) -> str:
    """Pay in cash and close; the number."""
    checkout.pay_cash()
    number = checkout.close().result(10).number
    checkout.finished()
    return number


def sell(checkout: Checkout, *prices: int) -> str:
    for price in prices:
        checkout.ring_open("Varios", price)
    return close(checkout)


def returnable(checkout: Checkout, number: str) -> Returnable:
    return find_returnable(checkout.store, checkout.shop, checkout.basket, number)


def left(checkout: Checkout, number: str) -> list[int]:
    return [line.amount for line in returnable(checkout, number).lines]


def a_line(checkout: Checkout, number: str) -> Line:
    return returnable(checkout, number).lines[0]


def test_the_line_that_came_back_is_the_one_that_is_gone(checkout: Checkout) -> None:
    number = sell(checkout, 1000, 90_000)
    cheap = a_line(checkout, number)
    checkout.ring_return(cheap, number)
    assert left(checkout, number) == [-90_000]
    assert close(checkout) == "1-000002"
    assert left(checkout, number) == [-90_000]


@pytest.mark.parametrize("keyed", ["1-1", "1-0001", "1-000001", "1-000000001"])
def test_however_the_number_is_keyed_it_is_the_same_sale(checkout: Checkout, keyed: str) -> None:
    sell(checkout, 1000)
    sale = returnable(checkout, keyed)
    checkout.ring_return(sale.lines[0], sale.number)
    close(checkout)
    assert sale.number == "1-000001"
    assert left(checkout, "1-1") == []


@pytest.mark.parametrize("number", ["2-000001", "1-000002", "1-", "", "1-x", "1-²", "1-" + "9" * 40])
def test_a_sale_that_is_not_here(checkout: Checkout, number: str) -> None:
    sell(checkout, 1000)
    with pytest.raises(SaleError, match="There is no sale"):
        returnable(checkout, number)


def test_the_same_goods_twice_in_one_basket_are_not_closed(checkout: Checkout) -> None:
    number = sell(checkout, 1000, 1000)
    line = a_line(checkout, number)
    checkout.ring_return(line, number)
    checkout.ring_return(line, number)
    checkout.pay_cash()
    with pytest.raises(SaleError, match="Varios: more would come back"):
        checkout.close().result(10)
    checkout.reopened(in_doubt=False)
    checkout.take_back_payment()
    checkout.void(2)
    assert close(checkout) == "1-000002"


def test_what_never_was_in_the_sale_is_not_refunded(checkout: Checkout) -> None:
    first, second = sell(checkout, *[1000] * 5), sell(checkout, 1000, 5000)
    dear = returnable(checkout, second).lines[1]
    checkout.ring_return(dear, first)
    checkout.pay_cash()
    with pytest.raises(SaleError, match="more would come back"):
        checkout.close().result(10)


def test_a_return_names_its_sale_for_ever(checkout: Checkout) -> None:
    number = sell(checkout, 1000)
    checkout.ring_return(a_line(checkout, number), number)
    checkout.pay_cash()
    seq = checkout.close().result(10).seq
    checkout.finished()
    sold, back = record(checkout.store.reader, seq - 1), record(checkout.store.reader, seq)
    assert isinstance(sold, SaleRecord)
    assert isinstance(back, SaleRecord)
    assert back.kind is RecordKind.RETURN
    assert back.original == sold.uuid
    assert back.lines[0].origin == sold.lines[0].no


def test_the_audit_sees_a_refund_too_many(checkout: Checkout) -> None:
    number = sell(checkout, 1000)
    checkout.ring_return(a_line(checkout, number), number)
    close(checkout)
    assert list(audit(checkout.store.reader)) == []
    trigger = next(
        checkout.store.reader.execute("SELECT sql FROM sqlite_schema WHERE name = 'sale_line_no_update'")
    )[0]

    def forge(connection: object) -> None:
        connection.execute("DROP TRIGGER sale_line_no_update")  # type: ignore[attr-defined]
        connection.execute(  # type: ignore[attr-defined]
            "UPDATE sale_line SET quantity = -2000 WHERE deed = 'return'"
        )
        connection.execute(trigger)  # type: ignore[attr-defined]

    checkout.store.run(forge)
    found = [(finding.message, finding.fields) for finding in audit(checkout.store.reader)]
    assert ("Of sale {number} more has come back than was sold.", {"number": number}) in found


def test_after_a_restored_backup_the_till_does_not_claim_to_know(tmp_path: Path) -> None:
    first = open_till(tmp_path / "till")
    number = sell(first, 1000)
    copy = first.store.backup(tmp_path / "stick")()
    first.ring_return(a_line(first, number), number)
    close(first)
    assert not returnable(first, number).before_restore
    first.store.close()
    restore_file(copy, tmp_path / "till" / DATABASE)
    again = open_till(tmp_path / "till")
    try:
        assert returnable(again, number).before_restore
        assert left(again, number) == [-1000]
        assert not returnable(again, sell(again, 500)).before_restore
    finally:
        again.store.close()
