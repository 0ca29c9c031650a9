"""Choosing who buys: by name or tax number; somebody new is added."""

from __future__ import annotations

from tilltui.domain.people.customer import Customer
from tilltui.domain.text import clean
from tilltui.i18n import _
from tilltui.services.flow import Flow
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Ask, Pick
from tilltui.ui.widgets.choice import Choice


async def customer(sale: Conversation) -> None:
    """Say who buys; an empty answer takes the customer away."""

    def find(values: Values) -> tuple[str, list[Customer]]:
        text = clean(values["name"])
        return text, sale.register.people.customers.search(text) if text else []

    question = Question("name", _("Name or tax number:"), sale.basket.customer)
    answer = await Ask(_("Customer"), [question], find, about=_("Empty: no customer."))
    if answer is None:
        return
    text, found = answer
    sale.face.begin()
    if not text or len(found) == 1:
        _choose(sale, found[0] if text else None)
        return
    choices: list[Choice[Customer | str]] = [Choice(row.name, row, row.tax_id) for row in found]
    choices.append(Choice(_("New customer: {name}").format(name=text), "new"))
    chosen = await Pick(_("Customer"), choices)
    if isinstance(chosen, Customer):
        _choose(sale, chosen)
    elif chosen is not None:
        await _add(sale, text)


def _choose(sale: Conversation, chosen: Customer | None) -> None:
    sale.register.people.customers.choose(chosen)
    sale.face.paid()


async def _add(sale: Conversation, text: str) -> None:
    """Ask for the rest and keep the customer; works without a network."""

    def add(values: Values) -> Flow[Customer]:
        return sale.register.people.customers.add(
            values["name"], tax_id=values["tax_id"], phone=values["phone"], email=values["email"]
        )

    is_number = any(char.isdigit() for char in text)
    questions = [
        Question("name", _("Name:"), "" if is_number else text),
        Question("tax_id", f"{sale.shop.country.identity.name}:", text if is_number else "", limit=40),
        Question("phone", _("Telephone:"), limit=40),
        Question("email", _("E-mail:"), limit=120),
    ]
    adding = await Ask(_("New customer"), questions, add)
    if adding is not None:
        _choose(sale, await adding)
