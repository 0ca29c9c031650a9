"""Frozen slotted dataclasses that cost a start next to nothing.

``@frozen`` is ``@dataclass(frozen=True, slots=True)``: the same fields, equality, hash and errors.
The standard library compiles six methods for each class when its module is imported, 4.3 million
instructions for five fields on CPython 3.11: for the till's ninety classes a third of its start. Here
``__init__`` alone is compiled, when the first instance is made; the other methods are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")

_Key = Callable[[Any], tuple[Any, ...]]


@dataclass_transform(frozen_default=True, field_specifiers=(field, Field))
def frozen(cls: type[T]) -> type[T]:
    """Make a class of annotated fields a frozen slotted dataclass; a method that it defines itself stays.

    Raises:
        TypeError: As ``dataclasses.dataclass`` does, and for a field with ``init=False`` or ``kw_only``.
    """
    made: type[Any] = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    its = fields(made)
    if not all(f.init and not f.kw_only for f in its):
        raise TypeError(f"{cls.__qualname__}: every field of a frozen class is a positional argument")
    compared = _key(tuple(f.name for f in its if f.compare))
    hashed = _key(tuple(f.name for f in its if (f.compare if f.hash is None else f.hash)))

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        made.__init__ = _compiled_init(made)
        made.__init__(self, *args, **kwargs)

    def equals(self: Any, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return compared(self) == compared(other)

    methods: dict[str, Callable[..., Any]] = {**_METHODS, "__init__": init, "__eq__": equals}
    own = cls.__dict__
    for name, method in methods.items():
        if name not in own:
            setattr(made, name, method)
    if own.get("__hash__") is None:  # None is there when the class has an __eq__ of its own
        made.__hash__ = lambda self: hash(hashed(self))  # type: ignore[assignment, misc]
    return made


def _key(names: tuple[str, ...]) -> _Key:
    """What to compare and hash: the values of these fields."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _compiled_init(cls: type[Any]) -> Callable[..., None]:
    """``__init__`` as the standard library would write it."""
    scope: dict[str, Any] = {"_put": object.__setattr__, "_MISSING": MISSING}
    arguments, body = ["self"], []
    for f in fields(cls):
        argument = given = f.name
        if f.default_factory is not MISSING:
            scope[f"_make_{f.name}"] = f.default_factory
            argument = f"{f.name}=_MISSING"
            given = f"_make_{f.name}() if {f.name} is _MISSING else {f.name}"
        elif f.default is not MISSING:
            scope[f"_default_{f.name}"] = f.default
            argument = f"{f.name}=_default_{f.name}"
        arguments.append(argument)
        body.append(f" _put(self, {f.name!r}, {given})")
    if hasattr(cls, "__post_init__"):
        body.append(" self.__post_init__()")
    # Only names of fields go in, and those are identifiers.
    exec("\n".join((f"def __init__({', '.join(arguments)}):", *body, " return None")), scope)  # noqa: S102
    made: Callable[..., None] = scope["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _no_setting(self: Any, name: str, to: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_deleting(self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, f.name) for f in fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for f, to in zip(fields(self), state, strict=True):
        object.__setattr__(self, f.name, to)


_METHODS: dict[str, Callable[..., Any]] = {
    "__repr__": _repr,
    "__setattr__": _no_setting,
    "__delattr__": _no_deleting,
    "__getstate__": _state,
    "__setstate__": _set_state,
}
"""What is the same for every class."""
