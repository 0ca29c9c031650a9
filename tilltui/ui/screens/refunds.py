"""Cash for goods whose sale was paid by card: only when somebody says why the card cannot have it."""

from __future__ import annotations

from tilltui.domain.text import clean
from tilltui.i18n import _
from tilltui.ui.dialogs.question import Question, Values
from tilltui.ui.screens.pay import PayActions
from tilltui.ui.widgets.choice import Choice


class RefundActions(PayActions):
    """The cash key of a return."""

    def _pay_cash(self, keyed: str) -> None:
        if not self.all_paid and self.checkout.cash_needs_a_word:
            self._offer_card(keyed)
        else:
            super()._pay_cash(keyed)

    def _offer_card(self, keyed: str) -> None:
        """Offer the way that the money came before cash."""
        choices = [
            Choice(_("Back to the card"), value="card"),
            Choice(_("The card cannot have it: give cash"), value="cash"),
        ]

        def picked(choice: Choice | None) -> None:
            self.paint_input()
            if choice is None:
                return
            if choice.value == "card":
                self.do_card()
            else:
                self._ask_why(keyed)

        self.pick(_("This sale was paid by card"), choices, picked)

    def _ask_why(self, keyed: str) -> None:
        """Ask why; the answer is kept with the return."""

        def take(reason: str) -> str:
            self.checkout.give_cash_for_card(reason)
            return reason

        def answer(values: Values) -> str:
            return take(clean(values["reason"], 60))

        self.ask(
            _("Cash for a card"),
            [Question("reason", _("Why can the card not have it:"), limit=60)],
            answer,
            lambda _reason: super(RefundActions, self)._pay_cash(keyed),
        )
