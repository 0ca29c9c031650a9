"""Identity and order of what a till writes: UUIDv7, canonical JSON and the hash chain."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from typing import Any

GENESIS = "0" * 64
"""Hash before the first record of an epoch without a past."""


canonical_text = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
).encode
"""``canonical`` before its text becomes bytes."""


def uuid7(now_ms: int) -> str:
    """A public identity that sorts by time (RFC 9562 section 5.7).

    It is never the order of sales: a clock may jump.

    Args:
        now_ms: UTC milliseconds since 1970.
    """
    value = (now_ms & (2**48 - 1)) << 80 | 0x7 << 76 | secrets.randbits(12) << 64
    value |= 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))


def new_epoch() -> str:
    """A random 64-bit number as 16 hexadecimal digits."""
    return secrets.token_hex(8)


def canonical(body: Any) -> bytes:
    """JSON in one way only: sorted keys, no spaces, UTF-8 (in the spirit of RFC 8785).

    >>> canonical({"b": "ñ", "a": [1, None]}).decode()
    '{"a":[1,null],"b":"ñ"}'

    Raises:
        ValueError: A number that JSON does not have (NaN, infinity), or text with half a character in it.
    """
    return canonical_text(body).encode()


def chain(prev_hash: str, till: str, epoch: str, seq: int, kind: str, body: bytes) -> str:
    """Hash of a record: SHA-256 over the hash before it, its identity and its body.

    Returns:
        64 hexadecimal digits.

    Raises:
        ValueError: A field holds the line feed that parts the fields: two records could share a hash.
    """
    head = f"{prev_hash}\n{till}\n{epoch}\n{seq}\n{kind}\n".encode()
    if head.count(b"\n") != 5:
        raise ValueError(f"Failed to chain record {seq} of till {till!r}: a field holds a line feed.")
    return hashlib.sha256(head + body).hexdigest()
