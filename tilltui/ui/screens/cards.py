"""Cards at a terminal: charging, giving back, and what to do while nobody knows how a charge ended.

While the terminal works a pop-up says so; scans are kept and ring after it. Left with Esc, the terminal goes
on by itself and its end is said in the bar. A charge that no sale has is offered for its own basket or given
back; a new one is never sent while another is in doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tilltui.domain.paying.tenders import CARD
from tilltui.domain.text import clean
from tilltui.errors import TillError
from tilltui.i18n import _
from tilltui.ui.dialogs.question import Question
from tilltui.ui.sale.amounts import keyed_amount
from tilltui.ui.screens.card_ends import CardEnds, hand_reference
from tilltui.ui.widgets.choice import Choice

if TYPE_CHECKING:
    from tilltui.services.cards.desk import CardDesk
    from tilltui.store.cards.attempt import Attempt

APPROVED = "approved"
"""``State`` of what went through; the table's module is loaded where a terminal is used."""

GIVEN = (APPROVED, "sent", "doubt")
"""States of a refund that counts as given."""


class CardActions(CardEnds):
    """F9 with a terminal, and what it leaves behind."""

    def do_card(self) -> None:
        """Take a card: at the terminal where there is one, else with a keyed number."""
        desks = list(self.desk.devices.cards.values())
        if not desks:
            super().do_card()
        elif len(desks) == 1:
            self.card_at(desks[0])
        else:
            self._choose(desks)

    def _choose(self, desks: list[CardDesk]) -> None:
        by_name = {desk.name: desk for desk in desks}

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self.card_at(by_name[str(choice.value)])

        self.pick(_("Which terminal?"), [Choice(name, value=name) for name in by_name], picked)

    def card_at(self, desk: CardDesk) -> None:
        """Take a card at a terminal for the keyed amount or the rest; first what it still owes."""
        keyed = self.buffer.take()
        self.paint_input()
        if desk.asks:
            if self.begin_payment():
                self._with_amount(keyed, lambda amount: self._ask_answers(desk, amount))
            return
        if desk.busy:
            self.say_busy(desk)
            return
        doubtful = desk.in_doubt
        loose = self._loose_here(desk)
        given = self._refunds_here(desk)
        if doubtful:
            self.ask_doubt(desk, doubtful[0])
        elif given:
            self.pay_with(given[0], given[0].amount)
        elif loose:
            self.offer_loose(desk, loose[0])
        elif self.begin_payment():
            self._with_amount(keyed, lambda amount: self._charge_or_refund(desk, amount))

    def _with_amount(self, keyed: str, then: Callable[[int], object]) -> None:
        """Go on with the amount that a card would take here; below zero it goes back to the card."""
        try:
            amount = keyed_amount(self.money, keyed) if keyed else None
            settlement = self.checkout.would_pay(CARD, amount)
        except TillError as error:
            self.fail(error)
            return
        then(settlement.payments[-1].amount)

    # By hand

    def _ask_answers(self, desk: CardDesk, amount: int) -> None:
        """A terminal that stands by itself: ask what it said."""
        labels = {"last4": _("Last four digits:"), "authorisation": _("Authorisation:")}
        title = _("Card")

        def take(reference: str) -> None:
            if self.attempt(lambda: self.checkout.pay(CARD, abs(amount), reference)):
                self.paid()

        self.ask(
            title,
            [Question(name, labels.get(name, name), hint=_("Enter: none"), limit=20) for name in desk.asks],
            hand_reference,
            take,
            about=_("Key {amount} at the terminal {name}; then what it says.").format(
                amount=self.money.format(abs(amount)), name=clean(desk.name, 20)
            ),
            dropped=_("{tender}: the payment was not taken, the scan came first.").format(tender=title),
            always=False,
        )

    # At the terminal

    def _charge_or_refund(self, desk: CardDesk, amount: int) -> None:
        if amount < 0:
            self._refund_return(desk, -amount)
            return
        basket, checkout = self.checkout.basket, self.checkout

        def ended(attempt: Attempt, here: bool) -> None:
            if attempt.state == APPROVED and here:
                self.pay_with(attempt, attempt.amount)
            else:
                self._say_end(attempt)

        self._work_at(
            desk,
            _("Card"),
            amount,
            lambda: desk.charge(
                amount,
                basket_id=checkout.basket_id,
                opened_ms=basket.opened_ms,
                operator_id=checkout.operator.id,
            ),
            ended,
            cancel=desk.cancel,
        )

    # Giving back

    def _refund_return(self, desk: CardDesk, amount: int) -> None:
        """Pay goods that come back to the card that paid them; one of another till is done by hand."""
        from tilltui.store.cards import attempts

        number = self.checkout.basket.returns.rpartition("-")[2]
        charges = desk.charges_of(int(number)) if number.isdigit() else []
        reader = self.desk.store.reader
        for charge in charges:
            if charge.amount - attempts.given_back(reader, charge.ticket) >= amount:
                self.give_back(desk, charge, amount, self._returned, for_goods=True)
                return
        self._tender(CARD, _("Last four digits, authorisation:"))

    def _returned(self, refund: Attempt) -> None:
        if refund.state == APPROVED and self._is_here(refund):
            self.pay_with(refund, refund.amount)
        else:
            self._say_end(refund)

    def do_take_back(self) -> None:
        """Take the last payment back; a charge of the terminal can go back to the card."""
        from tilltui.store.cards import attempts

        payments = self.checkout.payments
        ticket = payments[-1].reference.rpartition(" ")[2] if payments else ""
        charge = attempts.by_ticket(self.desk.store.reader, ticket) if ticket else None
        desk = self.desk.devices.cards.get(charge.terminal) if charge is not None else None
        if charge is None or desk is None or charge.kind != "charge" or payments[-1].tender.key != CARD.key:
            super().do_take_back()
            return
        self._offer_way_back(desk, charge, payments[-1].amount)

    def _offer_way_back(self, desk: CardDesk, charge: Attempt, amount: int) -> None:
        choices = [
            Choice(_("Give it back to the card"), self.money.format(amount), "back"),
            Choice(_("Leave the payment as it is"), value="leave"),
        ]

        def taken(refund: Attempt) -> None:
            # A refund in doubt counts as given: if it was not, the charge shows up without a sale.
            last = self.checkout.payments[-1:]
            if refund.state in GIVEN and any(
                payment.reference.rpartition(" ")[2] == charge.ticket for payment in last
            ):
                super(CardActions, self).do_take_back()
            self._say_end(refund)

        def picked(choice: Choice | None) -> None:
            if choice is not None and choice.value == "back":
                self.give_back(desk, charge, amount, taken)

        self.pick(_("Take the card payment back?"), choices, picked)

    # From the menu

    def menu_cards(self) -> None:
        """Show what the terminals still owe, and offer their end of day."""
        rows: list[tuple[Choice, Callable[[], object]]] = []
        for desk in self.desk.devices.cards.values():
            if not desk.asks:
                rows += self._rows_of(desk)
        if not rows:
            self.fail(_("The terminal is not connected to the till."), level="warning")
            return

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                next(work for row, work in rows if row is choice)()

        self.pick(_("Card terminal"), [row for row, _work in rows], picked)

    def _rows_of(self, desk: CardDesk) -> list[tuple[Choice, Callable[[], object]]]:
        rows: list[tuple[Choice, Callable[[], object]]] = []
        # What the terminal is just working on is not in doubt: its own answer must not be forestalled.
        for attempt in desk.in_doubt if not desk.busy else []:
            refund = attempt.kind == "refund"
            text = (_("In doubt: refund {ticket}") if refund else _("In doubt: charge {ticket}")).format(
                ticket=attempt.ticket
            )
            rows.append(
                (
                    Choice(text, self.money.format(attempt.amount)),
                    lambda attempt=attempt: self.ask_doubt(desk, attempt),  # type: ignore[misc]
                )
            )
        for row in desk.loose:
            text = _("Without a sale: charge {ticket}").format(ticket=row.attempt.ticket)
            rows.append(
                (
                    Choice(text, self.money.format(row.left)),
                    lambda row=row: self.offer_loose(desk, row),  # type: ignore[misc]
                )
            )
        name = clean(desk.name, 20)
        rows.append(
            (
                Choice(_("End of day of the terminal {name}").format(name=name)),
                lambda: self.close_terminal(desk),
            )
        )
        return rows

    def close_terminal(self, desk: CardDesk) -> None:
        """Close the terminal's day and show its report."""

        def closed(lines: tuple[str, ...]) -> None:
            self.show_text(_("End of day of the terminal"), lines or (_("It has no report."),))
            self._print_report(lines)

        future = self.try_to(desk.end_of_day)
        if future is not None:
            self.later(future, closed)

    def _print_report(self, lines: tuple[str, ...]) -> None:
        from tilltui.domain.paper.elements import Cut, Element, Text

        printer = self.checkout.printer
        if printer and lines:
            paper: list[Element] = [*(Text(line) for line in lines), Cut()]
            title = _("End of day of the terminal")
            job = self.till.background.submit(self.desk.spool.add, printer, "note", title, paper)
            self.later(job, lambda number: self.desk.devices.sold())
