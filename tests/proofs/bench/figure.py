"""A measured figure and its budget, and the table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        group: Name of the measurement that made it, as for ``--only``.
        what: What was measured, in words.
        seen: The value, in ``unit``; ``None`` if it could not be measured here.
        unit: ``M instructions``, ``bytes``, ``ms``, ``MiB``, ``%`` ...
        budget: The most that it may be; ``None`` for a figure that is only told.
        how: How it was measured, or why it was not.
    """

    group: str
    what: str
    seen: float | None
    unit: str
    budget: float | None = None
    how: str = ""

    @property
    def verdict(self) -> str:
        """``pass``, ``FAIL``, ``not measured``, or empty for a figure without a budget."""
        if self.seen is None:
            return "not measured"
        if self.budget is None:
            return ""
        return "pass" if self.seen <= self.budget else "FAIL"

    def data(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return asdict(self) | {"verdict": self.verdict}


def number(value: float | None) -> str:
    """A value with three digits that count.

    >>> number(0.01234), number(3.456), number(1234.5), number(0), number(None)
    ('0.0123', '3.46', '1234', '0', '-')
    """
    if value is None:
        return "-"
    if value == 0 or abs(value) >= 1000:
        return f"{value:.0f}"
    return f"{value:.3g}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = ["| what | seen | budget | | how |", "|---|---|---|---|---|"]
    for figure in figures:
        seen = f"{number(figure.seen)} {figure.unit}" if figure.seen is not None else "-"
        budget = f"<= {number(figure.budget)} {figure.unit}" if figure.budget is not None else ""
        rows.append(f"| {figure.what} | {seen} | {budget} | {figure.verdict} | {figure.how} |")
    return "\n".join(rows) + "\n"
