"""Correcting: quantity, price and void of the chosen line, notes."""

from __future__ import annotations

from tilltui.domain.money.money import format_quantity
from tilltui.i18n import _
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.flows.conversation import Conversation
from tilltui.ui.flows.steps import Ask
from tilltui.ui.sale.amounts import keyed_amount, keyed_quantity


async def times(sale: Conversation) -> None:
    """Take ``*``: what is keyed is a quantity, or what will be keyed sets the chosen line."""
    sale.face.begin()
    try:
        sale.state.buffer.times()
    finally:
        sale.face.paint_input()
    if sale.state.buffer.pending is not None:
        sale.face.forget_quantity_later()


async def quantity_of_line(sale: Conversation, text: str) -> None:
    """Set the chosen line's quantity: ``*5`` and Enter, or ``3 *`` and Enter without a code.

    Args:
        sale: The conversation.
        text: As keyed; empty: the quantity that was keyed before.
    """
    pending = sale.state.buffer.take_quantity() if not text else None
    line = sale.chosen()
    quantity = keyed_quantity(text) if pending is None else pending
    sale.register.selling.correcting.set_quantity(line.no, quantity)
    sale.face.changed(line.no)


async def edit(sale: Conversation) -> None:
    """Change quantity or price of the chosen line; what is keyed already is the quantity."""
    line = sale.chosen()
    keyed = sale.keyed()
    if keyed:
        await quantity_of_line(sale, keyed)
        return
    money, correcting = sale.money, sale.register.selling.correcting
    now_quantity = format_quantity(abs(line.quantity), money.decimal)
    now_price = money.format(line.unit_price, symbol=False)

    def change(values: Values) -> bool:
        quantity, price = values["quantity"].strip(), values["price"].strip()
        # In one step: what was refused must not leave half of itself behind a pop-up that Esc closes.
        correcting.edit(
            line.no,
            quantity=keyed_quantity(quantity) if quantity != now_quantity else None,
            price=keyed_amount(money, price) if price != now_price else None,
        )
        return True

    questions = [
        Question("quantity", _("Quantity:"), now_quantity, limit=10),
        Question("price", _("Price:"), now_price, limit=20),
    ]
    if await Ask(line.description, questions, change):
        sale.face.changed(line.no)


async def void_line(sale: Conversation) -> None:
    """Take the chosen line back with a reversing line."""
    sale.register.selling.correcting.void(sale.chosen().no)
    sale.face.changed()


async def note(sale: Conversation) -> None:
    """Put a note on the sale."""

    def put(values: Values) -> bool:
        sale.register.selling.correcting.note(values["note"])
        return True

    question = Question("note", _("Note:"), sale.basket.note, limit=200)
    if await Ask(_("Note on the sale"), [question], put):
        sale.face.begin()
        sale.face.paid()


async def line_note(sale: Conversation) -> None:
    """Put a note on the chosen line."""
    line = sale.chosen()

    def put(values: Values) -> bool:
        sale.register.selling.correcting.line_note(line.no, values["note"])
        return True

    if await Ask(line.description, [Question("note", _("Note:"), line.note, limit=100)], put):
        sale.face.changed(line.no)
