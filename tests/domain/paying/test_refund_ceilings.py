"""Money goes back as it came, and together never more than came."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.paying.refunds import allowed, most
from tilltui.domain.paying.tenders import BUILT_IN, TENDERS, Tender, Tenders

CASH, CARD, TRANSFER, VOUCHER = (tender.key for tender in BUILT_IN)
KEYS = [CASH, CARD, TRANSFER, VOUCHER]
MOVED = st.lists(st.tuples(st.sampled_from(KEYS), st.integers(1, 10**9)), max_size=8)


def test_each_tender_gives_back_what_it_brought() -> None:
    left = allowed([(CARD, 5000), (CASH, 3990), (CARD, 10)], [(CARD, 1010)])
    assert left == {CASH: 3990, CARD: 4000, TRANSFER: 0, VOUCHER: 0}


def test_cash_for_a_card_is_taken_off_the_card() -> None:
    left = allowed([(CARD, 5000), (CASH, 1000)], [(CASH, 4000)])
    assert left == {CASH: 0, CARD: 2000, TRANSFER: 0, VOUCHER: 0}


def test_a_word_lets_the_cards_money_go_back_in_cash_and_in_nothing_else() -> None:
    left = allowed([(CARD, 5000), (CASH, 1000), (TRANSFER, 7)], [])
    assert most(left, TENDERS.cash, cash_for_card=False) == 1000
    assert most(left, TENDERS.cash, cash_for_card=True) == 6000
    for kind in (CARD, TRANSFER, VOUCHER):
        assert most(left, TENDERS.of(kind), cash_for_card=True) == left[kind]


@given(MOVED, MOVED)
def test_together_the_ceilings_are_what_is_left(
    paid: list[tuple[str, int]], back: list[tuple[str, int]]
) -> None:
    left = allowed(paid, back)
    came, went = sum(amount for _kind, amount in paid), sum(amount for _kind, amount in back)
    assert sum(left.values()) == max(came - went, 0)
    for kind in KEYS:
        assert 0 <= left[kind] <= sum(amount for by, amount in paid if by == kind)


@given(MOVED, st.data())
def test_who_stays_below_the_ceilings_gets_each_tender_back_and_no_more(
    paid: list[tuple[str, int]], data: st.DataObject
) -> None:
    back: list[tuple[str, int]] = []
    while any(left := allowed(paid, back).values()):
        kind = data.draw(st.sampled_from([kind for kind, most in allowed(paid, back).items() if most]))
        ceiling = allowed(paid, back)[kind]
        back.append((kind, ceiling if len(back) > 12 else data.draw(st.integers(1, ceiling))))
    assert not any(left)
    for kind in KEYS:
        assert sum(a for by, a in back if by == kind) == sum(a for by, a in paid if by == kind)


@given(MOVED, MOVED, st.sampled_from(KEYS), st.integers(1, 10**9))
def test_a_refund_more_never_raises_a_ceiling(
    paid: list[tuple[str, int]], back: list[tuple[str, int]], kind: str, amount: int
) -> None:
    before, after = allowed(paid, back), allowed(paid, [*back, (kind, amount)])
    assert all(after[tender] <= before[tender] for tender in KEYS)


def test_a_tenders_money_goes_back_by_what_its_row_says() -> None:
    tenders = Tenders([*BUILT_IN, Tender("cheque", "Cheque", refunds_as="cash")])
    assert allowed([("cheque", 700), (CASH, 100)], [(CASH, 200)], tenders) == {
        CASH: 600, CARD: 0, TRANSFER: 0, VOUCHER: 0, "cheque": 0,
    }  # fmt: skip


def test_what_the_settings_no_longer_have_goes_back_by_itself() -> None:
    assert allowed([("cheque", 700)], [("cheque", 200)])["cheque"] == 500
