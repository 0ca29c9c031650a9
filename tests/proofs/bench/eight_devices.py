"""A till with eight devices that rests: two scanners, two printers, scale, display, drawer, card terminal."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proofs.bench import cache, process, shopping, till
from tests.proofs.bench.figure import Figure
from tests.proofs.bench.options import Options
from tests.proofs.bench.resting import _sell, _to_next_minute
from tests.proofs.bench.serial_line import SerialLine
from tests.proofs.bench.terminal import Terminal
from tilltui.store.file.store import DATABASE
from tilltui_drivers.virtual.displays.display_device import VirtualDisplayDevice
from tilltui_drivers.virtual.printers.printer_device import VirtualPrinterDevice
from tilltui_drivers.virtual.scales.scale_device import VirtualScaleDevice
from tilltui_drivers.virtual.scales.voices import Toledo8217Voice
from tilltui_drivers.virtual.terminals.zvt_device import VirtualZvt

DEVICES = """
[scanner.hall]
driver = "network"
protocol = "tcp"
port = {hall}

[printer.receipt]
driver = "escpos"
transport = "network"
host = "127.0.0.1"
port = {receipt}

[printer.kitchen]
driver = "escpos"
transport = "serial"
path = "{kitchen}"

[scale.deli]
driver = "serial"
port = "{scale}"
bytesize = 8
parity = "N"

[display.customer]
driver = "serial"
port = "{display}"

[drawer.main]
driver = "printer"
printer = "receipt"

[terminal.card]
driver = "zvt"
host = "127.0.0.1"
port = {terminal}
"""
"""The scanner at the front is in the settings already."""

SPEAKING = ("scanner front", "scanner hall", "scale deli", "display customer")
"""Those that say by themselves that they are ready; the others speak when they are used."""


def measure(options: Options) -> Iterator[Figure]:
    """Rest before the first sale, and after one that was rung, printed and opened the drawer."""
    with ExitStack() as virtuals:
        home = Path(virtuals.enter_context(TemporaryDirectory()))
        line = virtuals.enter_context(closing(SerialLine()))
        receipt = VirtualPrinterDevice()
        extra = DEVICES.format(**_virtuals(home, virtuals, receipt))
        source = cache.cached("products-10000", lambda store: shopping.fill_catalogue(store, 10_000))
        data = cache.copied(source, home / "data")
        config = till.settings(home, data, line.path, extra)
        seconds = 5 if options.quick else 20
        with till.open_terminal(till.command(config), home) as terminal:
            _wait_until_ready(home, terminal)
            yield _memory(terminal, "memory with eight devices, RSS", "before the first sale")
            yield _idle(terminal, seconds, "before the first sale")
            line.scan(shopping.code(7))
            _sell(terminal, data / DATABASE)
            confirmed = f"receipt confirmed by its printer, drawer kicked {len(receipt.paper.kicks)} times"
            yield _memory(terminal, "the same after a printed sale, RSS", confirmed)
            yield _idle(terminal, seconds, "after a printed sale")


def _virtuals(home: Path, virtuals: ExitStack, receipt: VirtualPrinterDevice) -> dict[str, object]:
    """Switch everything on; gives where each is."""
    kitchen = VirtualPrinterDevice()
    scale = VirtualScaleDevice(Toledo8217Voice, home / "usb-scale")
    display = VirtualDisplayDevice("epson", home / "usb-display")
    terminal = VirtualZvt()
    for virtual in (receipt, kitchen, scale, display, terminal):
        virtuals.callback(virtual.close)
    scale.plug_in()
    display.plug_in()
    return {
        "hall": _free_port(),
        "receipt": receipt.serve_tcp(),
        "kitchen": kitchen.serve_pty(),
        "scale": scale.path,
        "display": display.path,
        "terminal": terminal.port,
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_ready(home: Path, terminal: Terminal) -> None:
    """Wait until the till's log says that each device that has a thread of its own is ready."""
    said = ""
    for _ in range(100):
        terminal.listen(0.1)
        said = "".join(log.read_text("utf-8", "replace") for log in home.rglob("*.log"))
        if all(f"{name}: ready" in said for name in SPEAKING):
            return
    raise TimeoutError(f"Not all of {SPEAKING} are ready: {said[-2000:]}")


def _memory(terminal: Terminal, what: str, how: str) -> Figure:
    return Figure("devices", what, process.memory(terminal.pid).rss, "MiB", 60, how)


def _idle(terminal: Terminal, seconds: int, when: str) -> Figure:
    terminal.listen(2 + _to_next_minute(seconds + 2))
    before = process.cpu_seconds(terminal.pid)
    terminal.listen(seconds)
    used = (process.cpu_seconds(terminal.pid) - before) / seconds * 1000
    what = f"idle processor time a second with eight devices, {when}"
    return Figure("devices", what, used, "ms", 5, f"schedstat, all threads, {seconds} s")
