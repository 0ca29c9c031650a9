"""Colombia."""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, groups
from tilltui.domain.money.money import Currency, Rounding

COLOMBIA = Country(
    "CO",
    Currency("COP", 0, "$", cash_step=50, cash_rounding=Rounding.HALF_UP),
    groups("IVA", "19", ("reduced", "5"), ("zero", "0")),
    (2000, 5000, 10000, 20000, 50000, 100000),
    Identity("NIT"),
)
