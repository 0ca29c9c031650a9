"""A shop's own tender, from ``till.toml`` to the records, the papers and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tilltui.services.selling.checkout import Checkout, Operator

from tilltui.config import load
from tilltui.domain.paper.elements import Element, Text
from tilltui.domain.paper.sale_receipt import sale_receipt
from tilltui.errors import SaleError
from tilltui.services.day.closing import paper, x_body
from tilltui.services.returns.returnable import find_returnable
from tilltui.services.shop import shop_of
from tilltui.store.audit.check import audit
from tilltui.store.books.sales import Accepted
from tilltui.store.file.store import Store

SETTINGS = """
[shop]
name = "Almacén"
[tender.cheque]
name = "Cheque"
number = "Número del cheque:"
scan = true
opens_drawer = true
refunds_as = "cash"
[tender.card]
name = "Débito o crédito"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    file = tmp_path / "till.toml"
    file.write_text(SETTINGS, "utf-8")
    config = load.read(file).config
    assert config is not None
    store = Store.open(tmp_path / "till", "1", safe_disk_only=False, ballast_bytes=4096)
    yield Checkout(store, shop_of(config), Operator(1, "Ana"))
    assert list(audit(store.reader)) == []
    store.close()


def paid_by_cheque(checkout: Checkout) -> Accepted:
    checkout.ring_open("Varios", 5000)
    checkout.pay(checkout.shop.tenders.of("cheque"), None, "123-4")
    assert checkout.settlement.opens_drawer
    accepted = checkout.close().result(10)
    checkout.finished()
    return accepted


def said(elements: list[Element]) -> dict[str, str]:
    return {row.left: row.right for row in elements if isinstance(row, Text) and row.left}


def test_the_settings_make_a_tender_and_name_another(checkout: Checkout) -> None:
    tenders = checkout.shop.tenders
    assert [tender.key for tender in tenders] == ["cash", "card", "transfer", "voucher", "cheque"]
    cheque, card = tenders.of("cheque"), tenders.of("card")
    assert (cheque.number, cheque.scans_number, cheque.gives_change) == ("Número del cheque:", True, False)
    assert (card.words, card.cash_with_reason, card.number) == (
        "Débito o crédito", True, "Last four digits, authorisation:",
    )  # fmt: skip


def test_it_stands_in_the_record_and_on_every_paper(checkout: Checkout) -> None:
    body, shop = paid_by_cheque(checkout).body, checkout.shop
    assert body["payments"] == [["cheque", 5000, 5000, 0, 0, "123-4"]]
    receipt = said(sale_receipt(body, shop.head, shop.currency, str))
    assert (receipt["Cheque"], "123-4" in receipt) == ("$5.000", True)
    assert said(paper(x_body(checkout.store, shop, (1, "Ana")), shop, str))["Cheque (1)"] == "$5.000"


def test_its_money_goes_back_as_its_row_says(checkout: Checkout) -> None:
    number = paid_by_cheque(checkout).number
    (line,) = find_returnable(checkout.store, checkout.shop, checkout.basket, number).lines
    checkout.ring_return(line, number)
    for key in ("cheque", "card"):
        with pytest.raises(SaleError) as refused:
            checkout.pay(checkout.shop.tenders.of(key))
        assert refused.value.hint.startswith("Press F10")
    checkout.pay_cash()
    checkout.close().result(10)
    checkout.finished()


def test_a_payment_of_it_outlives_a_stop_of_the_till(checkout: Checkout) -> None:
    checkout.ring_open("Varios", 5000)
    cheque = checkout.shop.tenders.of("cheque")
    checkout.pay(cheque, 2000, "9")
    checkout.kept().result(10)
    again = Checkout(checkout.store, checkout.shop, Operator(1, "Ana"))
    assert again.restore()
    assert [(payment.tender, payment.amount) for payment in again.payments] == [(cheque, 2000)]


@pytest.mark.parametrize("section", ['["bad name"]\nname = "x"', '[cheque]\nnumber = "x"', 'cheque = "x"'])
def test_a_wrong_section_is_told(tmp_path: Path, section: str) -> None:
    file = tmp_path / "till.toml"
    head, _, rest = section.partition("\n")
    inside = f"[tender]\n{section}" if "=" in head else f"[tender.{head[1:-1]}]\n{rest}"
    file.write_text(f'[shop]\nname = "Almacén"\n{inside}\n', "utf-8")
    reading = load.read(file)
    assert reading.config is None
    assert "tender" in str(list(reading.problems.errors))
