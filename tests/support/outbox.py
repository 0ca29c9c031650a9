"""A journal in memory, with records that look like a shop's."""

from __future__ import annotations

import hashlib
import json
import random
import threading
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from tilltui.errors import TillError
from tilltui.ports import OutboxRecord

GENESIS = "0" * 64
EPOCH = "0f3a9c5577d1e2b4"


@dataclass(frozen=True)
class MemoryBacklog:
    count: int
    oldest_ms: int | None


def rehash(member: dict[str, object], body: bytes) -> str:
    """The hash of these records: over the identity, the hash before and the body."""
    identity = json.dumps([member["till"], member["epoch"], member["seq"], member["prev_hash"]])
    return hashlib.sha256(identity.encode() + body).hexdigest()


def make_record(
    seq: int,
    prev: str = GENESIS,
    *,
    body: bytes | None = None,
    till: str = "1",
    epoch: str = EPOCH,
    kind: str = "sale",
) -> OutboxRecord:
    body = b'{"n":%d}' % seq if body is None else body
    member: dict[str, object] = {"till": till, "epoch": epoch, "seq": seq, "prev_hash": prev}
    rng = random.Random(f"{till} {epoch} {seq}")
    created_ms = 1_760_000_000_000 + seq * 60_000 + rng.randrange(60_000)
    # The layout of a UUIDv7 (RFC 9562, 5.7): 48 bits of time, the rest random.
    public = f"{created_ms:012x}7{rng.getrandbits(12):03x}{0x8 << 60 | rng.getrandbits(62):016x}"
    return OutboxRecord(
        till, epoch, seq, str(uuid.UUID(public)), kind, created_ms, body, prev, rehash(member, body)
    )


def chain(count: int, *, first: int = 1, prev: str = GENESIS, till: str = "1") -> list[OutboxRecord]:
    """Small records, each with the hash of the one before."""
    records = []
    for seq in range(first, first + count):
        records.append(make_record(seq, prev, till=till))
        prev = records[-1].hash
    return records


WORDS = [
    "Leche",
    "Pan",
    "Arroz",
    "Café",
    "Azúcar",
    "Té",
    "Aceite",
    "Fideos",
    "Harina",
    "Jabón",
    "Ñoquis",
    "Vino",
]


def product(number: int) -> dict[str, object]:
    """One of the shop's products; always the same for the same number."""
    rng = random.Random(number)
    return {
        "barcode": f"780{rng.randrange(10**10):010d}",
        "name": f"{rng.choice(WORDS)} {rng.choice(WORDS).lower()} {rng.randrange(1, 20) * 50} g",
        "price": rng.randrange(10, 999) * 10,
    }


def sale_body(seq: int) -> bytes:
    """A sale of about 1.3 kB in canonical JSON: 9 lines of 3,000 products, popular ones first."""
    rng = random.Random(seq)
    lines: list[dict[str, object]] = []
    total = 0
    for _ in range(9):
        quantity = rng.choice([1, 1, 1, 2, 3])
        item = product(min(2999, int(rng.paretovariate(0.5))))
        price = item["price"]
        assert isinstance(price, int)
        total += price * quantity
        lines.append(
            item | {"discount": 0, "quantity": 1000 * quantity, "tax_rate": 190000, "total": price * quantity}
        )
    sale = {
        "cashier": rng.choice(["ana", "luis", "rosa"]),
        "currency": "CLP",
        "lines": lines,
        "payments": [
            {"amount": total // 2, "kind": "card", "reference": f"{rng.randrange(10**6):06d}"},
            {"amount": total - total // 2, "kind": "cash", "reference": ""},
        ],
        "shift": seq // 300 + 1,
        "tax": total * 19 // 119,
        "total": total,
    }
    return json.dumps(sale, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sales(count: int) -> list[OutboxRecord]:
    prev, records = GENESIS, []
    for seq in range(1, count + 1):
        records.append(make_record(seq, prev, body=sale_body(seq)))
        prev = records[-1].hash
    return records


@dataclass
class MemoryOutbox:
    """The ``Outbox`` protocol over a list; ``fail`` is raised by the next call, once."""

    records: list[OutboxRecord] = field(default_factory=list)
    cursors: dict[str, int] = field(default_factory=dict)
    parked: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    fail: TillError | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def _trip(self) -> None:
        error, self.fail = self.fail, None
        if error is not None:
            raise error

    def add(self, *records: OutboxRecord) -> None:
        with self.lock:
            self.records.extend(records)

    def _waiting(self, uploader: str) -> list[OutboxRecord]:
        after = self.cursors.get(uploader, 0)
        # The list is gap-free from 1, as the journal is.
        return self.records[after:]

    def cursor(self, uploader: str) -> int:
        with self.lock:
            return self.cursors.get(uploader, 0)

    def pending(self, uploader: str, limit: int) -> list[OutboxRecord]:
        with self.lock:
            self._trip()
            after = self.cursors.get(uploader, 0)
            return self.records[after : after + limit]

    def following(self, seq: int, limit: int) -> list[OutboxRecord]:
        with self.lock:
            self._trip()
            return self.records[seq : seq + limit]

    def acknowledge(self, uploader: str, upto_seq: int, parked: Sequence[tuple[int, str, str]]) -> None:
        with self.lock:
            self._trip()
            self.cursors[uploader] = max(upto_seq, self.cursors.get(uploader, 0))
            self.parked.setdefault(uploader, []).extend(parked)

    def parked_before(self, uploader: str) -> tuple[int, int]:
        """Nothing was parked before this test."""
        return 0, 0

    def backlog(self, uploader: str) -> MemoryBacklog:
        with self.lock:
            after = self.cursors.get(uploader, 0)
            count = len(self.records) - after
            return MemoryBacklog(count, self.records[after].created_ms if count else None)
