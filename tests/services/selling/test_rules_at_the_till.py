"""A rule of ``till.toml`` holds whenever a line is rung or changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tilltui.services.selling.checkout import Checkout, Operator

from tilltui.config import load
from tilltui.domain.clock import now_ms
from tilltui.errors import SaleError
from tilltui.services.shop import shop_of
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue
from tilltui.store.goods.catalogue import NewProduct

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
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store.open(tmp_path / "till", "1", safe_disk_only=False, ballast_bytes=4096)
    product = NewProduct("T", "Cajetilla", 4000, "general", category="Cigarrillos", codes=("T1",))
    store.run(lambda connection: catalogue.put(connection, [product], now_ms()))
    yield store
    store.close()


def till(store: Store, folder: Path, at_ms: int) -> Checkout:
    file = folder / "till.toml"
    file.write_text(SETTINGS, "utf-8")
    config = load.read(file).config
    assert config is not None
    return Checkout(store, shop_of(config), Operator(1, "Ana"), clock=lambda: at_ms)


def test_a_line_grows_to_the_limit_and_no_further(store: Store, tmp_path: Path) -> None:
    checkout = till(store, tmp_path, AFTER)
    for _ in range(3):
        checkout.scan("T1")
    with pytest.raises(SaleError, match="too many"):
        checkout.scan("T1")
    with pytest.raises(SaleError, match="too many"):
        checkout.set_quantity(1, 4000)
    assert checkout.basket.lines[0].quantity == 3000
    checkout.set_quantity(1, 2000)
    assert checkout.basket.lines[0].quantity == 2000


def test_before_its_first_day_it_does_not_hold(store: Store, tmp_path: Path) -> None:
    checkout = till(store, tmp_path, BEFORE)
    assert checkout.scan("T1", quantity=40_000).line.quantity == 40_000


def test_without_a_rule_a_slip_of_the_finger_is_caught(store: Store, tmp_path: Path) -> None:
    checkout = till(store, tmp_path, BEFORE)
    with pytest.raises(SaleError, match="too many"):
        checkout.scan("T1", quantity=1_000_000)
    assert not checkout.basket
