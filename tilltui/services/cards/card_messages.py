"""What the cashier is told of a card: events, errors and sentences, and what a terminal says made safe."""

from __future__ import annotations

from dataclasses import replace

from tilltui.domain.cards.attempt import OPEN, Attempt, State
from tilltui.domain.frozen import frozen
from tilltui.domain.paying.attempt_kind import AttemptKind
from tilltui.domain.text import clean
from tilltui.errors import N_, TillError
from tilltui.ports import ChargeResult

MAX_SLIP = 80
"""Most lines of a slip that are kept."""


class CardRefused(TillError):
    """The terminal said that nothing was charged."""

    title = N_("The card was not charged")


class CardDoubt(TillError):
    """Nobody knows whether the card was charged."""

    title = N_("The terminal has not answered yet")


@frozen
class CardProgress:
    """Something happens at the terminal.

    Attributes:
        attempt: What is going on.
        step: ``sent``, ``card``, ``confirm``, ``instalments``, ``pin``, ``sending``, ``take_card``,
            ``working``, ``asking`` (what became of it) or ``cancel`` (it can be cancelled there only).
    """

    attempt: Attempt
    step: str


@frozen
class CardEnded:
    """An attempt ended, or fell into doubt; one in doubt ends once more later.

    Attributes:
        attempt: As it is on disk now.
        error: A sentence for the cashier; ``None`` when it was approved.
    """

    attempt: Attempt
    error: TillError | None


CardEvent = CardProgress | CardEnded


def doubt_sentence(attempt: Attempt) -> CardDoubt:
    """What the cashier is told while nobody knows."""
    if attempt.kind is AttemptKind.REFUND:
        return CardDoubt(
            N_("Nobody knows yet whether refund {ticket} went back to the card."),
            hint=N_("Give it back no other way: the till keeps asking the terminal. See its display."),
            ticket=attempt.ticket,
            amount=attempt.amount,
            why=attempt.reason,
        )
    return CardDoubt(
        N_("Nobody knows yet whether charge {ticket} went through."),
        hint=N_("The till keeps asking the terminal. Do not charge this card again; see its display."),
        ticket=attempt.ticket,
        amount=attempt.amount,
        why=attempt.reason,
    )


def sentence(attempt: Attempt) -> TillError | None:
    """What the cashier is told of an attempt; ``None`` when it was approved."""
    if attempt.state is State.APPROVED:
        return None
    if attempt.state in OPEN:
        return doubt_sentence(attempt)
    if attempt.kind is AttemptKind.REFUND:
        return CardRefused(
            N_("Nothing was given back: {reason}."),
            hint=N_("Give it back in cash, or try again."),
            reason=attempt.reason,
        )
    if attempt.state is State.CANCELLED:
        return CardRefused(
            N_("Nothing was charged: {reason}."),
            hint=N_("Charge again, or take another way to pay."),
            reason=attempt.reason,
        )
    return CardRefused(
        N_("The card was not charged: {reason}."),
        hint=N_("Ask for another card or another way to pay."),
        reason=attempt.reason,
    )


def printable(line: str) -> str:
    """A line of a slip without anything that a screen or printer would obey; its columns stay."""
    return " ".join(clean(part, 80) for part in line[:80].split(" ")).rstrip()


def cleaned(result: ChargeResult) -> ChargeResult:
    """What a terminal said, safe to keep, show and print."""
    return replace(
        result,
        authorisation=clean(result.authorisation, 20),
        last4=clean(result.last4, 4),
        brand=clean(result.brand, 20),
        operation=clean(result.operation, 20),
        reason=clean(result.reason, 200),
        slip=tuple(printable(line) for line in result.slip[:MAX_SLIP]),
    )
