"""Shows the steps of conversations with Textual's pop-ups, and waits for other threads on their behalf."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from tilltui.errors import TillError
from tilltui.i18n import explain
from tilltui.services.flow import Flow, Step, Wait
from tilltui.services.people.locking import Locking
from tilltui.ui.flows.runner import Answer, Runner
from tilltui.ui.sale.view import SaleView
from tilltui.ui.shell.messages import WorkFinished

if TYPE_CHECKING:
    from textual.app import App

    from tilltui.ports import WeightRead
    from tilltui.ui.dialogs.devices import DevicesDialog
    from tilltui.ui.dialogs.dialog import Dialog
    from tilltui.ui.dialogs.weigh import WeighDialog
    from tilltui.ui.flows import steps
    from tilltui.ui.shell.key_queue import KeyQueue
    from tilltui.ui.shell.popups import Popups
    from tilltui.ui.shell.terminals import Terminals
    from tilltui.ui.widgets.sale.header_line import Clock

R = TypeVar("R")


class Host:
    """Every conversation that is open, and what it is shown with.

    Args:
        app: The application; other threads tell it what has ended.
        view: The sale, under the pop-ups.
        popups: Where they are opened.
        queue: Keys and scans, to be kept.
        terminals: What the card terminals are doing.
        locking: Looks at PINs.
        clock: For the head of the lock.
    """

    def __init__(
        self,
        app: App[None],
        view: SaleView,
        popups: Popups,
        queue: KeyQueue,
        terminals: Terminals,
        locking: Locking,
        clock: Clock,
    ) -> None:
        self._app = app
        self._view = view
        self._popups = popups
        self._queue = queue
        self._terminals = terminals
        self._locking = locking
        self._clock = clock
        self._page: tuple[DevicesDialog[Any], Callable[[], object]] | None = None
        self._scale: WeighDialog | None = None
        self.runner = Runner(self._begin, lambda step: not isinstance(step, Wait), self._failed)
        self._shown: Mapping[type, Callable[[Any, Answer], object]] = {}

    def run(self, flow: Flow[Any]) -> None:
        """Begin a conversation; it runs to its first step now."""
        self.runner.start(flow)

    def _failed(self, error: Exception) -> None:
        self._view.say(error)
        self._view.paint_input()

    def _begin(self, step: Step[Any], answer: Answer) -> None:
        """Show a step.

        Raises:
            TypeError: It is none, such as what asyncio waits for.
        """
        show = self._shows.get(type(step))
        if show is None:
            raise TypeError(f"a conversation cannot wait for {step!r}")
        show(step, answer)

    @property
    def _shows(self) -> Mapping[type, Callable[[Any, Answer], object]]:
        """How each step is shown; made with the first one, after the start."""
        if not self._shown:
            from tilltui.ui.flows import steps

            self._shown = {
                Wait: self._wait,
                steps.Pick: self._pick,
                steps.PickLive: self._pick_live,
                steps.Ask: self._ask,
                steps.Show: self._text,
                steps.ShowKeys: self._keys,
                steps.ShowSheet: self._sheet,
                steps.Find: self._find,
                steps.Weigh: self._weigh,
                steps.AtTerminal: self._terminal,
                steps.Locked: self._locked,
            }
        return self._shown

    # Waiting

    def later(
        self,
        future: Future[R],
        then: Callable[[R], object] = lambda result: None,
        failed: Callable[[BaseException], object] | None = None,
        *,
        hold: bool = False,
    ) -> None:
        """Go on when another thread has done its work; the screen is never blocked.

        Args:
            future: The work.
            then: Takes its result.
            failed: Takes its error; by default the bar says it.
            hold: Keep keys and scans until then, in their order, because they depend on it.
        """
        if hold:
            self._queue.hold()
            self._view.paint_input()
        take_error, app = failed or self._view.say, self._app
        future.add_done_callback(lambda done: app.post_message(WorkFinished(done, then, take_error, hold)))

    def finished(self, message: WorkFinished) -> None:
        """Another thread has done its work: first what follows from it, then what was kept."""
        try:
            try:
                result = message.future.result()
            except Exception as error:  # whoever waits knows what to make of it
                message.failed(error)
            else:
                message.then(result)
        finally:
            if message.waited:
                self._queue.let_go()

    def _wait(self, step: Wait[Any], answer: Answer) -> None:
        self.later(step.future, answer, answer.error, hold=step.hold)

    # Pop-ups

    def _open(
        self, dialog: Dialog[Any], answer: Callable[[Any], object], interrupted: Callable[[], object]
    ) -> None:
        def closed(result: Any) -> None:
            if result is None and dialog.interrupted:
                interrupted()
            else:
                answer(result)

        self._popups.open(dialog, closed)

    def _pick(self, step: steps.Pick[Any], answer: Answer) -> None:
        from tilltui.ui.dialogs.pick import PickDialog

        dialog = PickDialog(step.title, step.choices)
        self._open(dialog, lambda one: answer(one.value if one is not None else None), answer.interrupted)

    def _pick_live(self, step: steps.PickLive[Any], answer: Answer) -> None:
        from tilltui.ui.dialogs.devices import DevicesDialog

        dialog = DevicesDialog(step.title, step.offer)
        self._page = dialog, step.seen

        def closed(choice: Any) -> None:
            self._page = None
            answer(choice.value if choice is not None else None)

        def interrupted() -> None:
            self._page = None
            answer.interrupted()

        step.seen()
        self._open(dialog, closed, interrupted)

    def renew(self) -> None:
        """Something is known of a device or a plug that the page does not show yet, where it is open."""
        if self._page is not None:
            dialog, seen = self._page
            if dialog.renew():
                seen()

    def _ask(self, step: steps.Ask[Any], answer: Answer) -> None:
        from tilltui.ui.dialogs.ask import AskDialog

        self._open(
            AskDialog(step.title, step.questions, step.take, about=step.about), answer, answer.interrupted
        )

    def _text(self, step: steps.Show, answer: Answer) -> None:
        from tilltui.ui.dialogs.show import TextDialog

        self._open(TextDialog(step.title, step.lines), answer, answer.interrupted)

    def _keys(self, step: steps.ShowKeys, answer: Answer) -> None:
        from tilltui.ui.dialogs.show import HelpDialog

        self._open(HelpDialog(step.title, step.actions, step.labels), answer, answer.interrupted)

    def _sheet(self, step: steps.ShowSheet, answer: Answer) -> None:
        from tilltui.ui.dialogs.show import SheetDialog

        self._open(SheetDialog(step.view, labels=step.labels), answer, answer.interrupted)

    def _find(self, step: steps.Find, answer: Answer) -> None:
        from tilltui.ui.dialogs.find import FindDialog

        money = self._view.money
        self._open(FindDialog(step.search, money, step.text), answer, answer.interrupted)

    def _weigh(self, step: steps.Weigh, answer: Answer) -> None:
        from tilltui.ui.dialogs.weigh import WeighDialog

        dialog = WeighDialog(step.desk, step.name, step.unit, self._view.money.decimal, step.price)
        self._scale = dialog

        def closed(weighed: Any) -> None:
            self._scale = None
            answer(weighed)

        def interrupted() -> None:
            self._scale = None
            answer.interrupted()

        self._open(dialog, closed, interrupted)

    def weight_read(self, event: WeightRead) -> None:
        """The scale says something; only the pop-up that weighs wants to know."""
        if self._scale is not None:
            self._scale.hear(event)

    # Terminals

    def _terminal(self, step: steps.AtTerminal[Any], answer: Answer) -> None:
        """Scans are kept from now on, until the pop-up is gone; the flow goes on before they ring."""
        from tilltui.ui.dialogs.charge import ChargeDialog
        from tilltui.ui.flows.steps import Ended

        terminals, queue = self._terminals, self._queue
        dialog = ChargeDialog(step.title, step.amount, step.cancel)
        terminals.at[step.terminal] = dialog
        queue.hold()

        def left(_result: object) -> None:
            # Left with Esc, or closed by what follows below.
            if terminals.at.get(step.terminal) is dialog:
                queue.let_go()

        def gone(go_on: Callable[[bool], object]) -> None:
            here = not dialog.gone
            terminals.at.pop(step.terminal, None)
            try:
                dialog.finish(None)
                go_on(here)
            finally:
                if here:
                    queue.let_go()
                terminals.changed()

        self._popups.open(dialog, left)
        self.later(
            step.future,
            lambda result: gone(lambda here: answer(Ended(result, here))),
            lambda error: gone(lambda here: answer.error(error)),
        )

    # The lock

    def _locked(self, step: steps.Locked, answer: Answer) -> None:
        from tilltui.ui.dialogs.lock import LockDialog

        popups = self._popups
        popups.close_all()
        name, who = self._view.lock_texts()

        def scanned(code: str) -> None:
            popups.alarm()
            step.scanned(code)

        dialog = LockDialog(name, who, self._clock, Keyhole(self, self._locking), scanned)
        popups.locked = dialog

        def unlocked(_right: object) -> None:
            popups.locked = None
            if dialog.codes:
                popups.alarm()
            answer(tuple(dialog.codes))
            popups.unlocked()

        popups.open(dialog, unlocked)

    def not_looked(self, error: BaseException) -> None:
        """A PIN could not be looked at."""
        if self._popups.locked is not None:
            text = explain(error).text if isinstance(error, TillError) else type(error).__name__
            self._popups.locked.not_looked(text)


class Keyhole:
    """Looks at PINs for the lock, behind the screen.

    Args:
        host: Waits for the answer.
        locking: Looks.
    """

    def __init__(self, host: Host, locking: Locking) -> None:
        self._host = host
        self._locking = locking

    def has(self) -> bool:
        """Whether a PIN is wanted at all."""
        return self._locking.has()

    def waits(self) -> int:
        """Seconds until the next try is looked at."""
        return self._locking.waits()

    def check(self, pin: str, told: Callable[[bool], object]) -> None:
        """Look at a PIN in the background; a hash takes a third of a second on a small machine."""
        self._host.later(self._locking.check(pin), told, self._host.not_looked)
