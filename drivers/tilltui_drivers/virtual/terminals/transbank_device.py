"""A Transbank POS Integrado that is not there: a pseudo terminal, a bank's ledger, and faults.

Written from Transbank Developers, "Protocolo de Comunicación Caja - POS", not from the driver: it has its own
framing. One thread serves the line as the terminal does: one request at a time, deaf while it is busy.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
import tty
from functools import reduce
from operator import xor

from .bank import Entry, Fault, Ledger

STX, ETX, ACK, NAK = b"\x02", b"\x03", b"\x06", b"\x15"


def packed(text: str) -> bytes:
    """A message between STX and LRC."""
    body = text.encode("latin-1") + ETX
    return STX + body + bytes([reduce(xor, body)])


class VirtualTransbank:
    """One terminal.

    Attributes:
        ledger: What was charged.
        fault: What goes wrong with the next sales and voids.
        path: Device path for the till.
        requests: Messages that arrived whole.

    Args:
        patience: Seconds to wait for the till's ACK before an answer is repeated (10 in a real one).
        slow: Seconds that a slow customer takes.
        boot: Seconds that it is dead after a loss of power.
    """

    def __init__(self, *, patience: float = 0.05, slow: float = 0.25, boot: float = 0.02) -> None:
        self.ledger = Ledger()
        self.fault = Fault.NONE
        self.requests: list[str] = []
        self._patience, self._slow, self._boot = patience, slow, boot
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(self._slave)
        self._voided: set[int] = set()
        self._naks = 0
        self._previous = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="virtual-transbank", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Unplug it."""
        self._stop.set()
        self._thread.join(5)
        os.close(self._master)
        os.close(self._slave)

    # The line

    def _run(self) -> None:
        while not self._stop.is_set():
            request = self._request()
            if request is not None:
                self.requests.append(request)
                self._serve(request)

    def _byte(self, timeout: float) -> bytes:
        with contextlib.suppress(OSError):
            if select.select([self._master], [], [], timeout)[0]:
                return os.read(self._master, 1)
        return b""

    def _request(self) -> str | None:
        """Wait for one message; a damaged one is refused."""
        if self._byte(0.1) != STX:
            return None
        body = b""
        while (byte := self._byte(0.5)) not in (b"", ETX):
            body += byte
        total = self._byte(0.5)
        if not total or reduce(xor, body + ETX) != total[0]:
            self._put(NAK)
            return None
        return body.decode("latin-1")

    def _put(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            os.write(self._master, data)

    def _flush(self) -> None:
        with contextlib.suppress(OSError):
            while select.select([self._master], [], [], 0)[0] and os.read(self._master, 4096):
                pass

    def _send(self, text: str, *, damage: int = 0, cut: int = 0, ignore_acks: int = 0) -> None:
        """Send an answer until it is acknowledged, three times at most.

        Args:
            text: The message.
            damage: How many of the first tries have a wrong LRC.
            cut: How many of the first tries break off in the middle.
            ignore_acks: How many acknowledgements are lost.
        """
        for _ in range(3):
            data = packed(text)
            if damage > 0:
                damage -= 1
                data = data[:-1] + bytes([data[-1] ^ 0x41])
            if cut > 0:
                cut -= 1
                data = data[: len(data) // 2]
            self._put(data)
            answer = self._answer()
            if answer == ACK:
                if ignore_acks <= 0:
                    return
                ignore_acks -= 1

    def _answer(self) -> bytes:
        until = time.monotonic() + self._patience
        while (left := until - time.monotonic()) > 0:
            byte = self._byte(left)
            if byte in (ACK, NAK):
                return byte
        return b""

    # What it does

    def _serve(self, request: str) -> None:
        fields = request.split("|")
        match fields[0]:
            case "0100":
                self._put(ACK)
            case "0200":
                self._sale(int(fields[1]), fields[2], self.fault)
            case "0250":
                self._put(ACK)
                last = self.ledger.last_sale()
                self._send(self._sold("0260", last) if last else "0260|11|597029414300|75001087|")
            case "1200":
                self._give_back(int(fields[1]), self.fault)
            case "0700":
                self._put(ACK)
                sums = [entry.amount for entry in self.ledger.entries]
                self._send(f"0710|00|{len(sums)}|{sum(sums)}|")
            case "0500":
                self._put(ACK)
                self._send("0510|00|597029414300|75001087|")
            case "0800":
                self._put(ACK)
                self._send("0810|00|597029414300|75001087|")
            case _:
                self._put(NAK)

    def _sale(self, amount: int, ticket: str, fault: Fault) -> None:
        # A refusal comes with or without the fields behind the terminal's number.
        if not self._begun("0210", ticket if amount % 2 else "", fault):
            return
        entry = self.ledger.book(ticket, amount)
        self._finish(self._sold("0210", entry), fault)

    def _give_back(self, operation: int, fault: Fault) -> None:
        if self._begun("1210", "", fault):
            self._finish(self._void(operation), fault)

    def _begun(self, answer: str, ticket: str, fault: Fault) -> bool:
        """Take a request that moves money; whether it comes to that."""
        if fault is Fault.DEAF or self._nak(fault):
            return False
        if fault not in (Fault.NO_ACK, Fault.NO_ACK_NO_ANSWER):
            self._put(ACK)
        if fault is Fault.DIES_BEFORE:
            self._reboot()
            return False
        if fault in (Fault.DECLINE, Fault.CANCEL):
            self._steps()
            code = "07" if fault is Fault.CANCEL else "01"
            self._send(f"{answer}|{code}|597029414300|75001087|{ticket}|")
            return False
        if fault is Fault.SLOW:
            self._stop.wait(self._slow)
        return True

    def _finish(self, text: str, fault: Fault) -> None:
        """Money has moved: say so, or die."""
        if fault in (Fault.DIES_AFTER, Fault.BREAKS_OFF, Fault.NO_ACK_NO_ANSWER):
            self._reboot()
            return
        self._tell(text, fault)
        self._previous = text

    def _nak(self, fault: Fault) -> bool:
        limit = {Fault.NAK_ONCE: 1, Fault.NAK_TWICE: 2, Fault.NAK_ALWAYS: 1 << 30}.get(fault, 0)
        if self._naks < limit:
            self._naks += 1
            self._put(NAK)
            return True
        self._naks = 0
        return False

    def _tell(self, text: str, fault: Fault) -> None:
        """Say how it ended, as well as it can."""
        match fault:
            case Fault.GLUED:
                self._put(b"".join(packed(f"0900|{step}|") for step in (78, 79, 81, 82)) + packed(text))
                self._answer()
                return
            case Fault.TRICKLE:
                for byte in packed(text):
                    self._put(bytes([byte]))
                self._answer()
                return
            case Fault.GARBAGE_INSTEAD:
                self._put(bytes(range(256)) * 8)
                return self._reboot()
            case Fault.CUT_FOR_GOOD:
                self._put(packed(text)[:20])
                return self._reboot()
            case Fault.STALE if self._previous:
                self._send(self._previous)
            case Fault.GARBAGE_BEFORE:
                self._put(b"\x00\xff\x15|garbage|\x1b[2J")
        self._steps()
        self._send(
            text,
            damage={Fault.WRONG_SUM_ONCE: 1, Fault.WRONG_SUM_ALWAYS: 3}.get(fault, 0),
            cut=1 if fault is Fault.CUT_ONCE else 0,
            ignore_acks={Fault.TWICE: 1, Fault.ACK_LOST: 2}.get(fault, 0),
        )

    def _steps(self) -> None:
        for step in (78, 81, 82):
            self._send(f"0900|{step}|")

    def _sold(self, command: str, entry: Entry) -> str:
        return (
            f"{command}|00|597029414300|75001087|{entry.ticket}|{entry.authorisation}|{entry.amount}|1||6677|"
            f"{entry.operation}|CR|||VI|21112026|101500|1|0"
        )

    def _void(self, operation: int) -> str:
        entry = self.ledger.find(operation)
        if entry is None or entry.amount < 0:
            return "1210|05|597029414300|75001087||"
        if operation in self._voided:
            return "1210|04|597029414300|75001087||"
        self._voided.add(operation)
        self.ledger.book(entry.ticket, -entry.amount)
        return f"1210|00|597029414300|75001087|{entry.authorisation}|{operation}"

    def _reboot(self) -> None:
        self._stop.wait(self._boot)
        self._flush()
