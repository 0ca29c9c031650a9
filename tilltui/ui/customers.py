"""Choosing who buys: by name or tax number; somebody new is added."""

from __future__ import annotations

from tilltui.domain.text import clean
from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.store.people import customers
from tilltui.store.people.customers import Customer
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.screens.base import SaleBase
from tilltui.ui.widgets.choice import Choice


def choose_customer(screen: SaleBase, text: str) -> None:
    """Set the customer of the sale in hand.

    Args:
        screen: The sale.
        text: Name or tax number as keyed; empty takes the customer away.
    """
    if not text:
        _take(screen, None)
        return
    found = customers.search(screen.desk.store.reader, text)
    if len(found) == 1:
        _take(screen, found[0])
        return
    choices = [Choice(row.name, row.tax_id, row) for row in found]
    choices.append(Choice(_("New customer: {name}").format(name=text), value="new"))

    def picked(choice: Choice | None) -> None:
        if choice is None:
            return
        if isinstance(choice.value, Customer):
            _take(screen, choice.value)
        else:
            _add(screen, text)

    screen.pick(_("Customer"), choices, picked)


def _take(screen: SaleBase, customer: Customer | None) -> None:
    name = customer.name if customer is not None else ""
    if screen.attempt(
        lambda: screen.checkout.set_customer(customer.id if customer is not None else None, name)
    ):
        screen.paint_total()


def _add(screen: SaleBase, text: str) -> None:
    """Ask for the rest and keep the customer; works without a network."""

    def answer(values: Values) -> dict[str, str]:
        name = clean(values["name"])
        if not name:
            raise SaleError(N_("The customer needs a name."), hint=N_("Key the name."))
        limits = {"tax_id": 40, "phone": 40, "email": 120}
        return {"name": name, **{key: clean(values[key], limit) for key, limit in limits.items()}}

    def keep(known: dict[str, str]) -> None:
        future = screen.desk.store.submit(
            lambda connection: customers.add(
                connection,
                known["name"],
                tax_id=known["tax_id"],
                phone=known["phone"],
                email=known["email"],
            )
        )
        screen.later(future, lambda customer: _take(screen, customer), wait=True)

    is_number = any(char.isdigit() for char in text)
    questions = [
        Question("name", _("Name:"), "" if is_number else text),
        Question("tax_id", f"{screen.desk.shop.country.identity.name}:", text if is_number else "", limit=40),
        Question("phone", _("Telephone:"), limit=40),
        Question("email", _("E-mail:"), limit=120),
    ]
    screen.ask(_("New customer"), questions, answer, keep)
