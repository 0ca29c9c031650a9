"""Codes that a scale or the shop prints itself, with a weight, a price or a count inside.

Every country, and many a shop, has its own layout (GS1 General Specifications 2.1.11 leaves them to the
countries), so the layout is a setting: a template such as ``21IIIIIWWWWWC``.
"""

from __future__ import annotations

import itertools
import re

from tilltui.domain.frozen import frozen
from tilltui.domain.goods.gtin import MAX_CODE, has_valid_check, is_digits
from tilltui.errors import N_, BarcodeError

_TOKEN = re.compile(r"\[([0-9])-([0-9])\]|([0-9.IWPNVC])")
_LETTERS = frozenset("IWPNVC")

# Weighted products of the price check digit, GS1 General Specifications 7.9.2, indexed by digit.
_TWO_MINUS = (0, 2, 4, 6, 8, 9, 1, 3, 5, 7)
_THREE = (0, 3, 6, 9, 2, 5, 8, 1, 4, 7)
_FIVE_PLUS = (0, 5, 1, 6, 2, 7, 3, 8, 4, 9)
_FIVE_MINUS = (0, 5, 9, 4, 8, 3, 7, 2, 6, 1)


def price_check_digit(field: str) -> int:
    """Compute the check digit of a price or weight field of 4 or 5 digits.

    GS1 General Specifications 7.9.3 and 7.9.4, whose examples these are:

    >>> price_check_digit("2875"), price_check_digit("14685")
    (9, 6)

    Raises:
        BarcodeError: ``field`` is not 4 or 5 digits.
    """
    if not is_digits(field) or len(field) not in (4, 5):
        raise BarcodeError(
            N_("Cannot compute a price check digit of {code!r}: expected 4 or 5 digits."),
            hint=N_("Scan it again, or key it digit by digit."),
            code=field,
        )
    digits = [int(c) for c in field]
    if len(field) == 4:
        weights = (_TWO_MINUS, _TWO_MINUS, _THREE, _FIVE_MINUS)
        return sum(w[d] for w, d in zip(weights, digits, strict=True)) * 3 % 10
    weights5 = (_FIVE_PLUS, _TWO_MINUS, _FIVE_MINUS, _FIVE_PLUS, _TWO_MINUS)
    rest = -sum(w[d] for w, d in zip(weights5, digits, strict=True)) % 10
    return _FIVE_MINUS.index(rest)


@frozen
class Embedded:
    """What a template found in a code.

    A field of zeros says nothing (a label never sells for nothing) and reads as ``None``.

    Attributes:
        key: Under which the catalogue keeps the product: the digits before the item, then the item.
        item: The item digits alone.
        weight: Thousandths of a kilogram, or ``None``.
        price: The currency's minor units, or ``None``.
        count: Pieces, or ``None``.
    """

    key: str
    item: str
    weight: int | None = None
    price: int | None = None
    count: int | None = None


@frozen
class Template:
    """The layout of a code with a weight, price or count inside.

    Attributes:
        layout: The layout as written in the settings, without spaces.
        pattern: The same as a regular expression.
        key_groups: Names of the groups that make the key, in order.
    """

    layout: str
    pattern: re.Pattern[str]
    key_groups: tuple[str, ...]

    @classmethod
    def parse(cls, layout: str) -> Template:
        """Read a layout: one sign a digit.

        ``I`` item, ``W`` grams, ``P`` price in minor units, ``N`` pieces, ``V`` check digit of the price (or
        of the weight where there is no price), ``C`` check digit of the whole code (last), a digit for
        itself, ``[0-5]`` for one of a range, ``.`` for any digit. Spaces are for the eye.

        The key of a product is every fixed or ranged digit before the item, then the item digits: for
        ``21IIIIIWWWWWC`` the product 12345 is kept in the catalogue as ``2112345``.

        Raises:
            BarcodeError: The layout is not of these signs, has no item, or says a thing twice.
        """
        compact = "".join(layout.split())
        tokens = [m.group() for m in _TOKEN.finditer(compact)]
        if "".join(tokens) != compact or not 4 <= len(tokens) <= MAX_CODE:
            raise _bad_layout(
                layout, "4 to 128 of the signs I W P N V C, digits, '.' and ranges such as [0-5]"
            )
        runs = [("".join(run), sign) for sign, run in itertools.groupby(tokens, key=_run_key)]
        _check_layout(layout, [sign for _, sign in runs], tokens)
        parts: list[str] = []
        key_groups: list[str] = []
        for number, (run, sign) in enumerate(runs):
            if sign in _LETTERS:
                parts.append(f"(?P<{sign}>[0-9]{{{len(run)}}})")
            elif sign == ".":
                parts.append(f"[0-9]{{{len(run)}}}")
            else:
                parts.append(f"(?P<fixed{number}>{run})")
                if not any("(?P<I>" in part for part in parts):
                    key_groups.append(f"fixed{number}")
        return cls(compact, re.compile("".join(parts)), (*key_groups, "I"))

    def match(self, code: str) -> Embedded | None:
        """Read ``code``; ``None`` where it is not of this layout or one of its check digits is wrong."""
        found = self.pattern.fullmatch(code)
        if found is None:
            return None
        fields = found.groupdict()
        if "C" in fields and not has_valid_check(code):
            return None
        verified = fields.get("P") or fields.get("W")
        if "V" in fields and verified is not None and price_check_digit(verified) != int(fields["V"]):
            return None
        return Embedded(
            key="".join(fields[name] for name in self.key_groups),
            item=fields["I"],
            weight=int(fields.get("W") or 0) or None,
            price=int(fields.get("P") or 0) or None,
            count=int(fields.get("N") or 0) or None,
        )


def _run_key(sign: str) -> str:
    return sign if sign in _LETTERS or sign == "." else "#"


def _check_layout(layout: str, signs: list[str], tokens: list[str]) -> None:
    letters = [sign for sign in signs if sign in _LETTERS]
    if any(letters.count(sign) > 1 for sign in letters):
        raise _bad_layout(layout, "each letter in one piece")
    if "I" not in letters:
        raise _bad_layout(layout, "at least one I for the item")
    if "W" in letters and "N" in letters:
        raise _bad_layout(layout, "a weight or a count, not both")
    if "C" in letters and (signs[-1] != "C" or tokens.count("C") != 1):
        raise _bad_layout(layout, "one C as the last sign")
    verified = tokens.count("P") or tokens.count("W")
    if "V" in letters and (tokens.count("V") != 1 or verified not in (4, 5)):
        raise _bad_layout(layout, "one V, and 4 or 5 digits of price or weight for it")
    for token in tokens:
        if token[0] == "[" and token[1] > token[3]:
            raise _bad_layout(layout, "a range from the lower to the higher digit")


def _bad_layout(layout: str, expected: str) -> BarcodeError:
    return BarcodeError(
        N_("Failed to read {layout!r} as a barcode template: expected {expected}."),
        hint=N_("Write it like 21IIIIIWWWWWC: I item, W grams, P price, N pieces, C check digit."),
        layout=layout,
        expected=expected,
    )
