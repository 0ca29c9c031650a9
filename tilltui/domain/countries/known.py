"""The countries whose defaults are known: one module a country, and its row here.

Figures are the ones in force when they were written; a shop overrides any of them in ``till.toml``.
Currencies are written as ISO 4217 and CLDR say.
"""

from __future__ import annotations

from tilltui.domain.countries.ar import ARGENTINA
from tilltui.domain.countries.br import BRAZIL
from tilltui.domain.countries.cl import CHILE
from tilltui.domain.countries.co import COLOMBIA
from tilltui.domain.countries.country import Country
from tilltui.domain.countries.es import SPAIN
from tilltui.domain.countries.kw import KUWAIT
from tilltui.domain.countries.mx import MEXICO
from tilltui.domain.countries.pe import PERU
from tilltui.domain.countries.pt import PORTUGAL
from tilltui.domain.countries.us import UNITED_STATES
from tilltui.domain.countries.uy import URUGUAY

COUNTRIES: dict[str, Country] = {
    country.code: country
    for country in (
        CHILE,
        PERU,
        ARGENTINA,
        COLOMBIA,
        MEXICO,
        BRAZIL,
        URUGUAY,
        SPAIN,
        PORTUGAL,
        UNITED_STATES,
        KUWAIT,
    )
}
"""Countries by their ISO code."""
