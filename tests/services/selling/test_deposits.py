"""A bottle deposit as a product: rung, closed, counted apart, and given back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import registers
from tests.support.registers import OpenTill, a_till, settle
from tilltui.domain.money.money import RATE_UNIT
from tilltui.domain.paper.elements import Text
from tilltui.domain.selling.line_kinds import DEPOSIT
from tilltui.errors import SaleError
from tilltui.services.day.closing import paper
from tilltui.services.goods.product_list.importing import import_file
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.store.audit.check import audit
from tilltui.store.books import journal
from tilltui.store.selling import baskets

LIST = """sku;código de barras;nombre;precio;clase de línea
B;7801234567894;Bebida 2 L;1.190;
E;0012345678905;Envase 2 L;200;envase
"""
DRINK, BOTTLE = "7801234567894", "0012345678905"


@pytest.fixture
def till(tmp_path: Path) -> Iterator[OpenTill]:
    with a_till(tmp_path / "till") as opened:
        products = tmp_path / "list.csv"
        products.write_text(LIST, "utf-8")
        assert import_file(opened.store, products, CatalogueRules.of_country("CL")).added == 2
        yield opened
        assert list(audit(opened.store.reader)) == []


def close(till: OpenTill) -> str:
    till.register.paying.pay_cash()
    return registers.close(till.register).number


def z_rows(till: OpenTill) -> dict[str, str]:
    shown = paper(till.register.day.x(), till.shop, str)
    return {row.left: row.right for row in shown if isinstance(row, Text) and row.left}


def test_a_deposit_is_no_revenue_no_item_and_has_no_discount(till: OpenTill) -> None:
    selling = till.register.selling
    selling.ringing.scan(DRINK)
    assert selling.ringing.scan(BOTTLE, quantity=2000).line.kind is DEPOSIT
    selling.correcting.discount(None, rate=RATE_UNIT // 10)
    totals = till.register.sale.totals
    assert (totals.discount, totals.total, totals.revenue, totals.items) == (119, 1471, 1071, 1)
    assert (totals.net, totals.tax) == (900 + 400, 171)
    with pytest.raises(SaleError, match="no discount"):
        selling.correcting.discount(2, amount=10)


def test_a_deposit_has_its_own_row_and_comes_back_with_the_bottle(till: OpenTill) -> None:
    register = till.register
    register.selling.ringing.scan(DRINK)
    register.selling.ringing.scan(BOTTLE)
    number = close(till)
    assert z_rows(till)["Sales (1)"] == "$1.190"
    assert z_rows(till)["Deposits (1)"] == "$200"
    assert journal.read_head(till.store.reader).grand_total == 1190
    back = register.returns.find(number).lines
    register.returns.ring(next(line for line in back if line.kind is DEPOSIT), number)
    assert register.sale.totals.total == -200
    close(till)
    assert z_rows(till)["Deposits (0)"] == "$0"
    assert journal.read_head(till.store.reader).grand_total == 1190


def test_a_deposit_outlives_a_stop_of_the_till(till: OpenTill) -> None:
    till.register.selling.ringing.scan(DRINK)
    till.register.selling.ringing.scan(BOTTLE)
    settle(till.store)
    sale = till.register.sale
    found = baskets.load(till.store.reader, sale.basket_id)
    assert found == sale.basket
    assert found is not None
    assert found.lines[1].kind is DEPOSIT
