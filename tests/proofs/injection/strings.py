"""Hostile texts: what a terminal, a printer, a spreadsheet or a formatter would obey, and chance."""

from __future__ import annotations

import random
import unicodedata

PAYLOADS = (
    "\x1b[2J\x1b[H",
    "\x1b]0;owned\x07",
    "\x1b]52;c;cm0gLXJm\x07",
    "\x1bPq#0;2;0;0;0\x1b\\",
    "\x9b31m",
    "\x1bc",
    "\x1b[?1049l",
    "\x1b[6n",
    "\x90q\x9c",
    "\x1b[201~",
    "\x1b[5i",
    "\r\nINJECTED",
    "\x08\x08\x08",
    "\x7f\x7f",
    "\u202egnp.exe",
    "\u2066a\u2069",
    "\u200b\u200c\u200d\u2060\ufeff",
    "\u0000",
    "\ud800",
    "\ue000",
    "\U000e0041",
    "a" + "\u0301" * 60,
    "\ufdfa" * 30,
    "牛奶" * 40,
    "👩‍👩‍👧‍👦" * 9,
    "\u115f\u3164",
    "ﷺ",
    "[/foo]",
    "[@click=app.quit]x[/]",
    "[bold red on white]x",
    "[link=http://x]y[/link]",
    "[[]]",
    "\\[/]",
    "[/]",
    "$background",
    "{amount}",
    "{0}",
    "{name!r:>999999999}",
    "%s%n",
    "=cmd|'/c calc'!A1",
    "+1+1",
    "@SUM(1)",
    "-2+3",
    "'; DROP TABLE sale; --",
    '"*" OR 1=1',
    "\x1bp\x00\x19\xfa",
    "\x1d(k\x03\x00",
    "\x10\x14\x01\x00\x05",
    "../../etc/passwd",
    "$(reboot)",
    "`reboot`",
    "A" * 5000,
    " ",
    "",
    "\t\t",
    "-",
    "0",
    "NaN",
    "1e999",
    "٣٤",
)
"""What is known to do harm somewhere, one of each kind."""


def harmless(text: str) -> bool:
    """Nothing that a terminal could obey, and nothing that turns the line around."""
    return not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for char in text)


def texts(chance: random.Random, count: int) -> list[str]:
    """Random texts of everything: pieces of payloads, controls, any code point."""
    found = []
    for _ in range(count):
        pieces = []
        for _ in range(chance.randrange(1, 5)):
            kind = chance.random()
            if kind < 0.4:
                pieces.append(chance.choice(PAYLOADS)[:40])
            elif kind < 0.6:
                pieces.append(chr(chance.randrange(0x20)) + chance.choice("[]()PX^_c0A\\"))
            elif kind < 0.8:
                pieces.append(chr(chance.randrange(0x300)))
            else:
                pieces.append(chr(chance.randrange(0x110000)))
        found.append("".join(pieces))
    return found
