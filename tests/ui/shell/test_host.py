"""Conversations on the screen: scans, the lock and the end at each of their steps, and what they wait for."""

from __future__ import annotations

import asyncio
import gc
import threading
from concurrent.futures import CancelledError, Future
from typing import Any

import pytest

from tests.ui.card_terminal import ScriptedTerminal, approved, charging
from tests.ui.cashier import MILK, SOAP, YERBA, Bench, Cashier, open_till
from tilltui.domain.people.rights import EVERYTHING, Right
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.ports import Weighing, Weight, WeightRead
from tilltui.services.devices.weighing import Stage, Step, Tare
from tilltui.services.flow import Flow, Interrupted, Wait
from tilltui.ui.dialogs.ask import AskDialog
from tilltui.ui.dialogs.charge import ChargeDialog
from tilltui.ui.dialogs.pick import PickDialog
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.steps import Ask, AtTerminal, Ended, Pick, PickLive, Show, Weigh
from tilltui.ui.sale.state import Mode
from tilltui.ui.widgets.choice import Choice

ONE = [Choice("a", 1)]


def names(cashier: Cashier) -> list[str]:
    return [name for name, _quantity, _amount in cashier.lines]


def run(cashier: Cashier, flow: Flow[Any]) -> None:
    """Begin a conversation as a key does."""
    cashier.app._carefully(lambda: cashier.app.host.run(flow))


def open_flows(cashier: Cashier) -> int:
    return cashier.app.host.runner.count


# Scans and keys


@pytest.mark.parametrize("keys", [("f4",), ("f4", "1"), ("f12",), ("f6",), ("f11",), ("f2",), ("f1",)])
async def test_a_scan_closes_what_is_asked_and_rings(cashier: Cashier, keys: tuple[str, ...]) -> None:
    await cashier.scan(MILK)
    await cashier.press(*keys)
    assert cashier.dialog is not None
    await cashier.scan(SOAP)
    assert cashier.dialog is None
    assert names(cashier) == ["Leche entera 1 L", "Detergente líquido 3 L"]
    assert open_flows(cashier) == 0
    assert cashier.errors == []


async def test_keys_and_scans_in_one_burst_keep_their_order(cashier: Cashier) -> None:
    cashier.read(MILK)
    for key in ("f4", "1", "1", "0", "%", "enter"):
        cashier.key(key)
    cashier.read(SOAP)
    for key in ("enter", "enter"):
        cashier.key(key)
    cashier.read(YERBA)
    await cashier.settle()
    assert cashier.sales() == [(1, 1035 + 8990, 0)]
    assert names(cashier) == ["Yerba mate 500 g"]


async def test_esc_answers_none_and_a_scan_interrupts(cashier: Cashier) -> None:
    seen: list[Any] = []

    async def asks() -> None:
        seen.append(await Pick("one", ONE))
        try:
            seen.append(await Pick("two", ONE))
        except Interrupted:
            seen.append("interrupted")
            seen.append(await Pick("three", ONE))

    run(cashier, asks())
    await cashier.press("escape")
    await cashier.scan(MILK)
    assert seen == [None, "interrupted"]
    assert cashier.dialog is None, "no pop-up behind the scan"
    assert open_flows(cashier) == 0
    assert names(cashier) == ["Leche entera 1 L"]


async def test_what_a_scan_interrupts_may_still_wait(cashier: Cashier) -> None:
    work: Future[int] = Future()
    seen: list[Any] = []

    async def tidies() -> None:
        try:
            await Pick("one", ONE)
        finally:
            seen.append(await Wait(work, hold=False))

    run(cashier, tidies())
    await cashier.scan(MILK)
    assert names(cashier) == ["Leche entera 1 L"]
    work.set_result(5)
    await cashier.until(lambda: open_flows(cashier) == 0)
    assert seen == [5]


async def test_a_flow_that_closes_the_pop_ups_itself(cashier: Cashier) -> None:
    seen: list[str] = []

    async def below() -> None:
        try:
            await Pick("below", ONE)
        except Interrupted:
            seen.append("interrupted")
            raise

    async def closes() -> None:
        cashier.app.popups.close_all()
        seen.append("closed")
        await Pick("above", ONE)

    run(cashier, below())
    await cashier.settle()
    run(cashier, closes())
    await cashier.settle()
    assert seen == ["interrupted", "closed"]
    await cashier.press("1")
    assert open_flows(cashier) == 0
    assert cashier.mode is Mode.SELL


# Forms


async def test_what_is_refused_keeps_the_form_with_what_was_keyed(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f4", "1")
    await cashier.type("200%")
    await cashier.press("enter")
    form = cashier.dialog
    assert isinstance(form, AskDialog)
    assert form._field.value == "200%"
    await cashier.press(*["backspace"] * 4)
    await cashier.type("10%")
    await cashier.press("enter")
    assert cashier.dialog is None
    assert cashier.total == 1035


async def test_a_right_that_is_missing_keeps_the_form_and_is_said_in_it(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f4", "1")
    cashier.register.session.rights = EVERYTHING - {Right.DISCOUNT}
    await cashier.type("10%")
    await cashier.press("enter")
    assert isinstance(cashier.dialog, AskDialog)
    assert "give a discount" in await cashier.text()
    assert cashier.total == 1150
    cashier.register.session.rights = EVERYTHING
    await cashier.press("enter")
    assert cashier.dialog is None
    assert cashier.total == 1035


async def test_a_form_that_fails_by_a_fault_is_said_and_selling_goes_on(cashier: Cashier) -> None:
    def take(values: Values) -> None:
        raise RuntimeError("a fault")

    async def asks() -> None:
        await Ask("form", [Question("a", "A:")], take)

    run(cashier, asks())
    await cashier.settle()
    await cashier.press("enter")
    assert cashier.errors == ["Something went wrong: RuntimeError."]
    await cashier.scan(MILK)
    assert cashier.dialog is None
    assert open_flows(cashier) == 0
    assert names(cashier) == ["Leche entera 1 L"]


# Waiting


async def test_the_flow_goes_on_before_what_was_kept(cashier: Cashier) -> None:
    first: Future[int] = Future()
    second: Future[int] = Future()
    order: list[Any] = []

    async def waits() -> None:
        order.append(await Wait(first))
        order.append(await Wait(second))
        order.append(len(cashier.lines))

    run(cashier, waits())
    cashier.read(MILK)
    await asyncio.sleep(0)
    first.set_result(1)
    await cashier.until(lambda: order == [1])
    cashier.read(SOAP)
    await cashier.pilot.pause()
    assert cashier.lines == [], "between two waits nothing is let go"
    assert cashier.state.busy
    second.set_result(2)
    await cashier.until(lambda: len(cashier.lines) == 2)
    assert order == [1, 2, 0]
    assert names(cashier) == ["Leche entera 1 L", "Detergente líquido 3 L"]
    assert cashier.state.waiting == 0


async def test_what_does_not_hold_lets_scans_ring(cashier: Cashier) -> None:
    work: Future[int] = Future()
    order: list[Any] = []

    async def waits() -> None:
        order.append(await Wait(work, hold=False))

    run(cashier, waits())
    assert not cashier.state.busy
    await cashier.scan(MILK)
    assert names(cashier) == ["Leche entera 1 L"]
    work.set_result(1)
    await cashier.until(lambda: order == [1])


async def test_what_it_waits_for_raises_in_it_and_what_it_raises_is_said(cashier: Cashier) -> None:
    work: Future[int] = Future()
    seen: list[str] = []

    async def fails() -> None:
        try:
            await Wait(work)
        except OSError as error:
            seen.append(str(error))
            raise SaleError(N_("Nothing was scanned."), hint="") from error

    run(cashier, fails())
    cashier.read(MILK)
    work.set_exception(OSError("disk"))
    await cashier.until(lambda: bool(cashier.lines))
    assert seen == ["disk"]
    assert cashier.errors == ["Nothing was scanned."]
    assert not cashier.state.busy


async def test_work_that_is_called_off_is_raised_and_nothing_stays_held(cashier: Cashier) -> None:
    work: Future[int] = Future()
    seen: list[str] = []

    async def waits() -> None:
        try:
            await Wait(work)
        except CancelledError:
            seen.append("called off")

    run(cashier, waits())
    cashier.read(MILK)
    work.cancel()
    await cashier.until(lambda: bool(cashier.lines))
    assert seen == ["called off"]
    assert open_flows(cashier) == 0
    assert cashier.errors == []


async def test_what_goes_wrong_behind_the_flow_lets_go_as_well(cashier: Cashier) -> None:
    work: Future[int] = Future()

    async def waits() -> None:
        await Wait(work)
        raise RuntimeError("a fault of the till's own")

    run(cashier, waits())
    cashier.read(MILK)
    work.set_result(1)
    await cashier.until(lambda: bool(cashier.lines))
    assert cashier.errors == ["Something went wrong: RuntimeError."]


async def test_what_only_asyncio_waits_for_is_said(cashier: Cashier) -> None:
    async def wrong() -> None:
        await asyncio.sleep(0)

    run(cashier, wrong())
    assert cashier.errors == ["Something went wrong: TypeError."]
    assert open_flows(cashier) == 0
    await cashier.scan(MILK)
    assert names(cashier) == ["Leche entera 1 L"]


async def test_a_new_language_is_spoken_by_the_next_question(cashier: Cashier) -> None:
    work: Future[int] = Future()

    async def asks() -> None:
        await Wait(work, hold=False)
        await Pick(_("Language"), ONE)

    run(cashier, asks())
    cashier.register.speak("es")
    work.set_result(1)
    await cashier.until(lambda: isinstance(cashier.dialog, PickDialog))
    await cashier.settle()
    assert "Idioma" in await cashier.text()


# At a terminal


async def at_terminal(cashier: Cashier, work: Future[str], order: list[Any]) -> ChargeDialog:
    async def charges() -> None:
        try:
            ended = await AtTerminal("card", "Card", "$1", work)
            order.append((ended.result, ended.here))
        except OSError as error:
            order.append(str(error))
        order.append(len(cashier.lines))

    run(cashier, charges())
    await cashier.until(lambda: isinstance(cashier.dialog, ChargeDialog))
    await cashier.settle()
    dialog = cashier.dialog
    assert isinstance(dialog, ChargeDialog)
    return dialog


async def test_the_flow_goes_on_before_scans_that_were_kept_for_a_terminal(cashier: Cashier) -> None:
    work: Future[str] = Future()
    order: list[Any] = []
    await at_terminal(cashier, work, order)
    await cashier.scan(MILK)
    assert isinstance(cashier.dialog, ChargeDialog)
    assert cashier.lines == []
    work.set_result("done")
    await cashier.until(lambda: bool(cashier.lines))
    assert order == [("done", True), 0]
    assert cashier.dialog is None
    assert cashier.app.terminals.at == {}
    assert cashier.state.waiting == 0


async def test_a_terminal_that_was_left_lets_go_once(cashier: Cashier) -> None:
    work: Future[str] = Future()
    order: list[Any] = []
    await at_terminal(cashier, work, order)
    await cashier.scan(MILK)
    await cashier.press("escape")
    assert names(cashier) == ["Leche entera 1 L"]
    assert cashier.state.waiting == 0
    assert open_flows(cashier) == 1, "it waits behind the screen"
    work.set_result("done")
    await cashier.until(lambda: open_flows(cashier) == 0)
    assert order == [("done", False), 1]
    assert cashier.state.waiting == 0


@pytest.mark.parametrize("left", [False, True])
async def test_a_terminal_that_fails_lets_go_once(cashier: Cashier, left: bool) -> None:
    work: Future[str] = Future()
    order: list[Any] = []
    await at_terminal(cashier, work, order)
    if left:
        await cashier.press("escape")
    work.set_exception(OSError("cable"))
    await cashier.until(lambda: open_flows(cashier) == 0)
    assert order == ["cable", 0]
    assert cashier.dialog is None
    assert cashier.state.waiting == 0


async def test_a_flow_that_stumbles_behind_a_terminal_lets_go_as_well(cashier: Cashier) -> None:
    work: Future[str] = Future()

    async def charges() -> None:
        ended: Ended[str] = await AtTerminal("card", "Card", "$1", work)
        raise RuntimeError(ended.result)

    run(cashier, charges())
    await cashier.until(lambda: isinstance(cashier.dialog, ChargeDialog))
    await cashier.scan(MILK)
    work.set_result("done")
    await cashier.until(lambda: bool(cashier.lines))
    assert cashier.errors == ["Something went wrong: RuntimeError."]
    assert not cashier.state.busy


# A list that changes


async def test_a_list_that_changes_is_renewed_while_it_is_open_alone(cashier: Cashier) -> None:
    rows, seen = [Choice("a", 1)], list[int]()
    offered: list[int] = []

    def offer() -> list[Choice[int]]:
        offered.append(len(rows))
        return list(rows)

    async def picks() -> None:
        await PickLive("live", offer, lambda: seen.append(len(rows)))

    for leave in ("escape", SOAP):
        rows[1:], seen[:] = [], []
        run(cashier, picks())
        await cashier.settle()
        assert seen == [1]
        rows.append(Choice("b", 2))
        cashier.app.host.renew()
        await cashier.settle()
        assert seen == [1, 2]
        assert "b" in await cashier.text()
        await (cashier.scan(leave) if leave == SOAP else cashier.press(leave))
        count = len(offered)
        cashier.app.host.renew()
        assert len(offered) == count, "nobody looks any more"
        assert open_flows(cashier) == 0


# The scale


class CountedScale:
    """Stands for what weighs; it never has a weight to sell.

    Attributes:
        heard: How often it was told what the scale says.
    """

    tares: tuple[Tare, ...] = ()

    def __init__(self) -> None:
        self.heard = 0

    def begin(self, name: str, unit: str) -> Step:
        return Step(Stage.WAITING)

    def hear(self, event: WeightRead) -> None:
        self.heard += 1

    def end(self) -> None:
        """Nobody looks at it any more."""


@pytest.mark.parametrize("leave", ["escape", "scan"])
async def test_the_scale_is_heard_while_somebody_weighs_alone(cashier: Cashier, leave: str) -> None:
    scale: Any = CountedScale()
    event = WeightRead("counter", Weight(450, Weighing.STABLE))
    seen: list[Any] = []

    async def weighs() -> None:
        seen.append(await Weigh(scale, "Pan", "kg"))

    cashier.app.host.weight_read(event)
    run(cashier, weighs())
    await cashier.settle()
    cashier.app.host.weight_read(event)
    assert scale.heard == 1
    await (cashier.scan(MILK) if leave == "scan" else cashier.press("escape"))
    cashier.app.host.weight_read(event)
    assert scale.heard == 1, "nobody weighs any more"
    assert seen == ([] if leave == "scan" else [None])
    assert open_flows(cashier) == 0


# The lock


async def test_the_lock_ends_a_question_and_a_later_one_waits_for_it(cashier: Cashier) -> None:
    await cashier.scan(MILK)
    await cashier.press("f4")
    cashier.app.lock()
    await cashier.settle()
    assert open_flows(cashier) == 1, "the lock itself"
    work: Future[int] = Future()

    async def later() -> None:
        await Wait(work, hold=False)
        await Show("report", ("line",))

    run(cashier, later())
    work.set_result(1)
    await cashier.settle()
    assert cashier.dialog is cashier.app.popups.locked
    await cashier.press("enter")
    assert cashier.app.popups.locked is None
    assert cashier.dialog is not None
    assert "report" in await cashier.text()
    await cashier.press("escape")
    assert open_flows(cashier) == 0


async def test_two_questions_that_wait_for_the_unlocking_open_in_their_order(cashier: Cashier) -> None:
    cashier.app.lock()
    await cashier.settle()

    async def shows(title: str) -> None:
        await Show(title, ("line",))

    run(cashier, shows("first"))
    run(cashier, shows("second"))
    await cashier.press("enter")
    assert "second" in await cashier.text()
    await cashier.press("escape")
    assert "first" in await cashier.text()
    await cashier.press("escape")
    assert cashier.dialog is None
    assert open_flows(cashier) == 0


async def test_the_till_does_not_lock_while_it_waits(cashier: Cashier) -> None:
    work: Future[int] = Future()

    async def waits() -> None:
        await Wait(work)

    run(cashier, waits())
    cashier.app.lock()
    assert cashier.app.popups.locked is None
    work.set_result(1)
    await cashier.until(lambda: not cashier.state.busy)
    cashier.app.lock()
    assert cashier.app.popups.locked is not None


# The end


@pytest.mark.filterwarnings("error")
async def test_the_till_closes_with_conversations_open(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    terminal = ScriptedTerminal()
    bench.fitted["terminal", "card"] = terminal
    ended: list[threading.Thread] = []
    async with open_till(bench) as cashier:
        await cashier.scan(MILK)
        await cashier.press("f9")
        await charging(cashier, terminal)

        async def open_end() -> None:
            try:
                await Wait(Future[int](), hold=False)
            finally:
                ended.append(threading.current_thread())

        run(cashier, open_end())
        assert open_flows(cashier) == 2
        terminal.steps.put(approved)
    gc.collect()
    assert ended == [threading.main_thread()]
    assert open_flows(cashier) == 0
    assert "the screen failed" not in caplog.text


@pytest.mark.filterwarnings("error")
async def test_an_answer_after_the_screens_are_gone_goes_nowhere(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    work: Future[int] = Future()
    seen: list[Any] = []
    async with open_till(bench) as cashier:

        async def waits() -> None:
            seen.append(await Wait(work))
            await Show("late", ())

        run(cashier, waits())
        app = cashier.app
    assert app.screen_stack == []
    work.set_result(1)
    app.key_pressed(_key("1"))
    app.on_work_finished(_finished(work, seen))
    assert seen == []
    assert "the screen failed" not in caplog.text
    assert "unexpected" not in caplog.text


def _key(char: str) -> Any:
    from textual import events

    return events.Key(char, char)


def _finished(work: Future[int], seen: list[Any]) -> Any:
    from tilltui.ui.shell.messages import WorkFinished

    return WorkFinished(work, seen.append, seen.append, True)
