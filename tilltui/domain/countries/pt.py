"""Portugal."""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, groups
from tilltui.domain.money.money import Currency

PORTUGAL = Country(
    "PT",
    Currency("EUR", 2, "€", symbol_after=True),
    groups("IVA", "23", ("intermediate", "13"), ("reduced", "6")),
    (500, 1000, 2000, 5000, 10000),
    Identity("NIF"),
)
