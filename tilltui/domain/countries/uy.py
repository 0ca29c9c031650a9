"""Uruguay."""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, groups
from tilltui.domain.money.money import Currency, Rounding

URUGUAY = Country(
    "UY",
    Currency("UYU", 2, "$", cash_step=100, cash_rounding=Rounding.HALF_DOWN),
    groups("IVA", "22", ("reduced", "10")),
    (5000, 10000, 20000, 50000, 100000, 200000),
    Identity("RUT"),
)
