"""Members of a record's body, each asked for by its key and read as what its kind wants.

Whatever stands in a body, reading it ends with a value or with ``RecordDamaged``. What nobody asks for is
passed over: a newer till may say more.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from tilltui.domain.record.damage import NOTHING, RecordDamaged
from tilltui.domain.record.person import Person
from tilltui.errors import N_

E = TypeVar("E", bound=enum.StrEnum)

Body = bytes | Mapping[str, Any]
"""A record's body: the journal's JSON, or what that says."""

MAX_WHOLE = 2**63 - 1
"""Largest number that the database keeps, and the smallest is its negative less one."""

MAX_MS = 253_370_764_800_000
"""Latest moment, in UTC milliseconds: the last year that a date can show begins."""

MAX_OFFSET = 24 * 60
"""Most minutes that a clock can be away from UTC."""

_WHOLE = N_("a whole number")
_TEXT = N_("text")
_PERSON = ("id", "name")
_NEEDED: Any = NOTHING
"""Default of a member that must be there."""


class Fields:
    """An object, or a list of values with a name each, within a record.

    Args:
        values: By key.
        where: Where it stands, for the words about damage: ``sale``, ``sale.lines[3]``.
    """

    __slots__ = ("_get", "values", "where")

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self.values = values
        self.where = where
        self._get = values.get

    @classmethod
    def of(cls, body: Body, kind: str) -> Fields:
        """A record's body.

        Args:
            body: As it was kept, or parsed already.
            kind: Of the record, to be named where it is damaged.

        Raises:
            RecordDamaged: It is no JSON object.
        """
        values: Any = body
        if isinstance(body, bytes):
            try:
                values = json.loads(body)
            except (ValueError, RecursionError):
                values = body
        if not isinstance(values, Mapping):
            raise RecordDamaged(kind, N_("one JSON object"), values)
        return cls(values, kind)

    def damaged(self, key: str, expected: str) -> RecordDamaged:
        """What to raise for a member that is not what it should be; ``expected`` is marked English."""
        return RecordDamaged(f"{self.where}.{key}", expected, self.values.get(key, NOTHING))

    def whole(self, key: str, default: int = _NEEDED) -> int:
        """A whole number that the database can keep."""
        value: Any = self._get(key, default)
        if type(value) is not int or not ~MAX_WHOLE <= value <= MAX_WHOLE:
            raise self.damaged(key, _WHOLE)
        return value

    def count(self, key: str, default: int = _NEEDED) -> int:
        """A whole number from zero on."""
        value: Any = self._get(key, default)
        if type(value) is not int or not 0 <= value <= MAX_WHOLE:
            raise self.damaged(key, N_("a whole number from zero on"))
        return value

    def number_or_none(self, key: str) -> int | None:
        """A whole number, or ``None`` where it is left out."""
        return self.whole(key) if key in self.values else None

    def moment(self, key: str, default: int = _NEEDED) -> int:
        """UTC milliseconds since 1970 that a date can show."""
        value: Any = self._get(key, default)
        if type(value) is not int or not 0 <= value <= MAX_MS:
            raise self.damaged(key, N_("milliseconds since 1970"))
        return value

    def offset(self, key: str, default: int = _NEEDED) -> int:
        """Minutes east of UTC."""
        value: Any = self._get(key, default)
        if type(value) is not int or not -MAX_OFFSET <= value <= MAX_OFFSET:
            raise self.damaged(key, N_("minutes east of UTC"))
        return value

    def text(self, key: str, default: str = _NEEDED) -> str:
        """Text, without half characters: those can neither be kept nor printed."""
        value: Any = self._get(key, default)
        if not isinstance(value, str) or not (value.isascii() or _whole_text(value)):
            raise self.damaged(key, _TEXT)
        return value

    def flag(self, key: str, default: bool = _NEEDED) -> bool:
        """Yes or no."""
        value: Any = self._get(key, default)
        if value is not True and value is not False:
            raise self.damaged(key, N_("yes or no"))
        return value

    def word(self, key: str, words: type[E], default: E | None = None) -> E:
        """One of a set of words."""
        if default is not None and key not in self.values:
            return default
        try:
            return words(self.text(key))
        except ValueError:
            raise self.damaged(key, ", ".join(words)) from None

    def known_word(self, key: str, words: type[enum.StrEnum], default: str = _NEEDED) -> str:
        """One of a set of words, or another one as it stands, which a newer till may say."""
        value = self.text(key, default)
        try:
            return words(value)
        except ValueError:
            return value

    def person(self, key: str) -> Person:
        """``[id, name]``."""
        row = self._row(key, self._get(key, NOTHING), _PERSON)
        return Person(row.whole("id"), row.text("name"))

    def person_or_none(self, key: str) -> Person | None:
        """The same, or ``None`` where it is left out."""
        return self.person(key) if key in self.values else None

    def row(self, key: str, names: Sequence[str]) -> Fields:
        """A list with so many values, by their names."""
        return self._row(key, self._get(key, NOTHING), names)

    def rows(self, key: str, names: Sequence[str], *, needed: bool = True) -> list[Fields]:
        """A list of lists with so many values each, by their names; empty where it may be left out and is."""
        found = self._list(key, needed=needed)
        return [self._row(f"{key}[{at}]", value, names) for at, value in enumerate(found)]

    def objects(self, key: str) -> list[Fields]:
        """A list of objects."""
        made = []
        for at, value in enumerate(self._list(key)):
            where = f"{self.where}.{key}[{at}]"
            if not isinstance(value, Mapping):
                raise RecordDamaged(where, N_("an object"), value)
            made.append(Fields(value, where))
        return made

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return self._texts(key, self._get(key, NOTHING))

    def lists_of_texts(self, key: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts; empty where it is left out."""
        found = self._list(key, needed=False)
        return tuple(self._texts(f"{key}[{at}]", value) for at, value in enumerate(found))

    def numbers_by_name(self, key: str) -> dict[str, int]:
        """An object whose members are whole numbers."""
        values = self._get(key, NOTHING)
        if not isinstance(values, Mapping):
            raise self.damaged(key, N_("an object"))
        inner = Fields(values, f"{self.where}.{key}")
        return {str(name): inner.whole(name) for name in values}

    def _list(self, key: str, *, needed: bool = True) -> Sequence[Any]:
        value: Any = self._get(key, NOTHING if needed else [])
        if type(value) is not list and type(value) is not tuple:
            raise self.damaged(key, N_("a list"))
        return value

    def _row(self, key: str, value: Any, names: Sequence[str]) -> Fields:
        where = f"{self.where}.{key}"
        if (type(value) is not list and type(value) is not tuple) or len(value) != len(names):
            raise RecordDamaged(where, f"[{', '.join(names)}]", value)
        return Fields(dict(zip(names, value, strict=True)), where)

    def _texts(self, key: str, value: Any) -> tuple[str, ...]:
        if type(value) is not list or not all(type(one) is str and _whole_text(one) for one in value):
            raise RecordDamaged(f"{self.where}.{key}", N_("a list of texts"), value)
        return tuple(value)


def _whole_text(text: str) -> bool:
    """Whether text has no half of a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
