"""``tilltui init``: a commented ``till.toml`` to start from, written out of the schema's docstrings."""

from __future__ import annotations

import argparse
import os
import secrets
import textwrap
from pathlib import Path
from typing import Any

from tilltui import paths, plugins
from tilltui.config import reference
from tilltui.config.schema import DEVICE_KINDS
from tilltui.domain.text import MAX_NOTE, clean
from tilltui.errors import N_, ConfigError, PluginError
from tilltui.i18n import _

DEVICE_NAMES = {
    ("scanner", "serial"): "front",
    ("printer", "escpos"): "receipt",
    ("drawer", "printer"): "main",
    ("uploader", "folder"): "usb",
    ("uploader", "http"): "head_office",
}
"""The shop's own name of the example device of each kind and driver."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.description = _(
        "Writes a settings file with every setting explained. Open it in an editor, put in your shop's "
        "name, and take the # away from what you want to change."
    )
    parser.add_argument(
        "path",
        nargs="?",
        type=Path,
        metavar="PATH",
        help=_("file to write; without it till.toml in your settings folder"),
    )
    parser.add_argument("--force", action="store_true", help=_("write over an existing file"))


def run(args: argparse.Namespace) -> int:
    """Write the file.

    Raises:
        ConfigError: It exists, or cannot be written.
    """
    path = args.path or args.config
    if path is None:
        path = paths.make_private(paths.config_dir()) / paths.CONFIG_NAME
    if path.is_dir():
        path = path / paths.CONFIG_NAME
    write(path, template(), force=args.force)
    print(
        _("{file} is written. Put in the name of your shop, then run “tilltui check”.").format(
            file=clean(str(path), MAX_NOTE)
        )
    )
    return 0


def write(path: Path, text: str, *, force: bool = False) -> None:
    """Write a new file whole, or none of it; an existing one stays unless ``force``.

    Raises:
        ConfigError: It exists, or cannot be written.
    """
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        with new.open("x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            if force:
                new.replace(path)
            else:
                _move_unless_there(new, path)
        finally:
            new.unlink(missing_ok=True)
    except FileExistsError as e:
        raise ConfigError(
            N_("{file} is there already and was left as it is."),
            hint=N_("Choose another name, or write over it with --force."),
            file=path,
        ) from e
    except OSError as e:
        raise ConfigError(
            N_("{file} cannot be written: {reason}."),
            hint=N_("Check the folder's permissions, or choose another name."),
            file=path,
            reason=e.strerror or e,
        ) from e


def _move_unless_there(new: Path, path: Path) -> None:
    """Give ``new`` the name ``path``; a boot partition (vfat) has no hard links to do it in one step."""
    try:
        path.hardlink_to(new)
    except PermissionError:
        if path.exists():
            raise FileExistsError(17, "File exists", str(path)) from None
        new.rename(path)


def template() -> str:
    """The settings file: required settings filled in with an example, all others as comments."""
    head = [
        "# Settings of this till (TOML: text in double quotes, comments after #).",
        "# Take the # away from a line to change what it says.",
        "",
    ]
    parts = [_section(key, cls) for key, cls in reference.SECTIONS]
    return "\n".join([*head, *parts, _keys(), _taxes(), *_devices()])


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 98, initial_indent="# ", subsequent_indent="# ")


def _section(key: str, cls: type[Any]) -> str:
    lines = [*_comment(reference.summary(cls)), f"[{key}]"]
    for setting in reference.settings(cls):
        mark = "" if setting.default is None else "#"
        lines += [*_comment(setting.doc), f"{mark}{setting.key} = {setting.example}", ""]
    return "\n".join(lines)


def _keys() -> str:
    lines = _comment("Keys of your own: an action's name and a key; the till's help lists both.")
    return "\n".join([*lines, "[keys]", '#find = "f2"', ""])


def _taxes() -> str:
    lines = _comment(
        "Tax groups, only where the country's own do not fit: for each group of products its rates, "
        f"with {', '.join(s.key for s in reference.settings(reference.RATE))}."
    )
    row = ", ".join(f"{s.key} = {s.example}" for s in reference.settings(reference.RATE) if s.default is None)
    return "\n".join([*lines, "[taxes]", f"#general = [{{ {row} }}]", ""])


def _devices() -> list[str]:
    """An example section of every built-in driver of a real device."""
    parts = []
    for kind in DEVICE_KINDS:
        for driver in plugins.BUILTIN[kind]:
            if driver != "virtual":
                parts.append(_device(kind, driver))
    return parts


def _device(kind: str, driver: str) -> str:
    try:
        settings = plugins.load(kind, driver).Settings
    except PluginError as error:
        return "\n".join([*_comment(clean(str(error), MAX_NOTE)), ""])
    lines = [
        *_comment(reference.summary(settings)),
        f"#[{kind}.{DEVICE_NAMES.get((kind, driver), driver)}]",
        f'#driver = "{driver}"',
    ]
    for setting in reference.settings(settings):
        example = setting.example
        if (kind, setting.key) == ("drawer", "printer"):
            example = reference.toml(DEVICE_NAMES["printer", "escpos"])  # the one above in the same file
        lines += [*_comment(setting.doc), f"#{setting.key} = {example}"]
    return "\n".join([*lines, ""])
