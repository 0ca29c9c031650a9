"""Draws the pictures of the docs: scripts/pictures [--folder FOLDER] [--png].

Drives the real till, with the demo shop's devices, at a clock that stands still, in Spanish, at 80x24: the
codes come through the scanner's pipe, the receipt out of the demo's printer. The same code draws the same
pictures on every machine; with --png each one is also turned into a PNG, which needs rsvg-convert.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

from textual.pilot import Pilot
from textual.screen import ModalScreen

from tests.proofs.pictures.svg import svg
from tilltui import wiring
from tilltui.demo import scan_codes
from tilltui.services.till import Till
from tilltui.ui.shell.app import TillApp
from tilltui.ui.widgets.form_field import FormField

FOLDER = Path("docs", "pictures")

PLACE = "America/Santiago"
MOMENT = datetime(2025, 11, 22, 14, 32, tzinfo=ZoneInfo(PLACE))
"""When the clock stands still: a Saturday."""

UNKNOWN = "7801234567894"
"""A good code that no product of the demo shop has."""

PATIENCE = 20.0
"""Most seconds that the till may take for a step."""

SCANNERS_ENTER = 0.35
"""Seconds after a scan in which the till takes no Enter and no Esc, for they may be the scanner's."""


class NeverCame(Exception):
    """The till did not do what the picture was to show."""


class Photographer:
    """Sells in the demo shop and keeps what the screen shows.

    Args:
        till: The demo shop.
        folder: Where the pictures go.
    """

    def __init__(self, till: Till, folder: Path) -> None:
        self.sale = till.register.sale
        self.folder = folder
        self.app = TillApp(till)
        self.drawn: list[Path] = []
        self._scanned_at = 0.0

    async def day(self) -> None:
        """Every scene, in the order of a sale."""
        async with self.app.run_test(size=(80, 24)) as pilot:
            self._pilot: Pilot[None] = pilot
            await self.until(self._scanner.is_fifo, "the scanner")
            await self.until(lambda: self._all_sent(0), "head office")
            await self.a_small_sale()
            await self.the_sale()
            await self.paying()

    async def a_small_sale(self) -> None:
        """Sell one thing, so that there is a last change."""
        await self.scan(scan_codes()[0])
        await pressed(self._pilot, "enter", "f3")
        await self.until(lambda: self._all_sent(1), "the first sale at head office")
        await self.until(lambda: not self.sale.basket, "the change")

    async def the_sale(self) -> None:
        """A basket with a bit of everything; then a search, an unknown code and the help over it."""
        packed, labels = scan_codes()[:7], scan_codes()[10:]
        await self.scan(packed[1])
        await self.scan(labels[0])
        await pressed(self._pilot, "3", "asterisk")
        await self.scan(packed[0])
        await self.scan(packed[4])
        await self.scan(packed[2])
        await pressed(self._pilot, "delete")
        await self.scan(labels[2])
        await self.scan(labels[8])
        await pressed(self._pilot, "2", "asterisk")
        await self.scan(packed[6])
        await pressed(self._pilot, "f4", "1")
        await self.until(self._asked, "the question for the discount")
        await pressed(self._pilot, *"10%", "enter")
        await self.until(lambda: not self._dialog() and self._discounted(), "the discount")
        await self.draw("sale")
        await pressed(self._pilot, "f2")
        await self.until(self._dialog, "the search")
        await pressed(self._pilot, *"queso")
        await self.draw("find")
        await pressed(self._pilot, "escape")
        await self.until(lambda: not self._dialog(), "the sale behind the search")
        await pressed(self._pilot, "f1")
        await self.until(self._dialog, "the help")
        await self.draw("help")
        await pressed(self._pilot, "escape")
        await self.until(lambda: not self._dialog(), "the sale behind the help")
        self._send(UNKNOWN)
        await self.until(lambda: UNKNOWN in self._text(), "the error")
        self._scanned_at = time.monotonic()
        await self.draw("error")
        await self.until(self._may_press, "the end of the scanner's Enter")
        await pressed(self._pilot, "escape")
        await self.until(lambda: UNKNOWN not in self._text(), "the end of the error")

    async def paying(self) -> None:
        """The card for a part, a note for the rest, and the receipt."""
        await pressed(self._pilot, "enter", *"8000", "f9")
        await self.until(self._asked, "the question for the card")
        await pressed(self._pilot, *"4242", "enter")
        await self.until(lambda: self.sale.payments and not self._dialog(), "the card")
        await self.draw("paying")
        await pressed(self._pilot, "f6")
        await self.until(lambda: self._all_sent(2), "the sale at head office")
        await self.until(lambda: not self.sale.basket, "the change")
        await self.draw("change")
        receipt = self.sale.store.folder / "receipts" / "receipt-000002.png"
        await self.until(receipt.exists, "the receipt")
        target = self.folder / "receipt.png"
        shutil.copyfile(receipt, target)
        self.drawn.append(target)

    async def scan(self, code: str) -> None:
        """Scan a code that the till knows, and wait until it is rung."""
        before = self.sale.basket
        self._send(code)
        await self.until(lambda: self.sale.basket is not before, code)
        self._scanned_at = time.monotonic()
        await self.until(self._may_press, "the end of the scanner's Enter")

    @property
    def _scanner(self) -> Path:
        return self.sale.store.folder / "scanner"

    def _send(self, code: str) -> None:
        self._scanner.write_text(f"{code}\r")

    def _may_press(self) -> bool:
        return time.monotonic() - self._scanned_at > SCANNERS_ENTER

    async def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait until the till is so far."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > deadline:
                raise NeverCame(f"{what}: the screen is\n{self._text()}")
            await self._pilot.pause(0.02)
        await self._pilot.pause()

    def _text(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    def _dialog(self) -> bool:
        return isinstance(self.app.screen, ModalScreen)

    def _asked(self) -> bool:
        return self._dialog() and isinstance(self.app.focused, FormField)

    def _discounted(self) -> bool:
        return any(line.discount for line in self.sale.basket.lines)

    def _all_sent(self, sales: int) -> bool:
        head = next(self.sale.store.reader.execute("SELECT sales FROM head"))[0]
        states = self.app.known.uploads.values()
        return head == sales and any(state.online for state in states) and not any(s.waiting for s in states)

    async def draw(self, name: str) -> None:
        """Write what the screen shows as SVG."""
        await self._pilot.pause()
        rows = self.app.screen._compositor.render_strips()
        target = self.folder / f"{name}.svg"
        target.write_text(svg(rows, f"Tilltui: {name}"), "utf-8")
        self.drawn.append(target)


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys as a cashier does."""
    for key in keys:
        await pilot.press(key)


def draw_all(folder: Path) -> list[Path]:
    """Draw every picture into a folder; what is drawn, in order.

    Raises:
        NeverCame: The till did not do what a picture was to show.
    """
    moment = int(MOMENT.timestamp()) * 1_000_000_000
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tilltui-pictures-") as home:
        places = {f"XDG_{kind}_HOME": f"{home}/{kind.lower()}" for kind in ("DATA", "CONFIG", "CACHE")}
        with mock.patch.dict(os.environ, {**places, "TZ": PLACE}):
            time.tzset()
            with mock.patch("time.time_ns", return_value=moment):
                (Path(home) / "data" / "tilltui" / "demo" / "head-office").mkdir(parents=True)
                till = wiring.make_till(None)
                # Pilot's keys come without a person's pauses; the rhythm of a scanner has its own tests.
                till.look = replace(till.look, wedge_gap_ms=0, beep=False, theme="rgb")
                photographer = Photographer(till, folder)
                try:
                    asyncio.run(photographer.day())
                finally:
                    till.close()
        time.tzset()
    return photographer.drawn


def to_png(svg: Path) -> Path:
    """Turn a picture into a PNG beside it."""
    target = svg.with_suffix(".png")
    subprocess.run(["rsvg-convert", "--zoom", "1.5", "-o", str(target), str(svg)], check=True)
    return target


def main() -> int:
    """Draw the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/pictures", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to (docs/pictures)")
    parser.add_argument("--png", action="store_true", help="PNGs besides the SVGs, by rsvg-convert")
    args = parser.parse_args()
    if args.png and shutil.which("rsvg-convert") is None:
        parser.error("--png needs rsvg-convert (Debian: librsvg2-bin)")
    for picture in draw_all(args.folder):
        print(picture)
        if args.png and picture.suffix == ".svg":
            print(to_png(picture))
    return 0


if __name__ == "__main__":
    sys.exit(main())
