"""Codes over the network, one a line: from a telephone, another computer, or a scanner with a radio.

Whoever can send may scan, so only this machine is listened to unless the settings name others.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import logging
import selectors
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from tilltui.errors import N_, ConfigError
from tilltui.ports import DeviceChanged, DeviceState, Emit, ScanGarbled, Scanner
from tilltui_drivers.scanners.code_settings import ANY_CODE, CodeSettings
from tilltui_drivers.scanners.framer import MAX_FRAME, Frame, Framer
from tilltui_drivers.scanners.reading import SLICE, emit_frames
from tilltui_drivers.supervisor import keep_running

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 8
"""Most TCP connections at once; a further one is refused."""

MAX_REFUSALS = 1000
"""Addresses that were refused and are remembered, so that each is logged once."""

RETRY = 2.0
"""Seconds between attempts to listen on a port that is taken."""

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """Settings of a ``[scanner.NAME]`` with ``driver = "network"``."""

    protocol: Literal["udp", "tcp"] = "udp"
    """``udp``: a datagram is a code or several lines of them; ``tcp``: each line is a code."""
    bind: str = field(default="127.0.0.1", metadata={"max": 100})
    """Own address to listen on: 127.0.0.1 is this machine alone, 0.0.0.0 every network."""
    port: int = 8456
    """Port to listen on."""
    allow: tuple[str, ...] = field(
        default=(), metadata={"max": 100, "example": ("192.168.1.31", "10.0.5.0/24")}
    )
    """Addresses or networks that may send codes; needed where other machines can reach the port."""
    codes: CodeSettings = field(default=ANY_CODE, metadata={"flat": True})
    bad_beep: str = field(default="", metadata={"max": 40})
    """Text that is sent back, over ``tcp``, for a code that the till does not know; CR is added."""

    def __post_init__(self) -> None:
        networks = allowed(self)
        if not networks:
            raise ConfigError(
                N_("Other machines can reach {address}: say in “allow” which of them may scan."),
                hint=N_('Add a line such as: allow = ["192.168.1.31"]'),
                address=self.bind,
            )


def allowed(settings: NetworkSettings) -> tuple[Network, ...]:
    """Networks that may send; this machine alone where none is named and no other can reach the port.

    Raises:
        ConfigError: An address is none.
    """
    try:
        own = ipaddress.ip_address(settings.bind)
        networks = tuple(ipaddress.ip_network(entry) for entry in settings.allow)
    except ValueError as error:
        raise ConfigError(
            N_("An address in the settings cannot be read: {reason}"),
            hint=N_("Write numbers such as 192.168.1.31, or 192.168.1.0/24 for a network."),
            reason=str(error),
        ) from error
    if networks or not own.is_loopback:
        return networks
    return (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1"))


class NetworkScanner(Scanner):
    """One port, one daemon thread."""

    Settings: ClassVar[type[NetworkSettings]] = NetworkSettings

    def __init__(self, name: str, settings: NetworkSettings) -> None:
        self.name = name
        self._settings = settings
        self._stop = threading.Event()
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on, once ready; with ``port = 0`` the system chooses one."""
        return self._listener.port if self._listener is not None else 0

    def start(self, emit: Emit) -> None:
        """Begin to listen; returns at once."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stop = threading.Event()
        guarded = self._settings.codes.rules().guard(emit)
        self._listener = Listener(self.name, self._settings, guarded, self._stop)
        self._thread = threading.Thread(target=self._listener.run, name=f"scanner-{self.name}", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Close the port within ``timeout`` seconds; may be called twice."""
        self._stop.set()
        if self._listener is not None:
            self._listener.wake()
        if self._thread is not None:
            self._thread.join(timeout)

    def feedback(self, ok: bool) -> None:
        """Answer the sender of the last code, where ``bad_beep`` says what and there is a connection."""
        if not ok and self._settings.bad_beep and self._listener is not None:
            self._listener.beep.set()
            self._listener.wake()


@dataclass(slots=True)
class _Sender:
    """A TCP connection and its codes."""

    line: socket.socket
    framer: Framer


class Listener:
    """What the scanner's thread does; ``wake`` and ``beep`` may be used from any thread.

    Attributes:
        port: The port that is listened on; 0 before.
        beep: Set: the last sender is to be told that its code is unknown.
    """

    def __init__(self, name: str, settings: NetworkSettings, emit: Emit, stop: threading.Event) -> None:
        self.port = 0
        self.beep = threading.Event()
        self._name = name
        self._settings = settings
        self._emit = emit
        self._stop = stop
        self._networks = allowed(settings)
        # A line of TCP may come in any pieces however slow the network is: only its end ends a code.
        self._framing = settings.codes.framing()
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_read.setblocking(False)
        self._wake_write.setblocking(False)
        self._senders: dict[socket.socket, _Sender] = {}
        self._last: socket.socket | None = None
        self._refused: set[str] = set()
        self._going_on = True

    def wake(self) -> None:
        """End the wait of the thread."""
        with contextlib.suppress(OSError):  # full: awake anyhow; closed: the thread has ended
            self._wake_write.send(b"!")

    def run(self) -> None:
        """Listen until told to stop."""
        try:
            keep_running(
                f"scanner {self._name}",
                self._keep_listening,
                self._stop,
                lambda: self._tell(DeviceState.FAILED, "error", "the scanner's thread stumbled"),
            )
        finally:
            self._wake_read.close()
            self._wake_write.close()

    def _keep_listening(self) -> None:
        said = ""
        try:
            self._going_on = self._tell(DeviceState.CONNECTING)
            while self._going_on and not self._stop.is_set():
                try:
                    own = self._bind()
                except OSError as error:
                    reason = "busy" if error.errno == errno.EADDRINUSE else "missing"
                    if reason != said:
                        self._going_on = self._tell(DeviceState.FAILED, reason, self._why(error))
                    said = reason
                    self._stop.wait(RETRY)
                    continue
                with own:
                    self.port = int(own.getsockname()[1])
                    self._going_on = self._going_on and self._tell(DeviceState.READY)
                    self._serve(own)
        finally:
            for line in self._senders:
                line.close()
            self._senders.clear()
            self._last = None

    def _why(self, error: OSError) -> str:
        s = self._settings
        return f"{self._name}: {s.protocol} port {s.port} of {s.bind} cannot be listened on: {error.strerror}"

    def _bind(self) -> socket.socket:
        address = ipaddress.ip_address(self._settings.bind)
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        tcp = self._settings.protocol == "tcp"
        own = socket.socket(family, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
        try:
            if tcp:
                own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            own.bind((self._settings.bind, self._settings.port))
            if tcp:
                own.listen(MAX_CONNECTIONS)
            own.setblocking(False)
        except BaseException:
            own.close()
            raise
        return own

    def _serve(self, own: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(own, selectors.EVENT_READ)
            selector.register(self._wake_read, selectors.EVENT_READ)
            while self._going_on and not self._stop.is_set():
                for key, _ in selector.select(SLICE):
                    if key.fileobj is self._wake_read:
                        self._wake_read.recv(4096)
                    elif key.fileobj is not own:
                        self._read(key.data, selector)
                    elif self._settings.protocol == "tcp":
                        self._accept(own, selector)
                    else:
                        self._datagram(own)
                if self.beep.is_set():
                    self._answer()

    def _datagram(self, own: socket.socket) -> None:
        with contextlib.suppress(BlockingIOError):  # a datagram with a wrong sum is announced and not there
            data, sender = own.recvfrom(MAX_FRAME + 1)
            if not self._may_send(sender[0]):
                return
            now = time.monotonic()
            if len(data) > MAX_FRAME:
                fault = N_("The scanner sent far more than a code.")
                self._going_on = self._going_on and self._emit(ScanGarbled(self._name, fault, now))
                return
            self._hand_over(Framer(self._framing).feed(data + b"\r", now))

    def _accept(self, own: socket.socket, selector: selectors.BaseSelector) -> None:
        try:
            line, sender = own.accept()
        except OSError as error:  # it has gone again, or there are no descriptors left
            log.info("scanner %s: %s", self._name, error)
            return
        if not self._may_send(sender[0]) or len(self._senders) >= MAX_CONNECTIONS:
            line.close()
            return
        line.setblocking(False)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._senders[line] = _Sender(line, Framer(self._framing))
        selector.register(line, selectors.EVENT_READ, self._senders[line])

    def _read(self, sender: _Sender, selector: selectors.BaseSelector) -> None:
        try:
            data = sender.line.recv(4096)
        except BlockingIOError:
            return
        except OSError as error:
            log.info("scanner %s: a sender was lost: %s", self._name, error)
            data = b""
        now = time.monotonic()
        if data:
            frames = sender.framer.feed(data, now)
            if frames:
                self._last = sender.line
        else:
            frames = sender.framer.abandon(now)
            selector.unregister(sender.line)
            del self._senders[sender.line]
            sender.line.close()
        self._hand_over(frames)

    def _hand_over(self, frames: list[Frame]) -> None:
        self._going_on = self._going_on and emit_frames(frames, self._name, self._emit)

    def _answer(self) -> None:
        self.beep.clear()
        if self._last in self._senders:
            with contextlib.suppress(OSError):  # a beep is not worth waiting for a slow network
                self._last.send(self._settings.bad_beep.encode() + b"\r")

    def _may_send(self, address: str) -> bool:
        sender = ipaddress.ip_address(address.partition("%")[0])
        mapped = sender.ipv4_mapped if isinstance(sender, ipaddress.IPv6Address) else None
        sender = mapped or sender
        if any(sender in network for network in self._networks):
            return True
        if address not in self._refused and len(self._refused) < MAX_REFUSALS:
            self._refused.add(address)
            log.warning("scanner %s: %s may not send codes", self._name, address)
        return False

    def _tell(self, state: DeviceState, reason: str = "", detail: str = "") -> bool:
        log.info("scanner %s: %s %s %s", self._name, state, reason, detail)
        return self._emit(DeviceChanged("scanner", self._name, state, reason, detail))
