"""Trade item numbers: check digits, UPC-E, and the one key under which a product's code is kept.

Source of the numbers: GS1 General Specifications, section 7.9 (check digits) and section 1.4 (prefixes).
"""

from __future__ import annotations

from tilltui.domain.text import clean
from tilltui.errors import N_, BarcodeError

MAX_CODE = 128
"""Most characters of a code that a product can be found by."""

GTIN_LENGTHS = frozenset({8, 12, 13, 14})
"""Digits of EAN-8, UPC-A, EAN-13 and ITF-14."""

_UPCE_TAILS = {
    "0": "{0}{1}00000{2}{3}{4}",
    "1": "{0}{1}10000{2}{3}{4}",
    "2": "{0}{1}20000{2}{3}{4}",
    "3": "{0}{1}{2}00000{3}{4}",
    "4": "{0}{1}{2}{3}00000{4}",
}


def is_digits(text: str) -> bool:
    """Tell whether ``text`` is one or more of the digits 0-9 and nothing else (not ``²`` or ``٣``)."""
    return text.isascii() and text.isdigit()


def check_digit(payload: str) -> int:
    """Compute the GS1 modulo 10 check digit that belongs behind ``payload``.

    Weights 3 and 1 from the right (GS1 General Specifications 7.9.1).

    >>> check_digit("780123456789")
    4

    Raises:
        BarcodeError: ``payload`` is not all digits.
    """
    if not is_digits(payload):
        raise BarcodeError(
            N_("Cannot compute a check digit of {code!r}: expected digits."),
            hint=N_("Scan it again, or key it digit by digit."),
            code=payload,
        )
    values = payload.encode("ascii")
    total = 3 * (sum(values[-1::-2]) - 48 * len(values[-1::-2]))
    total += sum(values[-2::-2]) - 48 * len(values[-2::-2])
    return -total % 10


def has_valid_check(code: str) -> bool:
    """Tell whether ``code`` is digits of which the last is the check digit of the others."""
    return is_digits(code) and len(code) > 1 and check_digit(code[:-1]) == int(code[-1])


def expand_upce(code: str) -> str:
    """Turn the 8 digits of a UPC-E into the 12 of the UPC-A that it abbreviates.

    >>> expand_upce("04252614")
    '042100005264'

    Raises:
        BarcodeError: Not 8 digits, a number system other than 0 and 1, or a wrong check digit.
    """
    if not is_digits(code) or len(code) != 8 or code[0] not in "01":
        raise BarcodeError(
            N_("Failed to read {code!r} as UPC-E: expected 8 digits of which the first is 0 or 1."),
            hint=N_("Scan it again, or key it digit by digit."),
            code=code,
        )
    tail = _UPCE_TAILS.get(code[6], "{0}{1}{2}{3}{4}0000{5}")
    payload = code[0] + tail.format(*code[1:7])
    digit = check_digit(payload)
    if digit != int(code[7]):
        raise wrong_check_digit(code, digit)
    return payload + code[7]


def is_upce(code: str) -> bool:
    """Tell whether ``code`` can be a UPC-E: 8 digits, number system 0 or 1, right check digit."""
    try:
        expand_upce(code)
    except BarcodeError:
        return False
    return True


def wrong_check_digit(code: str, expected: int) -> BarcodeError:
    """Build the error that says which check digit was expected."""
    return BarcodeError(
        N_("Wrong check digit in {code!r}: expected {expected}, got {got}."),
        hint=N_("Scan it again, or type the product's name."),
        code=code,
        expected=expected,
        got=code[-1],
    )


def looks_like_gtin(text: str) -> bool:
    """Tell whether ``text`` is 8, 12, 13 or 14 digits with a right check digit: never an amount."""
    return len(text) in GTIN_LENGTHS and has_valid_check(text)


def lookup_key(code: str, symbology: str | None = None) -> str:
    """Give the key under which a product's code is stored and found, however it was read or typed.

    UPC-A becomes the 13 digits ``0`` + 12; a GTIN-14 that begins with 0 loses it; a GTIN-8 padded with zeros
    to 12, 13 or 14 digits gets its 8 back (GS1 keeps that range free of other numbers, General Specifications
    1.4.1). A UPC-E is expanded only where ``symbology`` is ``]E0``: without it the digits may be an EAN-8
    or the shop's own. Anything else, and digits with a wrong check digit, are the shop's own codes and stay
    as they are.

    Args:
        code: Text as read; control and invisible characters are dropped, at most ``MAX_CODE`` are kept.
        symbology: AIM identifier, such as ``]E0``, where the scanner sends one.

    >>> lookup_key("012345678905"), lookup_key("04252614", "]E0")
    ('0012345678905', '0042100005264')
    """
    code = clean(code, MAX_CODE)
    if len(code) not in GTIN_LENGTHS or not is_digits(code):
        return code
    if len(code) == 8 and symbology == "]E0" and is_upce(code):
        code = expand_upce(code)
    elif len(code) == 8 or not has_valid_check(code):
        return code
    padded = code.zfill(14)
    if padded.startswith("000000"):
        return padded[6:]
    return padded[1:] if padded.startswith("0") else padded
