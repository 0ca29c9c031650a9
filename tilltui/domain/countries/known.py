"""What a country brings: its currency, taxes, notes and the codes that its scales print.

Figures are the ones in force when this was written; a shop overrides any of them in ``till.toml``.
Sources: ISO 4217 and CLDR for currencies; Chile: DL 825 (IVA 19 %, art. 14; additional tax on drinks,
art. 42: 18 % high and 10 % low sugar, 20.5 % beer and wine, 31.5 % spirits), Ley 20.956 (cash rounded to
$10, 1-5 down and 6-9 up, document unrounded); Peru: Ley 29571 art. 44 (cash down to S/0.10).
"""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.money.money import Currency, Rounding, parse_rate
from tilltui.domain.money.tax import TaxGroup, TaxRate

SCALE_TEMPLATES = ("20IIIIIPPPPPC", "21IIIIIWWWWWC", "24IIIIINNNNNC")
"""Codes that a shop's own scale prints where nothing else is said: price, weight and count embedded."""


@frozen
class Country:
    """The defaults of a shop in one country.

    Attributes:
        code: ISO 3166-1 alpha-2.
        currency: With its cash rounding.
        taxes: Tax groups; the first is what a product has when nothing is said.
        notes: Bank notes for the note keys, minor units, ascending.
        tax_id: What the tax number is called there.
        templates: Templates of price-, weight- and count-embedded codes.
    """

    code: str
    currency: Currency
    taxes: tuple[TaxGroup, ...]
    notes: tuple[int, ...]
    tax_id: str = "NIF"
    templates: tuple[str, ...] = SCALE_TEMPLATES


def _rate(code: str, percent: str, since: str = "1900-01-01", until: str = "") -> TaxRate:
    return TaxRate(code, f"{code} {percent}%", parse_rate(percent), since, until)


def _groups(
    code: str, general: str, *reduced: tuple[str, str], inclusive: bool = True
) -> tuple[TaxGroup, ...]:
    groups = [TaxGroup("general", (_rate(code, general),), inclusive)]
    groups += [TaxGroup(name, (_rate(code, percent),), inclusive) for name, percent in reduced]
    groups.append(TaxGroup("exempt", (), inclusive))
    return tuple(groups)


_IVA_CL = (_rate("IVA", "18", until="2003-09-30"), _rate("IVA", "19", since="2003-10-01"))


def _chile() -> tuple[TaxGroup, ...]:
    extra = {"beer": "20,5", "wine": "20,5", "spirits": "31,5", "soda": "18", "soda_light": "10"}
    groups = [TaxGroup("general", _IVA_CL)]
    groups += [TaxGroup(name, (*_IVA_CL, _rate("ILA", percent))) for name, percent in extra.items()]
    return (*groups, TaxGroup("exempt"))


COUNTRIES: dict[str, Country] = {
    country.code: country
    for country in (
        Country(
            "CL",
            Currency("CLP", 0, cash_step=10, cash_rounding=Rounding.HALF_DOWN),
            _chile(),
            (1000, 2000, 5000, 10000, 20000),
            "RUT",
        ),
        Country(
            "PE",
            Currency("PEN", 2, "S/", ",", ".", cash_step=10, cash_rounding=Rounding.DOWN),
            _groups("IGV", "18"),
            (1000, 2000, 5000, 10000, 20000),
            "RUC",
        ),
        Country(
            "AR",
            Currency("ARS", 2, "$", cash_step=1000, cash_rounding=Rounding.DOWN),
            _groups("IVA", "21", ("reduced", "10,5"), ("increased", "27")),
            (100000, 200000, 1000000, 2000000),
            "CUIT",
        ),
        Country(
            "CO",
            Currency("COP", 0, "$", cash_step=50, cash_rounding=Rounding.HALF_UP),
            _groups("IVA", "19", ("reduced", "5"), ("zero", "0")),
            (2000, 5000, 10000, 20000, 50000, 100000),
            "NIT",
        ),
        Country(
            "MX",
            Currency("MXN", 2, "$", ",", "."),
            _groups("IVA", "16", ("border", "8"), ("zero", "0")),
            (2000, 5000, 10000, 20000, 50000, 100000),
            "RFC",
        ),
        Country(
            "BR",
            Currency("BRL", 2, "R$"),
            _groups("ICMS", "18", ("reduced", "12")),
            (500, 1000, 2000, 5000, 10000, 20000),
            "CNPJ",
        ),
        Country(
            "UY",
            Currency("UYU", 2, "$", cash_step=100, cash_rounding=Rounding.HALF_DOWN),
            _groups("IVA", "22", ("reduced", "10")),
            (5000, 10000, 20000, 50000, 100000, 200000),
            "RUT",
        ),
        Country(
            "ES",
            Currency("EUR", 2, "€", symbol_after=True),
            _groups("IVA", "21", ("reduced", "10"), ("super_reduced", "4")),
            (500, 1000, 2000, 5000, 10000),
            "NIF",
        ),
        Country(
            "PT",
            Currency("EUR", 2, "€", symbol_after=True),
            _groups("IVA", "23", ("intermediate", "13"), ("reduced", "6")),
            (500, 1000, 2000, 5000, 10000),
            "NIF",
        ),
        Country(
            "US",
            Currency("USD", 2, "$", ",", "."),
            _groups("Tax", "7", inclusive=False),
            (100, 500, 1000, 2000, 5000, 10000),
            "EIN",
        ),
        Country(
            "KW",
            Currency("KWD", 3, "KD ", ",", "."),
            (TaxGroup("exempt"),),
            (250, 500, 1000, 5000, 10000, 20000),
            "Tax no.",
        ),
    )
}
"""Countries whose defaults are known, by ISO code."""
