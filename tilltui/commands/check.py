"""``tilltui check``: everything that is wrong with the settings, at once and without opening the till."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tilltui import paths, plugins
from tilltui.config.load import Reading, driver_settings, find, read
from tilltui.config.problems import Problem, Problems, Severity
from tilltui.config.schema import Config
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, ConfigError, PluginError, StoreError
from tilltui.i18n import _, explain, ngettext, set_language
from tilltui.ui.sale.actions import ACTION_IDS, unknown_actions


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Reads the settings and every driver's part of them, and says all that is wrong. "
        "Ends with 0 when nothing is."
    )
    parser.add_argument("--json", action="store_true", help=_("write the result as JSON, for scripts"))


def run(args: argparse.Namespace) -> int:
    """Check the settings; 0 when nothing is wrong.

    Raises:
        ConfigError: There is no settings file, or it cannot be read.
    """
    path = find(args.config)
    if path is None:
        raise ConfigError(
            N_("There is no settings file yet: the till opens the demo shop."),
            hint=N_("Make one with “tilltui init”."),
        )
    reading = read(path)
    if reading.config is not None:
        set_language(reading.config.shop.language)
    if reading.draft is not None:
        check_drivers(reading.draft, reading.problems)
        for name in unknown_actions(reading.draft.keys):
            reading.problems.unknown(Severity.WARNING, f"keys.{name}", sorted(ACTION_IDS))
        check_logo(reading.draft, path, reading.problems)
        check_categories(reading.draft, reading.problems)
    if args.json:
        _write_json(reading)
    else:
        _write_text(reading)
    return 1 if len(reading.problems) else 0


def check_drivers(config: Config, problems: Problems) -> None:
    """Load every driver that ``config`` names and let it read its settings; what fails is a warning."""
    for section in (config.fiscal, *config.devices):
        try:
            plugin = plugins.load(section.kind, section.driver)
        except PluginError as error:
            problems.add_error(Severity.WARNING, f"{section.key}.driver", error)
            continue
        driver_settings(section, plugin.Settings, problems)


def check_logo(config: Config, file: Path, problems: Problems) -> None:
    """Make the logo as it would be printed; receipts print without one that cannot be made."""
    if config.shop.logo:
        from tilltui.services.paper.logo import Logo, logo_file

        try:
            Logo(logo_file(config.shop.logo, file.parent)).check()
        except ConfigError as error:
            problems.add_error(Severity.WARNING, "shop.logo", error)


def check_categories(config: Config, problems: Problems) -> None:
    """Name the categories of a printer that no product has: of those no order slip would ever come.

    A till without a catalogue yet has nothing to compare with.
    """
    wanted = [(section, _texts(section.options.get("categories"))) for section in config.of_kind("printer")]
    if not any(names for _section, names in wanted):
        return
    from tilltui.store.file.store import DATABASE
    from tilltui.store.goods import catalogue_files, shelf

    folder = paths.data_path(config.till.data_dir)
    if not (folder / DATABASE).exists():
        return
    try:
        with catalogue_files.open_catalogue(folder) as connection:
            known = shelf.categories(connection)
    except StoreError as error:
        problems.add_error(Severity.WARNING, "till.data_dir", error)
        return
    for section, names in wanted:
        for name in shelf.unsold(known, names) if known else ():
            problems.add(
                Severity.WARNING,
                f"{section.key}.categories",
                N_("{key} names “{value}”, a category that no product has."),
                hint=N_("Categories of the products: {known}."),
                value=clean(name),
                known=clean(", ".join(filter(None, known)), MAX_NOTE) or "-",
            )


def _texts(value: object) -> list[str]:
    """The texts of a list; what is no such list is named where the driver's settings are read."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _write_json(reading: Reading) -> None:
    result = {
        "file": str(reading.path),
        "opens": reading.config is not None,
        "problems": [_as_json(problem) for problem in reading.problems],
    }
    json.dump(result, sys.stdout, ensure_ascii=True, indent=2)
    print()


def _as_json(problem: Problem) -> dict[str, str]:
    _title, text, hint = explain(problem.error)
    return {"severity": problem.severity.value, "key": problem.key, "message": text, "hint": hint}


def _write_text(reading: Reading) -> None:
    labels = {Severity.ERROR: _("error"), Severity.WARNING: _("warning")}
    for problem in reading.problems:
        _title, text, hint = explain(problem.error)
        print(f"{labels[problem.severity]}: {clean(text, 4 * MAX_NOTE)}")
        if hint:
            print(f"    {clean(hint, 4 * MAX_NOTE)}")
    file = clean(str(reading.path), MAX_NOTE)
    count = len(reading.problems)
    if not count:
        print(_("{file}: nothing is wrong.").format(file=file))
        return
    print(
        ngettext("{file}: {count} problem.", "{file}: {count} problems.", count).format(
            file=file, count=count
        )
    )
    if reading.config is None:
        print(_("The till does not open with these settings."))
    else:
        print(_("The till opens, without what is wrong."))
