from __future__ import annotations

import socket
from collections.abc import Callable, Iterator

import pytest

from tilltui.errors import ConfigError
from tilltui.ports import BarcodeScanned, DeviceState, ScanGarbled
from tilltui_drivers.contract.bench import PATIENCE, TillEar
from tilltui_drivers.scanners.framer import MAX_FRAME
from tilltui_drivers.scanners.network import MAX_CONNECTIONS, NetworkScanner, NetworkSettings

Start = Callable[..., NetworkScanner]


@pytest.fixture
def start(till: TillEar) -> Iterator[Start]:
    """Starts a scanner with the given settings on a free port."""
    made: list[NetworkScanner] = []

    def start(protocol: str, **settings: object) -> NetworkScanner:
        scanner = NetworkScanner("front", NetworkSettings(protocol, port=0, **settings))  # type: ignore[arg-type]
        made.append(scanner)
        scanner.start(till.emit)
        till.until(DeviceState.READY)
        return scanner

    yield start
    for scanner in made:
        scanner.stop()


def datagrams(scanner: NetworkScanner, *packets: bytes, source: str = "127.0.0.1") -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind((source, 0))
        for packet in packets:
            line.sendto(packet, ("127.0.0.1", scanner.port))


def connected(scanner: NetworkScanner) -> socket.socket:
    return socket.create_connection(("127.0.0.1", scanner.port), timeout=PATIENCE)


def test_a_datagram_is_a_code_or_several(start: Start, till: TillEar) -> None:
    scanner = start("udp")
    datagrams(scanner, b"]E07801234567894", b"1\n2\r\n3", b"", b"\n")
    event = till.next(BarcodeScanned)
    assert (event.text, event.symbology) == ("7801234567894", "]E0")
    assert [till.next(BarcodeScanned).text for _ in range(3)] == ["1", "2", "3"]
    assert not till.taken()


def test_a_datagram_larger_than_any_code_is_said(start: Start, till: TillEar) -> None:
    scanner = start("udp")
    datagrams(scanner, b"7" * (MAX_FRAME + 1), b"8")
    assert "far more than a code" in till.next(ScanGarbled).reason
    assert till.next(BarcodeScanned).text == "8"


@pytest.mark.parametrize("protocol", ["udp", "tcp"])
def test_who_is_not_named_may_not_scan(start: Start, till: TillEar, protocol: str) -> None:
    scanner = start(protocol, allow=("127.0.0.2", "10.1.0.0/16"))
    if protocol == "udp":
        datagrams(scanner, b"evil")
        datagrams(scanner, b"good", source="127.0.0.2")
    else:
        with connected(scanner) as line:
            assert line.recv(1) == b""
        with socket.socket() as line:
            line.bind(("127.0.0.2", 0))
            line.connect(("127.0.0.1", scanner.port))
            line.sendall(b"good\n")
            assert till.next(BarcodeScanned).text == "good"
            return
    assert till.next(BarcodeScanned).text == "good"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"bind": "0.0.0.0"}, "Other machines can reach 0.0.0.0"),
        ({"bind": "::"}, "Other machines can reach ::"),
        ({"bind": "192.168.1.5"}, "Other machines can reach"),
        ({"bind": "till.local"}, "cannot be read"),
        ({"allow": ("192.168.1.300",)}, "cannot be read"),
        ({"allow": ("192.168.1.7/24",)}, "cannot be read"),
    ],
)
def test_settings_that_are_not_safe_are_refused(settings: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        NetworkSettings(**settings)  # type: ignore[arg-type]


def test_open_to_the_network_with_a_list_is_fine(start: Start, till: TillEar) -> None:
    scanner = start("udp", bind="0.0.0.0", allow=("127.0.0.0/8",))
    datagrams(scanner, b"7801")
    assert till.next(BarcodeScanned).text == "7801"


def test_a_line_may_come_in_pieces_and_breaks_off_with_its_connection(start: Start, till: TillEar) -> None:
    scanner = start("tcp")
    with connected(scanner) as line, connected(scanner) as other:
        line.sendall(b"78")
        other.sendall(b"55\n")
        assert till.next(BarcodeScanned).text == "55"
        line.sendall(b"01\n99")
        assert till.next(BarcodeScanned).text == "7801"
    assert "broke off" in till.next(ScanGarbled).reason


def test_one_connection_too_many_is_refused_and_a_free_place_is_taken(start: Start, till: TillEar) -> None:
    scanner = start("tcp")
    lines = [connected(scanner) for _ in range(MAX_CONNECTIONS)]
    for number, line in enumerate(lines):
        line.sendall(f"{number}\n".encode())
        assert till.next(BarcodeScanned).text == str(number)
    with connected(scanner) as extra:
        assert extra.recv(1) == b""
    lines.pop().close()
    lines[0].sendall(b"again\n")  # read after the closing: the place is free now
    assert till.next(BarcodeScanned).text == "again"
    lines.append(connected(scanner))
    lines[-1].sendall(b"ninth\n")
    assert till.next(BarcodeScanned).text == "ninth"
    for line in lines:
        line.close()


def test_the_sender_of_an_unknown_code_is_told(start: Start, till: TillEar) -> None:
    scanner = start("tcp", bad_beep="BAD")
    with connected(scanner) as line, connected(scanner) as other:
        other.sendall(b"1\n")
        till.next(BarcodeScanned)
        line.sendall(b"2\n")
        till.next(BarcodeScanned)
        scanner.feedback(True)
        scanner.feedback(False)
        assert line.recv(10) == b"BAD\r"


def test_a_port_that_is_taken_is_said_and_used_once_it_is_free(till: TillEar) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        scanner = NetworkScanner("front", NetworkSettings("udp", port=other.getsockname()[1]))
        scanner.start(till.emit)
        event = till.until(DeviceState.FAILED)
        assert event.reason == "busy"
        assert "cannot be listened on" in event.detail
    till.until(DeviceState.READY)
    datagrams(scanner, b"7801")
    assert till.next(BarcodeScanned).text == "7801"
    scanner.stop()
