"""Finds and reads ``till.toml``.

A wrong ``[shop]`` or ``[till]``, or anything about money, keeps the till from opening; a wrong device section
is left out with a warning, and the rest sells on.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from tilltui import paths
from tilltui.config.fill import fill
from tilltui.config.problems import ConfigInvalid, Problems, Severity
from tilltui.config.schema import (
    DEVICE_KINDS,
    Barcodes,
    Cash,
    Config,
    DeviceSection,
    Rule,
    Shop,
    Tender,
    Till,
)
from tilltui.config.tables import NAME, named, taxes
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.frozen import frozen
from tilltui.domain.goods.embedded import Template
from tilltui.errors import N_, ConfigError, TillError
from tilltui.ports.kinds import KINDS

T = TypeVar("T")

MAX_FILE = 256 * 1024
"""Largest settings file that is read, in bytes."""

ENVIRONMENT = "TILLTUI_CONFIG"
"""Environment variable that names the settings file."""

SECTIONS = ("shop", "till", "barcodes", "cash", "keys", "taxes", "tender", "rule", "fiscal", *DEVICE_KINDS)
"""Every section there is."""

_ACTION = re.compile(r"[a-z0-9_.-]{1,48}")
_KEY = re.compile(r"[a-z0-9_]{1,24}(\+[a-z0-9_]{1,24}){0,3}")


@frozen
class Reading:
    """A settings file as it was read.

    Attributes:
        path: The file.
        config: The settings, without the devices that are wrong; ``None`` when the till cannot open.
        problems: Everything that is wrong.
        draft: The settings with defaults for what is wrong, to check the rest by; ``None`` without any TOML.
    """

    path: Path
    config: Config | None
    problems: Problems
    draft: Config | None = None


def find(
    explicit: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    boot: Sequence[Path] = paths.BOOT_CONFIGS,
) -> Path | None:
    """The settings file to use, or ``None`` for the demo shop.

    ``--config``, then ``$TILLTUI_CONFIG``, then the boot partition, then the platform's folder. The first two
    are returned whether they exist or not: who names a file wants that one.
    """
    if explicit is not None:
        return explicit
    if environ.get(ENVIRONMENT):
        return Path(environ[ENVIRONMENT])
    for candidate in (*boot, paths.config_dir() / paths.CONFIG_NAME):
        if candidate.is_file():
            return candidate
    return None


def load(explicit: Path | None = None) -> Reading | None:
    """Find and read the settings; ``None`` when there are none (the demo shop).

    Raises:
        ConfigInvalid: The till cannot open with them.
        ConfigError: The file cannot be read.
    """
    path = find(explicit)
    if path is None:
        return None
    reading = read(path)
    if reading.config is None:
        raise ConfigInvalid(reading.problems)
    return reading


def read(path: Path) -> Reading:
    """Read ``path`` and note all its problems at once.

    Raises:
        ConfigError: There is no such file, or it cannot be read.
    """
    problems = Problems(str(path))
    table = _parse(_content(path), problems)
    if table is None:
        return Reading(path, None, problems)
    config = _config(table, problems)
    return Reading(path, None if problems.errors else config, problems, config)


def driver_settings(section: DeviceSection, settings: type[T], problems: Problems) -> T | None:
    """A driver's own settings from its section; mistakes are warnings, and then there are none.

    Relative paths start from the folder of the settings file.
    """
    base = Path(problems.file).absolute().parent
    return fill(settings, section.options, section.key, problems, Severity.WARNING, base=base)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as e:
        raise ConfigError(
            N_("The settings file {file} cannot be read: {reason}."),
            hint=N_("Check its name and permissions, or make one with “tilltui init”."),
            file=path,
            reason=e.strerror or e,
        ) from e


def _parse(content: bytes, problems: Problems) -> dict[str, Any] | None:
    if len(content) > MAX_FILE:
        problems.add(Severity.ERROR, "", N_("{file} is larger than {most} bytes."), most=MAX_FILE)
        return None
    try:
        return tomllib.loads(content.decode("utf-8-sig"))  # Windows' editor puts a mark at the beginning
    except UnicodeDecodeError as e:
        line = content[: e.start].count(b"\n") + 1
        problems.add(
            Severity.ERROR,
            "",
            N_("Line {line} of {file} is not UTF-8 text."),
            hint=N_("Save the file with the encoding UTF-8."),
            line=line,
        )
    except (ValueError, RecursionError) as e:  # TOMLDecodeError, or a number of thousands of digits
        problems.add(
            Severity.ERROR,
            "",
            N_("{file} is not written as TOML wants it: {reason}."),
            hint=N_("Text stands in double quotes, a section's name in square brackets."),
            reason=e,
        )
    return None


def _config(table: dict[str, Any], problems: Problems) -> Config:
    for key in table:
        if key not in SECTIONS:
            near = get_close_matches(key, SECTIONS, n=1)
            only_device = bool(near) and near[0] in DEVICE_KINDS
            severity = Severity.WARNING if only_device else Severity.ERROR
            problems.unknown(severity, key, list(SECTIONS))
    shop = _section(Shop, table, "shop", problems)
    if shop is not None:
        _check_country(shop, problems)
        _check_tax_id(shop, problems)
    config = Config(
        shop=shop or Shop(name="?"),
        till=_section(Till, table, "till", problems) or Till(),
        barcodes=_section(Barcodes, table, "barcodes", problems) or Barcodes(),
        cash=_section(Cash, table, "cash", problems) or Cash(),
        keys=_keys(_table(table, "keys", problems, Severity.WARNING), problems),
        taxes=taxes(_table(table, "taxes", problems), problems),
        tenders=named(Tender, "tender", _table(table, "tender", problems), problems),
        rules=named(Rule, "rule", _table(table, "rule", problems), problems),
        fiscal=_fiscal(_table(table, "fiscal", problems), shop, problems),
        devices=tuple(device for kind in DEVICE_KINDS for device in _devices(kind, table, problems)),
    )
    _check_templates(config.barcodes, problems)
    _check_drawers(config, problems)
    return config


def _table(
    table: Mapping[str, Any], key: str, problems: Problems, severity: Severity = Severity.ERROR
) -> dict[str, Any]:
    value = table.get(key, {})
    if isinstance(value, dict):
        return value
    problems.add(severity, key, N_("{key} must be a section: [{key}]."))
    return {}


def _section(cls: type[T], table: Mapping[str, Any], key: str, problems: Problems) -> T | None:
    before = len(problems)
    section = _table(table, key, problems)
    return fill(cls, section, key, problems) if len(problems) == before else None


def _check_tax_id(shop: Shop, problems: Problems) -> None:
    country = COUNTRIES.get(shop.country)
    if country is None or not (shop.tax_id and country.identity.check):
        return
    from stdnum import get_cc_module  # only where there is one to check

    identity = country.identity
    module = get_cc_module(country.code.lower(), identity.check)
    if module is not None and not module.is_valid(shop.tax_id):
        problems.add(
            Severity.ERROR,
            "shop.tax_id",
            N_("{key} is not a valid {name}: “{value}”."),
            hint=N_("Copy it with its check digit, such as {example}."),
            value=shop.tax_id,
            name=identity.name,
            example=identity.example,
        )


def _check_country(shop: Shop, problems: Problems) -> None:
    """Whether money can be counted there: without rates and decimals the till must not guess."""
    currencies = sorted({country.currency.code for country in COUNTRIES.values()})
    for key, value, known in (
        ("country", shop.country, list(COUNTRIES)),
        ("currency", shop.currency, ["", *currencies]),
    ):
        if value not in known:
            problems.add(
                Severity.ERROR,
                f"shop.{key}",
                N_("{key} is not one that the till knows: “{value}”."),
                hint=N_("Known here: {known}."),
                value=value,
                known=", ".join(filter(None, known)),
            )


def _check_templates(barcodes: Barcodes, problems: Problems) -> None:
    for template in barcodes.templates:
        try:
            Template.parse(template)
        except TillError as error:
            problems.add_error(Severity.ERROR, "barcodes.templates", error)


def _keys(table: Mapping[str, Any], problems: Problems) -> Mapping[str, str]:
    keys: dict[str, str] = {}
    for action, key in table.items():
        where = f"keys.{action}"
        if not _ACTION.fullmatch(action) or not isinstance(key, str) or not _KEY.fullmatch(key):
            problems.add(
                Severity.WARNING,
                where,
                N_("{key} must be an action and a key such as “f5” or “ctrl+p”, got “{value}”."),
                value=key,
            )
        elif key in keys.values():
            problems.add(Severity.WARNING, where, N_("The key “{value}” is used twice."), value=key)
        else:
            keys[action] = key
    return MappingProxyType(keys)


def _fiscal(table: Mapping[str, Any], shop: Shop | None, problems: Problems) -> DeviceSection:
    """The section as it stands; without one the regime is the country's."""
    country = COUNTRIES.get(shop.country) if shop is not None else None
    usual = DeviceSection("fiscal", "fiscal", country.regime if country is not None else "none")
    if not table:
        return usual
    return _device("fiscal", "fiscal", "fiscal", table, problems, Severity.ERROR) or usual


def _devices(kind: str, table: Mapping[str, Any], problems: Problems) -> list[DeviceSection]:
    found = []
    for name, section in _table(table, kind, problems, Severity.WARNING).items():
        where = f"{kind}.{name}"
        if not isinstance(section, dict):
            problems.add(
                Severity.WARNING,
                where,
                N_("{key} stands outside of a named section."),
                hint=N_("A device's section has two names, such as [{kind}.main]."),
                kind=kind,
            )
        elif not NAME.fullmatch(name):
            problems.add(
                Severity.WARNING, where, N_("{key}: a name has 1 to 32 letters, digits, “-” or “_”.")
            )
        elif device := _device(kind, name, where, section, problems, Severity.WARNING):
            found.append(device)
    return found


def _device(
    kind: str, name: str, where: str, section: Mapping[str, Any], problems: Problems, severity: Severity
) -> DeviceSection | None:
    driver = section.get("driver")
    if not isinstance(driver, str) or not NAME.fullmatch(driver):
        problems.add(
            severity,
            f"{where}.driver",
            N_("{key} must name a driver."),
            hint=N_('Add a line such as: driver = "{example}"'),
            example=KINDS[kind].example,
        )
        return None
    options = {key: value for key, value in section.items() if key != "driver"}
    return DeviceSection(kind, name, driver, MappingProxyType(options))


def _check_drawers(config: Config, problems: Problems) -> None:
    printers = [printer.name for printer in config.of_kind("printer")]
    for drawer in config.of_kind("drawer"):
        printer = drawer.options.get("printer")
        if drawer.driver == "printer" and isinstance(printer, str) and printer not in printers:
            problems.add(
                Severity.WARNING,
                f"{drawer.key}.printer",
                N_("{key} names the printer “{value}”, which is not set up."),
                hint=N_("Printers here: {known}."),
                value=printer,
                known=", ".join(printers) or "-",
            )
