"""Charges that are not finished: in doubt, without a sale, or to be given back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tilltui.domain.text import clean
from tilltui.errors import N_, AmountError, SaleError
from tilltui.i18n import _
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.screens.card_work import CardWork
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.domain.cards.attempt import Attempt
    from tilltui.domain.cards.loose import Loose
    from tilltui.services.cards.desk import CardDesk


class CardEnds(CardWork):
    """Decisions about charges, each a key away."""

    # Deciding

    def say_busy(self, desk: CardDesk) -> None:
        """Say that the terminal works on something that was left to it."""
        self.fail(
            SaleError(
                N_("The terminal {terminal} is busy with another card."),
                hint=N_("Wait until it is done, or cancel there."),
                terminal=desk.name,
            )
        )

    def ask_doubt(self, desk: CardDesk, attempt: Attempt) -> None:
        """Ask what is to be done about an attempt whose end nobody knows; not while the terminal works."""
        if desk.busy:
            self.say_busy(desk)
            return
        amount = self.money.format(attempt.amount)
        title = (
            _("Did {amount} go back to the card?")
            if attempt.kind == "refund"
            else _("Was the card charged {amount}?")
        ).format(amount=amount)
        choices = [
            Choice(_("Ask the terminal now"), attempt.ticket, "ask"),
            Choice(_("Yes: its display or paper says so"), value="yes"),
            Choice(_("No: its display or paper says so"), value="no"),
        ]

        def picked(choice: Choice | None) -> None:
            if choice is None:
                return
            if choice.value == "ask":
                desk.ask()
            elif choice.value == "no":
                self.later(desk.decide(attempt.ticket, False))
            else:
                self._ask_charged(desk, attempt)

        self.pick(title, choices, picked)

    def _ask_charged(self, desk: CardDesk, attempt: Attempt) -> None:
        """Ask what the paper says of a charge that went through."""

        def answer(values: Values) -> tuple[str, str]:
            return checked_last4(values["last4"]), clean(values["authorisation"], 20)

        def take(said: tuple[str, str]) -> None:
            self.later(desk.decide(attempt.ticket, True, last4=said[0], authorisation=said[1]))

        questions = [
            Question("last4", _("Last four digits:"), hint=_("Enter: none"), limit=4),
            Question("authorisation", _("Authorisation:"), hint=_("Enter: none"), limit=20),
        ]
        self.ask(_("What the terminal says"), questions, answer, take)

    def offer_loose(self, desk: CardDesk, row: Loose) -> None:
        """Offer a charge that no sale has to its own basket, or its way back."""
        amount = self.money.format(row.left)
        choices = [Choice(_("Give it back to the card"), amount, "back")]
        if self._is_here(row.attempt):
            choices.insert(0, Choice(_("Pay this sale with it"), amount, "pay"))
            title = _("This card was already charged")
        else:
            title = _("A charge without a sale")

        def picked(choice: Choice | None) -> None:
            if choice is None:
                return
            if choice.value == "pay":
                self.pay_with(row.attempt, row.left)
            else:
                self.give_back(desk, row.attempt, row.left, lambda attempt: self._say_end(attempt))

        self.pick(title, choices, picked)

    # Giving back

    def give_back(
        self,
        desk: CardDesk,
        charge: Attempt,
        amount: int,
        then: Callable[[Attempt], object],
        *,
        for_goods: bool = False,
    ) -> None:
        """Give a charge back at the terminal.

        Args:
            desk: The terminal's desk.
            charge: What was charged.
            amount: Minor units above zero.
            then: Takes the refund as it ended, or in doubt.
            for_goods: It pays the goods that come back in the basket in hand.
        """
        doubtful = desk.in_doubt
        if doubtful:
            self.ask_doubt(desk, doubtful[0])
            return
        self._work_at(
            desk,
            _("Back to the card"),
            amount,
            lambda: desk.refund(
                charge.ticket,
                amount,
                operator_id=self.checkout.operator.id,
                basket_id=self.checkout.basket_id if for_goods else 0,
                opened_ms=self.checkout.basket.opened_ms if for_goods else 0,
            ),
            lambda attempt, here: then(attempt),
        )


def checked_last4(text: str) -> str:
    """The last four digits of a card, or nothing.

    Raises:
        AmountError: It is neither.
    """
    text = clean(text, 8)
    if text and not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise AmountError(
            N_("“{text}” are not the last four digits of a card."),
            hint=N_("Key the four digits, or leave it empty."),
            text=text,
        )
    return text


def hand_reference(values: Values) -> str:
    """The payment's reference of what a terminal said that is not connected.

    It ends with the card's digits, never with the authorisation, which could be taken for a ticket of a
    connected terminal.
    """
    last4, authorisation = checked_last4(values.get("last4", "")), clean(values.get("authorisation", ""), 20)
    return f"{authorisation} ****{last4}".strip() if last4 or authorisation else ""
