"""People, PINs, bad scans, papers and upload cursors: what is no sale, held against what records say."""

from __future__ import annotations

from collections.abc import Iterator

from tilltui.errors import N_
from tilltui.store.audit.finding import Finding
from tilltui.store.audit.records import Said
from tilltui.store.books.z_marks import SCANNED, bad_scans_hash
from tilltui.store.file.engine import Connection
from tilltui.store.people.operators import FIRST, pin_mark

GUARDS = ("payment_attempt_ended", "payment_attempt_same", "payment_attempt_kept")
"""Triggers that keep attempts at charging a card as they were."""


def mark_findings(connection: Connection, said: Said) -> Iterator[Finding]:
    """Check everything that has marks in the journal instead of records."""
    yield from _guards(connection)
    yield from _people(connection, said)
    yield from _scans(connection, said)
    yield from _papers(connection, said)
    yield from _cursors(connection, said)


def _guards(connection: Connection) -> Iterator[Finding]:
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")}
    if not there.issuperset(GUARDS):
        yield Finding(
            "sale", N_("The guard of {table} is gone: its rows can be changed."), {"table": "payment_attempt"}
        )


def _people(connection: Connection, said: Said) -> Iterator[Finding]:
    """The till makes one operator and changes nothing of them but the PIN, of which it keeps a record."""
    there = {
        row[0]: row for row in connection.execute("SELECT id, name, role, active, pin_hash FROM operator")
    }
    for number in sorted(there.keys() | {FIRST[0]}):
        row = there.get(number)
        if row is None or row[:4] != FIRST:
            yield Finding("person", N_("Operator {id} is not as the till made them."), {"id": number})
        if row is not None and pin_mark(row[4]) != said.pins.get(number, ""):
            yield Finding(
                "person", N_("The PIN of operator {id} was changed behind the till's back."), {"id": number}
            )


def _scans(connection: Connection, said: Said) -> Iterator[Finding]:
    count, last = next(connection.execute("SELECT count(*), coalesce(max(id), 0) FROM bad_scan"))
    if count != last:
        yield Finding(
            "scans", N_("{count} codes that could not be rung were deleted."), {"count": last - count}
        )
    before = 0
    for _seq, z in said.zs:
        mark = z.bad_scans
        if mark is None or mark.after != before or mark.last < mark.after:
            yield Finding(
                "scans", N_("Z {number} does not say which codes could not be rung."), {"number": z.number}
            )
        elif bad_scans_hash(connection, mark.after, mark.last) != mark.hash:
            yield Finding(
                "scans", N_("The codes that could not be rung before Z {number} were changed."),
                {"number": z.number},
            )  # fmt: skip
        before = before if mark is None else mark.last
    row = next(connection.execute("SELECT value FROM meta WHERE key = ?", (SCANNED,)), ("0",))
    if row[0] != str(before):
        yield Finding("scans", N_("The count of codes that could not be rung was changed."))


def _papers(connection: Connection, said: Said) -> Iterator[Finding]:
    count, last = next(connection.execute("SELECT count(*), coalesce(max(id), 0) FROM print_job"))
    promised = max((z.papers or 0 for _seq, z in said.zs), default=0)
    missing = max(last, promised) - count
    if missing:
        yield Finding("paper", N_("{count} papers were taken out of the queue."), {"count": missing})
    # Every attempt is counted before its first byte leaves.
    query = """SELECT title FROM print_job WHERE attempts = 0
     AND state IN ('sending', 'confirmed', 'sent_unconfirmed', 'uncertain') ORDER BY id"""
    for (title,) in connection.execute(query):
        yield Finding(
            "paper", N_("Paper {title} counts as printed and was never sent to a printer."), {"title": title}
        )


def _cursors(connection: Connection, said: Said) -> Iterator[Finding]:
    """A cursor never goes back, and never past what there is; more is only known where the records went."""
    there: dict[str, int] = {}
    for uploader, seq in connection.execute("SELECT uploader, seq FROM upload_cursor ORDER BY uploader"):
        there[uploader] = seq
    newest = next(connection.execute("SELECT seq FROM head"), (0,))[0]
    for uploader, seq in there.items():
        if seq > newest:
            yield Finding("sent", N_("{uploader} has records that are not here."), {"uploader": uploader})
    sent: dict[str, int] = {}
    for _seq, z in said.zs:
        sent.update(z.sent)
    for uploader, seq in sorted(sent.items()):
        if there.get(uploader, 0) < seq:
            yield Finding(
                "sent", N_("{uploader} was further at the last Z: it will get records twice."),
                {"uploader": uploader},
            )  # fmt: skip
