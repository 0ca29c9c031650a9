"""The bytes of a sale's record: canonical JSON, its plain lines written by hand.

Most lines are plain: scanned, in the catalogue, at its price, without a discount. The general encoder sorts
and quotes the ten names of each anew.
"""

from __future__ import annotations

from json.encoder import encode_basestring as quoted
from typing import Any

from tilltui.domain.record.identity import canonical_text

_PLAIN = ("no", "name", "qty", "price", "tax", "amount", "product", "sku", "code", "category")
"""What ``closing`` says of a plain line, in its order."""

_NONE = '"lines":[]'


def sale_json(body: dict[str, Any]) -> bytes:
    """The same bytes as ``record.identity.canonical``, sooner.

    Args:
        body: As ``closing.body`` makes it.

    Raises:
        ValueError: As ``canonical``.
    """
    # Quotes within a text are escaped, and nothing before the lines has names: the first is the place.
    before, _none, after = canonical_text(body | {"lines": []}).partition(_NONE)
    lines = ",".join([_line(row) for row in body["lines"]])
    return f'{before}"lines":[{lines}]{after}'.encode()


def _line(row: dict[str, Any]) -> str:
    if tuple(row) != _PLAIN:
        return canonical_text(row)
    no, name, qty, price, tax, amount, product, sku, code, category = row.values()
    return (
        f'{{"amount":{amount},"category":{quoted(category)},"code":{quoted(code)},"name":{quoted(name)},"no":{no},'
        f'"price":{price},"product":{product},"qty":{qty},"sku":{quoted(sku)},"tax":{quoted(tax)}}}'
    )
