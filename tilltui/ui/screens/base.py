"""What the parts of the sale screen share: errors, questions, waiting for the disk, changing modes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from textual import events

from tilltui.errors import TillError
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.sale.painting import SalePainter
from tilltui.ui.sale.state import Mode, Scan, Shown
from tilltui.ui.shell.desk import Desk
from tilltui.ui.shell.messages import WorkFinished
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.ui.dialogs.dialog import Dialog
    from tilltui.ui.dialogs.lock import LockDialog

log = logging.getLogger(__name__)

R = TypeVar("R")

SCANNER_ENTER_SECONDS = 0.3
"""An Enter within this time of a scan is taken for the scanner's own: it dismisses and pays nothing."""

MOST_KEPT_KEYS = 64
"""Most keys that are kept while the till waits for its disk; scans are kept without limit."""


class SaleBase(SalePainter):
    """Steps that the parts of the sale screen share.

    Attributes:
        locked: What covers the screen while the till is locked.
        after_lock: Pop-ups that wait until it is unlocked.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.ready = False
        self.scanned_at = float("-inf")
        self.locked: LockDialog | None = None
        self.after_lock: list[Callable[[], object]] = []
        self._kept: list[Scan | events.Key] = []

    # Errors

    def fail(
        self,
        problem: BaseException | str,
        *,
        code: str = "",
        level: str = "error",
        quantity: int | None = None,
    ) -> None:
        """Say an error in the bar until Esc, with its own sound.

        Args:
            problem: The error, or words in the language in force.
            code: The code that it is about.
            level: ``error`` or ``warning``.
            quantity: Thousandths that were keyed before the code.
        """
        if isinstance(problem, BaseException) and not isinstance(problem, TillError):
            log.error("unexpected: %r", problem, exc_info=problem)
        shown = Shown(problem, code, quantity, level)
        self.till.alarm()
        # What comes again and again, such as a disk that does not take the basket, is said once.
        if level == "warning" and any(self.words_of(old) == self.words_of(shown) for old in self.errors):
            return
        self.errors.append(shown)
        self.paint_errors()

    def next_error(self) -> bool:
        """Put the error away that is shown.

        Returns:
            Whether there was one.
        """
        if not self.errors:
            return False
        self.errors.pop(0)
        self.paint_errors()
        return True

    def try_to(self, work: Callable[[], R]) -> R | None:
        """Do a step of the sale; what it refuses is said in the bar."""
        try:
            return work()
        except TillError as error:
            self.fail(error)
            return None

    def attempt(self, work: Callable[[], object]) -> bool:
        """Do a step of the sale; what it refuses is said in the bar.

        Returns:
            Whether it was done.
        """
        try:
            work()
        except TillError as error:
            self.fail(error)
            return False
        return True

    # Waiting

    def later(
        self,
        future: Future[R],
        then: Callable[[R], object] = lambda result: None,
        *,
        failed: Callable[[BaseException], object] | None = None,
        wait: bool = False,
    ) -> None:
        """Go on when another thread has done its work; the screen is never blocked.

        Args:
            future: The work.
            then: Takes its result.
            failed: Takes its error; by default the bar says it.
            wait: Keep keys and scans until then, in their order, because they depend on it.
        """
        if wait:
            self.waiting += 1
            self.paint_input()
        take_error, app = failed or self.fail, self.app
        future.add_done_callback(lambda done: app.post_message(WorkFinished(done, then, take_error, wait)))

    def finished(self, message: WorkFinished) -> None:
        """Another thread has done its work."""
        if message.waited:
            self.waiting -= 1
        error = message.future.exception()
        if error is not None:
            message.failed(error)
        else:
            message.then(message.future.result())
        if message.waited:
            self.paint_input()
            self.release()

    @property
    def busy(self) -> bool:
        """Whether keys and scans must wait."""
        return not self.ready or self.waiting > 0

    def keep(self, item: Scan | events.Key) -> None:
        """Keep a scan or a key that came too early.

        Of the keys only those that begin something: an Enter or F10 more was meant for what is being saved.
        """
        if isinstance(item, Scan) or (
            len(self._kept) < MOST_KEPT_KEYS
            and (item.is_printable or (self._kept and item.key in ("enter", "backspace")))
        ):
            self._kept.append(item)

    def release(self) -> None:
        """Handle what was kept, in its order; what must wait again is kept again."""
        kept, self._kept = self._kept, []
        for item in kept:
            if isinstance(item, Scan):
                self.till.scan(item)
            else:
                self.till.key_pressed(item)

    def drop_kept_keys(self) -> None:
        """Forget the kept keys: they were meant for another sale than the one that is open now."""
        self._kept = [item for item in self._kept if isinstance(item, Scan)]

    # Steps

    def become(self, mode: Mode) -> None:
        """Go to another mode."""
        self.mode = mode
        if mode is not Mode.DONE:
            self.done = None
        self.paint_total()
        self.paint_input()
        self.paint_keys()

    def begin(self) -> None:
        """Leave the change of the last sale: what comes now is the next one."""
        if self.mode is Mode.DONE:
            self.view.set_rows(())
            self.become(Mode.SELL)
            self.paint_header()

    def ask(
        self,
        title: str,
        questions: Sequence[Question],
        answer: Callable[[Values], R],
        then: Callable[[R], object] | None = None,
        *,
        about: str = "",
        dropped: str = "",
        always: bool = True,
    ) -> None:
        """Ask something in a pop-up.

        Args:
            title: Heading.
            questions: The fields.
            answer: Makes the result, or raises what is wrong with it.
            then: Takes the result.
            about: A sentence over the fields.
            dropped: Said in the bar when the pop-up is left without an answer: an item that was not rung.
            always: Said after Esc too, not only when a scan closed it.
        """
        from tilltui.ui.dialogs.ask import AskDialog

        dialog = AskDialog(title, questions, answer, about=about)

        def closed(result: R | None) -> None:
            if result is not None:
                if then is not None:
                    then(result)
            elif dropped and (always or dialog.interrupted):
                self.fail(dropped, level="error" if dialog.interrupted else "warning")

        self.open(dialog, closed)

    def pick(self, title: str, choices: Sequence[Choice], picked: Callable[[Choice | None], object]) -> None:
        """Offer a list in a pop-up.

        Args:
            title: Heading.
            choices: What there is.
            picked: Takes what was picked, ``None`` when the pop-up was left without.
        """
        from tilltui.ui.dialogs.pick import PickDialog

        self.open(PickDialog(title, choices), picked)

    def show_text(self, title: str, lines: Sequence[str]) -> None:
        """Show lines of text in a pop-up, such as a receipt."""
        from tilltui.ui.dialogs.show import TextDialog

        self.open(TextDialog(title, lines))

    def open(self, dialog: Dialog[R], then: Callable[[R | None], object] | None = None) -> None:
        """Open a pop-up over the sale; on a locked till once it is unlocked."""
        if self.locked is not None and dialog is not self.locked:
            self.after_lock.append(lambda: self.open(dialog, then))
            return

        def closed(result: R | None) -> None:
            self.paint_keys()
            if then is not None:
                then(result)

        dialog.then = closed
        self.app.push_screen(dialog)
        self.paint_keys()

    def just_scanned(self, at: float) -> bool:
        """Whether a key pressed at that monotonic time came right behind a scan."""
        return at - self.scanned_at < SCANNER_ENTER_SECONDS
