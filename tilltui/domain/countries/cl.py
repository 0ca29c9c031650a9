"""Chile.

Sources: DL 825 (IVA 19 %, art. 14; additional tax on drinks, art. 42: 18 % high and 10 % low sugar, 20.5 %
beer and wine, 31.5 % spirits), Ley 20.956 (cash rounded to $10, 1-5 down and 6-9 up, document unrounded).
"""

from __future__ import annotations

from tilltui.domain.countries.country import Country, Identity, rate
from tilltui.domain.money.money import Currency, Rounding
from tilltui.domain.money.tax import TaxGroup

_IVA = (rate("IVA", "18", until="2003-09-30"), rate("IVA", "19", since="2003-10-01"))
_DRINKS = {"beer": "20,5", "wine": "20,5", "spirits": "31,5", "soda": "18", "soda_light": "10"}

CHILE = Country(
    "CL",
    Currency("CLP", 0, cash_step=10, cash_rounding=Rounding.HALF_DOWN),
    (
        TaxGroup("general", _IVA),
        *(TaxGroup(name, (*_IVA, rate("ILA", percent))) for name, percent in _DRINKS.items()),
        TaxGroup("exempt"),
    ),
    (1000, 2000, 5000, 10000, 20000),
    Identity("RUT", "rut", "76.192.083-9"),
)
