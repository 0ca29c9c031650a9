"""X and Z over a real store: one small read, one durable record, the next shift."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.registers import OpenTill, a_till, close
from tilltui.domain.paper.elements import Text
from tilltui.domain.paying.tenders import CARD
from tilltui.domain.record.shift_record import BadScansMark, ShiftReport, ZRecord
from tilltui.services.day.closing import paper
from tilltui.services.flow import through
from tilltui.services.register import Register
from tilltui.store.books import journal, totals
from tilltui.store.file.store import Store


@pytest.fixture
def till(tmp_path: Path) -> Iterator[OpenTill]:
    with a_till(tmp_path, printer="receipt") as opened:
        yield opened


def sell(register: Register, price: int) -> None:
    register.selling.ringing.ring_open("Pan", price)
    register.paying.pay(CARD, 500)
    register.paying.pay_cash(20_000)
    close(register)


def stored(store: Store) -> ZRecord:
    query = "SELECT body FROM journal WHERE kind = 'z' ORDER BY seq DESC LIMIT 1"
    return ZRecord.parse(next(store.reader.execute(query))[0])


def sums(report: ShiftReport, kind: str) -> dict[str, int]:
    return {total.key: total.amount for total in report.of_kind(kind)}


def test_a_z_closes_the_shift_prints_and_begins_the_next(till: OpenTill) -> None:
    register, store = till.register, till.store
    for price in (1990, 2500, 3985):
        sell(register, price)

    x = register.day.x()
    assert sums(x, "sale") == {"": 8475}
    # 1.490, 2.000 and 3.485: the last one is 3.480 in cash (Ley 20.956).
    assert sums(x, "tender") == {"card": 1500, "cash": 6970}
    assert sums(x, "rounding") == {"": -5}

    z = through(register.day.close())
    record = stored(store)
    assert z.totals == x.totals == record.report.totals
    assert (record.number, record.shift, z.grand_total, record.stamp.grand_total) == (1, 1, 8475, 8475)
    assert (record.bad_scans, record.papers, record.sent) == (BadScansMark(0, 0, sha256().hexdigest()), 3, {})
    shift = totals.current_shift(store.reader)
    assert shift is not None
    assert shift.id == 2
    assert register.session.shift_id == 2
    assert sums(register.day.x(), "sale") == {}
    kinds = [row[0] for row in store.reader.execute("SELECT kind FROM print_job WHERE kind <> 'receipt'")]
    assert kinds == ["z"]
    assert list(journal.flaws(store.reader)) == []
    assert through(register.day.close()).number == 2


def test_an_x_says_that_nothing_was_closed(till: OpenTill) -> None:
    texts = [e for e in paper(till.register.day.x(), till.shop, str) if isinstance(e, Text)]
    assert "X REPORT" in [text.center for text in texts]
    assert "Until now" in [text.left for text in texts]
    assert not any("Closed" in text.left for text in texts)
