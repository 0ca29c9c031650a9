"""A shop's own tender, from ``till.toml`` to the records, the papers and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import registers
from tests.support.registers import OpenTill, a_till, settle
from tilltui.config import load
from tilltui.domain.paper.elements import Element, Text
from tilltui.domain.paper.sale_receipt import sale_receipt
from tilltui.domain.record.sales.accepted import Accepted
from tilltui.errors import SaleError
from tilltui.services.day.closing import paper
from tilltui.store.audit.check import audit

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
def till(tmp_path: Path) -> Iterator[OpenTill]:
    with a_till(tmp_path, settings=SETTINGS) as opened:
        yield opened
        assert list(audit(opened.store.reader)) == []


def paid_by_cheque(till: OpenTill) -> Accepted:
    register, tenders = till.register, till.shop.tenders
    register.selling.ringing.ring_open("Varios", 5000)
    register.paying.pay(tenders.of("cheque"), None, "123-4")
    accepted = registers.close(register)
    assert tenders.open_drawer(accepted.record.tenders)
    return accepted


def said(elements: list[Element]) -> dict[str, str]:
    return {row.left: row.right for row in elements if isinstance(row, Text) and row.left}


def test_the_settings_make_a_tender_and_name_another(till: OpenTill) -> None:
    tenders = till.shop.tenders
    assert [tender.key for tender in tenders] == ["cash", "card", "transfer", "voucher", "cheque"]
    cheque, card = tenders.of("cheque"), tenders.of("card")
    assert (cheque.number, cheque.scans_number, cheque.gives_change) == ("Número del cheque:", True, False)
    assert (card.words, card.cash_with_reason, card.number) == (
        "Débito o crédito", True, "Last four digits, authorisation:",
    )  # fmt: skip


def test_it_stands_in_the_record_and_on_every_paper(till: OpenTill) -> None:
    record, shop = paid_by_cheque(till).record, till.shop
    (paid,) = record.payments
    assert (paid.tender, paid.amount, paid.given, paid.change, paid.reference) == (
        "cheque", 5000, 5000, 0, "123-4",
    )  # fmt: skip
    receipt = said(sale_receipt(record, shop.head, shop.currency, str))
    assert (receipt["Cheque"], "123-4" in receipt) == ("$5.000", True)
    assert said(paper(till.register.day.x(), shop, str))["Cheque (1)"] == "$5.000"


def test_its_money_goes_back_as_its_row_says(till: OpenTill) -> None:
    number = paid_by_cheque(till).number
    register = till.register
    (line,) = register.returns.find(number).lines
    register.returns.ring(line, number)
    for key in ("cheque", "card"):
        with pytest.raises(SaleError) as refused:
            register.paying.pay(till.shop.tenders.of(key))
        assert refused.value.hint.startswith("Press F10")
    register.paying.pay_cash()
    registers.close(register)


def test_a_payment_of_it_outlives_a_stop_of_the_till(tmp_path: Path) -> None:
    with a_till(tmp_path, settings=SETTINGS) as till:
        till.register.selling.ringing.ring_open("Varios", 5000)
        till.register.paying.pay(till.shop.tenders.of("cheque"), 2000, "9")
        settle(till.store)
    with a_till(tmp_path, settings=SETTINGS) as again:
        cheque = again.shop.tenders.of("cheque")
        assert [(payment.tender, payment.amount) for payment in again.register.sale.payments] == [
            (cheque, 2000)
        ]


@pytest.mark.parametrize("section", ['["bad name"]\nname = "x"', '[cheque]\nnumber = "x"', 'cheque = "x"'])
def test_a_wrong_section_is_told(tmp_path: Path, section: str) -> None:
    file = tmp_path / "till.toml"
    head, _, rest = section.partition("\n")
    inside = f"[tender]\n{section}" if "=" in head else f"[tender.{head[1:-1]}]\n{rest}"
    file.write_text(f'[shop]\nname = "Almacén"\n{inside}\n', "utf-8")
    reading = load.read(file)
    assert reading.config is None
    assert "tender" in str(list(reading.problems.errors))
