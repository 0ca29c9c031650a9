"""A rule of ``till.toml`` holds whenever a line is rung or changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.registers import OpenTill, a_till
from tilltui.domain.clock import now_ms
from tilltui.domain.goods.product import NewProduct
from tilltui.errors import SaleError
from tilltui.store.goods import catalogue

SETTINGS = """
[shop]
name = "Almacén"
[rule.cigarettes]
category = "Cigarrillos"
most = 3
from = 2026-01-01
"""
BEFORE = int(datetime(2025, 6, 1, 12, tzinfo=UTC).timestamp() * 1000)
AFTER = int(datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp() * 1000)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[OpenTill]:
    with a_till(tmp_path / "till", settings=SETTINGS) as opened:
        product = NewProduct("T", "Cajetilla", 4000, "general", category="Cigarrillos", codes=("T1",))
        opened.store.run(lambda connection: catalogue.put(connection, [product], now_ms()))
        opened.register.sale.clock = lambda: AFTER
        yield opened


def test_a_line_grows_to_the_limit_and_no_further(till: OpenTill) -> None:
    selling, sale = till.register.selling, till.register.sale
    for _ in range(3):
        selling.ringing.scan("T1")
    with pytest.raises(SaleError, match="too many"):
        selling.ringing.scan("T1")
    with pytest.raises(SaleError, match="too many"):
        selling.correcting.set_quantity(1, 4000)
    assert sale.basket.lines[0].quantity == 3000
    selling.correcting.set_quantity(1, 2000)
    assert sale.basket.lines[0].quantity == 2000


def test_before_its_first_day_it_does_not_hold(till: OpenTill) -> None:
    till.register.sale.clock = lambda: BEFORE
    assert till.register.selling.ringing.scan("T1", quantity=40_000).line.quantity == 40_000


def test_without_a_rule_a_slip_of_the_finger_is_caught(till: OpenTill) -> None:
    till.register.sale.clock = lambda: BEFORE
    with pytest.raises(SaleError, match="too many"):
        till.register.selling.ringing.scan("T1", quantity=1_000_000)
    assert not till.register.sale.basket
