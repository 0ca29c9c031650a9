from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.config import reference
from tilltui.config.schema import Config, DeviceSection


@dataclass(frozen=True)
class Base:
    """The base.

    More of it.
    """

    one: int
    """The first,
    on two lines."""


@dataclass(frozen=True)
class Child(Base):
    two: str = field(default="x", metadata={"key": "second", "example": "y"})
    """The second."""
    three: Path | None = None


def test_docstrings_come_with_those_of_the_base() -> None:
    assert reference.settings(Child) == [
        reference.Setting("one", "The first, on two lines.", None, '""'),
        reference.Setting("second", "The second.", '"x"', '"y"'),
        reference.Setting("three", "", "", '""'),
    ]
    assert reference.summary(Base) == "The base."


@pytest.mark.parametrize(
    "cls", [cls for _, cls in (*reference.SECTIONS, *reference.NAMED)] + [reference.RATE]
)
def test_every_setting_is_documented(cls: type[Any]) -> None:
    assert [s.key for s in reference.settings(cls) if not s.doc.endswith((".", '"10.5%".'))] == []


def test_every_section_of_its_own_class_is_listed() -> None:
    listed = [key for key, _ in reference.SECTIONS]
    assert listed == [f.name for f in fields(Config)][: len(listed)]
    assert [f.name for f in fields(DeviceSection)] == ["kind", "name", "driver", "options"]


@given(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(-(2**53), 2**53) | st.booleans())
def test_values_survive_toml(value: object) -> None:
    assert tomllib.loads(f"x = {reference.toml([value])}") == {"x": [value]}
