"""``tilltui check``: everything that is wrong with the settings, at once and without opening the till."""

from __future__ import annotations

import argparse
import json
import sys

from tilltui import plugins
from tilltui.config.load import Reading, driver_settings, find, read
from tilltui.config.problems import Problem, Problems, Severity
from tilltui.config.schema import Config
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, ConfigError, PluginError
from tilltui.i18n import _, explain, ngettext, set_language
from tilltui.ui.keys import ACTION_IDS, unknown_actions


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
