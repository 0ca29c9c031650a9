"""Brazil."""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, groups
from tilltui.domain.money.money import Currency

BRAZIL = Country(
    "BR",
    Currency("BRL", 2, "R$"),
    groups("ICMS", "18", ("reduced", "12")),
    (500, 1000, 2000, 5000, 10000, 20000),
    Identity("CNPJ"),
)
