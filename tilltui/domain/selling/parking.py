"""Why a basket is put aside: what it waits for before somebody goes on with it."""

from __future__ import annotations

import enum

from tilltui.errors import N_


class WaitsFor(enum.StrEnum):
    """What a parked basket waits for."""

    CUSTOMER = "customer"
    """Who buys went to fetch something, or has to pay later."""
    LOOK = "look"
    """It was open when a backup was made that has been restored: it may have been sold since."""


WAITS_FOR: dict[WaitsFor, str] = {
    WaitsFor.CUSTOMER: N_("waits for the customer"),
    WaitsFor.LOOK: N_("open when the backup was made: look whether it was sold"),
}
"""What each is called in the list of parked sales."""
