"""Readers of lines and cables: bytes come in any pieces, for ever."""

from __future__ import annotations

import queue
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Literal

from tests.proofs.fuzz.material import mixed
from tests.proofs.fuzz.target import Feed, Target, plain
from tests.support.hid_scanner import KEYBOARD, descriptor, reports
from tilltui.ports import BarcodeScanned, DeviceChanged, DeviceEvent, DeviceState
from tilltui.ui.shell.wedge import BurstGate, Verdict
from tilltui_drivers.discovery.listing import ieee1284
from tilltui_drivers.printers.session import Session, Timing
from tilltui_drivers.printers.status import ReplyParser
from tilltui_drivers.scales.engine import Heard, Noise, Reading
from tilltui_drivers.scales.protocols import NAMES, Protocol, engine
from tilltui_drivers.scales.watch import Watch
from tilltui_drivers.scanners.framer import Framer, Framing
from tilltui_drivers.scanners.hid_descriptor import MAX_REPORT, USUAL, is_scanner, layout_of
from tilltui_drivers.scanners.hid_reports import CONTINUES, ReportCutter
from tilltui_drivers.scanners.keymap import KeyReader
from tilltui_drivers.scanners.network import NetworkScanner, NetworkSettings
from tilltui_drivers.terminals import stx
from tilltui_drivers.terminals.transbank import reply as transbank_reply
from tilltui_drivers.terminals.zvt.apdu import Apdu, Cutter, Overlong, bcd, fields
from tilltui_drivers.terminals.zvt.paper import Paper
from tilltui_drivers.transport.memory import MemoryTransport

CODES = (
    b"7801234567894\r\n",
    b"]C10107801234567894310300125010LOTE7\x1d17261231\r",
    b"\x0200012345\x03",
    b"~]E07801234567894|\t",
    "Ñandú ½ kg\r".encode(),
)

REPORTS = (
    *reports(b"7801234567894", b"]E0"),
    *reports(b"https://id.gs1.org/01/07801234567894?17=261231&10=LOTE7&3103=001250", b"]Q1"),
    *reports(b"00012345", b"\0\0\0"),
    b"\x04\x01",
)

DESCRIPTORS = (
    descriptor(),
    descriptor(number=0),
    descriptor(count=False, aim=False, padded=False),
    KEYBOARD,
    bytes.fromhex("058c0902a10185037508950319fb29fd810295080bfe008c008102c0"),
)

DEVICE_IDS = (
    b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T20II;CLS:PRINTER;",
    b"MANUFACTURER:Star;COMMAND SET:STAR;MODEL:TSP143;SN:0123;",
)

KEYS = (b"7801234567894\r", b"]C10107801234567894\x1d10LOTE7\t", b"leche entera\r", b"12\r\n")

STATUS = (
    b"\x12",
    b"\x16",
    b"\x10\x00\x00\x0f",
    b"\x18\x20\x0c\x0f",
    b"\x37\x22!!!!\x00",
    b"\x37\x22aZ09\x00",
    b"\x00",
    b"\x03",
    b"\x11",
    b"\x13",
)

SCALES: dict[Protocol, tuple[bytes, ...]] = {
    "toledo8217": (b"\x0201.250\r", b"\x02?A\r", b"\x0200.000\r"),
    "nci": (b"\n01.250KG\r\nS00\r\x03", b"\n  1.250LB\rS10\r", b"\nS40\r"),
    "torrey": (b"  0.278 kg\r", b"NEG 0.278 kg\r", b"SOBRE PESO\r", b" NETO 1.250 kg\r"),
    "stream": (b"ST,GS,+  1.250,kg\r\n", b"US,NT,-  0.002,kg\r\n", b"OL,GS,+  0.000,kg\r\n"),
    "cas": (b"\x06", b"\x01\x02S  1.250kg\x1f\x03\x04", b"\x01\x02U- 1.250kg\x10\x03"),
    "sma": (b"\n G       1.250kg \r", b"\nZ1G       0.000kg \r", b"\n?\r", b"\n M      -1.250lb \r"),
    "dialog06": (b"\x06", b"\x15", b"\x0202\x1b3\x1b01250\x1b000000\x1b000000\x03", b"\x0209\x1b20\x03"),
    "adam": (b"  1.250kg\r\n", b"-  0.010kg\r\n"),
    "magellan": (b"S14401250\r", b"S141\r", b"\x02S143\x03", b"S08F7801234567894\r", b"S08B3ABC\r"),
}

TERMINAL = (
    stx.frame(b"0210|00|597029414300|75001087|A00123|123456|12500||6677|000001|DB|||VI|1|||"),
    stx.frame(b"0900|78|"),
    stx.frame(b"0260|09|597029414300|75001087|||-1"),
    b"\x06",
    b"\x15",
)

_PAID = b"\x27\x00\x04" + bcd(1250, 6) + b"\x22\xf0\xf3\x67\x67\x77\x0b" + bcd(7, 3)
_BLOCK = b"\x06\x0e\x25\x0c\x07\x04VISA\x07\x04OKAY"
ZVT = tuple(
    apdu.encode()
    for apdu in (
        Apdu(0x8000),
        Apdu(0x04FF, b"\x0a"),
        Apdu(0x040F, _PAID),
        Apdu(0x06D1, b"\x00TOTAL 12,50"),
        Apdu(0x06D3, _BLOCK),
        Apdu(0x060F),
        Apdu(0x061E, b"\x6c"),
        Apdu(0x06D1, b"\x00" + b"x" * 300),
    )
)


def _framer() -> Feed:
    framer = Framer(Framing("~", "#", "| <GS>"))
    return lambda data: list(framer.feed(data, 1.0))


def _key(kind: int, code: int, value: int) -> bytes:
    return struct.pack("=qqHHi", 7, 9, kind, code, value)


def _keys() -> Feed:
    reader, framer = KeyReader(24), Framer(Framing())
    return lambda data: list(framer.feed(reader.feed(data), 1.0))


def _reports() -> Feed:
    cutter, clock = ReportCutter(USUAL, Framing("~", "#", "| <GS>")), 0.0

    def feed(data: bytes) -> list[object]:
        nonlocal clock
        clock += CONTINUES * (len(data) % 3) / 2  # some come too late
        return [*cutter.flush(clock), *cutter.feed(data[:MAX_REPORT], clock)]

    return feed


def _descriptor() -> Feed:
    """The descriptor decides how reports are read: whatever it says, they are survived."""

    def feed(data: bytes) -> list[object]:
        layout = layout_of(data)
        if layout is None:
            return [is_scanner(data)]
        cutter = ReportCutter(layout, Framing())
        frames = [frame for report in (*REPORTS, data) for frame in cutter.feed(report, 1.0)]
        return [is_scanner(data), layout, *frames, *cutter.abandon(2.0)]

    return feed


def _wedge() -> Feed:
    """Keys at a rhythm that their own characters make; each comes out once, as a key or within a scan."""
    gate, clock, pressed, out = BurstGate[int](), 0.0, 0, 0

    def feed(data: bytes) -> list[object]:
        nonlocal clock, pressed, out
        found: list[object] = []
        for char in data.decode("latin-1"):
            clock += (0.008, 0.02, 0.008, 0.008, 0.03, 0.008, 0.09, 0.2)[ord(char) % 8]
            decision = gate.feed(char, clock, pressed)
            pressed += 1
            ended = decision.verdict is not Verdict.HOLD
            out += len(decision.replay) + len(decision.text) + ended
            if ended:
                found.append(decision)
        if out + len(gate._keys) != pressed:
            raise RuntimeError(f"of {pressed} keys {out} came out and {len(gate._keys)} are held")
        return found

    return feed


def _device_id() -> Feed:
    return lambda data: [ieee1284(data.decode("utf-8", "replace"))]


def _status() -> Feed:
    parser = ReplyParser()
    return lambda data: list(parser.feed(data))


def _session() -> Feed:
    pipe = MemoryTransport()
    session = Session(pipe, Timing(), "receipt", lambda reason: None, lambda: False)

    def feed(data: bytes) -> list[object]:
        pipe.push(data)
        while session.pump(0.0):
            session.tell(session.reason())
        return [session.blocked]

    return feed


def _scale(name: Protocol) -> Feed:
    made = engine(name)
    watch, clock = Watch(made.manners), 0.0
    watch.opened(clock)
    watch.begin(clock)
    made.ask()

    def take(heard: Heard) -> None:
        nonlocal clock
        clock += 0.05
        match heard:
            case Reading():
                watch.hear(heard, clock)
            case Noise():
                watch.hear_noise()
        watch.due(clock)

    def feed(data: bytes) -> list[object]:
        found: list[object] = []
        for heard in made.feed(data):
            take(heard)
            found.append(heard)
        return found

    return feed


def _stx() -> Feed:
    deframer = stx.Deframer()

    def feed(data: bytes) -> list[object]:
        found: list[object] = []
        for event in deframer.feed(data):
            found.append(event)
            reply = transbank_reply.parse(event.data) if isinstance(event, stx.Frame) else None
            if reply is not None:
                found.append(transbank_reply.sale(reply))
        return found

    return feed


def _zvt() -> Feed:
    cutter, paper = Cutter(), Paper()

    def feed(data: bytes) -> list[object]:
        nonlocal cutter
        found: list[object] = []
        try:
            for message in cutter.feed(data):
                read = fields(message.data)
                found.append([read.number(tag) for tag in read.values])
                paper.take(message)
        except Overlong:
            cutter = Cutter()  # the driver hangs up
        return found

    return feed


@contextmanager
def _network(protocol: Literal["udp", "tcp"], _folder: Path) -> Iterator[Feed]:
    """A whole scanner on the loopback; each block is followed by a code that must come out."""
    events: queue.Queue[DeviceEvent] = queue.Queue()

    def emit(event: DeviceEvent) -> bool:
        events.put(event)
        return True

    scanner = NetworkScanner("phone", NetworkSettings(protocol, port=0))
    scanner.start(emit)
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
    try:
        while events.get(timeout=10) != DeviceChanged("scanner", "phone", DeviceState.READY):
            pass
        with socket.socket(socket.AF_INET, kind) as line:
            line.settimeout(10)
            line.connect(("127.0.0.1", scanner.port))

            def feed(data: bytes) -> list[object]:
                line.sendall(data[:8000] or b"\r")
                line.sendall(b"\r\x02END OF BLOCK\r")
                return list(_until_end(events))

            yield feed
    finally:
        scanner.stop()


def _until_end(events: queue.Queue[DeviceEvent]) -> Iterator[DeviceEvent]:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        event = events.get(timeout=10)
        if isinstance(event, DeviceChanged):
            raise RuntimeError(f"the scanner's thread stumbled: {event}")
        if isinstance(event, BarcodeScanned) and event.text == "END OF BLOCK":
            return
        yield event
    raise TimeoutError("the scanner is silent")


def events(rng: Random) -> bytes:
    """Key events: of codes, of chance, lost ones; now and then the kernel's record is cut."""
    made = bytearray()
    for _ in range(rng.randint(1, 60)):
        match rng.randrange(8):
            case 0:
                made += rng.randbytes(24)
            case 1:
                made += _key(0, rng.choice((0, 3)), 0)
            case 2:
                made += _key(1, rng.choice((29, 42, 54, 56, 58, 97, 100, 28, 96, 15)), rng.choice((0, 1)))
            case 3:
                made += _key(1, rng.randrange(65_536), rng.randint(-1, 3))
            case _:
                code = rng.choice((*range(2, 54), *range(71, 84), 28))
                made += _key(1, code, 1) + _key(1, code, 0)
    return bytes(made)


def _stream(name: str, make: Callable[[], Feed], seeds: tuple[bytes, ...], longest: int = 600) -> Target:
    return Target(name, plain(make), mixed(seeds, longest), stream=True)


STREAMS: tuple[Target, ...] = (
    _stream("scanner-framer", _framer, CODES),
    Target("scanner-evdev", plain(_keys), events, stream=True),
    Target("scanner-hidpos", plain(_reports), mixed(REPORTS, 64, 1)),
    Target("hid-descriptor", plain(_descriptor), mixed(DESCRIPTORS, 300, 2)),
    _stream("scanner-wedge", _wedge, KEYS),
    Target("device-id", plain(_device_id), mixed(DEVICE_IDS, 300)),
    Target("scanner-udp", partial(_network, "udp"), mixed(CODES, 600)),
    Target("scanner-tcp", partial(_network, "tcp"), mixed(CODES, 600)),
    _stream("printer-status", _status, STATUS),
    Target("printer-session", plain(_session), mixed(STATUS, 600), pieced=True),
    *(_stream(f"scale-{name}", partial(_scale, name), SCALES[name]) for name in NAMES),
    _stream("terminal-stx", _stx, TERMINAL),
    Target("terminal-zvt", plain(_zvt), mixed(ZVT, 600), pieced=True),
)
"""All of them."""
