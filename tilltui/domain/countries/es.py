"""Spain."""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, groups
from tilltui.domain.money.money import Currency

SPAIN = Country(
    "ES",
    Currency("EUR", 2, "€", symbol_after=True),
    groups("IVA", "21", ("reduced", "10"), ("super_reduced", "4")),
    (500, 1000, 2000, 5000, 10000),
    Identity("NIF"),
)
