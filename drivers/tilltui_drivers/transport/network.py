"""Printers on the network: raw TCP, port 9100 as a rule.

A new connection a job. Nothing is ever sent with ``sendall`` or closed while the printer may still have to
read: a peer that lost a receipt of 1,792 bytes after 100 of them noticed nothing that way.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import ipaddress
import os
import select
import socket
import struct
import termios
import threading
import time
from typing import Any

from tilltui.errors import N_, DeviceOffline

from .pipe import DescriptorPipe, left

_DRAIN_SLICE = 0.01
_SEND_BUFFER = 16384


class NetworkTransport(DescriptorPipe):
    """TCP with a deadline on every step.

    Args:
        host: Name or address of the printer.
        port: TCP port.
        device: The shop's own name of the printer, for messages.
    """

    def __init__(self, host: str, port: int = 9100, device: str = "") -> None:
        self.host = host
        self.port = port
        self.device = device
        self._socket: socket.socket | None = None

    def identity(self) -> str:
        """Name the unit by where it is plugged in: it does not tell its number."""
        return f"tcp:{self.host}:{self.port}"

    def open(self, deadline: float) -> None:
        """Connect to the first address that accepts.

        Raises:
            DeviceOffline: Unknown name, refused (some printers refuse a second till so), or no answer
                by the deadline.
        """
        self.close()
        why = "no address"
        for family, address in self._addresses(deadline):
            candidate = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
            # With the kernel's usual megabytes a printer that stopped reading would go unnoticed.
            candidate.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            try:
                self._connect(candidate, address, deadline)
            except OSError as error:
                candidate.close()
                why = os.strerror(error.errno) if error.errno else str(error)
                continue
            candidate.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket, self._fd = candidate, candidate.fileno()
            return
        raise self._offline(why)

    def _offline(self, why: str) -> DeviceOffline:
        return DeviceOffline(
            N_("Printer {device} at {host}:{port} does not answer: {why}."),
            device=self.device,
            hint=N_("Check that it is switched on and its network cable is plugged in."),
            host=self.host,
            port=self.port,
            why=why,
        )

    def _connect(self, candidate: socket.socket, address: Any, deadline: float) -> None:
        candidate.setblocking(False)
        code = candidate.connect_ex(address)
        if code == errno.EINPROGRESS:
            poll = select.poll()
            poll.register(candidate, select.POLLOUT)
            if not poll.poll(left(deadline) * 1000):
                raise TimeoutError(errno.ETIMEDOUT, "timed out")
            code = candidate.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))

    def _addresses(self, deadline: float) -> list[tuple[int, Any]]:
        """Look the host up; a name is asked in a thread, because the system's resolver knows no deadline."""
        found: list[tuple[int, Any]] = []
        with contextlib.suppress(ValueError):
            address = ipaddress.ip_address(self.host)
            family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
            return [(family, (self.host, self.port))]
        failed: list[str] = []

        def look_up() -> None:
            try:
                rows = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError) as error:
                failed.append(str(error))
                return
            found.extend((row[0], row[4]) for row in rows)

        asker = threading.Thread(target=look_up, name=f"resolve-{self.device}", daemon=True)
        asker.start()
        asker.join(left(deadline))
        if failed:
            raise self._offline(failed[0])
        return list(found)

    def drain(self, deadline: float) -> bool:
        """Wait until the printer's side has acknowledged every byte (``SIOCOUTQ``)."""
        waiter = threading.Event()
        while self._fd >= 0:
            queued = struct.unpack("i", fcntl.ioctl(self._fd, termios.TIOCOUTQ, b"\0" * 4))[0]
            if queued == 0:
                return True
            if time.monotonic() >= deadline:
                return False
            waiter.wait(min(_DRAIN_SLICE, left(deadline)))
        return False

    def close(self) -> None:
        """Say that no more comes, and close; unread replies are read away first.

        Closing with unread bytes makes the kernel send RST, upon which a printer may throw its buffer away.
        """
        if self._socket is None:
            return
        gone, self._socket, self._fd = self._socket, None, -1
        with contextlib.suppress(OSError):
            while gone.recv(4096):
                pass
        with contextlib.suppress(OSError):
            gone.shutdown(socket.SHUT_WR)
        gone.close()
