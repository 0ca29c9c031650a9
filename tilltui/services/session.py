"""Who is at the till and what they may do: asked at the command, in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from tilltui.domain.people.operator import Operator
from tilltui.domain.people.rights import EVERYTHING, WORDS, Right
from tilltui.errors import N_, TillError

P = ParamSpec("P")
R = TypeVar("R")


class NotAllowed(TillError):
    """The session has not this right; somebody who has it may lend it for one command.

    Attributes:
        right: What is missing.
    """

    title = N_("Not allowed")

    def __init__(self, right: Right) -> None:
        self.right = right
        super().__init__(
            N_("You may not do this: {right}."),
            hint=N_("Call somebody who may."),
            right=WORDS[right],
        )


class Session:
    """Who sells at which till in which shift, and what was lent for the command that is being done.

    Args:
        operator: Who sells.
        till: Number of the till.
        rights: What the operator may do.

    Attributes:
        operator: Who sells.
        till: Number of the till.
        shift_id: The shift that is open; 0 until the register has looked.
        rights: What the operator may do by themselves.
        approver: Who lent a right for the command that is being done; ``None`` for nobody.
    """

    def __init__(self, operator: Operator, till: str, rights: frozenset[Right] = EVERYTHING) -> None:
        self.operator = operator
        self.till = till
        self.shift_id = 0
        self.rights = rights
        self.approver: Operator | None = None
        self._lent: Right | None = None

    @contextmanager
    def lent(self, right: Right, approver: Operator) -> Iterator[None]:
        """Lend a right for what is done inside: one synchronous call, which must not wait for anything.

        A command that waits takes ``approver`` before its first wait; afterwards it is somebody else's.

        Args:
            right: What is lent.
            approver: Who lends it.
        """
        before = self._lent, self.approver
        self._lent, self.approver = right, approver
        try:
            yield
        finally:
            self._lent, self.approver = before

    def may(self, right: Right) -> bool:
        """Whether the operator has the right, or it was lent."""
        return right in self.rights or right is self._lent

    def check(self, right: Right) -> None:
        """Raise ``NotAllowed`` unless the operator has the right, or it was lent."""
        if right not in self.rights and right is not self._lent:
            raise NotAllowed(right)


class HasSession(Protocol):
    """What commands are methods of: a room of the register."""

    @property
    def session(self) -> Session:
        """Who does it."""


S = TypeVar("S", bound=HasSession)

COMMANDS: dict[str, Right] = {}
"""Every command of the rooms that are loaded, as ``Room.command``, and its right."""


def command(right: Right) -> Callable[[Callable[Concatenate[S, P], R]], Callable[Concatenate[S, P], R]]:
    """Make a method a command of the register: its right is asked before anything else.

    A command that waits is a plain method that gives a coroutine: its right is asked when it is called, not
    when it is awaited.
    """

    def decorate(work: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
        COMMANDS[work.__qualname__] = right

        @wraps(work)
        def asked(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
            self.session.check(right)
            return work(self, *args, **kwargs)

        return asked

    return decorate
