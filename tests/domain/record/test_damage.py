"""However a record's body is damaged, reading it ends with a value or with words."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.record.sales.test_sale_record import closing, written
from tests.support.till_lines import make_line, return_line
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.paper.letterhead import ReceiptHead
from tilltui.domain.paper.sale_receipt import sale_receipt
from tilltui.domain.paper.slips import gift_receipt, order_slip
from tilltui.domain.paper.z_report import z_report
from tilltui.domain.record.any_record import parse_record
from tilltui.domain.record.damage import MAX_GOT, RecordDamaged, quoted
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.record.shift_record import ShiftReport, ZRecord
from tilltui.domain.returns.returning import returnable, too_much
from tilltui.domain.selling.basket import Basket

CLP = COUNTRIES["CL"].currency
HEAD = ReceiptHead("Almacén Rosita")
STAMP = {"uuid": "u", "grand_total": 99, "created_ms": 1_700_000_000_000, "sales": 4}

BODIES: dict[str, dict[str, Any]] = {
    "enrol": {"till": "1"},
    "epoch": {"why": "restore", "was_epoch": "0" * 16, "was_seq": 9, "was_hash": "f" * 64, "was_sales": 3},
    "clock": {"was_ms": 1_700_000_000_000, "is_ms": 1_600_000_000_000},
    "drawer": {"reason": "float", "operator": [1, "Ana"], "drawer": "main", "at_ms": 1_700_000_000_000},
    "import": {"file": "list.csv", "added": 3, "changed": 2},
    "pin": {"operator": 1, "set": True, "mark": "ab", "by": "till"},
    "card": {
        "why": ["recovered"], "ticket": "00000Z", "terminal": "front", "what": "charge", "amount": 1000,
        "state": "approved", "by": "terminal", "of": "", "authorisation": "A1", "last4": "4242",
        "brand": "VI",
        "operation": "9", "reason": "", "operator": 1, "after_sale": 3, "began_ms": 1_700_000_000_000,
    },
    "z": {
        "kind": "z", "number": 9, "shift": 3, "day": "2026-11-21", "opened_ms": 1_700_000_000_000,
        "closed_ms": 1_700_030_000_000, "offset_min": -180, "operator": [1, "Rosa"],
        "totals": [["sale", "", 12, 15_000, 99_000], ["tender", "cash", 5, 0, 50_000]], "parked": [1, 500],
        "bad_scans": [0, 3, "f" * 64], "papers": 12, "sent": {"hq": 12},
    },
    "coupon": {"points": 3},
}  # fmt: skip
"""What each kind says beside its stamp; the last one is of a newer till."""


def whole(kind: str) -> dict[str, Any]:
    """A body of a kind without damage."""
    if kind not in ("sale", "return"):
        return deepcopy(BODIES[kind] | STAMP)
    basket = Basket(note="n", customer_id=4, customer="Íñigo").add(make_line(1990, 2000, note="x", lot="L"))
    basket = basket.add(make_line(500)).set_line_discount(1, rate=10_000_000).void(2)
    if kind == "return":
        basket = basket.add(return_line(100, origin=1))
    return deepcopy(written(closing(basket, training=True)))


KINDS = ["sale", "return", *BODIES]
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(
        ["sale", "void", "1-000001", "\ud800", 253_370_764_800_000, -(2**63), 2**63, "9" * 5000]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
"""What JSON can say, and a little more."""


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place within a body."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for key, one in inner for place in places(one, (*at, key)))]


def damage(body: Any, data: st.DataObject) -> Any:
    """A body with something changed, taken away, added or doubled, a few times."""
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from([place for place in places(body) if place] or [("x",)]))
        around = body
        for key in way:
            around = around[key]
        how = data.draw(st.sampled_from(["change", "change", "drop", "add", "double"]))
        if how == "change":
            around[last] = data.draw(ANYTHING)
        elif how == "add" and isinstance(around, list):
            around.append(data.draw(ANYTHING))
        elif how == "add":
            around[data.draw(st.text(max_size=3))] = data.draw(ANYTHING)
        elif how == "double" and isinstance(around, list):
            around.append(deepcopy(around[last]))
        else:
            del around[last]
    return body


def used(record: object) -> None:
    """What the till does with a record: what was read is enough for it."""
    if isinstance(record, SaleRecord):
        for write in (sale_receipt, gift_receipt, order_slip):
            assert write(record, HEAD, CLP, str)
        returnable(record, {})
        too_much(record, {1: (1, 1)})
    if isinstance(record, ZRecord):
        assert z_report(record.report, HEAD, CLP, str)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_record_is_read(kind: str) -> None:
    used(parse_record(kind, whole(kind)))
    assert parse_record(kind, whole(kind)) == parse_record(kind, json.dumps(whole(kind)).encode())


def read_or_named(kind: str, body: Any) -> None:
    """A record that the till can use, or words that a person can read."""
    outcome: object
    try:
        outcome = parse_record(kind, body)
    except RecordDamaged as error:
        outcome = error
    if isinstance(outcome, RecordDamaged):
        assert outcome.key
        assert outcome.expected
        assert len(outcome.got) <= MAX_GOT
        assert len(str(outcome)) < 300
    else:
        used(outcome)


@given(st.sampled_from(KINDS), st.data())
def test_a_damaged_record_is_read_or_named(kind: str, data: st.DataObject) -> None:
    body = damage(whole(kind), data)
    read_or_named(kind, body)
    read_or_named(kind, json.dumps(body).encode())


@given(st.sampled_from(KINDS), st.binary(max_size=8), st.data())
def test_bytes_that_were_hit_are_read_or_named(kind: str, noise: bytes, data: st.DataObject) -> None:
    body = json.dumps(whole(kind)).encode()
    at = data.draw(st.integers(0, len(body)))
    read_or_named(kind, body[:at] + noise + body[at + data.draw(st.integers(0, 9)) :])


@given(st.sampled_from(KINDS), ANYTHING)
def test_what_is_no_record_at_all_is_named(kind: str, body: Any) -> None:
    read_or_named(kind, body)


@pytest.mark.parametrize("parse", [ShiftReport.parse, ZRecord.parse])
def test_a_shift_without_marks_is_one_of_an_older_till(parse: Callable[[Any], Any]) -> None:
    body = whole("z")
    for key in ("parked", "bad_scans", "papers", "sent", "offset_min"):
        del body[key]
    assert parse(body)


def test_a_number_without_end_is_not_written_out() -> None:
    assert quoted(10**5000) == "a number without end"
