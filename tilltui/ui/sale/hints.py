"""Words of the sale screen: what could be done now, the labels of the keys, tenders, errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tilltui.errors import TillError
from tilltui.i18n import _, explain
from tilltui.services.selling.open_sale import OpenSale
from tilltui.ui.sale.actions import NOTES, Action
from tilltui.ui.sale.state import Mode, SaleState, Shown


def hint(state: SaleState, sale: OpenSale) -> str:
    """What the input line says beside what is keyed."""
    if state.mode is Mode.SAVING:
        return _("saving the sale...")
    if state.waiting:
        return _("one moment...")
    if state.mode is Mode.DONE:
        return _("next customer: scan an item")
    if state.mode is Mode.PAY:
        return _hint_of_paying(sale)
    if state.buffer.setting:
        return _("key the quantity of the chosen line, then Enter")
    if state.buffer.pending is not None:
        return _("now scan the item")
    return _("scan, or key a code; Enter: pay") if sale.basket else _("scan an item")


def _hint_of_paying(sale: OpenSale) -> str:
    settlement = sale.settlement
    if sale.in_doubt or (settlement.settled and settlement.payments):
        return _("Enter: save the sale")
    if sale.basket.recalled:
        return _("say how it is paid: F10 cash, F9 card")
    if settlement.due < 0:
        return _("Enter: give it back in cash")
    return _("Enter: exact cash, or key what is given")


def notes_of(sale: OpenSale) -> Mapping[str, int]:
    """The largest notes of the currency in minor units, by the action of the key that they have."""
    notes: Sequence[int] = sale.shop.notes[-len(NOTES) :]
    return dict(zip(NOTES, notes, strict=False))


def action_label(action: Action, state: SaleState, sale: OpenSale) -> tuple[str, str]:
    """Full and short label of an action here; empty where it does nothing."""
    if action.id in NOTES:
        note = notes_of(sale).get(action.id)
        text = sale.shop.currency.format(note) if note is not None else ""
        return text, text
    if action.id == "product_sheet" and state.unknown is not None:
        return _("Add item"), _("Add")
    return (_(action.label), _(action.short)) if action.label else ("", "")


def words_of(shown: Shown) -> tuple[str, str]:
    """What is wrong and what to do, in the language in force."""
    problem = shown.problem
    if isinstance(problem, TillError):
        said = explain(problem)
        return said.text, said.hint
    if isinstance(problem, str):
        return problem, ""
    return _("Something went wrong: {error}.").format(error=type(problem).__name__), ""
