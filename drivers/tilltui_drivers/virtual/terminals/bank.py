"""What the virtual card terminals share: the ledger of the bank, and what can go wrong."""

from __future__ import annotations

import enum
import threading
from dataclasses import dataclass


class Fault(enum.StrEnum):
    """What goes wrong with one sale."""

    NONE = "none"
    DECLINE = "decline"
    CANCEL = "cancel"
    SLOW = "slow"
    """The customer takes longer than the till waits; the charge happens all the same."""
    DEAF = "deaf"
    """It hears nothing of the sale."""
    NO_ACK = "no_ack"
    """It charges and answers, but its acknowledgement of the request is lost."""
    NO_ACK_NO_ANSWER = "no_ack_no_answer"
    """It charges and not a byte comes back."""
    NAK_ONCE = "nak_once"
    NAK_TWICE = "nak_twice"
    NAK_ALWAYS = "nak_always"
    """It refuses to take the request, every time."""
    WRONG_SUM_ONCE = "wrong_sum_once"
    """Its answer is damaged on the way; the repeated one is not."""
    WRONG_SUM_ALWAYS = "wrong_sum_always"
    CUT_ONCE = "cut_once"
    """Its answer breaks off in the middle; it sends it again."""
    CUT_FOR_GOOD = "cut_for_good"
    """Its answer breaks off in the middle and nothing more comes."""
    DIES_BEFORE = "dies_before"
    """Power is lost after the request, before the charge."""
    DIES_AFTER = "dies_after"
    """Power is lost after the charge, before the answer."""
    TWICE = "twice"
    """The answer comes twice."""
    ACK_LOST = "ack_lost"
    """The till's acknowledgement does not arrive, so the answer is repeated."""
    GLUED = "glued"
    """Intermediate messages and answer come in one piece."""
    TRICKLE = "trickle"
    """The answer comes byte by byte."""
    GARBAGE_BEFORE = "garbage_before"
    GARBAGE_INSTEAD = "garbage_instead"
    """It charges and then talks nonsense."""
    STALE = "stale"
    """It first repeats the answer to an earlier sale."""
    BREAKS_OFF = "breaks_off"
    """It approves, the line breaks, and it takes the charge back by itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement of money.

    Attributes:
        ticket: What the till called it; empty where the protocol has none.
        amount: Minor units; below zero when given back.
        operation: Number at the terminal.
        authorisation: Of the bank.
    """

    ticket: str
    amount: int
    operation: int
    authorisation: str


class Ledger:
    """What was really charged, as the bank knows it; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[Entry] = []

    def book(self, ticket: str, amount: int) -> Entry:
        """Charge, or give back."""
        with self._lock:
            operation = len(self._entries) + 1
            entry = Entry(ticket, amount, operation, f"{operation * 7919 % 1_000_000:06d}")
            self._entries.append(entry)
            return entry

    @property
    def entries(self) -> list[Entry]:
        """Everything so far, oldest first."""
        with self._lock:
            return list(self._entries)

    def charged(self, ticket: str) -> list[Entry]:
        """The charges of a ticket."""
        return [entry for entry in self.entries if entry.ticket == ticket and entry.amount > 0]

    def find(self, operation: int) -> Entry | None:
        """An entry by its number at the terminal."""
        return next((entry for entry in self.entries if entry.operation == operation), None)

    def last_sale(self) -> Entry | None:
        """The last charge."""
        return next((entry for entry in reversed(self.entries) if entry.amount > 0), None)
