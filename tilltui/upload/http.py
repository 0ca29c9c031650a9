"""Sends records to head office as signed JSON lines over HTTPS (``docs/upload.md``)."""

from __future__ import annotations

import itertools
import os
import stat
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from tilltui.domain.frozen import frozen
from tilltui.errors import N_, ConfigError, UploadDenied, UploadUnavailable
from tilltui.ports import OutboxRecord, Outcome, Uploader, Verdict
from tilltui.upload import envelope

if TYPE_CHECKING:
    from tilltui.upload.wire import Answer, Wire

LARGE_BODY = 64 * 1024
"""A single record above this many bytes that the server calls too large is refused, not tried for ever."""

MAX_REQUEST = 512 * 1024
"""Most bytes of a batch before compression; a larger one is sent in parts."""

_KEY_LIMIT = 4096

_LEVEL = 4
"""Of gzip: a tenth fewer bytes than level 1 for 6 us a sale; level 6 takes 5 % more off for 10 us more."""


@frozen
class HttpSettings:
    """Settings of ``driver = "http"``."""

    url: str
    """Where head office listens, such as ``https://hq.example/sales``."""

    key_file: Path
    """File with the till's key, readable by its owner only (``chmod 600``)."""

    timeout: float = 20.0
    """Seconds that one request may take in all."""

    ca_file: str = ""
    """Certificates (PEM) to trust instead of the system's, for a head office with its own authority."""


class HttpUploader(Uploader):
    """Posts batches and believes only an answer that head office has signed.

    A captive portal, a caching proxy or another site behind an expired name also answers 200: without the
    signature over the batch's id the till ticks nothing off.
    """

    Settings: ClassVar[type[HttpSettings]] = HttpSettings

    upcoming: Callable[[], Sequence[OutboxRecord]]
    """Gives the batch after the one that is being sent, if any; set by the worker, must not raise."""

    def __init__(self, name: str, settings: HttpSettings) -> None:
        self.name = name
        self._settings = settings
        self._key = b""
        self._wire: Wire | None = None
        self.upcoming = tuple
        self._ready: tuple[list[OutboxRecord], bytes] | None = None
        self._url = settings.url.strip()
        try:
            parts = urlsplit(self._url)
            self._port = parts.port
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise ConfigError(
                N_("[uploader.{uploader}] url: expected https://host/path, got {url!r}"),
                hint=N_("Correct url in till.toml; the key belongs into key_file, never into the address."),
                uploader=name,
                url="***" if "@" in self._url else self._url,
            )
        self._tls = parts.scheme == "https"
        self._host = parts.hostname
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def open(self) -> None:
        """Read the key and prepare the connection; nothing is sent yet.

        Raises:
            UploadDenied: The key file is missing, open to others, or holds no key.
            UploadUnavailable: The certificates of ``ca_file`` cannot be read.
        """
        self._key = read_key(Path(self._settings.key_file))
        import ssl

        from tilltui.upload.wire import Wire

        context = None
        if self._tls:
            try:
                context = ssl.create_default_context(cafile=self._settings.ca_file or None)
            except (OSError, ValueError) as error:
                raise UploadUnavailable(
                    N_("The certificates in {path} cannot be read"),
                    hint=N_("Correct ca_file in till.toml, or leave it out."),
                    path=self._settings.ca_file,
                ) from error
        self._wire = Wire(self._host, self._port, self._settings.timeout, context)

    def send(self, batch: Sequence[OutboxRecord]) -> list[Outcome]:
        """Post the records, a request for each run of one till and epoch, and give head office's verdicts."""
        outcomes: list[Outcome] = []
        for run in _runs(batch):
            outcomes += self._send_run(run)
        return outcomes

    def close(self) -> None:
        """Hang up and forget the key."""
        wire, self._wire, self._key, self._ready = self._wire, None, b"", None
        if wire is not None:
            wire.close()

    def cancel(self) -> None:
        """Break off a running ``send`` from another thread."""
        wire = self._wire
        if wire is not None:
            wire.cancel()

    def _send_run(self, run: list[OutboxRecord]) -> list[Outcome]:
        ready, self._ready = self._ready, None
        body = ready[1] if ready is not None and ready[0] == run else _packed(run)
        if body is not None:
            outcomes = self._post(run, body)
            if outcomes is not None:
                return outcomes
            if len(run) == 1:
                return [self._too_large(run[0])]
        middle = len(run) // 2
        return self._send_run(run[:middle]) + self._send_run(run[middle:])

    def _make_ready(self) -> None:
        """Compress the next batch while head office stores this one: half of the till's work in a drain."""
        if self._ready is None:
            for run in _runs(self.upcoming())[:1]:
                body = _packed(run)
                self._ready = (run, body) if body is not None else None

    def _post(self, run: Sequence[OutboxRecord], body: bytes) -> list[Outcome] | None:
        """One request; ``None`` when the server calls it too large."""
        from tilltui.upload.wire import WireError

        if self._wire is None:
            raise UploadUnavailable(
                N_("The connection to head office is closed"),
                hint=N_("The sales stay on this till until it answers."),
            )
        message_id = envelope.batch_id(run)
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-ndjson",
            "Content-Encoding": "gzip",
            "Accept": "application/json",
            "User-Agent": "tilltui",
            "Idempotency-Key": f'"{message_id}"',
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": envelope.sign(self._key, message_id, timestamp, body),
        }
        try:
            answer = self._wire.post(self._path, body, headers, self._make_ready)
        except WireError as error:
            raise UploadUnavailable(error.message, hint=error.hint, host=self._host, why=error.why) from error
        return self._understand(answer, run, message_id)

    def _understand(
        self, answer: Answer, run: Sequence[OutboxRecord], message_id: str
    ) -> list[Outcome] | None:
        status = answer.status
        if status in (401, 403):
            raise UploadDenied(
                N_("Head office ({host}) does not accept this till (HTTP {status})"),
                hint=N_("Ask head office whether the till is enrolled and key_file holds its key."),
                host=self._host,
                status=status,
            )
        if status == 413:
            return None
        # A receiver that knows the batch already may say 409: its signed outcomes count all the same.
        if not (200 <= status < 300 or status == 409):
            raise self._bad_status(answer)
        signed = envelope.answer_is_signed(
            self._key,
            message_id,
            answer.headers.get("webhook-timestamp", ""),
            answer.body,
            answer.headers.get("webhook-signature", ""),
        )
        if not signed:
            raise UploadUnavailable(
                N_("{host} answered (HTTP {status}), but not as head office: no right signature"),
                hint=N_(
                    "Another site may answer in its place (a Wi-Fi log-in page?), or its key is another."
                ),
                retry_after=_retry_after(answer),
                host=self._host,
                status=status,
            )
        try:
            return envelope.decode_answer(answer.body, run)
        except ValueError as error:
            raise UploadUnavailable(
                N_("The answer of head office ({host}) cannot be read"),
                hint=N_("Nothing was ticked off; the records are sent again."),
                host=self._host,
            ) from error

    def _bad_status(self, answer: Answer) -> UploadUnavailable:
        if 300 <= answer.status < 400:
            # Following it would hand the sales to whoever can forge one answer.
            message = N_("Head office ({host}) points to another address (HTTP {status})")
            hint = N_("Put the new address into url in till.toml.")
        elif 400 <= answer.status < 500 and answer.status not in (408, 425, 429):
            message = N_("Head office ({host}) does not understand the till (HTTP {status})")
            hint = N_("Check url in till.toml, and that head office runs a version that fits.")
        else:
            message = N_("Head office ({host}) is busy or broken (HTTP {status})")
            hint = N_("Sales are kept and sent by themselves once it recovers.")
        return UploadUnavailable(
            message, hint=hint, retry_after=_retry_after(answer), host=self._host, status=answer.status
        )

    def _too_large(self, record: OutboxRecord) -> Outcome:
        """A huge record must not block the rest; a small one tells of a wrong limit on the way."""
        if len(record.body) > LARGE_BODY:
            return Outcome(record.seq, Verdict.REFUSED, N_("too large for head office (HTTP 413)"))
        raise UploadUnavailable(
            N_("Head office ({host}) calls record {seq} too large"),
            hint=N_("Raise the limit for request bodies at head office's web server."),
            host=self._host,
            seq=record.seq,
        )


def _runs(batch: Sequence[OutboxRecord]) -> list[list[OutboxRecord]]:
    """A batch by till and epoch: a request has one of each."""
    grouped = itertools.groupby(batch, key=lambda record: (record.till, record.epoch))
    return [list(run) for _, run in grouped]


def _packed(run: Sequence[OutboxRecord]) -> bytes | None:
    """The body of a request; ``None`` where it would be too large and can be parted."""
    import gzip

    payload = envelope.encode(run)
    if len(payload) > MAX_REQUEST and len(run) > 1:
        return None
    return gzip.compress(payload, _LEVEL, mtime=0)


def read_key(path: Path) -> bytes:
    """Read a key file that nobody else can read.

    Raises:
        UploadDenied: It is missing, unreadable, open to group or others, or holds no key.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(_KEY_LIMIT)
    except OSError as error:
        raise UploadDenied(
            N_("The key file {path} cannot be read: {why}"),
            hint=N_("Put the key that head office gave you there, or correct key_file in till.toml."),
            path=str(path),
            why=error.strerror or type(error).__name__,
        ) from error
    if mode & 0o077:
        raise UploadDenied(
            N_("The key file {path} can be read by others (mode {mode})"),
            hint=N_("Run: chmod 600 {path}"),
            path=str(path),
            mode=f"{mode:04o}",
        )
    try:
        return envelope.parse_key(text)
    except ValueError:
        raise UploadDenied(
            N_("The key file {path} holds no key of head office"),
            hint=N_("Expected one line: whsec_ and the key in base64, at least 24 bytes."),
            path=str(path),
        ) from None


def _retry_after(answer: Answer) -> float | None:
    """Seconds from ``Retry-After`` (RFC 9110, 10.2.3): a number, or a date against the server's own clock."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    if not text:
        return None
    from email.utils import parsedate_to_datetime

    try:
        # The till's clock may be years off; the server's Date is not measured against it.
        later = parsedate_to_datetime(text) - parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, later.total_seconds())
