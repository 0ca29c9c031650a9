"""Raw jobs through CUPS, against a small IPP server over TCP and over a local socket."""

from __future__ import annotations

import http.server
import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tilltui.domain.paper.elements import Cut, Text
from tilltui.errors import ConfigError, DeviceBlocked, DeviceOffline, OutcomeUnknown
from tilltui.ports import Delivered, Delivery, Job
from tilltui_drivers.printers.escpos import EscposPrinter
from tilltui_drivers.transport import ipp
from tilltui_drivers.transport.cups import CupsTransport
from tilltui_drivers.virtual.printers.paper import Interpreter


def group(tag: int, *rows: tuple[int, str, bytes]) -> bytes:
    """One attribute group, written from RFC 8010 and not with the till's encoder."""
    out = bytes([tag])
    for kind, name, value in rows:
        out += bytes([kind, len(name) >> 8, len(name) & 255]) + name.encode()
        out += bytes([len(value) >> 8, len(value) & 255]) + value
    return out


HEAD = group(1, (0x47, "attributes-charset", b"utf-8"), (0x48, "attributes-natural-language", b"en"))


class Cups:
    """A queue: what it says, and what it was given."""

    def __init__(self) -> None:
        self.state = 3
        self.reasons = [b"none"]
        self.accepting = True
        self.status = 0
        self.refuse_job = 0
        self.job_states = [5, 5, 9]
        self.documents: list[bytes] = []
        self.questions: list[int] = []
        self.cut_answer = False
        self.hang_up_on = 0
        self.http_status = 200

    def reply(self, body: bytes) -> bytes:
        operation = int.from_bytes(body[2:4], "big")
        self.questions.append(operation)
        assert b"printer-uri" in body
        if operation == 0x000B:
            reasons = [(0x44, "" if i else "printer-state-reasons", r) for i, r in enumerate(self.reasons)]
            rows = group(
                4,
                (0x23, "printer-state", self.state.to_bytes(4, "big")),
                *reasons,
                (0x22, "printer-is-accepting-jobs", bytes([self.accepting])),
            )
            return b"\x01\x01" + self.status.to_bytes(2, "big") + bytes(4) + HEAD + rows + b"\x03"
        if operation == 0x0002:
            assert b"application/vnd.cups-raw" in body
            self.documents.append(document(body))
            rows = group(2, (0x21, "job-id", b"\0\0\0\x2a"), (0x23, "job-state", b"\0\0\0\x03"))
            return b"\x01\x01" + self.refuse_job.to_bytes(2, "big") + bytes(4) + HEAD + rows + b"\x03"
        assert operation == 0x0009
        assert b"job-id\x00\x04\x00\x00\x00\x2a" in body
        state = self.job_states.pop(0) if len(self.job_states) > 1 else self.job_states[0]
        rows = group(2, (0x23, "job-state", state.to_bytes(4, "big")))
        return b"\x01\x01\x00\x00" + bytes(4) + HEAD + rows + b"\x03"


def document(body: bytes) -> bytes:
    """What stands behind the attributes of a request."""
    place = 8
    while body[place] != 3:
        if body[place] < 0x10:
            place += 1
            continue
        place += 3 + int.from_bytes(body[place + 1 : place + 3], "big")
        place += 2 + int.from_bytes(body[place : place + 2], "big")
    return body[place + 1 :]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cups: Cups

    def do_POST(self) -> None:
        cups = self.cups
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if cups.hang_up_on == int.from_bytes(body[2:4], "big"):
            self.close_connection = True
            return
        assert self.path == "/printers/receipt"
        assert self.headers["Content-Type"] == "application/ipp"
        reply = cups.reply(body)
        if cups.cut_answer:
            reply = reply[:-7]
        self.send_response(cups.http_status)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        return None

    def address_string(self) -> str:
        return "local"


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


class LocalServer(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@pytest.fixture(params=["tcp", "socket"])
def queue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Cups, CupsTransport]]:
    cups = Cups()
    handler = type("Bound", (Handler,), {"cups": cups})
    local = tmp_path / "cups.sock"
    server: socketserver.BaseServer
    if request.param == "tcp":
        server = Server(("127.0.0.1", 0), handler)
        assert isinstance(server.server_address, tuple)
        pipe = CupsTransport(f"127.0.0.1:{server.server_address[1]}/receipt", "front")
    else:
        server = LocalServer(str(local), handler)
        pipe = CupsTransport("receipt", "front", local)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield cups, pipe
    server.shutdown()
    server.server_close()
    thread.join(5)


def printer(pipe: CupsTransport) -> EscposPrinter:
    settings = EscposPrinter.Settings(transport="cups", queue="receipt", stall_timeout=2.0)
    return EscposPrinter("front", settings, pipe=pipe)


def deliver(pipe: CupsTransport) -> tuple[Delivery, int]:
    one, sent = printer(pipe), 0

    def sending() -> None:
        nonlocal sent
        sent += 1

    payload = one.render([Text("¡Hola, ñandú!"), Cut()])
    return one.deliver(Job(payload, 1, sending)), sent


def test_a_receipt_goes_out_as_one_raw_job_and_stays_unconfirmed(queue: tuple[Cups, CupsTransport]) -> None:
    cups, pipe = queue
    assert deliver(pipe) == (Delivery(Delivered.SENT_UNCONFIRMED, "none"), 1)
    assert len(cups.documents) == 1
    virtual = Interpreter(576)
    virtual.feed(cups.documents[0])
    assert virtual.paper.lines[0] == "¡Hola, ñandú!"
    assert virtual.paper.cuts == 1
    assert cups.questions == [0x000B, 0x0002, 0x0009, 0x0009, 0x0009]


def test_the_drawer_is_kicked_once(queue: tuple[Cups, CupsTransport]) -> None:
    cups, pipe = queue
    printer(pipe).kick(5)
    assert cups.documents == [b"\x1b\x70\x01\x32\x32"]


@pytest.mark.parametrize(
    ("state", "reasons", "accepting", "status", "reason"),
    [
        (5, [b"paused"], True, 0, ""),
        (5, [b"other", b"media-empty-error"], True, 0, "paper"),
        (5, [b"cover-open"], True, 0, "cover"),
        (3, [b"none"], False, 0, ""),
        (3, [b"none"], True, 0x0406, ""),
    ],
)
def test_a_queue_that_stands_still_gets_nothing(
    queue: tuple[Cups, CupsTransport],
    state: int,
    reasons: list[bytes],
    accepting: bool,
    status: int,
    reason: str,
) -> None:
    cups, pipe = queue
    cups.state, cups.reasons, cups.accepting, cups.status = state, reasons, accepting, status
    with pytest.raises(DeviceBlocked if reason else DeviceOffline) as caught:
        deliver(pipe)
    assert getattr(caught.value, "reason", "") == reason
    assert cups.documents == []


def test_what_the_queue_said_of_yesterdays_paper_stops_nothing(queue: tuple[Cups, CupsTransport]) -> None:
    cups, pipe = queue
    cups.reasons = [b"media-empty-warning"]
    assert deliver(pipe)[0].outcome is Delivered.SENT_UNCONFIRMED


@pytest.mark.parametrize("end", [7, 8])
def test_a_job_that_cups_gave_up_is_uncertain(queue: tuple[Cups, CupsTransport], end: int) -> None:
    cups, pipe = queue
    cups.job_states = [5, end]
    with pytest.raises(OutcomeUnknown, match="gave the job up"):
        deliver(pipe)
    assert len(cups.documents) == 1


def test_a_job_that_stays_in_the_queue_is_uncertain(queue: tuple[Cups, CupsTransport]) -> None:
    cups, pipe = queue
    cups.job_states = [4]
    with pytest.raises(OutcomeUnknown):
        deliver(pipe)


@pytest.mark.parametrize("operation", [0x0002, 0x0009])
def test_a_server_that_hangs_up_in_the_middle_is_uncertain(
    queue: tuple[Cups, CupsTransport], operation: int
) -> None:
    cups, pipe = queue
    cups.hang_up_on = operation
    with pytest.raises(OutcomeUnknown):
        deliver(pipe)


def test_a_refused_job_is_uncertain_and_never_sent_again(queue: tuple[Cups, CupsTransport]) -> None:
    cups, pipe = queue
    cups.refuse_job = 0x0507
    with pytest.raises(OutcomeUnknown, match="refused"):
        deliver(pipe)
    assert cups.questions.count(0x0002) == 1


@pytest.mark.parametrize("fault", ["cut", "http", "hang"])
def test_a_server_that_talks_nonsense_at_first_gets_nothing(
    queue: tuple[Cups, CupsTransport], fault: str
) -> None:
    cups, pipe = queue
    cups.cut_answer = fault == "cut"
    cups.http_status = 401 if fault == "http" else 200
    cups.hang_up_on = 0x000B if fault == "hang" else 0
    with pytest.raises(DeviceOffline):
        deliver(pipe)
    assert cups.documents == []


def test_no_server_at_all() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(DeviceOffline, match="CUPS"):
            CupsTransport(f"127.0.0.1:{port}/receipt").open(time.monotonic() + 2)


def test_a_queue_must_be_named() -> None:
    with pytest.raises(ConfigError, match="queue"):
        EscposPrinter("front", EscposPrinter.Settings(transport="cups"))


@given(st.binary(max_size=200))
def test_any_answer_is_read_or_refused(data: bytes) -> None:
    for raw in (data, b"\x01\x01\x00\x00\x00\x00\x00\x01" + data):
        try:
            ipp.answer(raw)
        except ValueError:
            continue
