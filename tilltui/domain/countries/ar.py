"""Argentina."""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, groups
from tilltui.domain.money.money import Currency, Rounding

ARGENTINA = Country(
    "AR",
    Currency("ARS", 2, "$", cash_step=1000, cash_rounding=Rounding.DOWN),
    groups("IVA", "21", ("reduced", "10,5"), ("increased", "27")),
    (100000, 200000, 1000000, 2000000),
    Identity("CUIT"),
)
