"""Kills the whole program at random moments of selling, and checks what is left of every sale."""

from __future__ import annotations

import random
import signal
import threading
from collections import Counter
from dataclasses import dataclass, field

from tests.support.ledger import Books, at_head_office, books, receipts
from tests.support.program import Till, amount, shows_large
from tests.support.screen import NotSeen
from tests.support.shop import MATE, MILK, TestShop
from tilltui_drivers.virtual.printers.printer_device import VirtualPrinterDevice

STOPPED = "The till stopped during this sale"


@dataclass
class Attempt:
    """One customer; no two have the same total, so that a doubled sale shows.

    Attributes:
        milk: Cartons.
        mate: Packets.
        seen: Articles that stood on the screen.
        accepted: The change was on the screen.
    """

    milk: int
    mate: int
    seen: int = 0
    accepted: bool = False

    @classmethod
    def numbered(cls, number: int) -> Attempt:
        return cls(number % 90 + 1, number // 90 + 1)

    @property
    def totals(self) -> tuple[int, int, int]:
        """What the basket comes to with none, one and both of its articles."""
        return 0, self.milk * MILK.price, self.milk * MILK.price + self.mate * MATE.price


@dataclass
class Campaign:
    """Many lives of one till.

    Attributes:
        shop: Its shop, with scanner, printer and head office.
        printer: Its printer.
        seed: For the moments of the kills.
        attempts: Every customer so far.
        found: How often each thing happened.
    """

    shop: TestShop
    printer: VirtualPrinterDevice
    seed: int = 1
    attempts: list[Attempt] = field(default_factory=list)
    found: Counter[str] = field(default_factory=Counter)

    def run(self, kills: int) -> None:
        """Kill the till so many times, then let it finish and check everything.

        Raises:
            AssertionError: A sale was lost, doubled, or printed twice.
        """
        rng = random.Random(f"kills {self.seed}")
        self.shop.write()
        for _ in range(kills):
            # One life in five ends before or while the till opens.
            self._life(rng.uniform(0.1, 1.5), opened=rng.random() > 0.2)
        self._last_life()
        self._check(books(self.shop))

    def _life(self, seconds: float, *, opened: bool) -> None:
        """Open the till and sell until it is killed, some seconds after it was started or has opened."""
        scanner = self.shop.scanner
        assert scanner is not None
        scanner.forget()
        till = Till(self.shop, wait=False, rewrite=False)
        killer = threading.Timer(seconds, till.terminal.kill)
        try:
            if not opened:
                killer.start()
            text = till.ready()
            if opened:
                killer.start()
            self._go_on(till, text)
            while True:
                self._serve(till)
        except NotSeen:
            killer.join(10)
            if till.terminal.process.returncode != -signal.SIGKILL:
                raise
            self.found["kills"] += 1
        finally:
            killer.cancel()
            till.close()

    def _go_on(self, till: Till, text: str) -> None:
        """Finish what the life before left open, as the screen says."""
        last = self.attempts[-1] if self.attempts else None
        if STOPPED not in text:
            return
        assert last is not None
        assert not last.accepted, f"a sale that was accepted is open again:\n{text}"
        total = next((total for total in last.totals[1:] if shows_large(text, total)), 0)
        assert total, f"the basket is not the one that was open ({last}):\n{text}"
        missing = last.seen - last.totals.index(total)
        assert missing <= 1, f"{missing} lines are gone of {last}:\n{text}"
        self.found["baskets restored"] += 1
        self.found["lines lost"] += max(missing, 0)
        till.press("f10")
        till.wait("TO PAY")
        till.press("f10")
        till.wait("CHANGE")
        last.accepted = True

    def _serve(self, till: Till) -> None:
        """Serve one customer."""
        attempt = Attempt.numbered(len(self.attempts))
        self.attempts.append(attempt)
        for count, article in ((attempt.milk, MILK), (attempt.mate, MATE)):
            till.type(f"{count}*")
            till.wait(f"{count} x")
            till.send(article.code)
            total = attempt.totals[attempt.seen + 1]
            till.wait(lambda text, total=total: "TOTAL" in text and shows_large(text, total))  # type: ignore[misc]
            attempt.seen += 1
        till.begin_payment(attempt.totals[2])
        till.press("f10")
        till.paid(0)
        attempt.accepted = True

    def _last_life(self) -> None:
        """Let the till finish: its basket, its receipts, its uploads."""
        scanner = self.shop.scanner
        assert scanner is not None
        scanner.forget()
        till = Till(self.shop, wait=False, rewrite=False)
        try:
            self._go_on(till, till.ready())
            before = self.printer.paper.cuts
            self._serve(till)
            # Receipts come out in the order of the sales: once this one is there, nothing waits before it.
            mine = amount(self.attempts[-1].totals[2])
            assert self.printer.wait_for(
                lambda p: p.paper.cuts > before and receipts(p)[-1].total == mine, 30
            ), "the last receipt was not printed"
            till.wait("all sent", 30)
            assert till.quit() == 0
        finally:
            till.close()

    def _check(self, kept: Books) -> None:
        assert kept.findings == []
        assert kept.basket == []
        self._match([sale.total for sale in kept.sales])
        assert kept.grand_total == sum(sale.total for sale in kept.sales)
        assert self.shop.office is not None
        assert at_head_office(self.shop.office) == kept.sales
        self.found["sales"] += len(kept.sales)
        self.found["accepted unseen"] += len(kept.sales) - sum(a.accepted for a in self.attempts)
        self._check_paper(kept)

    def _match(self, totals: list[int]) -> None:
        """Each sale is one customer's, in the order in which they came, and no accepted one is missing."""
        waiting = iter(self.attempts)
        for number, total in enumerate(totals, 1):
            for attempt in waiting:
                if total in attempt.totals[1:]:
                    break
                assert not attempt.accepted, f"{attempt} was accepted and is lost"
            else:
                raise AssertionError(
                    f"sale {number} of {amount(total)} is nobody's, or a second time somebody's"
                )
        left = [attempt for attempt in waiting if attempt.accepted]
        assert not left, f"accepted and lost: {left}"

    def _check_paper(self, kept: Books) -> None:
        paper = receipts(self.printer)
        assert not any(piece.copy for piece in paper)
        printed = Counter(piece.number for piece in paper)
        totals = {sale.number: amount(sale.total) for sale in kept.sales}
        for piece in paper:
            assert piece.total == totals.get(piece.number), piece.text
        for title, state, _copy in kept.jobs:
            self.found[f"receipts {state}"] += 1
            assert printed[title] <= 1, f"{title} was printed {printed[title]} times"
            assert state in ("confirmed", "uncertain"), f"{title} is {state}"
            assert printed[title] == 1 or state == "uncertain", f"{title} is {state} and not on paper"
        assert [title for title, _state, _copy in kept.jobs] == list(totals)
        assert len(self.printer.paper.kicks) <= len(kept.sales)
