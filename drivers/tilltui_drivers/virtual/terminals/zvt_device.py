"""A ZVT terminal that is not there: a TCP port, a bank's ledger, and faults.

Written from VdTH's ECR Interface ZVT Protocol PA00P015, not from the driver: it has its own coding. One
thread serves one connection at a time, as the terminal does.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

from .bank import Entry, Fault, Ledger


class _Gone(Exception):
    """The till hung up."""


def message(head: str, data: bytes = b"") -> bytes:
    """A message with its length."""
    assert len(data) < 255
    return bytes.fromhex(head) + bytes([len(data)]) + data


def digits(value: int, size: int) -> bytes:
    """Packed decimal digits."""
    return bytes.fromhex(str(value).rjust(size * 2, "0"))


class VirtualZvt:
    """One terminal on a free port of this machine.

    Attributes:
        ledger: What was charged.
        fault: What goes wrong with the next payments and refunds.
        port: TCP port.
        requests: Control fields that arrived, in hexadecimal.

    Args:
        patience: Seconds to wait for the till's acknowledgement.
        slow: Seconds that a slow customer takes.
    """

    def __init__(self, *, patience: float = 0.3, slow: float = 0.25) -> None:
        self.ledger = Ledger()
        self.fault = Fault.NONE
        self.requests: list[str] = []
        self._patience, self._slow = patience, slow
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.1)
        self.port = int(self._server.getsockname()[1])
        self._last = b""
        self._reversed: set[int] = set()
        self._open: socket.socket | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="virtual-zvt", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Switch it off."""
        self._stop.set()
        self._thread.join(5)
        self._server.close()

    # The line

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _address = self._server.accept()
            except TimeoutError:
                continue
            with peer:
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._open = peer
                with contextlib.suppress(_Gone, OSError):
                    while not self._stop.is_set():
                        self._serve(*self._message(None))

    def _peer(self) -> socket.socket:
        assert self._open is not None
        return self._open

    def _exactly(self, count: int, until: float | None) -> bytes:
        data = b""
        while len(data) < count:
            self._peer().settimeout(0.1 if until is None else max(0.001, until - time.monotonic()))
            try:
                chunk = self._peer().recv(count - len(data))
            except TimeoutError:
                if self._stop.is_set() or until is not None:
                    raise _Gone from None
                continue
            if not chunk:
                raise _Gone
            data += chunk
        return data

    def _message(self, until: float | None) -> tuple[str, bytes]:
        head = self._exactly(3, until)
        size = head[2]
        if size == 255:
            size = int.from_bytes(self._exactly(2, until), "little")
        return head[:2].hex(), self._exactly(size, until)

    def _put(self, data: bytes) -> None:
        self._peer().sendall(data)

    def _tell(self, data: bytes) -> None:
        """Say something and wait until the till has acknowledged it."""
        self._put(data)
        until = time.monotonic() + self._patience
        while self._message(until)[0] != "8000":
            pass

    def _hang_up(self, *, hard: bool = False) -> None:
        if hard:
            self._peer().setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._peer().close()
        raise _Gone

    # What it does

    def _serve(self, head: str, data: bytes) -> None:
        self.requests.append(head)
        match head:
            case "0600":
                self._put(message("8000"))
                self._tell(message("060f", b"\x19\x00\x29" + digits(12345678, 4)))
            case "0501":
                self._put(message("8000"))
                self._tell(message("060f", b"\x00"))
            case "0601":
                self._move(int(data[1:7].hex()), self.fault)
            case "0620":
                self._put(message("8000"))
                if not self._last:
                    self._tell(message("061e", b"\x83"))
                    return
                self._tell(self._last)
                self._tell(message("060f"))
            case "0630":
                self._reverse(int(data[4:6].hex()))
            case "0631":
                self._move(-int(data[4:10].hex()), self.fault)
            case "0650":
                self._put(message("8000"))
                total = sum(entry.amount for entry in self.ledger.entries)
                self._tell(message("06d1", b"\x00KASSENSCHNITT"))
                block = f"SUMME {total}".encode("cp437")
                line = b"\x07" + bytes([len(block)]) + block
                self._tell(
                    message("06d3", b"\x06" + bytes([len(line) + 2]) + b"\x25" + bytes([len(line)]) + line)
                )
                self._tell(message("060f"))
            case "06b0":
                self._put(message("8000"))
            case "8000":
                pass
            case _:
                self._put(message("8483"))

    def _status(
        self, entry: Entry, amount: int, *, original: int | None = None, damaged: bool = False
    ) -> bytes:
        card = b"VISA\x00"
        data = (
            b"\x27\x00\x04" + digits(amount, 6) + b"\x49\x09\x78"
            + b"\x0b" + digits(entry.operation, 3) + b"\x0c\x10\x15\x00\x0d\x11\x21"
            + b"\x29" + digits(12345678, 4) + b"\x22\xf1\xf0" + b"\xee" * 8 + b"\x66\x77"
            + b"\x87" + digits(entry.operation, 2) + b"\x3b" + entry.authorisation.encode().ljust(8, b"\x00")
            + b"\x8b\xf0" + bytes([0xF0 | len(card)]) + card
        )  # fmt: skip
        if original is not None:
            data += b"\x37" + digits(original, 3)
        return message("040f", b"\xee\x27" + data if damaged else data)

    def _move(self, amount: int, fault: Fault, original: int | None = None) -> None:
        """Charge, or below zero give back; ``original`` is the receipt of what is reversed."""
        if not self._begun(fault):
            return
        if fault is Fault.DIES_BEFORE:
            self._hang_up(hard=True)
        if fault in (Fault.DECLINE, Fault.CANCEL):
            self._tell(message("04ff", b"\x0a"))
            self._tell(message("061e", b"\x6c" if fault is Fault.CANCEL else b"\x71"))
            return
        if fault is Fault.SLOW and self._given_up():
            self._tell(message("061e", b"\x6c"))
            return
        entry = self.ledger.book("", amount)
        if original is not None:
            self._reversed.add(original)
        previous, self._last = self._last, self._status(entry, abs(amount), original=original)
        if fault in (Fault.DIES_AFTER, Fault.NO_ACK_NO_ANSWER):
            self._hang_up(hard=fault is Fault.DIES_AFTER)
        if fault is Fault.BREAKS_OFF:
            if amount > 0:
                back = self.ledger.book("", -amount)
                self._last = self._status(back, amount, original=entry.operation)
            self._hang_up(hard=True)
        self._report(entry, fault, previous)

    def _begun(self, fault: Fault) -> bool:
        """Acknowledge a command, or not; whether it is carried out."""
        match fault:
            case Fault.DEAF:
                self._stop.wait(self._patience)
                self._hang_up()
            case Fault.NAK_ONCE | Fault.NAK_TWICE | Fault.NAK_ALWAYS:
                self._put(message("849c"))
                return False
            case Fault.NO_ACK | Fault.NO_ACK_NO_ANSWER:
                pass
            case Fault.GARBAGE_BEFORE:
                self._put(b"\x00\x00\xfe\x1b[2J" + message("8000"))
            case _:
                self._put(message("8000"))
        return True

    def _given_up(self) -> bool:
        """Wait for the customer; whether the till gave up meanwhile. A till that hangs up changes nothing."""
        until = time.monotonic() + self._slow
        try:
            while True:
                head, _data = self._message(until)
                if head == "06b0":
                    self.requests.append(head)
                    self._put(message("8000"))
                    return True
        except (_Gone, OSError):
            self._stop.wait(max(0.0, until - time.monotonic()))
        return False

    def _report(self, entry: Entry, fault: Fault, previous: bytes) -> None:
        """Say how it ended, as well as it can."""
        status, amount = self._last, abs(entry.amount)
        steps = [message("04ff", bytes([step])) for step in (0x0A, 0x11, 0x04)]
        paper = [message("06d1", b"\x00** Kundenbeleg **"), message("06d1", b"\x40EUR %d" % amount)]
        match fault:
            case Fault.GLUED:
                self._put(b"".join([*steps, status, *paper, message("060f")]))
                for _ in range(7):
                    self._message(time.monotonic() + self._patience)
                return
            case Fault.TRICKLE:
                for byte in status:
                    self._put(bytes([byte]))
                self._message(time.monotonic() + self._patience)
            case Fault.GARBAGE_INSTEAD:
                self._put(bytes(range(256)) * 8)
                self._hang_up()
            case Fault.CUT_ONCE | Fault.CUT_FOR_GOOD:
                self._put(status[:11])
                self._hang_up(hard=fault is Fault.CUT_FOR_GOOD)
            case Fault.WRONG_SUM_ONCE | Fault.WRONG_SUM_ALWAYS:
                self._tell(self._status(entry, amount, damaged=True))
            case Fault.ACK_LOST:
                self._tell(status)
                self._hang_up()
            case _:
                for step in steps:
                    self._tell(step)
                if fault is Fault.STALE and previous:
                    self._tell(previous)
                self._tell(status)
                if fault is Fault.TWICE:
                    self._tell(status)
        for line in paper:
            self._tell(line)
        self._tell(message("060f"))

    def _reverse(self, receipt: int) -> None:
        entry = self.ledger.find(receipt)
        if entry is not None and entry.amount > 0 and receipt not in self._reversed:
            self._move(-entry.amount, self.fault, receipt)
            return
        self._put(message("8000"))
        self._tell(message("061e", b"\xb4" if receipt in self._reversed else b"\xb5"))
