"""A charge that no sale has."""

from __future__ import annotations

from tilltui.domain.cards.attempt import Attempt
from tilltui.domain.frozen import frozen


@frozen
class Loose:
    """An approved charge that no closed sale has.

    Attributes:
        attempt: The charge.
        basket_there: Its basket is still open or parked and can be paid with it; otherwise give it back.
        left: What was not given back yet.
    """

    attempt: Attempt
    basket_there: bool
    left: int
