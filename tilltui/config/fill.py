"""A TOML table into a frozen dataclass: typed, bounded, and every mistake named.

Used for our own sections and for the ``Settings`` of every driver. A field's type is one of ``str``,
``int``, ``float``, ``bool``, ``Path``, ``date``, ``Fraction`` (from text such as ``"19%"``), a ``StrEnum``,
a ``Literal`` of texts, a ``tuple[X, ...]`` or ``list[X]`` of those, or ``X | None``; or, with ``flat`` in its
metadata, another such dataclass, whose settings stand in the same table. ``schema`` explains the metadata.
"""

from __future__ import annotations

import dataclasses
import enum
import re
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from tilltui.config.problems import Problems, Severity
from tilltui.domain.text import clean
from tilltui.errors import N_, TillError

T = TypeVar("T")

MAX_TEXT = 500
"""Most characters of a text without a ``max`` of its own."""

MAX_ITEMS = 200
"""Most items of a list."""

MAX_INT = 2**53
"""Largest whole number without a ``max`` of its own: what JSON carries exactly."""

_WRONG_TYPE = {
    str: N_("{key} must be text in quotes, got {value}."),
    int: N_("{key} must be a whole number without quotes, got {value}."),
    float: N_("{key} must be a number without quotes, got {value}."),
    bool: N_("{key} must be true or false without quotes, got {value}."),
    Path: N_("{key} must be the name of a file or folder in quotes, got {value}."),
    date: N_("{key} must be a day such as 2003-10-01, got {value}."),
    Fraction: N_("{key} must be a rate in quotes such as “19%”, got {value}."),
    list: N_("{key} must be a list in square brackets, got {value}."),
}


class _Refused(Exception):
    """A value that does not fit, with the message that says why."""

    def __init__(self, message: str, **fields: Any) -> None:
        super().__init__(message)
        self.message = message
        self.fields: dict[str, Any] = fields


def fill(
    cls: type[T],
    table: Mapping[str, object],
    where: str,
    problems: Problems,
    severity: Severity = Severity.ERROR,
    *,
    base: Path | None = None,
) -> T | None:
    """Make a ``cls`` of ``table``; on a mistake note each one in ``problems`` and return ``None``.

    Args:
        cls: A dataclass; its ``__post_init__`` may raise ``ValueError`` or ``TillError`` for what types
            cannot say.
        table: The TOML table.
        where: Dotted key of the table, for messages.
        problems: Where mistakes go.
        severity: How bad a mistake is.
        base: Folder that relative paths start from: that of the settings file.
    """
    before = len(problems)
    known = keys(cls)
    for key in table:
        if key not in known:
            problems.unknown(severity, f"{where}.{key}", known)
    return _fill(cls, table, where, problems, severity, base, before)


def keys(cls: type[Any]) -> list[str]:
    """The settings of a dataclass as the file names them; those of a ``flat`` field in its place."""
    found: list[str] = []
    for name, field in _fields(cls).items():
        found += keys(_hints(cls)[field.name]) if field.metadata.get("flat") else [name]
    return found


def _fields(cls: type[Any]) -> dict[str, dataclasses.Field[Any]]:
    return {f.metadata.get("key", f.name): f for f in dataclasses.fields(cls) if f.init}


def _hints(cls: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _fill(
    cls: type[T],
    table: Mapping[str, object],
    where: str,
    problems: Problems,
    severity: Severity,
    base: Path | None,
    before: int,
) -> T | None:
    """Fill what ``cls`` declares; ``None`` where there are more problems than ``before``."""
    hints = _hints(cls)
    values: dict[str, Any] = {}
    for key, field in _fields(cls).items():
        dotted = f"{where}.{key}"
        if field.metadata.get("flat"):
            values[field.name] = _fill(hints[field.name], table, where, problems, severity, base, before)
        elif key in table:
            try:
                values[field.name] = _value(hints[field.name], table[key], field, base)
            except _Refused as refused:
                problems.add(severity, dotted, refused.message, value=_shown(table[key]), **refused.fields)
        elif _required(field):
            problems.add(severity, dotted, N_("{key} is missing."), hint=N_("Add it to {file}."))
    if len(problems) > before:
        return None
    try:
        return cls(**values)
    except TillError as error:
        problems.add_error(severity, where, error)
    except ValueError as error:
        problems.add(severity, where, N_("{key}: {reason}"), reason=error)
    return None


def _shown(value: object) -> str:
    """A value as the file writes it, more or less, cut short."""
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return clean(value if isinstance(value, str) else repr(value), 60)
    except ValueError:  # Python writes no whole number of more than 4300 digits
        return "…"


def _value(kind: Any, value: object, field: dataclasses.Field[Any], base: Path | None) -> Any:
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = [a for a in args if a is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"{field.name}: a setting of {kind} is not supported.")
        return _value(inner[0], value, field, base)
    if origin in (tuple, list):
        if not isinstance(value, list):
            raise _Refused(_WRONG_TYPE[list])
        if len(value) > MAX_ITEMS:
            raise _Refused(N_("{key} may have at most {most} items."), most=MAX_ITEMS)
        return origin(_value(args[0], item, field, base) for item in value)
    if origin is typing.Literal:
        return _choice(args, value)
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum):
        return kind(_choice(tuple(member.value for member in kind), value))
    reader = _READERS.get(kind)
    if reader is None:
        raise TypeError(f"{field.name}: a setting of {kind} is not supported.")
    return reader(value, field, base)


def _choice(known: tuple[Any, ...], value: object) -> Any:
    if value in known and isinstance(value, str):
        return value
    raise _Refused(N_("{key} must be one of {known}, got “{value}”."), known=", ".join(map(str, known)))


def _text(value: object, field: dataclasses.Field[Any], base: Path | None) -> str:
    if not isinstance(value, str):
        raise _Refused(_WRONG_TYPE[str])
    most = field.metadata.get("max", MAX_TEXT) if field.type in ("str", str) else MAX_TEXT
    if len(value) > most:
        raise _Refused(N_("{key} may have at most {most} characters."), most=most)
    if "\0" in value:
        raise _Refused(N_("{key} contains a NUL character."))
    style = field.metadata.get("text")
    if style == "line":
        value = clean(value, most)
    elif style == "lines":
        value = "\n".join(clean(line, most) for line in value.splitlines())
    pattern = field.metadata.get("pattern")
    if pattern is not None and not re.fullmatch(pattern, value):
        raise _Refused(field.metadata["says"])
    if style and not value and _required(field):
        raise _Refused(N_("{key} is empty."))
    return value


def _required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _bounded(number: Any, field: dataclasses.Field[Any]) -> Any:
    """``number`` if it lies within the field's bounds; a TCP port has its own without being told."""
    is_port = isinstance(number, int) and (field.name == "port" or field.name.endswith("_port"))
    low = field.metadata.get("min", 1 if is_port else -MAX_INT)
    high = field.metadata.get("max", 65535 if is_port else MAX_INT)
    if not low <= number <= high:  # also refuses NaN
        raise _Refused(N_("{key} must be from {low} to {high}, got {value}."), low=low, high=high)
    return number


def _int(value: object, field: dataclasses.Field[Any], base: Path | None) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Refused(_WRONG_TYPE[int])
    return int(_bounded(value, field))


def _float(value: object, field: dataclasses.Field[Any], base: Path | None) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _Refused(_WRONG_TYPE[float])
    return float(_bounded(value, field))


def _bool(value: object, field: dataclasses.Field[Any], base: Path | None) -> bool:
    if not isinstance(value, bool):
        raise _Refused(_WRONG_TYPE[bool])
    return value


def _path(value: object, field: dataclasses.Field[Any], base: Path | None) -> Path:
    if not isinstance(value, str) or not value or "\0" in value or len(value) > MAX_TEXT:
        raise _Refused(_WRONG_TYPE[Path])
    try:
        path = Path(value).expanduser()
    except RuntimeError as e:  # ~nobody has no home
        raise _Refused(_WRONG_TYPE[Path]) from e
    return path if base is None else base / path


def _date(value: object, field: dataclasses.Field[Any], base: Path | None) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as e:
        raise _Refused(_WRONG_TYPE[date]) from e


def _rate(value: object, field: dataclasses.Field[Any], base: Path | None) -> Fraction:
    match = (
        re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,6}))?\s*%", value, re.ASCII) if isinstance(value, str) else None
    )
    if match is None:
        raise _Refused(_WRONG_TYPE[Fraction])
    whole, decimals = match[1], match[2] or ""
    rate = Fraction(int(whole + decimals), 100 * 10 ** len(decimals))
    if not field.metadata.get("min", 0) <= rate <= field.metadata.get("max", 1):
        raise _Refused(_WRONG_TYPE[Fraction])
    return rate


_READERS: Mapping[Any, Callable[[object, dataclasses.Field[Any], Path | None], Any]] = {
    str: _text,
    int: _int,
    float: _float,
    bool: _bool,
    Path: _path,
    date: _date,
    Fraction: _rate,
}
