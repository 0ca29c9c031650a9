"""Products, print jobs, cursors and the ballast."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import selling
from tests.support.records import drawer_body
from tilltui.domain.clock import now_ms
from tilltui.domain.goods.bad_scan import BadScan
from tilltui.domain.goods.product import NewProduct
from tilltui.domain.paper.paper_kind import PaperKind
from tilltui.store.file import ballast
from tilltui.store.file.engine import Connection
from tilltui.store.file.store import Store
from tilltui.store.goods import catalogue
from tilltui.store.paper import jobs
from tilltui.store.upload import outbox


def put(store: Store, *products: NewProduct) -> None:
    store.run(lambda connection: catalogue.put(connection, products, now_ms()))


def names(store: Store, text: str) -> list[str]:
    return [product.name for product in catalogue.search(store.reader, text)]


@pytest.fixture
def shop(store: Store) -> Store:
    put(
        store,
        NewProduct("A-1", "Ñandú ahumado", 100, "general", codes=("0001", "0002")),
        NewProduct("B2", "Piña en almíbar 850 g", 200, "general"),
        NewProduct("C3", "Coca-Cola 1,5 l", 300, "general"),
        NewProduct("D4", 'Queso "El Abuelo" (200 g)', 400, "general"),
        NewProduct("E5", "Yerba de antes", 500, "general", active=False),
    )
    return store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ñandu", "Ñandú ahumado"), ("NANDU", "Ñandú ahumado"), ("ahu ñan", "Ñandú ahumado"),
        ("pina alm", "Piña en almíbar 850 g"), ("piñ", "Piña en almíbar 850 g"),
        ("coca-cola", "Coca-Cola 1,5 l"),
        ("1,5 l", "Coca-Cola 1,5 l"), ("el abuelo", 'Queso "El Abuelo" (200 g)'),
        ('"El', 'Queso "El Abuelo" (200 g)'), ("c3", "Coca-Cola 1,5 l"), ("b2", "Piña en almíbar 850 g"),
        ("^pina", "Piña en almíbar 850 g"),
    ],
)  # fmt: skip
def test_search_finds(shop: Store, text: str, found: str) -> None:
    assert names(shop, text)[0] == found


@pytest.mark.parametrize("text", ["", "x", "*", '"', "' OR 1=1 --", "yerba", "zzzz", "ñ", "-", "()"])
def test_search_finds_nothing(shop: Store, text: str) -> None:
    assert names(shop, text) == []


@pytest.mark.parametrize(
    "text", ["NEAR(pi, al)", "name:pina", "pina AND coca", "pina NOT x", "pi*na", "{a b}:c"]
)
def test_operators_are_words(shop: Store, text: str) -> None:
    assert names(shop, text) == []


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(max_size=100))
def test_no_text_breaks_the_search(store: Store, text: str) -> None:
    catalogue.search(store.reader, text)
    catalogue.by_code(store.reader, text)


def test_products_are_changed_by_sku_and_found_by_every_code(shop: Store) -> None:
    first = catalogue.by_code(shop.reader, "0002")
    assert first is not None
    assert (first.name, first.open_price, first.active) == ("Ñandú ahumado", False, True)
    assert catalogue.by_code(shop.reader, "A-1") == first
    put(shop, NewProduct("A-1", "Avestruz", 150, "general", codes=("0002", "0003"), open_price=True))
    changed = catalogue.by_id(shop.reader, first.id)
    assert changed is not None
    assert (changed.name, changed.price, changed.open_price) == ("Avestruz", 150, True)
    assert catalogue.barcodes(shop.reader, first.id) == ["0001", "0002", "0003"]
    assert names(shop, "nandu") == []
    assert names(shop, "avestr") == ["Avestruz"]
    assert catalogue.by_code(shop.reader, "nobody") is None
    inactive = catalogue.by_code(shop.reader, "E5")
    assert inactive is not None
    assert inactive.active is False


def test_a_code_nobody_knew_is_kept_within_bounds(store: Store) -> None:
    store.run(lambda c: catalogue.note_bad_scan(c, "9" * 500, "s" * 100, 1, BadScan.UNKNOWN, now_ms()))
    assert next(store.reader.execute("SELECT length(code), length(source) FROM bad_scan")) == (128, 64)


def test_the_next_job_is_found_without_reading_the_old_ones(store: Store) -> None:
    for query in (jobs._NEXT, jobs._SENDING):
        plan = " ".join(row[3] for row in store.reader.execute(f"EXPLAIN QUERY PLAN {query}", ("receipt",)))
        assert "SEARCH print_job USING INDEX print_job_open" in plan
        assert "TEMP B-TREE" not in plan
    plan = next(store.reader.execute(f"EXPLAIN QUERY PLAN {jobs._UNSETTLED}"))[3]
    assert plan == "SCAN print_job USING INDEX print_job_open"


def next_id(store: Store, printer: str) -> int | None:
    found = jobs.next_job(store.reader, printer)
    return found.id if found else None


def test_jobs_go_their_way(store: Store) -> None:
    def add(connection: Connection) -> list[int]:
        return [
            jobs.add(connection, "receipt", PaperKind.NOTE, f"{n}", 1, doc=[["Text", "ñ"]]) for n in range(3)
        ]

    first, second, third = store.run(add)
    found = jobs.next_job(store.reader, "receipt")
    assert found is not None
    assert (found.id, found.doc, found.state) == (first, [["Text", "ñ"]], "queued")
    assert jobs.next_job(store.reader, "kitchen") is None
    store.run(lambda c: jobs.set_state(c, first, "blocked", 2, reason="paper"))
    assert next_id(store, "receipt") == first
    store.run(lambda c: jobs.set_state(c, first, "sending", 3))
    assert next_id(store, "receipt") == second
    recovered = store.run(lambda c: jobs.recover(c, "receipt", 4))
    assert [job.id for job in recovered] == [first]
    assert [(job.id, job.state) for job in jobs.unsettled(store.reader)] == [
        (first, "uncertain"), (second, "queued"), (third, "queued")]  # fmt: skip
    begun = jobs.job(store.reader, first)
    assert begun is not None
    assert begun.attempts == 1
    store.run(lambda c: jobs.set_state(c, second, "confirmed", 5, fence="pid"))
    assert next_id(store, "receipt") == third
    assert [job.id for job in jobs.recent(store.reader, 2)] == [third, second]
    assert jobs.job(store.reader, 999) is None


def test_the_cursor_only_goes_forward_and_never_beyond_the_journal(store: Store) -> None:
    for number in range(5):
        store.record("drawer", drawer_body(str(number))).result(10)
    newest = next(store.reader.execute("SELECT seq FROM head"))[0]

    def acknowledge(upto: int, *parked: tuple[int, str, str]) -> None:
        store.run(lambda c: outbox.acknowledge(c, "hq", upto, parked, 1))

    assert outbox.backlog(store.reader, "hq")[0] == newest
    acknowledge(3, (2, "refused", "x" * 900))
    acknowledge(1)
    assert outbox.cursor(store.reader, "hq") == 3
    assert [record.seq for record in outbox.pending(store.reader, "hq", 2)] == [4, 5]
    assert outbox.parked(store.reader, "hq") == (1, 0)
    acknowledge(3, (2, "held", "later"))
    assert outbox.parked(store.reader, "hq") == (0, 0)
    acknowledge(10**9)
    assert outbox.cursor(store.reader, "hq") == newest
    assert outbox.backlog(store.reader, "hq") == (0, None)
    assert outbox.backlog(store.reader, "usb") == (
        newest,
        outbox.pending(store.reader, "usb", 1)[0].created_ms,
    )
    selling.sell(store, random.Random(1), 2)
    assert [record.kind for record in outbox.pending(store.reader, "hq", 9)] == ["sale"]


def test_the_ballast_is_real_room_given_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = ballast.Ballast(tmp_path, 1 << 20)
    assert not kept.held
    assert kept.low()
    assert kept.hold()
    assert kept.hold()
    assert kept.path.stat().st_blocks * 512 >= 1 << 20
    assert not kept.low()
    assert kept.release()
    assert not kept.release()
    monkeypatch.setattr(kept, "free_bytes", lambda: (2 << 20) - 1)
    assert not kept.hold()
    assert kept.low()
