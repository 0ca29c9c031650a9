"""What ZVT's result codes and intermediate states mean.

Source: VdTH, ECR Interface ZVT Protocol PA00P015, "Error-Messages" and table of intermediate states.
"""

from __future__ import annotations

from tilltui.errors import N_

ABORTED = 0x6C
NOT_POSSIBLE = 0x83
ALREADY_REVERSED = 0xB4
BUSY = frozenset({0x9C, 0xA0})

PROGRESS = {
    0x00: "confirm", 0x01: "confirm", 0x02: "confirm", 0x03: "working", 0x04: "sending", 0x05: "sending",
    0x06: "sending", 0x07: "sending", 0x08: "sending", 0x09: "sending", 0x0A: "card", 0x0B: "take_card",
    0x0C: "card", 0x0D: "sending", 0x0E: "sending", 0x0F: "sending", 0x11: "pin", 0x12: "pin", 0x13: "pin",
    0x15: "pin", 0x17: "sending",
}  # fmt: skip

UNKNOWN = N_("the terminal answered with a code that the till does not know")

WORDS = {
    0x64: N_("the card could not be read"),
    0x65: N_("the card could not be read"),
    0x66: N_("the card could not be processed"),
    0x67: N_("the terminal does not take this card"),
    0x68: N_("the terminal does not take this card"),
    0x6A: N_("the terminal is full and wants its day closed first"),
    0x6B: N_("the terminal has this switched off"),
    0x6C: N_("it was cancelled at the terminal"),
    0x6E: N_("the card is blocked"),
    0x6F: N_("the terminal does not take this currency"),
    0x71: N_("there is not enough money on the card"),
    0x72: N_("the card's chip has a fault"),
    0x73: N_("the card is not valid"),
    0x77: N_("the terminal's day cannot be closed now"),
    0x78: N_("the card has expired"),
    0x79: N_("the card is not valid yet"),
    0x7A: N_("the terminal does not know this card"),
    0x7D: N_("the terminal has no connection to the bank"),
    0x83: N_("the terminal cannot do this"),
    0x85: N_("the terminal must load its keys first"),
    0x89: N_("the terminal's key pad has a fault"),
    0x9A: N_("the terminal did not understand the till"),
    0x9B: N_("the terminal has no connection to the bank"),
    0x9C: N_("the terminal is busy"),
    0xA0: N_("the terminal is busy"),
    0xA1: N_("the bank does not answer"),
    0xA3: N_("the terminal has no connection to the bank"),
    0xB1: N_("the terminal is full and wants its day closed first"),
    0xB2: N_("the terminal is full and wants its day closed first"),
    0xB4: N_("it was given back already"),
    0xB5: N_("the terminal may not give it back"),
    0xC3: N_("the amount is above the most that the terminal takes"),
    0xCC: N_("the terminal could not print"),
    0xDF: N_("the terminal is out of order"),
    0xFF: N_("the terminal has a fault"),
}


BANK = N_("the bank refused the card")
"""Codes 01 to 63 are the bank's own."""


def reason(code: int) -> str:
    """Why it was not approved, in English, marked for translation."""
    return BANK if 0 < code < 0x64 else WORDS.get(code, UNKNOWN)
