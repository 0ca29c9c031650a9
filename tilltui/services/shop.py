"""The shop that the settings describe, ready for selling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tilltui.domain.countries.country import Country
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.frozen import frozen
from tilltui.domain.goods.embedded import Template
from tilltui.domain.goods.rules import NO_RULES, Rule, RuleKind, Rules
from tilltui.domain.money.money import QUANTITY_UNIT, RATE_UNIT, Currency
from tilltui.domain.money.tax import TaxGroup, TaxRate, TaxTable
from tilltui.domain.paper.letterhead import ReceiptHead
from tilltui.domain.paying.tenders import BUILT_IN, TENDERS, Tender, Tenders
from tilltui.errors import N_, ConfigError
from tilltui.services.goods.codes import CodeReader

if TYPE_CHECKING:
    from tilltui.config.schema import Config
    from tilltui.config.schema import Rule as RuleSetting
    from tilltui.config.schema import TaxRate as RateSetting
    from tilltui.config.schema import Tender as TenderSetting


@frozen
class Shop:
    """Everything about the shop that a sale needs.

    Attributes:
        name: As on the head of the screen.
        till: Number of the till.
        country: What its country brings.
        currency: What is paid in.
        taxes: Tax groups.
        default_tax: Group of an item of which nothing is known.
        notes: Bank notes in minor units, ascending.
        tenders: What can be paid with, in the order in which it is offered.
        rules: What a line is held against when it is rung or changed.
        head: Head and foot of receipts.
        codes: Reader of scanned codes.
        language: ``es``, ``en`` or ``pt``.
        training: Sales are practice.
        demo: The shop of the demonstration.
    """

    name: str
    till: str
    country: Country
    currency: Currency
    taxes: TaxTable
    default_tax: str
    notes: tuple[int, ...]
    head: ReceiptHead
    codes: CodeReader
    tenders: Tenders = TENDERS
    rules: Rules = NO_RULES
    language: str = "es"
    training: bool = False
    demo: bool = False

    def offset_min(self, at_ms: int) -> int:
        """Minutes east of UTC of the machine's time zone at a moment."""
        offset = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().utcoffset()
        return int((offset or timedelta()).total_seconds() // 60)

    def day(self, at_ms: int) -> str:
        """ISO date of a moment in the machine's time zone."""
        return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone().date().isoformat()


def shop_of(config: Config, *, demo: bool = False) -> Shop:
    """Make the shop from the settings.

    Raises:
        ConfigError: Country and currency do not fit, a tax or a template is wrong.
    """
    settings = config.shop
    country = COUNTRIES.get(settings.country)
    if country is None:
        raise ConfigError(
            N_("The country {country} is not known."),
            hint=N_("Known are: {known}."),
            country=settings.country,
            known=", ".join(sorted(COUNTRIES)),
        )
    currency = country.currency
    if settings.currency and settings.currency != currency.code:
        currency = _foreign_currency(settings.currency)
    groups = tuple(_group(code, rates) for code, rates in config.taxes.items()) or country.taxes
    templates = [Template.parse(text) for text in config.barcodes.templates or country.templates]
    unit = 10**currency.decimals
    notes = tuple(sorted(note * unit for note in config.cash.notes)) or country.notes
    tenders = _tenders(config.tenders)
    return Shop(
        name=settings.name,
        till=config.till.id,
        country=country,
        currency=currency,
        taxes=TaxTable(groups),
        default_tax=groups[0].code,
        notes=notes,
        head=_head(config, country, tenders),
        codes=CodeReader(templates, decimals=currency.decimals, currency=currency.code),
        tenders=tenders,
        rules=Rules(map(_rule, config.rules.values())),
        language=settings.language,
        training=config.till.training,
        demo=demo,
    )


def _tenders(settings: Mapping[str, TenderSetting]) -> Tenders:
    """The built-in tenders, called as the settings say, then the shop's own in the order of the file."""
    if not settings:
        return TENDERS
    built_in = {tender.key: tender for tender in BUILT_IN}
    for key, setting in settings.items():
        before = built_in.get(key, Tender(key, key))
        built_in[key] = replace(
            before,
            words=setting.name,
            number=setting.number or before.number,
            scans_number=setting.scan or before.scans_number,
            opens_drawer=setting.opens_drawer or before.opens_drawer,
            refunds_as=setting.refunds_as or before.refunds_as,
        )
    return Tenders(built_in.values())


def _rule(setting: RuleSetting) -> Rule:
    since = setting.since.isoformat() if setting.since is not None else ""
    until = setting.until.isoformat() if setting.until is not None else ""
    return Rule(RuleKind(setting.kind), setting.most * QUANTITY_UNIT, setting.category, since, until)


def _head(config: Config, country: Country, tenders: Tenders) -> ReceiptHead:
    settings = config.shop
    return ReceiptHead(
        name=settings.name,
        address=" ".join(settings.address.split("\n")),
        tax_id=settings.tax_id,
        tax_label=country.identity.name,
        phone=settings.phone,
        footer=tuple(line for line in settings.footer.split("\n") if line),
        tenders={tender.key: tender.words for tender in tenders},
        date_format=country.date_form,
    )


def _foreign_currency(code: str) -> Currency:
    for country in COUNTRIES.values():
        if country.currency.code == code:
            return country.currency
    known = sorted({country.currency.code for country in COUNTRIES.values()})
    raise ConfigError(
        N_("The currency {currency} is not known."),
        hint=N_("Known are: {known}."),
        currency=code,
        known=", ".join(known),
    )


def _group(code: str, settings: Sequence[RateSetting]) -> TaxGroup:
    """A tax group; each rate ends the day before the next of the same tax begins."""
    rates: list[TaxRate] = []
    for setting in sorted(settings, key=lambda rate: rate.since):
        tax = setting.code or code
        for i, older in enumerate(rates):
            if older.code == tax and not older.until:
                last_day = (setting.since - timedelta(days=1)).isoformat()
                rates[i] = replace(older, until=last_day)
        rate = int(setting.rate * RATE_UNIT)
        rates.append(TaxRate(tax, setting.name, rate, setting.since.isoformat()))
    inclusive = all(setting.inclusive for setting in settings)
    return TaxGroup(code, tuple(rates), inclusive)
