"""Peru.

Source: Ley 29571 art. 44 (cash down to S/0.10).
"""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, groups
from tilltui.domain.money.money import Currency, Rounding

PERU = Country(
    "PE",
    Currency("PEN", 2, "S/", ",", ".", cash_step=10, cash_rounding=Rounding.DOWN),
    groups("IGV", "18"),
    (1000, 2000, 5000, 10000, 20000),
    Identity("RUC"),
)
