"""Kuwait: no tax on sales, and three decimals."""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity
from tilltui.domain.money.money import Currency
from tilltui.domain.money.tax import TaxGroup

KUWAIT = Country(
    "KW",
    Currency("KWD", 3, "KD ", ",", "."),
    (TaxGroup("exempt"),),
    (250, 500, 1000, 5000, 10000, 20000),
    Identity("Tax no."),
)
