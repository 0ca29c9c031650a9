"""A figure of the house: what was counted, the most that it may be, and where it is more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a figure.

    Attributes:
        what: The place: a class, a folder, a module and line.
        size: What was counted there; ``None`` where being there is all that counts.
        note: More about it, in words.
        broken: That it is more than may be.
    """

    what: str
    size: int | None = None
    note: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, and the places that it was counted in, worst first.

    Attributes:
        key: Its name, as for ``--only``.
        title: What it counts, in words.
        seen: The figure itself: the largest of its rows, or how many there are.
        limit: The most that it may be; ``None`` for a figure that is only told.
        rows: The places.
    """

    key: str
    title: str
    seen: int
    limit: int | None
    rows: tuple[Row, ...]

    @property
    def verdict(self) -> str:
        """``holds``, ``BROKEN``, or ``told`` for a figure without a limit."""
        if self.limit is None:
            return "told"
        return "holds" if self.seen <= self.limit else "BROKEN"

    @property
    def broken(self) -> tuple[Row, ...]:
        """The places that break the limit."""
        return tuple(row for row in self.rows if row.broken)


def largest(key: str, title: str, limit: int, sizes: dict[str, tuple[int, str]]) -> Figure:
    """A figure of which each place may have ``limit``."""
    worst_first = sorted(sizes.items(), key=lambda item: (-item[1][0], item[0]))
    rows = tuple(Row(what, size, note, size > limit) for what, (size, note) in worst_first)
    return Figure(key, title, max((row.size or 0 for row in rows), default=0), limit, rows)


def count(key: str, title: str, limit: int | None, rows: list[Row]) -> Figure:
    """A figure of which there may be ``limit`` places."""
    over = limit is not None and len(rows) > limit
    return Figure(key, title, len(rows), limit, tuple(Row(r.what, r.size, r.note, over) for r in rows))
