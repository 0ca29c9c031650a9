"""Records as JSON lines, and the signatures around them (``docs/upload.md`` is the reference).

A record is one line whose last member is ``body``: the journal's canonical JSON, byte for byte, so that a
receiver which only wants the data parses the line, and one that checks the hash cuts the bytes out.
Signatures follow the Standard Webhooks specification 1.0: HMAC-SHA256 over ``id.timestamp.payload``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence

from tilltui.domain.text import MAX_NOTE, clean
from tilltui.ports import OutboxRecord, Outcome, Verdict

VERSION = 1
"""Version of the wire format."""

KEY_MARK = "whsec_"
"""Marks a key in base64, as in Standard Webhooks."""

MIN_KEY_BYTES = 24
"""Shortest key that is accepted (Standard Webhooks: 24 to 64 bytes)."""

_COMPACT = (",", ":")

_text = json.encoder.encode_basestring_ascii
"""A JSON string of a text, as ``json.dumps`` writes it: without building an encoder for every record."""


def parse_key(text: bytes) -> bytes:
    """Read a key file: ``whsec_`` and base64, or plain text taken as it is.

    Raises:
        ValueError: Not base64 after the prefix, or shorter than ``MIN_KEY_BYTES``; the key is not quoted.
    """
    text = text.strip()
    prefix = KEY_MARK.encode()
    try:
        key = base64.b64decode(text[len(prefix) :], validate=True) if text.startswith(prefix) else text
    except binascii.Error:
        raise ValueError("Failed to read the key: expected base64 after whsec_.") from None
    if len(key) < MIN_KEY_BYTES:
        raise ValueError(f"Failed to read the key: expected {MIN_KEY_BYTES} bytes or more, got {len(key)}.")
    return key


def record_line(record: OutboxRecord, *, follows: str = "", full: bool = False) -> bytes:
    """One record as one line of JSON with its newline.

    Args:
        record: What to write.
        follows: Hash of the record on the line before; ``prev_hash`` is left out where it is the same.
        full: Write ``v``, ``till``, ``epoch`` and ``prev_hash`` too, so that the line stands alone.
    """
    start = (
        f'"seq":{record.seq},"uuid":{_text(record.uuid)},"kind":{_text(record.kind)},'
        f'"created_ms":{record.created_ms},"hash":{_text(record.hash)}'
    )
    if full:
        start = f'"v":{VERSION},"till":{_text(record.till)},"epoch":{_text(record.epoch)},{start}'
    if full or record.prev_hash != follows:
        start = f'{start},"prev_hash":{_text(record.prev_hash)}'
    body = record.body
    if body[:1] == b"{" and body[-1:] == b"}" and b"\n" not in body and b"\r" not in body:
        return b'{%b,"body":%b}\n' % (start.encode(), body)
    # Never canonical, and still not ours to drop: it travels, and head office may hold it.
    return b'{%b,"body64":"%b"}\n' % (start.encode(), base64.b64encode(body))


def encode(batch: Sequence[OutboxRecord]) -> bytes:
    """A batch of one till and epoch as JSON lines: a head line, then one line a record."""
    first = batch[0]
    head = {"v": VERSION, "till": first.till, "epoch": first.epoch, "count": len(batch)}
    lines = [json.dumps(head, separators=_COMPACT).encode() + b"\n"]
    follows = ""
    for record in batch:
        lines.append(record_line(record, follows=follows))
        follows = record.hash
    return b"".join(lines)


def batch_id(batch: Sequence[OutboxRecord]) -> str:
    """Identity of a batch: the same for the same records, whenever it is sent; another for any other."""
    digest = hashlib.sha256()
    for record in batch:
        identity = f"[{_text(record.till)}, {_text(record.epoch)}, {record.seq}, {_text(record.hash)}]"
        digest.update(identity.encode())
    return "msg_" + digest.hexdigest()[:32]


def sign(key: bytes, message_id: str, timestamp: str, payload: bytes) -> str:
    """Signature of a request, ``v1,`` and base64."""
    mac = hmac.new(key, f"{message_id}.{timestamp}.".encode() + payload, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()


def answer_is_signed(key: bytes, message_id: str, timestamp: str, payload: bytes, signatures: str) -> bool:
    """Whether one of the blank-separated ``signatures`` of an answer is right.

    An answer signs ``id.answer.timestamp.payload`` with the request's id: neither an older answer nor the
    request itself can be played back as one.
    """
    right = sign(key, f"{message_id}.answer", timestamp, payload).encode()
    return any(
        hmac.compare_digest(right, offered.encode("utf-8", "replace"))
        for offered in signatures.split(" ")[:8]
    )


def decode_answer(payload: bytes, batch: Sequence[OutboxRecord]) -> list[Outcome]:
    """Read ``{"outcomes": [{"seq": 1, "verdict": "accepted", "reason": ""}, ...]}``, one a record in order.

    Raises:
        ValueError: Not JSON, too deep, or not one outcome for each record.
    """
    try:
        answer = json.loads(payload)
    except RecursionError:
        raise ValueError("Failed to read the answer: expected flat JSON, got deep nesting.") from None
    rows = answer.get("outcomes") if isinstance(answer, dict) else None
    if not isinstance(rows, list) or len(rows) != len(batch):
        got = len(rows) if isinstance(rows, list) else "none"
        raise ValueError(f"Failed to read the answer: expected {len(batch)} outcomes, got {got}.")
    return [_outcome(row, record.seq) for row, record in zip(rows, batch, strict=True)]


def _outcome(row: object, seq: int) -> Outcome:
    if not isinstance(row, dict):
        raise ValueError(f"Failed to read the outcome of record {seq}: expected an object.")
    verdict, reason = row.get("verdict"), row.get("reason", "")
    if type(row.get("seq")) is not int or row["seq"] != seq:
        raise ValueError(f"Failed to read the outcome of record {seq}: it names another record.")
    if not isinstance(verdict, str) or not isinstance(reason, str):
        raise ValueError(f"Failed to read the outcome of record {seq}: expected text.")
    return Outcome(seq, Verdict(verdict), clean(reason, MAX_NOTE) if reason else "")
