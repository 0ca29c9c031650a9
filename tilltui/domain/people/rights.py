"""What somebody may do at the till: one name a right, with the words in which a person reads it."""

from __future__ import annotations

import enum

from tilltui.errors import N_


class Right(enum.StrEnum):
    """What somebody may do; each command of the register asks for one."""

    SELL = "sell"
    OPEN_ITEM = "open_item"
    VOID = "void"
    PRICE = "price"
    DISCOUNT = "discount"
    RETURN = "return"
    ABANDON = "abandon"
    TAKE_BACK = "take_back"
    CASH_FOR_CARD = "cash_for_card"
    REFUND_CARD = "refund_card"
    DECIDE_CHARGE = "decide_charge"
    ADD_PRODUCT = "add_product"
    CUSTOMERS = "customers"
    DRAWER = "drawer"
    RECEIPTS = "receipts"
    LABELS = "labels"
    DEVICES = "devices"
    SEE_SHIFT = "see_shift"
    CLOSE_SHIFT = "close_shift"
    TERMINAL_DAY = "terminal_day"
    OWN_PIN = "own_pin"
    ANY_PIN = "any_pin"
    LANGUAGE = "language"
    CLOSE_TILL = "close_till"


WORDS = {
    Right.SELL: N_("sell and take the money"),
    Right.OPEN_ITEM: N_("ring something that has no code"),
    Right.VOID: N_("take a line back"),
    Right.PRICE: N_("change a price"),
    Right.DISCOUNT: N_("give a discount"),
    Right.RETURN: N_("take goods back"),
    Right.ABANDON: N_("give up a sale"),
    Right.TAKE_BACK: N_("take a payment back"),
    Right.CASH_FOR_CARD: N_("give cash for what was paid by card"),
    Right.REFUND_CARD: N_("give money back to a card"),
    Right.DECIDE_CHARGE: N_("say how a card's charge ended"),
    Right.ADD_PRODUCT: N_("add an item to the catalogue"),
    Right.CUSTOMERS: N_("look up and add customers"),
    Right.DRAWER: N_("open the drawer without a sale"),
    Right.RECEIPTS: N_("see receipts and print copies"),
    Right.LABELS: N_("print shelf labels"),
    Right.DEVICES: N_("try devices and settle papers"),
    Right.SEE_SHIFT: N_("see how the shift stands"),
    Right.CLOSE_SHIFT: N_("close the shift"),
    Right.TERMINAL_DAY: N_("close a card terminal's day"),
    Right.OWN_PIN: N_("change the own PIN"),
    Right.ANY_PIN: N_("set anybody's PIN anew"),
    Right.LANGUAGE: N_("change the language"),
    Right.CLOSE_TILL: N_("close the till"),
}
"""Each right as the end of "You may not ...", marked for translation."""

EVERYTHING = frozenset(Right)
"""The rights of somebody who may do everything."""
