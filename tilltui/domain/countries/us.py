"""The United States: the tax comes on top of the prices."""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, groups
from tilltui.domain.money.money import Currency

UNITED_STATES = Country(
    "US",
    Currency("USD", 2, "$", ",", "."),
    groups("Tax", "7", inclusive=False),
    (100, 500, 1000, 2000, 5000, 10000),
    Identity("EIN"),
    date_form="%m/%d/%Y %H:%M",
)
