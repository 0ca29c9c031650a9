"""A bottle deposit as a product: rung, closed, counted apart, and given back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tilltui.services.selling.checkout import Checkout, Operator

from tilltui.config.schema import Config, Shop
from tilltui.domain.clock import now_ms
from tilltui.domain.money.money import RATE_UNIT
from tilltui.domain.paper.elements import Text
from tilltui.domain.selling.line_kinds import DEPOSIT
from tilltui.errors import SaleError
from tilltui.services.day.closing import paper, x_body
from tilltui.services.goods.product_list.importing import import_file
from tilltui.services.goods.product_list.rules import CatalogueRules
from tilltui.services.returns.returnable import find_returnable
from tilltui.services.shop import shop_of
from tilltui.store.audit.check import audit
from tilltui.store.books import journal
from tilltui.store.file.store import Store
from tilltui.store.selling import baskets

LIST = """sku;código de barras;nombre;precio;clase de línea
B;7801234567894;Bebida 2 L;1.190;
E;0012345678905;Envase 2 L;200;envase
"""
DRINK, BOTTLE = "7801234567894", "0012345678905"


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    store = Store.open(tmp_path / "till", "1", safe_disk_only=False, ballast_bytes=4096)
    products = tmp_path / "list.csv"
    products.write_text(LIST, "utf-8")
    assert import_file(store, products, CatalogueRules.of_country("CL")).added == 2
    yield Checkout(store, shop_of(Config(shop=Shop("Almacén"))), Operator(1, "Ana"), clock=now_ms)
    assert list(audit(store.reader)) == []
    store.close()


def close(checkout: Checkout) -> str:
    checkout.pay_cash()
    number = checkout.close().result(10).number
    checkout.finished()
    return number


def z_rows(checkout: Checkout) -> dict[str, str]:
    shown = paper(x_body(checkout.store, checkout.shop, (1, "Ana")), checkout.shop, str)
    return {row.left: row.right for row in shown if isinstance(row, Text) and row.left}


def test_a_deposit_is_no_revenue_no_item_and_has_no_discount(checkout: Checkout) -> None:
    checkout.scan(DRINK)
    assert checkout.scan(BOTTLE, quantity=2000).line.kind is DEPOSIT
    checkout.set_discount(rate=RATE_UNIT // 10)
    totals = checkout.totals
    assert (totals.discount, totals.total, totals.revenue, totals.items) == (119, 1471, 1071, 1)
    assert (totals.net, totals.tax) == (900 + 400, 171)
    with pytest.raises(SaleError, match="no discount"):
        checkout.set_line_discount(2, amount=10)


def test_a_deposit_has_its_own_row_and_comes_back_with_the_bottle(checkout: Checkout) -> None:
    checkout.scan(DRINK)
    checkout.scan(BOTTLE)
    number = close(checkout)
    assert z_rows(checkout)["Sales (1)"] == "$1.190"
    assert z_rows(checkout)["Deposits (1)"] == "$200"
    assert journal.read_head(checkout.store.reader).grand_total == 1190
    back = find_returnable(checkout.store, checkout.shop, checkout.basket, number).lines
    checkout.ring_return(next(line for line in back if line.kind is DEPOSIT), number)
    assert checkout.totals.total == -200
    close(checkout)
    assert z_rows(checkout)["Deposits (0)"] == "$0"
    assert journal.read_head(checkout.store.reader).grand_total == 1190


def test_a_deposit_outlives_a_stop_of_the_till(checkout: Checkout) -> None:
    checkout.scan(DRINK)
    checkout.scan(BOTTLE)
    checkout.kept().result(10)
    found = baskets.load(checkout.store.reader, checkout.basket_id)
    assert found == checkout.basket
    assert found is not None
    assert found.lines[1].kind is DEPOSIT
