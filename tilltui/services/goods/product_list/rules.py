"""What a shop's settings say about its catalogue."""

from __future__ import annotations

from tilltui.config.schema import Config
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.frozen import frozen
from tilltui.domain.goods.barcode import Template
from tilltui.domain.money.money import Currency


@frozen
class CatalogueRules:
    """How the rows of a product list are read.

    Attributes:
        currency: Of the prices.
        taxes: Codes of the shop's tax groups; the first is a product's when nothing is said.
        templates: Layouts of codes with a weight, price or count inside.
    """

    currency: Currency
    taxes: tuple[str, ...]
    templates: tuple[Template, ...] = ()

    @classmethod
    def of_country(cls, code: str) -> CatalogueRules:
        """The rules of a shop that sets nothing but its country."""
        country = COUNTRIES[code]
        return cls(
            country.currency,
            tuple(group.code for group in country.taxes),
            tuple(map(Template.parse, country.templates)),
        )

    @classmethod
    def of(cls, config: Config) -> CatalogueRules:
        """The rules of a shop by its settings; what they leave open is its country's."""
        usual = cls.of_country(config.shop.country)
        currency = usual.currency
        if config.shop.currency and config.shop.currency != currency.code:
            currency = next(
                country.currency
                for country in COUNTRIES.values()
                if country.currency.code == config.shop.currency
            )
        return cls(
            currency,
            tuple(config.taxes) or usual.taxes,
            tuple(map(Template.parse, config.barcodes.templates)) or usual.templates,
        )
