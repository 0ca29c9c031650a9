"""Codes of a damaged label: found by ``scripts/fuzz``, kept as examples."""

from __future__ import annotations

import pytest

from tilltui.domain.goods.barcode import CodeKind
from tilltui.services.goods.codes import CodeReader


@pytest.mark.parametrize(
    ("text", "symbology", "quantity"),
    [
        ("010780123456789430", None, None),
        ("010780123456789430", "]C1", None),
        ("01078012345678943012", "]C1", 12_000),
        ("0107801234567894300", "]C1", None),
    ],
)
def test_a_count_without_digits_is_none(text: str, symbology: str | None, quantity: int | None) -> None:
    code = CodeReader([]).read(text, symbology)
    assert (code.kind, code.key, code.quantity) == (CodeKind.GS1, "7801234567894", quantity)
