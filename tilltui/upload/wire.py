"""One HTTP POST that ends by its deadline, over a connection that is kept.

``http.client`` limits each read, not the whole: a server that drips one byte every few seconds would hold
the worker for ever. Here every read gets only what is left of the deadline. Loaded by the uploader when it
opens: ``http.client`` and ``ssl`` cost more to import than a till without network should pay.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from typing import Any

from tilltui.domain.frozen import frozen
from tilltui.errors import N_

MAX_ANSWER = 1 << 20
"""Most bytes of an answer's body."""

WAIT = N_("Sales are kept and sent by themselves once it answers.")
"""What to do about most of it: nothing."""


_DATES = (9, 10)
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED."""


class WireError(Exception):
    """No whole answer came.

    Attributes:
        message: English text with a field ``{host}``, marked for translation; never data of the request.
        hint: What to do.
        why: Value of the field ``{why}``, where there is one.
    """

    def __init__(self, message: str, hint: str = WAIT, why: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.why = why


@frozen
class Answer:
    """What came back.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
        body: At most ``MAX_ANSWER`` bytes.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@frozen
class _Request:
    """What is sent, and until when.

    Attributes:
        path: Of the resource.
        body: Bytes.
        headers: Without those of the connection.
        deadline: ``time.monotonic()`` value.
        meanwhile: Called when it has left.
    """

    path: str
    body: bytes
    headers: Mapping[str, str]
    deadline: float
    meanwhile: Callable[[], object]


class _DeadlineReader(io.RawIOBase):
    """The socket's bytes, each read limited by what is left of the deadline."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock = sock
        # makefile() keeps the descriptor open when http.client closes the socket before the body is read.
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there; raises ``TimeoutError`` at the deadline."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer) or 0

    def close(self) -> None:
        """Close the file; the socket itself belongs to the connection."""
        self._raw.close()
        super().close()


class Wire:
    """A kept connection to one host.

    Args:
        host: Host name or address.
        port: TCP port, ``None`` for the scheme's own.
        timeout: Seconds for a whole request, connecting included.
        context: TLS settings, or ``None`` for plain HTTP.
    """

    def __init__(self, host: str, port: int | None, timeout: float, context: ssl.SSLContext | None) -> None:
        self._host = host
        self._port = port
        self._timeout = timeout
        self._context = context
        self._kept: http.client.HTTPConnection | None = None
        self._sock: socket.socket | None = None
        self._cancelled = False

    def post(
        self,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        meanwhile: Callable[[], object] = lambda: None,
    ) -> Answer:
        """Send one request and read the whole answer.

        ``meanwhile`` is called when the request has left and the server works on it, perhaps twice; it must
        not raise.

        A kept connection that the server has closed meanwhile is replaced once; the receiver recognises a
        batch it has seen, so sending twice does no harm.

        Raises:
            WireError: Nothing is known of what the server did.
        """
        asked = _Request(path, body, headers, time.monotonic() + self._timeout, meanwhile)
        if self._kept is not None:
            with contextlib.suppress(ConnectionError, http.client.BadStatusLine):
                return self._guarded(self._kept, asked)
            self.close()
        try:
            return self._guarded(self._connect(asked.deadline), asked)
        except (ConnectionError, http.client.BadStatusLine) as error:
            self.close()
            raise _words(error) from error

    def close(self) -> None:
        """Hang up; may be called twice."""
        kept, self._kept, self._sock = self._kept, None, None
        if kept is not None:
            kept.close()

    def cancel(self) -> None:
        """Make a ``post`` in another thread fail now, and every later one."""
        self._cancelled = True
        sock = self._sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _guarded(self, connection: http.client.HTTPConnection, asked: _Request) -> Answer:
        try:
            return self._exchange(connection, asked)
        except (ConnectionError, http.client.BadStatusLine):
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise _words(error) from error

    def _connect(self, deadline: float) -> http.client.HTTPConnection:
        if self._cancelled:
            raise WireError(N_("The till is closing"))
        connection: http.client.HTTPConnection
        if self._context is None:
            connection = http.client.HTTPConnection(self._host, self._port)
        else:
            connection = http.client.HTTPSConnection(self._host, self._port, context=self._context)
        connection.timeout = max(0.001, deadline - time.monotonic())
        try:
            connection.connect()
        except (OSError, ValueError) as error:
            connection.close()
            raise _words(error) from error
        self._kept, self._sock = connection, connection.sock
        if self._cancelled:
            self.cancel()
        return connection

    def _exchange(self, connection: http.client.HTTPConnection, asked: _Request) -> Answer:

        def respond(sock: socket.socket, *rest: Any, **options: Any) -> http.client.HTTPResponse:
            response = http.client.HTTPResponse(sock, *rest, **options)
            response.fp.close()
            response.fp = io.BufferedReader(_DeadlineReader(sock, asked.deadline))
            return response

        connection.response_class = respond  # type: ignore[assignment]
        if connection.sock is not None:
            connection.sock.settimeout(max(0.001, asked.deadline - time.monotonic()))
        connection.auto_open = 0
        connection.request("POST", asked.path, body=asked.body, headers=dict(asked.headers))
        asked.meanwhile()
        response = connection.getresponse()
        with response:
            data = response.read(MAX_ANSWER + 1)
            if len(data) > MAX_ANSWER:
                raise WireError(N_("The answer of head office ({host}) is larger than 1 MiB"))
            if response.length:
                raise WireError(N_("The answer of head office ({host}) broke off"))
        if response.will_close:
            self.close()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, data)


def _words(error: Exception) -> WireError:
    """What to show, without addresses of objects or data."""
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _DATES:
            return WireError(
                N_("The certificate of head office ({host}) is out of date, or the till's clock is wrong"),
                hint=N_("Set the till's date and time; if they are right, tell head office."),
            )
        return WireError(
            N_("The certificate of head office ({host}) is not trusted: {why}"),
            hint=N_("If head office has an authority of its own, name its certificate in ca_file."),
            why=error.verify_message,
        )
    if isinstance(error, TimeoutError):
        return WireError(N_("Head office ({host}) did not answer in time"))
    if isinstance(error, socket.gaierror):
        return WireError(N_("The name of head office ({host}) was not found: no network, or a wrong url"))
    if isinstance(error, ConnectionRefusedError):
        return WireError(N_("Head office ({host}) refused the connection"))
    if isinstance(error, http.client.HTTPException | ConnectionError):
        return WireError(N_("Head office ({host}) hung up or did not speak HTTP"))
    why = error.strerror if isinstance(error, OSError) else None
    return WireError(N_("Head office ({host}) cannot be reached: {why}"), why=why or type(error).__name__)
