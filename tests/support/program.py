"""The real till in a terminal, with a cashier's hands: each step waits for what the screen says."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tests.support.screen import Condition, NotSeen, Terminal
from tests.support.shop import ROOT, Article, TestShop
from tilltui.domain.countries.known import COUNTRIES
from tilltui.ui.widgets.big_digits import digit_rows

PESOS = COUNTRIES["CL"].currency

PANEL = 22
"""Columns of the large number in the total's panel at 80 columns, its margin taken off."""


def environment(home: Path) -> dict[str, str]:
    """Surroundings in which nothing of this machine's user is touched."""
    keep = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    home.mkdir(parents=True, exist_ok=True)
    return {
        **keep,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'drivers'}",
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
    }


def open_terminal(
    shop: TestShop, *arguments: str, env: Mapping[str, str] | None = None, prefix: tuple[str, ...] = ()
) -> Terminal:
    """Start the program with the shop's settings as they are on disk."""
    argv = [*prefix, sys.executable, "-m", "tilltui", "--config", str(shop.config), *arguments]
    return Terminal(argv, env={**environment(shop.folder / "home"), **(env or {})}, cwd=ROOT)


def amount(value: int) -> str:
    """An amount as the screen and the paper write it."""
    return PESOS.format(value)


def shows_large(text: str, value: int) -> bool:
    """Whether an amount stands in the total's panel in large digits."""
    lines = [line[57:].rstrip("│").strip() for line in text.split("\n")]
    rows = [row.strip() for row in digit_rows(amount(value), PANEL, 3)]
    return any(lines[at : at + len(rows)] == rows for at in range(len(lines)))


def _focused_row(text: str) -> int:
    """Row of the field that has the keys, by its double frame; -1 where no pop-up has one."""
    return next((row for row, line in enumerate(text.split("\n")) if "╔" + "═" * 20 in line), -1)


class Till:
    """A running till and its cashier.

    Attributes:
        shop: Its shop.
        terminal: Its screen.
        items: Items that the basket must show.
        scan_seconds: From each scan to its item on the screen.
    """

    def __init__(self, shop: TestShop, *, wait: bool = True, rewrite: bool = True, **options: object) -> None:
        self.shop = shop
        if rewrite:
            shop.write()
        self.terminal = open_terminal(shop, **options)  # type: ignore[arg-type]
        self.items = 0
        self.scan_seconds: list[float] = []
        if wait:
            self.ready()

    def ready(self) -> str:
        """Wait until it can sell and its devices have been started."""
        scanner = self.shop.scanner
        text = self.wait(lambda text: "F12" in text and "TOTAL" in text, 30)
        if scanner is not None and scanner.plugged_in:
            deadline = time.monotonic() + 15
            while not scanner.opened(0.2):
                if self.terminal.process.poll() is not None or time.monotonic() > deadline:
                    raise NotSeen(f"the till did not open its scanner; the screen was\n{text}")
        # The devices are opened behind the first whole picture.
        return self.terminal.wait_quiet(0.1)

    # Hands

    def wait(self, condition: Condition, timeout: float = 10.0) -> str:
        """Wait for something on the screen."""
        return self.terminal.wait_for(condition, timeout)

    def press(self, *names: str) -> None:
        """Press keys."""
        self.terminal.press(*names)

    def type(self, text: str) -> None:
        """Type characters."""
        self.terminal.type(text)

    def send(self, code: str) -> None:
        """Scan a code and wait for nothing."""
        assert self.shop.scanner is not None
        self.shop.scanner.send(code)

    def scan(self, article: Article | str, items: int = 1) -> str:
        """Scan and wait until the basket shows so many items more; the time that took is kept."""
        code = article if isinstance(article, str) else article.code
        begun = time.monotonic()
        self.send(code)
        text = self.rung(items)
        self.scan_seconds.append(time.monotonic() - begun)
        return text

    def key_code(self, article: Article | str, items: int = 1) -> str:
        """Type a code and Enter."""
        self.type(article if isinstance(article, str) else article.code)
        self.enter()
        return self.rung(items)

    def rung(self, items: int = 1) -> str:
        """Wait until the basket shows so many items more."""
        self.items += items
        count = f" {self.items} item" + ("" if self.items == 1 else "s")
        return self.wait(lambda text: count in text and "TOTAL" in text)

    def hands_free(self) -> None:
        """Take the hand off the scanner: within 300 ms of a scan the till takes Enter and Esc for its own."""
        self.terminal.wait_quiet(0.32)

    def enter(self) -> None:
        """Press Enter, with the hand off the scanner."""
        self.hands_free()
        self.press("enter")

    # The sale

    def begin_payment(self, total: int) -> str:
        """Go to paying with F10, and read the total in large digits."""
        self.press("f10")
        return self.wait(lambda text: "TO PAY" in text and shows_large(text, total))

    def paid(self, change: int, label: str = "CHANGE") -> str:
        """Wait until the sale is accepted; the change (or what ``label`` says) is in large digits."""
        text = self.wait(lambda text: f" {label}" in text and shows_large(text, change))
        self.items = 0
        return text

    def by_card(self, total: int) -> str:
        """A card for all of it, with F9."""
        self.press("f9")
        self.answer("Last four digits", "4242")
        return self.paid(total, "PAID")

    def exact(self, total: int) -> str:
        """Exact cash: F10 and F10."""
        self.begin_payment(total)
        self.press("f10")
        return self.paid(0)

    def answer(self, title: str, *values: str) -> None:
        """Fill a pop-up's fields in, one after the other; the last Enter answers."""
        self.wait(title)
        for number, value in enumerate(values, 1):
            field = _focused_row(self.wait(lambda text: _focused_row(text) >= 0))
            self.type(value)
            self.enter()
            if number < len(values):
                self.wait(lambda text, field=field: _focused_row(text) not in (-1, field))  # type: ignore[misc]

    def pick(self, title: str, label: str) -> None:
        """Pick a line of a list by its digit, or where it has none with the cursor."""
        text = self.wait(lambda text: title in text and label in text)
        row = next(line for line in text.split("\n") if label in line)
        digit = row.split(label)[0].strip(" │║|>").strip()
        if digit.isdigit():
            self.press(digit)
            return
        # Only what stands behind the tenth line has no digit: the last one.
        self.press("end")
        self.press("enter")

    def close(self) -> None:
        """Kill the program if it still runs."""
        self.terminal.close()

    def quit(self) -> int:
        """Close the till by its menu."""
        self.hands_free()
        self.press("f12")
        self.pick("Menu", "Close the till")
        self.pick("Close the till?", "Yes, close the till")
        return self.terminal.wait_end(15)
