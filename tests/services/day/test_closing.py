"""X and Z over a real store: one small read, one durable record, the next shift."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tilltui.services.selling.checkout import Checkout, Operator

from tilltui.config.schema import Config, Shop
from tilltui.domain.paper.elements import Text
from tilltui.domain.paying.tender import TenderKind
from tilltui.domain.record.shift_record import BadScansMark, ShiftReport, ZRecord
from tilltui.services.day.closing import close_shift, paper, x_report
from tilltui.domain.paying.tenders import CARD
from tilltui.services.day.closing import close_shift, paper, x_body
from tilltui.services.selling.checkout import Checkout, Operator
from tilltui.services.shop import shop_of
from tilltui.store.books import journal, totals
from tilltui.store.file.store import Store

ANA = (1, "Ana")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path, "1", safe_disk_only=False, ballast_bytes=4096)
    yield opened
    opened.close()


def sell(checkout: Checkout, price: int) -> None:
    checkout.ring_open("Pan", price)
    checkout.pay(CARD, 500)
    checkout.pay_cash(20_000)
    checkout.close().result(10)
    checkout.finished()


def sums(report: ShiftReport, kind: str) -> dict[str, int]:
    return {total.key: total.amount for total in report.of_kind(kind)}


def test_a_z_closes_the_shift_prints_and_begins_the_next(store: Store) -> None:
    shop = shop_of(Config(shop=Shop(name="Almacén Rosita")))
    checkout = Checkout(store, shop, Operator(*ANA))
    for price in (1990, 2500, 3985):
        sell(checkout, price)

    x = x_report(store, shop, ANA)
    assert sums(x, "sale") == {"": 8475}
    # 1.490, 2.000 and 3.485: the last one is 3.480 in cash (Ley 20.956).
    assert sums(x, "tender") == {"card": 1500, "cash": 6970}
    assert sums(x, "rounding") == {"": -5}

    z = ZRecord.parse(close_shift(store, shop, ANA, str, "receipt").result(10))
    assert z.report.totals == x.totals
    assert (z.number, z.shift, z.report.grand_total, z.stamp.grand_total) == (1, 1, 8475, 8475)
    assert (z.bad_scans, z.papers, z.sent) == (BadScansMark(0, 0, sha256().hexdigest()), 0, {})
    shift = totals.current_shift(store.reader)
    assert shift is not None
    assert shift.id == 2
    assert sums(x_report(store, shop, ANA), "sale") == {}
    kinds = [row[0] for row in store.reader.execute("SELECT kind FROM print_job")]
    assert kinds == ["z"]
    assert list(journal.flaws(store.reader)) == []
    assert close_shift(store, shop, ANA, str).result(10)["number"] == 2


def test_an_x_says_that_nothing_was_closed(store: Store) -> None:
    shop = shop_of(Config(shop=Shop(name="Almacén Rosita")))
    texts = [e for e in paper(x_report(store, shop, ANA).body(), shop, str) if isinstance(e, Text)]
    assert "X REPORT" in [text.center for text in texts]
    assert "Until now" in [text.left for text in texts]
    assert not any("Closed" in text.left for text in texts)
