"""What is wrong with the settings: all of it at once, so that the installer edits the file once."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.errors import N_, ConfigError, TillError


class Severity(enum.StrEnum):
    """Whether the till opens all the same."""

    ERROR = "error"
    """It does not: the shop or the till itself is set up wrong."""
    WARNING = "warning"
    """It does, without what is wrong: a device, an uploader, a key."""


@frozen
class Problem:
    """One thing that is wrong.

    Attributes:
        severity: Whether the till opens all the same.
        file: The settings file.
        key: Dotted key, such as ``printer.receipt.port``; empty for the whole file.
        error: What is wrong, with a hint; ``i18n.explain`` says it in the shop's language.
    """

    severity: Severity
    file: str
    key: str
    error: TillError


@dataclass(repr=False, eq=False, slots=True)
class Problems:
    """Collects problems of one file."""

    file: str
    found: list[Problem] = field(default_factory=list)

    def __iter__(self) -> Iterator[Problem]:
        """Every problem, in the order in which it was found."""
        return iter(self.found)

    def __len__(self) -> int:
        """How many there are."""
        return len(self.found)

    def add(self, severity: Severity, key: str, message: str, *, hint: str = "", **fields: Any) -> None:
        """Note a problem; ``key`` and ``file`` are fields of the message too."""
        error = ConfigError(message, hint=hint, key=key, file=self.file, **fields)
        self.found.append(Problem(severity, self.file, key, error))

    def add_error(self, severity: Severity, key: str, error: TillError) -> None:
        """Note a problem that somebody raised."""
        self.found.append(Problem(severity, self.file, key, error))

    def unknown(self, severity: Severity, key: str, known: list[str]) -> None:
        """Note a key that nobody reads, with the nearest one that somebody does."""
        near = get_close_matches(key.rpartition(".")[2], known, n=1)
        self.add(
            severity,
            key,
            N_("There is no setting “{key}”."),
            hint=N_("Did you mean “{near}”?") if near else N_("Known here: {known}."),
            near=near[0] if near else "",
            known=", ".join(known) or "-",
        )

    @property
    def errors(self) -> list[Problem]:
        """What keeps the till from opening."""
        return [p for p in self.found if p.severity is Severity.ERROR]

    @property
    def warnings(self) -> list[Problem]:
        """What the till opens without."""
        return [p for p in self.found if p.severity is Severity.WARNING]


class ConfigInvalid(ConfigError):
    """The settings cannot be used.

    Attributes:
        problems: Everything that was found, warnings too.
    """

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.parts = tuple(problem.error for problem in problems)
        count = len(problems.errors)
        super().__init__(
            N_("{file} has a mistake that keeps the till from opening.")
            if count == 1
            else N_("{file} has {count} mistakes that keep the till from opening."),
            hint=N_("Correct the file; “tilltui check” lists everything."),
            file=problems.file,
            count=count,
        )
