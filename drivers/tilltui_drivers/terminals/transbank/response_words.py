"""What Transbank's response codes mean.

Source: Transbank Developers, POS Integrado, "Tabla de respuestas". Any code but 00 means that nothing was
charged; banking secrecy keeps the cause of most refusals from the shop.
"""

from __future__ import annotations

from tilltui.errors import N_

APPROVED = "00"
CANCELLED = "07"
NO_SALE = "11"
ALREADY_VOIDED = "04"

PROGRESS = {"78": "card", "79": "confirm", "80": "instalments", "81": "pin", "82": "sending"}
"""Codes of the intermediate messages (0900)."""

UNKNOWN = N_("the terminal answered with a code that the till does not know")

WORDS = {
    "01": N_("the bank refused the card"),
    "02": N_("the bank does not answer"),
    "03": N_("the terminal has no connection to the bank"),
    "04": N_("it was given back already"),
    "05": N_("the terminal knows no such charge"),
    "06": N_("the terminal does not take this card"),
    "07": N_("it was cancelled at the terminal"),
    "08": N_("a debit card cannot be given back by the terminal"),
    "09": N_("the card could not be read"),
    "10": N_("the amount is below the least that the terminal takes"),
    "11": N_("the terminal has no such sale"),
    "12": N_("the terminal cannot do this"),
    "13": N_("the terminal wants its day closed first"),
    "14": N_("the terminal has no line"),
    "16": N_("the bank's answer was damaged"),
    "17": N_("the last four digits are wrong"),
    "20": N_("the card is not valid"),
    "21": N_("the terminal may not give it back"),
    "22": N_("nobody finished it at the terminal in time"),
    "24": N_("the terminal has no paper"),
    "25": N_("the terminal's date is wrong"),
    "26": N_("the terminal must load its keys first"),
    "27": N_("the terminal must be updated"),
    "60": N_("the number of instalments is wrong"),
    "62": N_("the terminal's key pad has a fault"),
    "65": N_("the bank's answer was damaged"),
    "67": N_("the terminal is full and wants its day closed first"),
    "68": N_("the terminal does not take this amount"),
    "70": N_("the terminal does not take this ticket number"),
    "72": N_("the amount must be above zero"),
    "73": N_("the terminal has no number yet"),
    "74": N_("the terminal wants its day closed first"),
    "75": N_("the shop has no cards set up"),
    "76": N_("the terminal is full and wants its day closed first"),
    "77": N_("the terminal wants its day closed first"),
    "88": N_("the number of instalments is wrong"),
    "93": N_("the bank refused the card"),
    "94": N_("the answer could not be processed"),
}


def reason(code: str) -> str:
    """Why it was not approved, in English, marked for translation."""
    return WORDS.get(code, UNKNOWN)
