"""What comes back is held against its sale when it is rung and once more when it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import registers
from tests.support.registers import OpenTill, a_till, open_till
from tilltui.domain.record.kinds import RecordKind
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.selling.line import Line
from tilltui.errors import SaleError
from tilltui.services.returns.returnable import Returnable
from tilltui.store.audit.check import audit
from tilltui.store.books.sale_lookups import record
from tilltui.store.file.restore import restore_file
from tilltui.store.file.store import DATABASE


@pytest.fixture
def till(tmp_path: Path) -> Iterator[OpenTill]:
    with a_till(tmp_path / "till") as opened:
        yield opened


def close(till: OpenTill) -> str:
    """Pay in cash and close; the number."""
    till.register.paying.pay_cash()
    return registers.close(till.register).number


def sell(till: OpenTill, *prices: int) -> str:
    for price in prices:
        till.register.selling.ringing.ring_open("Varios", price)
    return close(till)


def returnable(till: OpenTill, number: str) -> Returnable:
    return till.register.returns.find(number)


def left(till: OpenTill, number: str) -> list[int]:
    return [line.amount for line in returnable(till, number).lines]


def a_line(till: OpenTill, number: str) -> Line:
    return returnable(till, number).lines[0]


def test_the_line_that_came_back_is_the_one_that_is_gone(till: OpenTill) -> None:
    number = sell(till, 1000, 90_000)
    cheap = a_line(till, number)
    till.register.returns.ring(cheap, number)
    assert left(till, number) == [-90_000]
    assert close(till) == "1-000002"
    assert left(till, number) == [-90_000]


@pytest.mark.parametrize("keyed", ["1-1", "1-0001", "1-000001", "1-000000001"])
def test_however_the_number_is_keyed_it_is_the_same_sale(till: OpenTill, keyed: str) -> None:
    sell(till, 1000)
    sale = returnable(till, keyed)
    till.register.returns.ring(sale.lines[0], sale.number)
    close(till)
    assert sale.number == "1-000001"
    assert left(till, "1-1") == []


@pytest.mark.parametrize("number", ["2-000001", "1-000002", "1-", "", "1-x", "1-²", "1-" + "9" * 40])
def test_a_sale_that_is_not_here(till: OpenTill, number: str) -> None:
    sell(till, 1000)
    with pytest.raises(SaleError, match="There is no sale"):
        returnable(till, number)


def test_the_same_goods_twice_in_one_basket_are_not_closed(till: OpenTill) -> None:
    number = sell(till, 1000, 1000)
    line = a_line(till, number)
    till.register.returns.ring(line, number)
    till.register.returns.ring(line, number)
    till.register.paying.pay_cash()
    with pytest.raises(SaleError, match="Varios: more would come back"):
        registers.close(till.register)
    till.register.paying.take_back()
    till.register.selling.correcting.void(2)
    assert close(till) == "1-000002"


def test_what_never_was_in_the_sale_is_not_refunded(till: OpenTill) -> None:
    first, second = sell(till, *[1000] * 5), sell(till, 1000, 5000)
    dear = returnable(till, second).lines[1]
    till.register.returns.ring(dear, first)
    till.register.paying.pay_cash()
    with pytest.raises(SaleError, match="more would come back"):
        registers.close(till.register)


def test_a_return_names_its_sale_for_ever(till: OpenTill) -> None:
    number = sell(till, 1000)
    till.register.returns.ring(a_line(till, number), number)
    till.register.paying.pay_cash()
    seq = registers.close(till.register).seq
    sold, back = record(till.store.reader, seq - 1), record(till.store.reader, seq)
    assert isinstance(sold, SaleRecord)
    assert isinstance(back, SaleRecord)
    assert back.kind is RecordKind.RETURN
    assert back.original == sold.uuid
    assert back.lines[0].origin == sold.lines[0].no


def test_the_audit_sees_a_refund_too_many(till: OpenTill) -> None:
    number = sell(till, 1000)
    till.register.returns.ring(a_line(till, number), number)
    close(till)
    assert list(audit(till.store.reader)) == []
    trigger = next(
        till.store.reader.execute("SELECT sql FROM sqlite_schema WHERE name = 'sale_line_no_update'")
    )[0]

    def forge(connection: object) -> None:
        connection.execute("DROP TRIGGER sale_line_no_update")  # type: ignore[attr-defined]
        connection.execute(  # type: ignore[attr-defined]
            "UPDATE sale_line SET quantity = -2000 WHERE deed = 'return'"
        )
        connection.execute(trigger)  # type: ignore[attr-defined]

    till.store.run(forge)
    found = [(finding.message, finding.fields) for finding in audit(till.store.reader)]
    assert ("Of sale {number} more has come back than was sold.", {"number": number}) in found


def test_after_a_restored_backup_the_till_does_not_claim_to_know(tmp_path: Path) -> None:
    first = open_till(tmp_path / "till")
    number = sell(first, 1000)
    copy = first.store.backup(tmp_path / "stick")()
    first.register.returns.ring(a_line(first, number), number)
    close(first)
    assert not returnable(first, number).before_restore
    first.close()
    restore_file(copy, tmp_path / "till" / DATABASE)
    again = open_till(tmp_path / "till")
    try:
        assert returnable(again, number).before_restore
        assert left(again, number) == [-1000]
        assert not returnable(again, sell(again, 500)).before_restore
    finally:
        again.close()
