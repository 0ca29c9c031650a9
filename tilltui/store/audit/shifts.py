"""Shifts, Z numbers and kept totals, held against the Z records: the journal says them all.

The first shift opens when the till is enrolled, each other when a Z closes the one before; so the whole table
of shifts follows from the journal, and no row of it can be changed, added or taken away unseen.
"""

from __future__ import annotations

from collections.abc import Iterator

from tilltui.errors import N_
from tilltui.store.audit.finding import Finding
from tilltui.store.audit.records import Said
from tilltui.store.books.totals import shift_totals
from tilltui.store.file.engine import Connection


def shift_findings(connection: Connection, said: Said) -> Iterator[Finding]:
    """Check shifts, Z numbers and the totals of closed shifts."""
    if said.enrolled_ms is None:
        return  # a power cut between the schema and the enrolment, or a chain that is told of elsewhere
    expected: dict[int, tuple[int, int, int | None]] = {1: (said.enrolled_ms, 1, None)}
    shift = number = 0
    for seq, z in said.zs:
        number += 1
        shift = z.shift
        opened_ms, operator_id, _open = expected.get(shift, (None, None, None))
        if z.number != number or opened_ms is None or operator_id is None or z.report.opened_ms != opened_ms:
            yield Finding(
                "shift", N_("Z {number} does not follow the one before (record {seq})."),
                {"number": z.number, "seq": seq},
            )  # fmt: skip
            number = z.number
        else:
            expected[shift] = (opened_ms, operator_id, z.report.closed_ms)
        expected[shift + 1] = (z.report.closed_ms, z.report.operator.id, None)
        if tuple(shift_totals(connection, shift)) != z.report.totals:
            yield Finding(
                "totals", N_("The kept totals of shift {shift} are not those of Z {number}."),
                {"shift": shift, "number": z.number},
            )  # fmt: skip
    yield from _rows(connection, expected)
    yield from _last_number(connection, number)
    query = "SELECT day, kind, key FROM day_total WHERE count <= 0"
    for day, kind, key in connection.execute(query):
        yield Finding(
            "totals", N_("{day}, {kind} {key}: a total is kept that no sale made."),
            {"day": day, "kind": kind, "key": key},
        )  # fmt: skip


def _rows(connection: Connection, expected: dict[int, tuple[int, int, int | None]]) -> Iterator[Finding]:
    there = {
        shift: (opened_ms, operator_id, closed_ms)
        for shift, opened_ms, operator_id, closed_ms in connection.execute(
            "SELECT id, opened_ms, operator_id, closed_ms FROM shift"
        )
    }
    for shift in sorted(there.keys() | expected.keys()):
        if there.get(shift) != expected.get(shift):
            yield Finding("shift", N_("Shift {shift} is not as the journal says."), {"shift": shift})


def _last_number(connection: Connection, number: int) -> Iterator[Finding]:
    """The counter of Z reports, from which the next one gets its number."""
    row = next(connection.execute("SELECT value FROM meta WHERE key = 'z'"), None)
    kept = row[0] if row else "0"
    if kept != str(number):
        yield Finding(
            "shift", N_("The number of the last Z is kept as {kept}, the journal says {number}."),
            {"kept": kept, "number": number},
        )  # fmt: skip
