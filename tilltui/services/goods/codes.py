"""From a scanned or typed text to a ``ScannedCode``: plain numbers by the domain, GS1 by biip.

biip costs 25 MB and a third of a second to import, so it is imported at the first code that needs it; EAN,
UPC and embedded codes never do.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from tilltui.domain.goods.barcode import (
    MAX_CODE,
    CodeKind,
    ScannedCode,
    Template,
    has_valid_check,
    lookup_key,
    read_plain,
    split_aim,
)
from tilltui.domain.text import clean

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString

log = logging.getLogger(__name__)

GS = "\x1d"
"""Group separator: ends a field of variable length (FNC1 in the symbol)."""

MAX_ELEMENTS = 1024
"""Most characters that are tried as element strings; the largest GS1 symbol in trade holds far fewer."""

_GS1_SYMBOLOGIES = frozenset({"]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"})
_FIELD = re.compile(r"\(([0-9]{2,4})\)([^()]+)")
_BARE_GTIN = re.compile(r"01([0-9]{14})")
_LINK = re.compile(r"(https?)://([^/?#]+)", re.IGNORECASE)

ISO_NUMBERS = {
    "ARS": "032", "BOB": "068", "BRL": "986", "CLP": "152", "COP": "170", "CRC": "188", "DOP": "214",
    "EUR": "978", "GBP": "826", "GTQ": "320", "HNL": "340", "KWD": "414", "MXN": "484", "NIO": "558",
    "PAB": "590", "PEN": "604", "PYG": "600", "USD": "840", "UYU": "858", "VES": "928",
}  # fmt: skip
"""ISO 4217 numbers by code, for prices that name their currency (AI 393n)."""


class CodeReader:
    """Reads codes for one shop. Pure but for the late import of biip; use it on one thread.

    Args:
        templates: Layouts of embedded codes; the first that matches wins.
        decimals: Decimals of the shop's currency, for prices in GS1 codes.
        currency: ISO 4217 code of the shop's currency; a price in another one is not taken.
    """

    def __init__(self, templates: Sequence[Template], *, decimals: int = 2, currency: str = "") -> None:
        self._templates = tuple(templates)
        self._decimals = decimals
        self._currency_number = ISO_NUMBERS.get(currency, "")

    def read(self, text: str, symbology: str | None = None) -> ScannedCode:
        """Read a code as scanned (with GS kept) or typed.

        A code that looks like GS1 but is none of it, or has a wrong check digit inside, is read as plain text
        of kind ``OTHER``: the shop may have it in its catalogue.

        Args:
            text: The code; an AIM identifier may still stand in front.
            symbology: AIM identifier, or ``None`` where the scanner sends none.

        Raises:
            BarcodeError: Nothing legible, or an EAN or UPC with a wrong check digit.
        """
        if symbology is None:
            symbology, text = split_aim(text)
        if text.isdigit() and len(text) < 16 and symbology not in _GS1_SYMBOLOGIES:
            return read_plain(text, symbology, self._templates)
        code = None
        if len(text) <= MAX_ELEMENTS:
            elements = _as_elements(text, symbology)
            if elements or _LINK.match(text):
                code = self._read_gs1(elements, text, symbology)
        return code or read_plain(text, symbology, self._templates)

    def _read_gs1(self, elements: str, text: str, symbology: str | None) -> ScannedCode | None:
        import biip

        # A strict date check would lose the whole code for one impossible day.
        config = biip.ParseConfig(gs1_element_strings_verify_date=False)
        # Without a GS1 identifier in front biip would take any number for element strings.
        value = "]C1" + elements if elements else _LINK.sub(lambda m: m.group().lower(), text, count=1)
        try:
            result = biip.parse(value, config=config)
        except (biip.ParseError, ValueError) as error:  # ValueError: a URL that urllib cannot split
            log.info("not GS1: %s", error)
            return None
        message = result.gs1_message or result.gs1_digital_link_uri
        if message is None:
            log.info("not GS1: %s", result.gs1_message_error or result.gs1_digital_link_uri_error)
            return None
        return self._from_fields(message.element_strings, text, symbology)

    def _from_fields(
        self, fields: Iterable[GS1ElementString], text: str, symbology: str | None
    ) -> ScannedCode | None:
        by_ai: dict[str, GS1ElementString] = {}
        for field in fields:
            ai = field.ai.ai
            # 3103 and 3922 carry the number of decimals in their last digit.
            by_ai.setdefault(ai[:3] if ai[:3] in ("310", "392", "393") else ai, field)
        item = by_ai.get("01") or by_ai.get("02")
        if item is None or item.gtin is None:
            return None
        expiry = by_ai.get("17") or by_ai.get("15")
        return ScannedCode(
            key=lookup_key(item.value),
            kind=CodeKind.GS1,
            text=clean(text.lstrip(GS), MAX_CODE),
            quantity=_quantity(by_ai),
            price=self._price(by_ai),
            lot=_text(by_ai.get("10")),
            expiry=expiry.date.isoformat() if expiry is not None and expiry.date is not None else "",
            serial=_text(by_ai.get("21")),
            symbology=symbology or "",
        )

    def _price(self, by_ai: dict[str, GS1ElementString]) -> int | None:
        field = by_ai.get("392")
        if field is None:
            field = by_ai.get("393")
            if field is None or field.pattern_groups[0] != self._currency_number:
                return None
        if field.decimal is None:
            return None
        minor = field.decimal.scaleb(self._decimals)
        # A price that the currency cannot pay is no price: the catalogue's is taken.
        return int(minor) or None if minor == minor.to_integral_value() else None


def _as_elements(text: str, symbology: str | None) -> str:
    """Give the element strings without brackets, or an empty string where ``text`` claims to be none."""
    fields = _FIELD.findall(text)
    if fields and "".join(f"({ai}){value}" for ai, value in fields) == text:
        return GS.join(ai + value for ai, value in fields)
    if symbology in _GS1_SYMBOLOGIES or GS in text:
        return text.lstrip(GS)
    bare = _BARE_GTIN.match(text)
    return text if symbology is None and bare and has_valid_check(bare[1]) else ""


def _quantity(by_ai: dict[str, GS1ElementString]) -> int | None:
    """Thousandths: net weight in kilograms (310n), else pieces (30, 37)."""
    weight = by_ai.get("310")
    if weight is not None and weight.decimal is not None:
        return int((weight.decimal * 1000).quantize(Decimal(1), ROUND_HALF_UP)) or None
    count = by_ai.get("30") or by_ai.get("37")
    # biip lets a field 30 without a digit pass.
    return int(count.value or 0) * 1000 or None if count is not None else None


def _text(field: GS1ElementString | None) -> str:
    return clean(field.value, 90) if field is not None else ""
