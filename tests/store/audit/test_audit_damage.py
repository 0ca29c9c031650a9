"""Whatever stands in the records, the audit goes through all of them and names each that cannot be read."""

from __future__ import annotations

import json
import random
from functools import partial
from typing import Any

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.domain.record.test_damage import damage
from tests.support import selling
from tests.support.records import drawer_body
from tilltui.domain.clock import now_ms
from tilltui.ports import Charge, ChargeResult
from tilltui.services.people.pin import Pins
from tilltui.store.audit.check import audit
from tilltui.store.cards import attempts
from tilltui.store.file.store import DATABASE, Store

NOT_ITS_KIND = {
    "sale": ("total", "a whole number"),
    "return": ("total", "a whole number"),
    "z": ("totals", "a list"),
    "pin": ("set", "yes or no"),
    "card": ("what", "text"),
    "enrol": ("till", "text"),
    "drawer": ("operator", "[id, name]"),
}
"""By kind a key whose value becomes an object, and what was expected there."""


def filled(store: Store) -> None:
    """Sales, a Z, and one of each kind that the audit reads."""
    rng = random.Random(6)
    for _ in range(6):
        selling.sell(store, rng, 4)
    selling.close_shift(store)
    Pins(store).change(1, "", "4711")
    store.record("drawer", drawer_body()).result(10)
    begun = store.run(
        partial(
            attempts.begin,
            terminal="front",
            amount=1000,
            basket_id=4,
            opened_ms=9,
            operator_id=1,
            now_ms=now_ms(),
        )
    )
    result = ChargeResult(Charge.APPROVED, begun.ticket, 1000, "123456", "6677", "VI", "60")
    store.run(lambda c: attempts.end(c, begun.ticket, result, now_ms(), recovered=True))
    selling.sell(store, rng, 2)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> apsw.Connection:
    """Their database, in memory and without its guards."""
    folder = tmp_path_factory.mktemp("damage") / "till"
    store = selling.open_store(folder)
    filled(store)
    store.close()
    memory = apsw.Connection(":memory:")
    disk = apsw.Connection(str(folder / DATABASE))
    with memory.backup("main", disk, "main") as copy:
        copy.step(-1)
    disk.close()
    assert list(audit(memory)) == []
    for (name,) in memory.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        memory.execute(f"DROP TRIGGER {name}")
    return memory


def bodies(file: apsw.Connection) -> list[tuple[int, str, dict[str, Any]]]:
    rows = file.execute("SELECT seq, kind, body FROM journal ORDER BY seq").fetchall()
    return [(int(seq), str(kind), json.loads(bytes(body))) for seq, kind, body in rows]


def raw(file: apsw.Connection) -> dict[int, bytes]:
    return {int(seq): bytes(body) for seq, body in file.execute("SELECT seq, body FROM journal").fetchall()}


def put(file: apsw.Connection, seq: int, body: object) -> None:
    data = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    file.execute("UPDATE journal SET body = ? WHERE seq = ?", (data, seq))


@pytest.mark.parametrize("nonsense", [{"no": "value"}, {}], ids=["a wrong value", "an empty one"])
def test_every_damaged_record_is_named(file: apsw.Connection, nonsense: dict[str, str]) -> None:
    file.execute("BEGIN")
    try:
        expected = {}
        for seq, kind, body in bodies(file):
            key, wanted = NOT_ITS_KIND[kind]
            put(file, seq, body | {key: nonsense})
            expected[seq] = (f"{'sale' if kind == 'return' else kind}.{key}", wanted)
        named = {
            found.fields["seq"]: (found.fields["key"], found.fields["expected"])
            for found in audit(file)
            if "expected" in found.fields
        }
        assert named == expected
    finally:
        file.execute("ROLLBACK")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_no_damage_stops_the_audit(file: apsw.Connection, data: st.DataObject) -> None:
    file.execute("BEGIN")
    try:
        before = raw(file)
        for seq, _kind, body in data.draw(st.lists(st.sampled_from(bodies(file)), min_size=1, max_size=3)):
            put(
                file,
                seq,
                data.draw(st.binary(max_size=9)) if data.draw(st.booleans()) else damage(body, data),
            )
        after = raw(file)
        found = [str(one) for one in audit(file)]
        for seq, body in before.items():
            assert (after[seq] != body) == (f"Record {seq}: a record was altered." in found)
    finally:
        file.execute("ROLLBACK")
