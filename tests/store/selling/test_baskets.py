"""A basket that is saved step by step is read back as it was."""

from __future__ import annotations

import dataclasses
import random
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import selling
from tilltui.domain.clock import now_ms
from tilltui.domain.paying.settlement import Payment
from tilltui.domain.paying.tenders import CARD, CASH
from tilltui.domain.selling.basket import Basket
from tilltui.domain.selling.line import Deed, Entry, Line, PriceBy
from tilltui.domain.selling.line_kinds import LINE_KINDS
from tilltui.domain.selling.parking import WAITS_FOR, WaitsFor
from tilltui.store.file.store import Store
from tilltui.store.selling import baskets

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
AMOUNT = st.integers(-(10**6), 10**6)
LINES = st.builds(
    Line, no=st.just(0), description=TEXT, quantity=AMOUNT, unit_price=AMOUNT, tax=TEXT, gross=AMOUNT,
    discount=AMOUNT, discount_rate=st.integers(0, 10**8), product_id=st.none() | st.integers(1, 2**62),
    sku=TEXT, code=TEXT, unit=st.sampled_from(["u", "kg"]), category=TEXT, list_price=AMOUNT,
    deed=st.sampled_from(Deed), kind=st.sampled_from(list(LINE_KINDS.values())),
    entry=st.sampled_from(Entry), price_by=st.sampled_from(PriceBy),
    reverses=st.none() | st.integers(1, 300), lot=TEXT, expiry=TEXT, location=TEXT,
    keyed_weight=st.booleans(), note=TEXT,
)  # fmt: skip
LOOSE = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@LOOSE
@given(lines=st.lists(LINES, max_size=20), header=st.tuples(TEXT, TEXT, TEXT, TEXT), number=st.integers(1, 9))
def test_any_basket_is_read_back_as_it_was(
    store: Store, lines: list[Line], header: tuple[str, str, str, str], number: int
) -> None:
    basket = Basket()
    for line in lines:
        basket = basket.add(line, now_ms=77)
    customer, note, name, returns = header
    basket = dataclasses.replace(
        basket,
        customer_id=number,
        customer=customer,
        note=note,
        name=name,
        returns=returns,
        recalled=number > 4,
    )
    store.run(lambda c: baskets.discard(c, number))
    selling.keep(store, number, basket, durable=number % 2 == 0, parked=number > 4)
    assert baskets.load(store.reader, number) == basket
    store.run(lambda c: baskets.discard(c, number))
    assert baskets.load(store.reader, number) is None
    assert next(store.reader.execute("SELECT count(*) FROM basket_line"))[0] == 0


def test_three_hundred_lines_saved_by_what_changed_are_read_back(store: Store) -> None:
    rng = random.Random(11)
    before = Basket()
    for basket in selling.steps(rng, 300):
        old = {line.no: line for line in before.lines}
        changed = [line for line in basket.lines if old.get(line.no) != line]
        save = partial(
            baskets.save, basket_id=1, basket=basket, changed=changed, operator_id=1, now_ms=now_ms()
        )
        store.submit(save, durable=False)
        before = basket
    assert store.run(lambda c: baskets.open_basket(c)) == (1, before)
    assert len(before.lines) >= 300


def test_parked_baskets_are_listed_oldest_first_and_payments_are_kept(store: Store) -> None:
    rng = random.Random(3)
    assert baskets.open_basket(store.reader) is None
    paid = [Payment(CARD, 1000, 1000, reference="1234"), Payment(CASH, 500, 1000, 500)]
    for number in (3, 1, 2):
        basket = dataclasses.replace(list(selling.steps(rng, number))[-1], name=f"mesa {number}")
        store.run(
            partial(
                baskets.save, basket_id=number, basket=basket, changed=basket.lines, operator_id=1,
                now_ms=10 - number, waits_for=WaitsFor.CUSTOMER, payments=paid,
            )
        )  # fmt: skip
    listed = baskets.parked(store.reader)
    assert [(row.id, row.name) for row in listed] == [(3, "mesa 3"), (2, "mesa 2"), (1, "mesa 1")]
    assert {row.waits_for for row in listed} == {WaitsFor.CUSTOMER}
    for row in listed:
        there = baskets.load(store.reader, row.id)
        assert there is not None
        assert (row.lines, row.subtotal) == (len(there.lines), there.subtotal)
        assert baskets.payments(store.reader, row.id) == tuple(paid)
    assert baskets.next_id(store.reader) == 4
    assert baskets.open_basket(store.reader) is None


@pytest.mark.parametrize("waits_for", WaitsFor)
def test_what_a_parked_basket_waits_for_is_kept_and_told(store: Store, waits_for: WaitsFor) -> None:
    basket = list(selling.steps(random.Random(1), 2))[-1]
    save = partial(baskets.save, basket_id=1, basket=basket, changed=basket.lines, operator_id=1, now_ms=1)
    store.run(partial(save, waits_for=waits_for))
    assert [row.waits_for for row in baskets.parked(store.reader)] == [waits_for]
    assert WAITS_FOR[waits_for]
    store.run(save)
    assert baskets.parked(store.reader) == []
    assert baskets.open_basket(store.reader) == (1, basket)
