"""Mexico."""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, groups
from tilltui.domain.money.money import Currency

MEXICO = Country(
    "MX",
    Currency("MXN", 2, "$", ",", "."),
    groups("IVA", "16", ("border", "8"), ("zero", "0")),
    (2000, 5000, 10000, 20000, 50000, 100000),
    Identity("RFC"),
)
