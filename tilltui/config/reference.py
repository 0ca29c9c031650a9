"""The settings as their own documentation: docstrings out of the schema and the drivers."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
import typing
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from tilltui.config.schema import Barcodes, Cash, Rule, Shop, TaxRate, Tender, Till
from tilltui.domain.frozen import frozen

SECTIONS: tuple[tuple[str, type[Any]], ...] = (
    ("shop", Shop),
    ("till", Till),
    ("barcodes", Barcodes),
    ("cash", Cash),
)
"""Our own sections in the order of the file."""

RATE = TaxRate
"""A row of ``[taxes]``."""

NAMED: tuple[tuple[str, type[Any]], ...] = (("tender", Tender), ("rule", Rule))
"""Sections of which a shop has as many as it names."""


@frozen
class Setting:
    """One setting.

    Attributes:
        key: Its name in the file.
        doc: The docstring under the field, on one line.
        default: As TOML writes it; ``None`` when the setting is required, empty when there is no default.
        example: As TOML writes it, the default where there is no better one.
    """

    key: str
    doc: str
    default: str | None
    example: str


def settings(cls: type[Any]) -> list[Setting]:
    """The settings that a dataclass declares, its bases' first; those of a ``flat`` field in its place."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        if dataclasses.is_dataclass(base):
            docs |= _docstrings(base)
    hints = typing.get_type_hints(cls)
    found: list[Setting] = []
    for field in dataclasses.fields(cls):
        if field.metadata.get("flat"):
            found += settings(hints[field.name])
        elif field.init:
            found.append(_setting(field, docs.get(field.name, "")))
    return found


def summary(cls: type[Any]) -> str:
    """First paragraph of the class's own docstring."""
    return " ".join((inspect.getdoc(cls) or "").split("\n\n")[0].split())


def _docstrings(cls: type[Any]) -> dict[str, str]:
    """Field name to the text under it; Python keeps no such docstrings, so they come from the source."""
    body = ast.parse(textwrap.dedent(inspect.getsource(cls))).body[0]
    if not isinstance(body, ast.ClassDef):
        raise TypeError(f"{cls!r} is not a class")
    found = {}
    for field, text in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
            and isinstance(text.value.value, str)
        ):
            found[field.target.id] = " ".join(text.value.value.split())
    return found


def _setting(field: dataclasses.Field[Any], doc: str) -> Setting:
    default: str | None
    if field.default is not dataclasses.MISSING:
        default = toml(field.default)
    elif field.default_factory is not dataclasses.MISSING:
        default = toml(field.default_factory())
    else:
        default = None
    example = toml(field.metadata["example"]) if "example" in field.metadata else default
    return Setting(field.metadata.get("key", field.name), doc, default, example or '""')


def toml(value: object) -> str:
    """A value as TOML writes it; empty for ``None``, which TOML has not.

    >>> toml(("a", 1, True))
    '["a", 1, true]'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(toml(item) for item in value)}]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Fraction):
        return f'"{float(value * 100):g}%"'
    if isinstance(value, str | Path):
        return '"' + "".join(_ESCAPES.get(c, c) for c in str(value)) + '"'
    raise TypeError(f"{value!r} has no TOML form here")


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"} | {
    chr(i): f"\\u{i:04x}" for i in (*range(9), 11, 12, *range(14, 32), 127)
}
