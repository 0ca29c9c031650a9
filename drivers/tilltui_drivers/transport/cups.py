"""Printing through CUPS: bytes go as they are into a queue of the printing system, over IPP.

For printers that only the system can reach (a vendor's driver, a shared queue). What is written is held until
``drain``, which hands it over as one job and waits until CUPS has passed it on. Passed on is not printed, and
nothing comes back from the printer: such jobs end ``sent_unconfirmed``. IPP instead of the command ``lp``: it
needs no package, no shell, and it tells the job's end.
"""

from __future__ import annotations

import http.client
import select
import socket
from pathlib import Path

from tilltui.errors import N_, DeviceBlocked, DeviceOffline
from tilltui.ports import TransportLost

from . import ipp
from .pipe import PrinterPipe, left

SOCKET = Path("/run/cups/cups.sock")
"""Where CUPS of this machine listens; no password is asked there."""

PORT = 631
"""TCP port of IPP."""

_POLL = 0.2
"""Seconds between two questions how a job is."""

_MOST = 256 * 1024
"""Most bytes of an answer."""

_REASONS = {"media-empty": "paper", "media-needed": "paper", "cover-open": "cover", "door-open": "cover"}


class CupsTransport(PrinterPipe):
    """One queue of CUPS.

    Args:
        queue: Its name, or ``server/name`` or ``server:port/name``.
        device: The shop's own name of the printer, for messages.
        local: Socket of CUPS on this machine.
    """

    answers = False

    def __init__(self, queue: str, device: str = "", local: Path = SOCKET) -> None:
        server, _, self.queue = queue.rpartition("/")
        self.device = device
        host, _, port = server.partition(":")
        self._host = host or "localhost"
        self._port = int(port) if port.isascii() and port.isdigit() else PORT
        self._local = local if not server and local.exists() else None
        self._held = bytearray()
        self._job = 0
        self._is_open = False

    @property
    def _uri(self) -> str:
        return f"ipp://{self._host}:{self._port}/printers/{self.queue}"

    def open(self, deadline: float) -> None:
        """Ask for the queue; nothing is handed over yet.

        Raises:
            DeviceOffline: CUPS does not answer, has no such queue, or the queue is stopped or takes no jobs.
            DeviceBlocked: The queue is stopped because of paper or cover.
        """
        self.close()
        wanted = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs")
        try:
            said = self._ask(ipp.request(ipp.GET_PRINTER, self._uri, wanted=wanted), deadline)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise self._offline(str(error) or type(error).__name__) from error
        if said.status >= 0x100:
            raise self._offline(f"there is no queue {self.queue} (status {said.status:#06x})")
        if said.number("printer-state") == ipp.PRINTER_STOPPED:
            raise self._stopped(said.texts("printer-state-reasons"))
        if said.values.get("printer-is-accepting-jobs") == [False]:
            raise self._offline(f"the queue {self.queue} takes no jobs")
        self._is_open = True

    def write(self, data: bytes, deadline: float) -> int:
        """Hold bytes for ``drain``; all of them."""
        if not self._is_open:
            raise TransportLost("it is not open")
        self._held += data
        return len(data)

    def read(self, limit: int, deadline: float) -> bytes:
        """Give nothing, at once."""
        return b""

    def drain(self, deadline: float) -> bool:
        """Hand over what is held as one job and wait until CUPS has passed it on to the printer.

        Raises:
            TransportLost: CUPS refused it, gave it up, or fell silent in the middle.
        """
        try:
            if self._held:
                document, self._held = bytes(self._held), bytearray()
                self._submit(document, deadline)
            return self._passed_on(deadline)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise TransportLost(str(error) or type(error).__name__) from error

    def _submit(self, document: bytes, deadline: float) -> None:
        head = ipp.request(ipp.PRINT_JOB, self._uri, title=f"tilltui {self.device}".strip(), raw=True)
        said = self._ask(head + document, deadline)
        self._job = said.number("job-id")
        if said.status >= 0x100 or not self._job:
            raise TransportLost(f"CUPS refused the job (status {said.status:#06x})")

    def _passed_on(self, deadline: float) -> bool:
        while self._job:
            question = ipp.request(ipp.GET_JOB, self._uri, job=self._job, wanted=("job-state",))
            state = self._ask(question, deadline).number("job-state")
            if state >= ipp.JOB_COMPLETED:
                self._job = 0
            elif state in (ipp.JOB_CANCELED, ipp.JOB_ABORTED):
                raise TransportLost("CUPS gave the job up")
            elif not left(deadline):
                return False
            else:
                # Nothing to wait for but time: CUPS has no event on this connection.
                select.select([], [], [], min(_POLL, left(deadline)))
        return True

    def close(self) -> None:
        """Forget what was not handed over."""
        self._held.clear()
        self._job = 0
        self._is_open = False

    def _ask(self, body: bytes, deadline: float) -> ipp.Answer:
        seconds = max(0.05, left(deadline))
        line = _Line(self._host, self._port, self._local, seconds)
        try:
            line.request(
                "POST",
                f"/printers/{self.queue}",
                body,
                {"Content-Type": "application/ipp", "Host": "localhost"},
            )
            response = line.getresponse()
            data = response.read(_MOST + 1)
            if response.status != 200 or len(data) > _MOST:
                raise ValueError(f"CUPS answers with HTTP {response.status}")
            return ipp.answer(data)
        finally:
            line.close()

    def _offline(self, why: str) -> DeviceOffline:
        return DeviceOffline(
            N_("Printer {device} cannot be reached through CUPS: {why}."),
            device=self.device,
            hint=N_("Look at it with 'lpstat -t'; 'lp -d QUEUE' must print."),
            why=why,
        )

    def _stopped(self, reasons: list[str]) -> DeviceOffline | DeviceBlocked:
        """The queue stands still; what it says of paper is believed only now, as it may be of yesterday."""
        for reason in reasons:
            known = _REASONS.get(reason.removesuffix("-error"))
            if known:
                return DeviceBlocked(
                    N_("Printer {device} cannot print: {reason}."),
                    reason=known,
                    device=self.device,
                    hint=N_("See to the printer, then start its queue again with 'cupsenable'."),
                )
        return self._offline(f"the queue {self.queue} is stopped")


class _Line(http.client.HTTPConnection):
    """HTTP over the local socket, or over TCP."""

    def __init__(self, host: str, port: int, local: Path | None, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self._local = local

    def connect(self) -> None:
        """Connect within the timeout."""
        if self._local is None:
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._local))
