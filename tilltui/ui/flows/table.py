"""What every action does: the names of ``sale.actions``, each with its conversation.

Loaded behind the first picture, or by the first key that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tilltui.i18n import LANGUAGES, _, language
from tilltui.services.flow import Flow
from tilltui.ui.flows.cards.charging import card, take_back
from tilltui.ui.flows.cards.terminal import cards
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.day.day import day
from tilltui.ui.flows.devices.devices import devices
from tilltui.ui.flows.devices.drawer import drawer
from tilltui.ui.flows.goods.sheet import product_sheet
from tilltui.ui.flows.paper.jobs import jobs
from tilltui.ui.flows.paper.labels import labels
from tilltui.ui.flows.paper.receipts import receipts
from tilltui.ui.flows.paying.cash import cash, note
from tilltui.ui.flows.paying.tender import own_tender, own_tenders, transfer, voucher
from tilltui.ui.flows.people.customer import customer
from tilltui.ui.flows.people.locking import lock, pin
from tilltui.ui.flows.returns.goods_back import void
from tilltui.ui.flows.selling import correcting
from tilltui.ui.flows.selling.discount import discount
from tilltui.ui.flows.selling.parking import abandon, park, park_name
from tilltui.ui.flows.selling.ringing import find, open_item, repeat
from tilltui.ui.flows.steps import Pick, ShowKeys
from tilltui.ui.sale.actions import MENU, NOTES, Action, Needs
from tilltui.ui.sale.hints import action_label
from tilltui.ui.widgets.choice import Choice


async def help_(sale: Conversation) -> None:
    """Show what each key does here."""
    paying = sale.state.paying
    register = sale.register.sale
    keys = sale.state.keys.actions
    labels_here = {action.id: action_label(action, sale.state, register)[0] for action in keys}
    title = _("Keys while paying") if paying else _("Keys while selling")
    shown = [
        action
        for action in keys
        if _offered(action, sale) and (action.id not in NOTES or labels_here[action.id])
    ]
    await ShowKeys(title, shown, labels_here)


async def menu(sale: Conversation) -> None:
    """Show what has no key of its own, and do what is picked."""
    choices = [
        Choice(_(entry.label), entry.id, _detail(entry), enabled=_enabled(entry, sale))
        for entry in MENU
        if _offered(entry, sale)
    ]
    chosen = await Pick(_("Menu"), choices)
    if chosen is not None:
        await FLOWS[chosen](sale)


def _offered(entry: Action, sale: Conversation) -> bool:
    if entry.needs is Needs.TERMINAL:
        return bool(sale.register.cards.desks)
    if entry.needs is Needs.OWN_TENDER:
        return bool(own_tenders(sale))
    return entry.needs is not Needs.LABEL_PRINTER or bool(sale.register.paper.label_printer)


def _enabled(entry: Action, sale: Conversation) -> bool:
    there = {Needs.LINE: sale.face.selected() is not None, Needs.BASKET: bool(sale.basket)}
    return there.get(entry.needs, True) and sale.register.session.may(entry.right)


def _detail(entry: Action) -> str:
    return LANGUAGES[language()] if entry.id == "language" else ""


async def speak(sale: Conversation) -> None:
    """Change the language while running."""
    code = await Pick(_("Language"), [Choice(name, code) for code, name in LANGUAGES.items()])
    if code is not None:
        sale.register.speak(code)


async def leave(sale: Conversation) -> None:
    """Close the till, after asking; an open sale is kept."""
    choices = [Choice(_("No, go on selling"), False), Choice(_("Yes, close the till"), True)]
    if await Pick(_("Close the till?"), choices):
        sale.register.leave()


FLOWS: Mapping[str, Callable[[Conversation], Flow[None]]] = {
    "help": help_,
    "find": find,
    "edit": correcting.edit,
    "discount": discount,
    "park": park,
    "customer": customer,
    "product_sheet": product_sheet,
    "void": void,
    "card": card,
    "cash": cash,
    "drawer": drawer,
    "menu": menu,
    "times": correcting.times,
    "repeat": repeat,
    "void_line": correcting.void_line,
    "open_item": open_item,
    **{name: note(name) for name in NOTES},
    "transfer": transfer,
    "voucher": voucher,
    "tender": own_tender,
    "take_back": take_back,
    "note": correcting.note,
    "line_note": correcting.line_note,
    "park_name": park_name,
    "abandon": abandon,
    "receipts": receipts,
    "jobs": jobs,
    "day": day,
    "devices": devices,
    "lock": lock,
    "quit": leave,
    "language": speak,
    "cards": cards,
    "labels": labels,
    "pin": pin,
}
"""By the action's name; Enter and Esc, which ask nothing, are ``sale.gestures``' own."""

OWN_KEYS = frozenset({"enter", "clear"})
"""Actions that are no conversation."""
