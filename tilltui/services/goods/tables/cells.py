"""Cells that a spreadsheet must not run or take for its own, and several codes in one cell.

A cell that begins with ``=``, ``+``, ``-``, ``@``, TAB or CR is a formula to a spreadsheet (OWASP ASVS 5.0,
1.2.10): an apostrophe goes in front on the way out, and comes off on the way in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ERRORS = frozenset(
    (
        "#N/A",
        "#N/D",
        "#REF!",
        "#¡REF!",
        "#VALUE!",
        "#VALOR!",
        "#¡VALOR!",
        "#DIV/0!",
        "#¡DIV/0!",
        "#NAME?",
        "#NUM!",
    )
)
"""What a spreadsheet shows where a formula failed: never a product's text, unless an apostrophe says so."""

_FORMULA = re.compile(
    "'*(?:[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]|(?:" + "|".join(map(re.escape, sorted(ERRORS))) + ")\\Z)"
)
_CODE = re.compile(r'"((?:[^"]|"")+)"(?=[\s|]|$)|([^\s|]+)')
_PLAIN = re.compile(r'(?!-$)[^\s|"]+')


def guard(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run.

    >>> guard("=1+1"), guard("'=1+1"), guard("Pan")
    ("'=1+1", "''=1+1", 'Pan')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """Take off the apostrophe that ``guard`` put there.

    >>> unguard("'=1+1"), unguard("'Pan"), unguard("=1")
    ('=1+1', "'Pan", '=1')
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def split_codes(text: str) -> list[str]:
    """Take apart the codes of a cell: between spaces or bars; one with a space inside stands in quotes.

    >>> split_codes('7801234567894|2100123 "A 1"')
    ['7801234567894', '2100123', 'A 1']
    """
    return [quoted.replace('""', '"') or plain for quoted, plain in _CODE.findall(text)]


def join_codes(codes: Iterable[str]) -> str:
    """Write codes so that ``split_codes`` reads them back; never a bare ``-``, which says "no codes"."""
    return "|".join(
        code if _PLAIN.fullmatch(code) else '"{}"'.format(code.replace('"', '""')) for code in codes
    )
