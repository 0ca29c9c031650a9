"""What a scanned or typed code is: plain numbers, and numbers with a weight or price inside.

GS1 element strings (``]C1`` ...) are read by ``services.goods.codes``, which hands the rest
to ``read_plain``.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence

from tilltui.domain.frozen import frozen
from tilltui.domain.goods.embedded import Embedded, Template
from tilltui.domain.goods.gtin import (
    MAX_CODE,
    check_digit,
    expand_upce,
    has_valid_check,
    is_digits,
    is_upce,
    looks_like_gtin,
    lookup_key,
    wrong_check_digit,
)
from tilltui.domain.text import clean
from tilltui.errors import N_, BarcodeError

__all__ = [
    "MAX_CODE",
    "CodeKind",
    "Embedded",
    "ScannedCode",
    "Template",
    "check_digit",
    "expand_upce",
    "has_valid_check",
    "looks_like_gtin",
    "lookup_key",
    "read_plain",
    "split_aim",
]

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")


class CodeKind(enum.StrEnum):
    """What sort of code was read."""

    EAN13 = "ean13"
    EAN8 = "ean8"
    UPCA = "upca"
    UPCE = "upce"
    ITF14 = "itf14"
    EMBEDDED = "embedded"
    """Printed by the shop or its scale, with a weight, price or count inside."""
    GS1 = "gs1"
    """Element strings: GTIN with weight, price, lot, expiry ..."""
    OTHER = "other"
    """The shop's own code, or anything that is not a trade item number."""


@frozen
class ScannedCode:
    """A code that was read, ready for the lookup.

    Attributes:
        key: Under which the catalogue finds the product (see ``lookup_key`` and ``Template.parse``).
        kind: What sort of code it is.
        text: The code as read, cleaned, for messages and the journal.
        quantity: Thousandths (of a kilogram or of a piece) that the code says, or ``None``.
        price: Price of the whole line in the currency's minor units that the code says, or ``None``.
        lot: Batch or lot number.
        expiry: Use-by date, or else best-before date, as ``YYYY-MM-DD``.
        serial: Serial number.
        symbology: AIM identifier such as ``]E0``; empty where the scanner sends none.
    """

    key: str
    kind: CodeKind
    text: str
    quantity: int | None = None
    price: int | None = None
    lot: str = ""
    expiry: str = ""
    serial: str = ""
    symbology: str = ""


def split_aim(text: str) -> tuple[str | None, str]:
    """Split an AIM symbology identifier (ISO/IEC 15424: ``]`` and two characters) off the front of ``text``.

    >>> split_aim("]E07801234567897")
    (']E0', '7801234567897')
    """
    return (text[:3], text[3:]) if _AIM.match(text) else (None, text)


def read_plain(text: str, symbology: str | None = None, templates: Sequence[Template] = ()) -> ScannedCode:
    """Read a code that is no GS1 element string.

    A wrong check digit is an error only where the code claims to be an EAN or UPC: the scanner says so
    (``]E...``), or it says nothing and there are 12 or 13 digits, so that the slip of a finger is caught in a
    code typed by hand. Shops have codes of their own made of 8 or 14 digits, and of 12 or 13 in Code 128:
    those are of kind ``OTHER``.

    Args:
        text: The code as read, without AIM identifier.
        symbology: AIM identifier, or ``None``.
        templates: Layouts of embedded codes; the first that matches wins.

    Raises:
        BarcodeError: Nothing legible, or a wrong check digit.
    """
    code = clean(text, MAX_CODE)
    if not code:
        raise BarcodeError(
            N_("Failed to read {text!r} as a code: expected at least one legible character."),
            hint=N_("Scan it again."),
            text=text[:MAX_CODE],
        )
    sent = symbology or ""
    if not is_digits(code):
        return ScannedCode(code, CodeKind.OTHER, code, symbology=sent)
    if sent == "]E3" and len(code) in (15, 18):
        code = code[:13]  # the two or five digits behind are a magazine's issue
    embedded = _match(code, templates)
    if embedded is not None:
        quantity = embedded.weight if embedded.count is None else embedded.count * 1000
        return ScannedCode(embedded.key, CodeKind.EMBEDDED, code, quantity, embedded.price, symbology=sent)
    kind = _kind(code, sent)
    if kind is CodeKind.OTHER and _claims_ean(code, sent):
        raise wrong_check_digit(code, check_digit(code[:-1]))
    return ScannedCode(lookup_key(code, symbology), kind, code, symbology=sent)


def _match(code: str, templates: Sequence[Template]) -> Embedded | None:
    """Try the templates on the code and on its other usual length: scanners send UPC-A as 12 or 13 digits."""
    forms = [code]
    if len(code) == 12 and has_valid_check(code):
        forms.append("0" + code)
    elif len(code) == 13 and code.startswith("0"):
        forms.append(code[1:])
    for template in templates:
        for form in forms:
            found = template.match(form)
            if found is not None:
                return found
    return None


def _kind(code: str, symbology: str) -> CodeKind:
    if len(code) == 8 and symbology == "]E0" and is_upce(code):
        return CodeKind.UPCE
    if not looks_like_gtin(code):
        return CodeKind.OTHER
    return {8: CodeKind.EAN8, 12: CodeKind.UPCA, 13: CodeKind.EAN13, 14: CodeKind.ITF14}[len(code)]


def _claims_ean(code: str, symbology: str) -> bool:
    if symbology.startswith("]E"):
        return len(code) in (8, 12, 13)
    return not symbology and len(code) in (12, 13)
