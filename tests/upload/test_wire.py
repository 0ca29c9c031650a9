"""What a broken connection is called."""

from __future__ import annotations

import http.client
import socket
import ssl

import pytest

from tilltui.upload.wire import Wire, WireError, _words


def certificate_error(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (certificate_error(9), "the till's clock is wrong"),
        (certificate_error(10), "the till's clock is wrong"),
        (certificate_error(18), "is not trusted: self-signed certificate"),
        (TimeoutError("timed out"), "did not answer in time"),
        (socket.gaierror(-2, "Name or service not known"), "name of head office (hq) was not found"),
        (ConnectionRefusedError(111, "refused"), "refused the connection"),
        (ConnectionResetError(104, "reset"), "hung up or did not speak HTTP"),
        (http.client.IncompleteRead(b"secret"), "hung up or did not speak HTTP"),
        (OSError(101, "Network is unreachable"), "cannot be reached: Network is unreachable"),
        (ValueError("secret"), "cannot be reached: ValueError"),
    ],
)
def test_each_failure_has_its_words_and_shows_no_data(error: Exception, words: str) -> None:
    told = _words(error)
    text = told.message.format(host="hq", why=told.why)
    assert words in text
    assert "secret" not in text
    assert told.hint


def test_after_cancel_nothing_is_sent_any_more() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        wire = Wire("127.0.0.1", server.getsockname()[1], 5.0, None)
        wire.cancel()
        with pytest.raises(WireError, match="closing"):
            wire.post("/", b"", {})
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()
