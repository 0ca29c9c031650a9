"""``tilltui doctor``: what is plugged in, what answers, and what to write into the settings."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from tilltui import paths, plugins
from tilltui.config.load import Reading, find, read
from tilltui.config.schema import Config, DeviceSection
from tilltui.domain.countries.known import COUNTRIES
from tilltui.domain.goods.embedded import Template
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, ConfigError, DeviceError, TillError
from tilltui.i18n import _, explain, fill_in, set_language
from tilltui.ports import HangsOnPrinter
from tilltui.services.doctor import findings
from tilltui.services.doctor.advice import Advice, advise
from tilltui.services.doctor.findings import Answer, Checked
from tilltui.services.doctor.trials import TRIALS, OwnSocket, trial_of
from tilltui.services.goods.codes import CodeReader

SECONDS = 20.0
"""How long a trial waits for a person by itself."""

_STATES = {Answer.WELL: N_("well"), Answer.TROUBLE: N_("TROUBLE"), Answer.NOT_ASKED: N_("not asked")}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Lists what is plugged in, asks every device of the settings how it is, and says what to write into "
        "the settings. With a kind it tries one device out: “tilltui doctor scanner”, then scan anything. "
        "Ends with 0 when all is well."
    )
    parser.add_argument("kind", nargs="?", choices=sorted(TRIALS), help=_("kind of device to try out"))
    parser.add_argument("name", nargs="?", help=_("its name in the settings, where there are several"))
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, metavar="N", help=_("how long a trial waits for you")
    )
    parser.add_argument("--yes", action="store_true", help=_("answer every question with yes"))
    parser.add_argument("--json", action="store_true", help=_("write the result as JSON, for scripts"))


def run(args: argparse.Namespace) -> int:
    """Examine everything, or try one device; 0 when all is well.

    Raises:
        TillError: The settings cannot be read, or the device to try is not there.
    """
    path = find(args.config)
    reading = read(path) if path is not None else None
    config = (reading.config or reading.draft) if reading else None
    if config is not None:
        set_language(config.shop.language)
    if args.kind:
        return _try(args, config, str(path))
    return _examine(args, reading, config)


# Everything


@dataclass(frozen=True)
class _Examined:
    """What was found out.

    Attributes:
        found: What is plugged in.
        used: Its sections in the settings, by its path.
        checked: What is set up, and how it answers.
        advice: What to write into the settings.
        problems: What is wrong with them.
        holder: The till that is running; empty: none.
    """

    found: Sequence[Any]
    used: dict[str, DeviceSection]
    checked: Sequence[Checked]
    advice: Sequence[Advice]
    problems: Sequence[TillError]
    holder: str

    @property
    def well(self) -> bool:
        """Whether nothing has to be done."""
        return not self.problems and all(one.answer is not Answer.TROUBLE for one in self.checked)


def _examine(args: argparse.Namespace, reading: Reading | None, config: Config | None) -> int:
    found: Sequence[Any] = plugins.tool("discovery")()
    checked: list[Checked] = []
    holder = ""
    if config is not None and reading is not None:
        bar = _Count(len(config.devices))
        with findings.alone(_data_dir(config)) as holder:
            checked = findings.check(config, str(reading.path), asking=not holder, done=bar.one_more)
        bar.clear()
    used = findings.configured(found, config)
    problems = [problem.error for problem in reading.problems] if reading else []
    all_of_it = _Examined(found, used, checked, advise(found, used, config), problems, holder)
    if args.json:
        json.dump(_as_json(all_of_it), sys.stdout, indent=2)
        print()
    else:
        _write(all_of_it, reading)
    return 0 if all_of_it.well else 1


class _Count:
    """A count of devices on a terminal's last line."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0
        self._shown = sys.stderr.isatty() and total > 0

    def one_more(self, _checked: Checked) -> None:
        """Another device has been asked."""
        self._done += 1
        if self._shown:
            words = _("{done} of {total} devices asked").format(done=self._done, total=self._total)
            print(f"\r{words}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the count off the terminal."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _data_dir(config: Config) -> Path:
    """The till's data folder, which is not made: see ``findings.alone``."""
    if config.till.data_dir:
        return Path(config.till.data_dir).expanduser().absolute()
    return platformdirs.user_data_path(paths.APP, appauthor=False)


def _said(error: TillError) -> tuple[str, str]:
    _title, text, hint = explain(error)
    return clean(text, 4 * MAX_NOTE), clean(hint, 4 * MAX_NOTE)


def _write(seen: _Examined, reading: Reading | None) -> None:
    print(_("Plugged in:") if seen.found else _("Nothing is plugged in that a till could use."))
    for one in seen.found:
        section = seen.used.get(one.path)
        use = f"[{section.key}]" if section else _("not set up")
        print(f"  {one.bus:9} {_name(one)}\n            {clean(one.path, MAX_NOTE) or '-'}: {use}")
    print()
    if reading is None:
        print(_("There is no settings file yet: make one with “tilltui init”."))
    elif not seen.checked:
        print(_("No device is set up in {file}.").format(file=clean(str(reading.path), MAX_NOTE)))
    else:
        print(_("Set up in {file}:").format(file=clean(str(reading.path), MAX_NOTE)))
    if seen.holder:
        print(
            "  "
            + _("The till is running ({holder}): its devices are not asked.").format(
                holder=clean(seen.holder)
            )
        )
    for device in seen.checked:
        print(f"  [{device.section.key}] {device.section.driver}: {_(_STATES[device.answer])}")
        for error in filter(None, (device.error, *device.warnings)):
            print("\n".join(f"      {line}" for line in _said(error) if line))
    for error in seen.problems:
        print("\n".join(f"  {line}" for line in _said(error) if line))
    if seen.advice:
        print()
        print(_("Add to the settings (take the # away from what is right):"))
        for section_to_add in seen.advice:
            print("\n" + "\n".join(section_to_add.lines))


def _name(found: Any) -> str:
    known = found.known
    if known is None or known.title == found.name:
        return clean(found.name)
    words = known.title if known.verified else _("perhaps {title}").format(title=known.title)
    return f"{clean(found.name)} ({words})"


def _as_json(seen: _Examined) -> dict[str, object]:
    def words(error: TillError) -> dict[str, str]:
        text, hint = _said(error)
        return {"message": text, "hint": hint}

    return {
        "till_running": seen.holder,
        "plugged_in": [
            {
                "bus": one.bus,
                "path": one.path,
                "key": one.key,
                "name": one.name,
                "known": one.known.title if one.known else "",
                "section": seen.used[one.path].key if one.path in seen.used else "",
            }
            for one in seen.found
        ],
        "devices": [
            {
                "section": one.section.key,
                "driver": one.section.driver,
                "answer": one.answer.value,
                "seconds": round(one.seconds, 3),
                "problems": [words(error) for error in (one.error, *one.warnings) if error],
            }
            for one in seen.checked
        ],
        "problems": [words(error) for error in seen.problems],
        "advice": [{"path": one.path, "sure": one.sure, "lines": list(one.lines)} for one in seen.advice],
    }


# One device


@dataclass(slots=True)
class CommandLine:
    """The command line, where the person sits who tries a device out."""

    seconds: float
    codes: CodeReader
    folder: Path
    yes: bool = False
    quiet: bool = False
    said: list[str] = field(default_factory=list)

    def say(self, message: str, **fields: object) -> None:
        """Say something, at once."""
        words = clean(fill_in(_(message), fields), 4 * MAX_NOTE)
        self.said.append(words)
        print(words, file=sys.stderr if self.quiet else sys.stdout, flush=True)

    def ask(self, question: str, **fields: object) -> bool:
        """Ask on a terminal; elsewhere nobody has said yes."""
        words = clean(fill_in(_(question), fields), MAX_NOTE)
        if self.yes or not sys.stdin.isatty():
            self.say("{question} {answer}", question=words, answer=_("yes") if self.yes else _("no"))
            return self.yes
        print(f"{words} [{_('y/N')}] ", end="", file=sys.stderr, flush=True)
        return sys.stdin.readline().strip().lower() in ("y", "yes", _("y"), _("yes"))

    def product(self, key: str) -> str | None:
        """Look the code up in the till's catalogue, where there is one."""
        from tilltui.store.file.reading import reading
        from tilltui.store.file.store import DATABASE
        from tilltui.store.goods import catalogue  # the database is only needed once something is scanned

        if not (self.folder / DATABASE).is_file():
            return None
        with reading(self.folder) as connection:
            product = catalogue.by_code(connection, key)
        return product.name if product is not None else None


def _try(args: argparse.Namespace, config: Config | None, file: str) -> int:
    if config is None:
        raise ConfigError(
            N_("There is no settings file yet: there is nothing to try out."),
            hint=N_("Make one with “tilltui init”, and let “tilltui doctor” say what to write into it."),
        )
    section = _section(config, args.kind, args.name)
    onlooker = CommandLine(args.seconds, _codes(config), _data_dir(config), args.yes, args.json)
    with findings.alone(_data_dir(config)) as holder:
        if holder:
            raise DeviceError(
                N_("The till is running ({holder}) and has the device {device}."),
                hint=N_("Close the till first."),
                device=section.name,
                holder=holder,
            )
        good, error = _tried(section, config, file, onlooker)
    if args.json:
        said = {"section": section.key, "good": good, "said": onlooker.said}
        json.dump(said | ({"problem": _said(error)[0]} if error else {}), sys.stdout, indent=2)
        print()
    elif error is not None:
        raise error
    return 0 if good else 1


def _tried(
    section: DeviceSection, config: Config, file: str, onlooker: CommandLine
) -> tuple[bool, TillError | None]:
    try:
        device = _device(section, file)
        if isinstance(device, HangsOnPrinter):
            device.attach(OwnSocket(_device(_section(config, "printer", device.hangs_on), file)))
        return trial_of(section.kind, device)(onlooker), None
    except TillError as error:
        return False, error


def _device(section: DeviceSection, file: str) -> Any:
    device, wrong = findings.made(section, file)
    if device is None:
        raise wrong[0]
    return device


def _section(config: Config, kind: str, name: str | None) -> DeviceSection:
    sections = {section.name: section for section in config.of_kind(kind)}
    if name in sections:
        return sections[name]
    if not name and len(sections) == 1:
        return next(iter(sections.values()))
    raise ConfigError(
        N_("Which {kind}? The settings have no section [{kind}.{name}]."),
        hint=N_("There are: {known}."),
        kind=kind,
        name=name or "…",
        known=", ".join(sections) or "-",
    )


def _codes(config: Config) -> CodeReader:
    country = COUNTRIES.get(config.shop.country)
    templates = config.barcodes.templates or (country.templates if country else ())
    currency = country.currency if country else None
    return CodeReader(
        [Template.parse(text) for text in templates],
        decimals=currency.decimals if currency else 2,
        currency=currency.code if currency else "",
    )
