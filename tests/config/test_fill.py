from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.config.fill import fill, keys
from tilltui.config.problems import Problems, Severity
from tilltui.errors import ConfigError


class Parity(enum.StrEnum):
    NONE = "N"
    EVEN = "E"


@dataclass(frozen=True, slots=True)
class Settings:
    host: str = ""
    port: int = 9100
    timeout: float = field(default=2.0, metadata={"min": 0.1, "max": 60})
    cut: bool = True
    parity: Parity = Parity.NONE
    transport: Literal["network", "serial"] = "network"
    codes: tuple[str, ...] = ()
    sizes: list[int] = field(default_factory=list)
    key_file: Path | None = None
    rate: Fraction = Fraction(0)
    since: date = date(2000, 1, 1)
    title: str = field(default="", metadata={"text": "line", "max": 10})

    def __post_init__(self) -> None:
        if self.host == "forbidden":
            raise ValueError("this host is forbidden")
        if self.host == "worse":
            raise ConfigError("worse than {what}", what="forbidden")


def filled(table: dict[str, Any]) -> tuple[Settings | None, list[str]]:
    problems = Problems("till.toml")
    result = fill(Settings, table, "printer.receipt", problems, Severity.WARNING, base=Path("/etc/till"))
    return result, [str(p.error) for p in problems]


def test_an_empty_table_gives_the_defaults() -> None:
    assert filled({}) == (Settings(), [])


def test_every_type() -> None:
    table = {
        "host": "10.0.0.1",
        "port": 1,
        "timeout": 3,
        "cut": False,
        "parity": "E",
        "transport": "serial",
        "codes": ["a", "b"],
        "sizes": [1, 2],
        "key_file": "hq.key",
        "rate": "10,5 %",
        "since": "2003-10-01",
        "title": " a\x1b[2J ",
    }
    result, problems = filled(table)
    assert problems == []
    assert result == Settings(
        host="10.0.0.1",
        port=1,
        timeout=3.0,
        cut=False,
        parity=Parity.EVEN,
        transport="serial",
        codes=("a", "b"),
        sizes=[1, 2],
        key_file=Path("/etc/till/hq.key"),
        rate=Fraction(105, 1000),
        since=date(2003, 10, 1),
        title="a[2J",
    )
    assert isinstance(result, Settings)
    assert isinstance(result.timeout, float)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"host": 5}, "printer.receipt.host must be text in quotes, got 5."),
        ({"port": "9100"}, "printer.receipt.port must be a whole number without quotes, got 9100."),
        ({"port": True}, "printer.receipt.port must be a whole number without quotes, got true."),
        ({"port": 1.5}, "printer.receipt.port must be a whole number without quotes, got 1.5."),
        ({"port": 0}, "printer.receipt.port must be from 1 to 65535, got 0."),
        ({"port": 65536}, "printer.receipt.port must be from 1 to 65535, got 65536."),
        ({"timeout": math.nan}, "printer.receipt.timeout must be from 0.1 to 60, got nan."),
        ({"timeout": "2"}, "printer.receipt.timeout must be a number without quotes, got 2."),
        ({"cut": 1}, "printer.receipt.cut must be true or false without quotes, got 1."),
        ({"parity": "X"}, "printer.receipt.parity must be one of N, E, got “X”."),
        ({"transport": []}, "printer.receipt.transport must be one of network, serial, got “[]”."),
        ({"codes": "a"}, "printer.receipt.codes must be a list in square brackets, got a."),
        ({"codes": [1]}, "printer.receipt.codes must be text in quotes, got [1]."),
        ({"codes": ["a"] * 201}, "printer.receipt.codes may have at most 200 items."),
        ({"host": "x" * 501}, "printer.receipt.host may have at most 500 characters."),
        ({"title": "x" * 11}, "printer.receipt.title may have at most 10 characters."),
        ({"host": "a\0b"}, "printer.receipt.host contains a NUL character."),
        ({"key_file": ""}, "printer.receipt.key_file must be the name of a file or folder in quotes, got ."),
        ({"rate": 19}, "printer.receipt.rate must be a rate in quotes such as “19%”, got 19."),
        ({"rate": "101%"}, "printer.receipt.rate must be a rate in quotes such as “19%”, got 101%."),
        ({"since": "1.10.2003"}, "printer.receipt.since must be a day such as 2003-10-01, got 1.10.2003."),
        ({"prot": 1}, "There is no setting “printer.receipt.prot”."),
        ({"host": "forbidden"}, "printer.receipt: this host is forbidden"),
        ({"host": "worse"}, "worse than forbidden"),
    ],
)
def test_a_mistake_is_named(table: dict[str, Any], message: str) -> None:
    assert filled(table) == (None, [message])


def test_all_mistakes_are_named_at_once() -> None:
    _, problems = filled({"prot": 1, "cut": 0, "host": 1})
    assert len(problems) == 3


def test_the_nearest_key_is_the_hint() -> None:
    problems = Problems("till.toml")
    fill(Settings, {"tmeout": 1}, "printer.receipt", problems)
    [problem] = problems
    assert problem.key == "printer.receipt.tmeout"
    assert problem.severity is Severity.ERROR
    assert problem.error.hint.format(**problem.error.fields) == "Did you mean “timeout”?"


def test_a_type_that_cannot_be_set_is_the_drivers_mistake() -> None:
    @dataclass(frozen=True)
    class Odd:
        value: complex = 1j

    with pytest.raises(TypeError, match="not supported"):
        fill(Odd, {"value": 1}, "x", Problems("f"))


_toml = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*Settings.__slots__, "other"]), _toml))
def test_whatever_stands_there_is_taken_or_named(table: dict[str, Any]) -> None:
    result, problems = filled(table)
    assert (result is None) == bool(problems)
    if result is not None:
        assert 1 <= result.port <= 65535
        assert 0.1 <= result.timeout <= 60
        assert isinstance(result.cut, bool)


@dataclass(frozen=True, slots=True)
class Shared:
    prefix: str = ""
    most: int = field(default=1, metadata={"min": 1})


@dataclass(frozen=True, slots=True)
class Composed:
    device: str
    shared: Shared = field(default=Shared(), metadata={"flat": True})


@pytest.mark.parametrize(
    ("table", "made", "said"),
    [
        ({"device": "x"}, Composed("x"), ""),
        ({"device": "x", "prefix": "F", "most": 3}, Composed("x", Shared("F", 3)), ""),
        ({"device": "x", "most": 0}, None, "scanner.front.most must be from 1"),
        ({"device": "x", "shared": {}}, None, "shared"),
        ({"device": "x", "prefxi": "F"}, None, "prefxi"),
    ],
)
def test_what_several_share_stands_in_the_same_section(
    table: dict[str, Any], made: Composed | None, said: str
) -> None:
    problems = Problems("till.toml")
    assert fill(Composed, table, "scanner.front", problems) == made
    assert [said in str(problem.error) for problem in problems] == ([True] if said else [])
    assert keys(Composed) == ["device", "prefix", "most"]
