"""A head office that can be broken on purpose: a real HTTP server over a durable SQLite file.

Written from ``docs/upload.md`` alone (nothing of ``tilltui.upload`` is imported), so that it proves the
page as well as the till. Rule of storage: one row for each (till, epoch, seq), and an answer only after
COMMIT.
"""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
import json
import socket
import sqlite3
import ssl
import struct
import threading
import zlib
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

BOMB = 8 << 20
"""Most bytes of a request after decompression."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    till TEXT NOT NULL, epoch TEXT NOT NULL, seq INTEGER NOT NULL, uuid TEXT NOT NULL, kind TEXT NOT NULL,
    created_ms INTEGER NOT NULL, prev_hash TEXT NOT NULL, hash TEXT NOT NULL, body BLOB,
    verdict TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (till, epoch, seq)) STRICT;
CREATE TABLE IF NOT EXISTS fork (till TEXT, epoch TEXT, seq INTEGER, hash TEXT, body BLOB) STRICT;
"""


class Fault(enum.Enum):
    """What goes wrong with one request."""

    ERROR_500 = enum.auto()
    HANG = enum.auto()
    """Stored, then silence until ``release``."""
    CLOSE_BEFORE_COMMIT = enum.auto()
    CLOSE_AFTER_COMMIT = enum.auto()
    RESET_AFTER_COMMIT = enum.auto()
    HALF_ANSWER = enum.auto()
    """Stored; the connection ends in the middle of the body."""
    GARBAGE = enum.auto()
    """Stored; the answer is no HTTP at all."""
    TRUNCATED_JSON = enum.auto()
    """Stored; correctly signed, but the JSON stops in the middle."""
    WRONG_COUNT = enum.auto()
    WRONG_SEQ = enum.auto()
    DEEP = enum.auto()
    HUGE = enum.auto()
    UNSIGNED = enum.auto()
    REPLAYED_ANSWER = enum.auto()
    """Stored, but an older answer is given."""
    CAPTIVE_PORTAL = enum.auto()
    """200 with a log-in page; never reaches head office."""
    REDIRECT = enum.auto()
    DUPLICATE = enum.auto()
    """A proxy delivers the request twice."""
    DRIP = enum.auto()
    """One byte of the answer at a time, until ``release``."""
    TOO_MANY = enum.auto()
    """429 with Retry-After."""
    TOO_LARGE = enum.auto()
    DENY = enum.auto()
    CONFLICT = enum.auto()
    """409 with signed outcomes."""


@dataclass(frozen=True)
class Stored:
    """One row of head office."""

    till: str
    epoch: str
    seq: int
    uuid: str
    kind: str
    created_ms: int
    prev_hash: str
    hash: str
    body: bytes | None
    verdict: str
    reason: str


class BadRequest(Exception):
    """The request is answered with ``status``."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class HeadOffice:
    """The reference receiver on a loopback port.

    Args:
        path: SQLite file; survives ``stop`` and ``start``.
        key: Shared secret.
        rehash: Computes a record's hash from its members and body, to check it; ``None`` trusts the till.
        refuse_kinds: Kinds of records that are refused.
    """

    def __init__(
        self,
        path: Path,
        key: bytes,
        *,
        rehash: Callable[[dict[str, Any], bytes], str] | None = None,
        refuse_kinds: Sequence[str] = (),
    ) -> None:
        self.key = key
        self.refuse_kinds = set(refuse_kinds)
        self.faults: deque[Fault] = deque()
        """Faults of the next requests, in order; then none."""
        self.always: Fault | None = None
        """A fault of every request that has none of its own."""
        self.retry_after = "7"
        self.max_request = 16 << 20
        self.release = threading.Event()
        self.arrived = threading.Semaphore(0)
        """Released once for every request that came in whole."""
        self.requests = 0
        self.wire_bytes = 0
        self.connections = 0
        self.tls: ssl.SSLContext | None = None
        """Set before ``start`` to speak HTTPS."""
        self._rehash = rehash
        self._lock = threading.Lock()
        self._last_answer: tuple[bytes, dict[str, str]] = (b"{}", {})
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(SCHEMA)
        self._server: ThreadingHTTPServer | None = None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http{'s' if self.tls else ''}://127.0.0.1:{self.port}/sales"

    @property
    def secret(self) -> str:
        """The key as it stands in the till's key file."""
        return "whsec_" + base64.b64encode(self.key).decode()

    def start(self) -> HeadOffice:
        """Listen; after ``stop`` on the same port again."""
        office = self

        class Handler(_Handler):
            head_office = office

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

        self.release.clear()
        self._server = Server(("127.0.0.1", self.port), Handler)
        if self.tls is not None:
            # The handshake is left to the handler's thread: a client that says no must not stop the server.
            self._server.socket = self.tls.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        threading.Thread(
            target=self._server.serve_forever, args=(0.02,), name="head-office", daemon=True
        ).start()
        return self

    def stop(self) -> None:
        """Refuse connections from now on."""
        self.release.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def close(self) -> None:
        self.stop()
        with self._lock:
            self._db.close()

    def records(self, till: str | None = None) -> list[Stored]:
        """Everything stored, by till, epoch and number."""
        with self._lock:
            rows = self._db.execute("SELECT * FROM record ORDER BY till, epoch, seq").fetchall()
        return [Stored(*row) for row in rows if till is None or row[0] == till]

    def arrivals(self) -> list[int]:
        """Numbers in the order in which they were stored."""
        with self._lock:
            return [row[0] for row in self._db.execute("SELECT seq FROM record ORDER BY rowid")]

    def forks(self) -> list[tuple[str, str, int]]:
        with self._lock:
            return list(self._db.execute("SELECT till, epoch, seq FROM fork"))

    def check_signature(self, message_id: str, timestamp: str, raw: bytes, offered: str) -> bool:
        mac = hmac.new(self.key, f"{message_id}.{timestamp}.".encode() + raw, hashlib.sha256).digest()
        right = "v1," + base64.b64encode(mac).decode()
        return any(hmac.compare_digest(right, one) for one in offered.split())

    def sign_answer(self, message_id: str, body: bytes) -> dict[str, str]:
        timestamp = "1760000000"
        mac = hmac.new(self.key, f"{message_id}.answer.{timestamp}.".encode() + body, hashlib.sha256)
        return {
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": "v1," + base64.b64encode(mac.digest()).decode(),
        }

    def take(self, raw: bytes, *, commit: bool = True) -> list[dict[str, Any]]:
        """Store a batch in one transaction and give the outcomes; the only door to the table."""
        head, records = parse(unpack(raw))
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                outcomes = [self._store(head["till"], head["epoch"], *record) for record in records]
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT" if commit else "ROLLBACK")
        return outcomes

    def _store(self, till: str, epoch: str, member: dict[str, Any], body: bytes) -> dict[str, Any]:
        seq, own = member["seq"], member["hash"]
        row = self._db.execute(
            "SELECT hash, verdict, reason FROM record WHERE till=? AND epoch=? AND seq=?", (till, epoch, seq)
        ).fetchone()
        if row is not None:
            if row[0] == own:
                return {"seq": seq, "verdict": row[1], "reason": row[2]}
            self._db.execute("INSERT INTO fork VALUES (?,?,?,?,?)", (till, epoch, seq, own, body))
            return {"seq": seq, "verdict": "fork", "reason": "another record has this number"}
        verdict, reason = self._judge(till, epoch, member, body)
        self._db.execute(
            "INSERT INTO record VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                *(till, epoch, seq, member["uuid"], member["kind"], member["created_ms"]),
                *(member["prev_hash"], own, None if verdict == "refused" else body, verdict, reason),
            ),
        )
        return {"seq": seq, "verdict": verdict, "reason": reason}

    def _judge(self, till: str, epoch: str, member: dict[str, Any], body: bytes) -> tuple[str, str]:
        if member["kind"] in self.refuse_kinds:
            return "refused", f"no {member['kind']} here"
        if (
            self._rehash is not None
            and self._rehash({"till": till, "epoch": epoch, **member}, body) != member["hash"]
        ):
            return "held", "the hash does not fit the body"
        head = self._db.execute(
            "SELECT seq, hash FROM record WHERE till=? AND epoch=? ORDER BY seq DESC LIMIT 1", (till, epoch)
        ).fetchone()
        if head is not None and (member["seq"] != head[0] + 1 or member["prev_hash"] != head[1]):
            return "held", "the chain does not fit"
        try:
            json.loads(body)
        except ValueError:
            return "held", "the body is not understood"
        return "accepted", ""


def unpack(raw: bytes) -> bytes:
    """Decompress, but no more than ``BOMB`` bytes."""
    try:
        inflate = zlib.decompressobj(31)
        data = inflate.decompress(raw, BOMB)
    except zlib.error:
        raise BadRequest(400) from None
    if inflate.unconsumed_tail or not inflate.eof:
        raise BadRequest(413)
    return data


def parse(data: bytes) -> tuple[dict[str, Any], list[tuple[dict[str, Any], bytes]]]:
    """Read the head line and the records; bodies are cut out byte for byte."""
    first, *lines = data.split(b"\n")
    try:
        head = json.loads(first)
        if lines.pop() != b"" or head["v"] != 1 or head["count"] != len(lines):
            raise BadRequest(400)
        records = []
        previous = ""
        for line in lines:
            start, mark, rest = line.partition(b',"body":')
            if mark:
                member, body = json.loads(start + b"}"), rest[:-1]
            else:
                member = json.loads(line)
                body = base64.b64decode(member["body64"], validate=True)
            member.setdefault("prev_hash", previous)
            previous = member["hash"]
            records.append((member, body))
    except (ValueError, KeyError, TypeError, IndexError):
        raise BadRequest(400) from None
    return head, records


class _Handler(BaseHTTPRequestHandler):
    head_office: HeadOffice
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.head_office.connections += 1

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            # A client that hangs up, or does not trust the certificate, is nothing to report.
            self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Silence on the terminal."""

    def do_POST(self) -> None:
        office = self.head_office
        length = int(self.headers.get("Content-Length", "-1"))
        if not 0 <= length <= office.max_request:
            self.close_connection = True
            self._say(413, b"")
            return
        raw = self.rfile.read(length)
        if len(raw) < length:
            self.close_connection = True
            return
        office.requests += 1
        office.wire_bytes += length + len(self.requestline) + 4 + len(bytes(self.headers))
        fault = office.faults.popleft() if office.faults else office.always
        message_id = self.headers.get("webhook-id", "")
        try:
            if not office.check_signature(
                message_id,
                self.headers.get("webhook-timestamp", ""),
                raw,
                self.headers.get("webhook-signature", ""),
            ):
                raise BadRequest(401)
            self._answer(fault, message_id, raw)
        except BadRequest as error:
            self._say(error.status, b"")
        finally:
            office.arrived.release()

    def _answer(self, fault: Fault | None, message_id: str, raw: bytes) -> None:
        office = self.head_office
        early = {Fault.ERROR_500: 500, Fault.TOO_LARGE: 413, Fault.DENY: 403}
        if fault in early:
            raise BadRequest(early[fault])
        if fault is Fault.REDIRECT:
            return self._say(307, b"", {"Location": "http://127.0.0.1:1/elsewhere"})
        if fault is Fault.CAPTIVE_PORTAL:
            return self._say(200, b"<html>Please log in</html>", {"Content-Type": "text/html"})
        if fault is Fault.TOO_MANY:
            return self._say(429, b"", {"Retry-After": office.retry_after})
        if fault is Fault.CLOSE_BEFORE_COMMIT:
            office.take(raw, commit=False)
            self.close_connection = True
            return None
        outcomes = office.take(raw)
        if fault is Fault.DUPLICATE:
            outcomes = office.take(raw)
        if fault is Fault.WRONG_COUNT:
            outcomes = outcomes[:-1]
        if fault is Fault.WRONG_SEQ:
            outcomes = [{**outcome, "seq": outcome["seq"] + 1} for outcome in outcomes]
        body = json.dumps({"outcomes": outcomes}, separators=(",", ":")).encode()
        if fault is Fault.TRUNCATED_JSON:
            body = body[: len(body) // 2]
        if fault is Fault.DEEP:
            body = b"[" * 200_000
        if fault is Fault.HUGE:
            body = b" " * (3 << 20) + body
        headers = office.sign_answer(message_id, body)
        if fault is Fault.UNSIGNED:
            headers = {}
        if fault is Fault.REPLAYED_ANSWER:
            body, headers = office._last_answer
        else:
            office._last_answer = (body, headers)
        return self._deliver(fault, body, headers)

    def _deliver(self, fault: Fault | None, body: bytes, headers: dict[str, str]) -> None:
        office = self.head_office
        if fault is Fault.CLOSE_AFTER_COMMIT:
            self.close_connection = True
        elif fault is Fault.RESET_AFTER_COMMIT:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
        elif fault is Fault.HANG:
            office.arrived.release()
            office.release.wait(30)
            self.close_connection = True
        elif fault is Fault.GARBAGE:
            self.wfile.write(b"\x00\xff\x1b[2J garbage\r\n\r\n")
            self.close_connection = True
        elif fault is Fault.HALF_ANSWER:
            self._start(200, len(body), headers)
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif fault is Fault.DRIP:
            self._start(200, len(body), headers)
            for byte in body:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                if office.release.wait(0.02):
                    break
            self.close_connection = True
        else:
            self._say(409 if fault is Fault.CONFLICT else 200, body, headers)

    def _start(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            self._start(status, len(body), headers or {})
            self.wfile.write(body)
            self.wfile.flush()
        except ConnectionError:
            self.close_connection = True
