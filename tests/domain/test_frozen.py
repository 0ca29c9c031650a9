"""``frozen`` against ``dataclass(frozen=True, slots=True)``, its model."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, astuple, dataclass, field, fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.frozen import frozen


@frozen
class Ours:
    """A class with every kind of field."""

    a: int
    b: str = "x"
    c: list[int] = field(default_factory=list, hash=False)
    d: str = field(default="secret", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Model:
    """The same by the standard library."""

    a: int
    b: str = "x"
    c: list[int] = field(default_factory=list, hash=False)
    d: str = field(default="secret", repr=False, compare=False)


@frozen
class One:
    """One field."""

    a: int


@frozen
class Empty:
    """No field."""


@frozen
class Child(Ours):
    """A field more."""

    e: int = 7


@frozen
class Checked:
    """What it is given is checked and kept."""

    a: int

    def __post_init__(self) -> None:
        """Refuse a negative one."""
        if self.a < 0:
            raise ValueError(self.a)

    def __repr__(self) -> str:
        """Its own."""
        return f"<{self.a}>"


@frozen
class Loose:
    """Equal to everything."""

    a: int

    def __eq__(self, other: object) -> bool:
        """Its own."""
        return True


VALUES = st.tuples(st.integers(0, 3), st.sampled_from("xy"), st.lists(st.integers(0, 1), max_size=2))


@given(VALUES, VALUES)
def test_compares_and_hashes_like_its_model(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    assert (Ours(*one) == Ours(*other)) == (Model(*one) == Model(*other))
    assert (Ours(*one) != Ours(*other)) == (Model(*one) != Model(*other))
    assert hash(Ours(*one)) == hash(Model(*one))


@given(VALUES)
def test_tools_of_dataclasses_work(given_values: tuple[Any, ...]) -> None:
    ours, model = Ours(*given_values), Model(*given_values)
    assert [(f.name, f.default) for f in fields(Ours)] == [(f.name, f.default) for f in fields(Model)]
    assert asdict(ours) == asdict(model)
    assert astuple(ours) == astuple(model)
    assert asdict(replace(ours, a=9)) == asdict(replace(model, a=9))
    assert repr(ours) == repr(model).replace("Model", "Ours")


def test_defaults_are_made_anew() -> None:
    assert Ours(1).c is not Ours(1).c
    assert (Ours(1).b, Ours(1).d) == ("x", "secret")
    assert Ours(1, d="other") == Ours(1)


def test_classes_do_not_equal_each_other() -> None:
    assert Ours(1) != Child(1)
    assert Empty() == Empty()
    assert hash(One(1)) == hash(One(1))


def test_a_child_adds_fields() -> None:
    child = Child(1, "y", [2], "z", 8)
    assert astuple(child) == (1, "y", [2], "z", 8)
    assert Child(1).e == 7


def _set(made: Any) -> None:
    made.a = 2


def _set_new(made: Any) -> None:
    made.other = 2


def _delete(made: Any) -> None:
    del made.a


@pytest.mark.parametrize("change", [_set, _set_new, _delete])
@pytest.mark.parametrize("made", [Ours(1), One(1), Child(1), Checked(1)])
def test_nothing_changes_it(change: Callable[[Any], None], made: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        change(made)
    assert made.a == 1
    assert not hasattr(made, "__dict__")


@pytest.mark.parametrize(
    ("args", "named"), [((), {}), ((1, 2, 3, 4, 5), {}), ((1,), {"q": 1}), ((1,), {"a": 1})]
)
def test_wrong_arguments_are_said_as_by_its_model(args: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError) as model:
        Model(*args, **named)
    for _ in range(2):  # the first call compiles
        with pytest.raises(TypeError) as ours:
            Ours(*args, **named)
        assert str(ours.value) == str(model.value).replace("Model", "Ours")


def test_own_methods_stay() -> None:
    assert repr(Checked(3)) == "<3>"
    with pytest.raises(ValueError, match="-1"):
        Checked(-1)
    assert Loose(1) == Loose(2)
    assert hash(Loose(1)) == hash(Loose(1))


def test_copies_and_pickles() -> None:
    made = Ours(1, "y", [2], "kept")
    for again in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert astuple(again) == astuple(made)
    assert copy.deepcopy(made).c is not made.c


def test_matches_by_position() -> None:
    match Ours(1, "y"):
        case Ours(a, b):
            assert (a, b) == (1, "y")


@pytest.mark.parametrize("odd", [field(init=False, default=1), field(kw_only=True)])
def test_a_field_that_is_no_positional_argument_is_refused(odd: Any) -> None:
    with pytest.raises(TypeError, match="positional"):
        frozen(type("Odd", (), {"__annotations__": {"a": int}, "a": odd}))
