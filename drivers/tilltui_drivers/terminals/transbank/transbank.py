"""Transbank POS Integrado, the card terminal of most Chilean shops, on a serial line or USB.

Source: Transbank Developers, POS Integrado, "Protocolo de Comunicación Caja - POS". A sale is not sent
twice unless the terminal said NAK. Where the answer is missing the terminal's last sale (0250) is asked, and
only a sale of the same ticket and amount counts.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

from tilltui.errors import N_, DeviceBlocked, DeviceError, DeviceOffline
from tilltui.ports import Charge, ChargeResult, PaymentTerminal, Transport
from tilltui_drivers.terminals.exchange import LinkLost, answers, refused, unknown
from tilltui_drivers.terminals.stx import StxLink, Times
from tilltui_drivers.terminals.transbank import response_words as words
from tilltui_drivers.terminals.transbank.reply import MAX_AMOUNT, MAX_TICKET, Reply, Sale, parse, sale
from tilltui_drivers.transport.serial.port import Line, SerialTransport

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TransbankSettings:
    """Settings of a ``[terminal.NAME]`` with ``driver = "transbank"``."""

    port: str = field(metadata={"max": 200, "example": "/dev/serial/by-id/usb-Verifone_..."})
    """Device path of the terminal; /dev/serial/by-id/... stays the same wherever it is plugged in."""
    baudrate: int = field(default=115200, metadata={"min": 1200, "max": 115200})
    """Bits a second: 115200 over USB."""
    answer_seconds: int = field(default=180, metadata={"min": 30, "max": 600})
    """Seconds to wait for the customer between two steps at the terminal."""


class Transbank(PaymentTerminal):
    """One terminal; the line is opened for each operation and let go after it."""

    Settings: ClassVar[type[TransbankSettings]] = TransbankSettings
    refuses_second_void: ClassVar[bool] = True
    """A void names its operation, and a second one is answered with 04."""

    def __init__(self, name: str, settings: TransbankSettings, *, times: Times | None = None) -> None:
        self.name = name
        self._settings = settings
        self._times = times or Times(answer=float(settings.answer_seconds))

    def charge(
        self, ticket: str, amount: int, progress: Callable[[str], None], stopping: Callable[[], bool]
    ) -> ChargeResult:
        """Charge an amount; it can be cancelled at the terminal only, which ``progress("cancel")`` says."""
        if not 0 < amount <= MAX_AMOUNT or not 0 < len(ticket) <= MAX_TICKET or not ticket.isalnum():
            raise DeviceBlocked(
                N_("{device} cannot charge this amount."),
                reason="error",
                device=self.name,
                hint=N_("Split it over several payments of at most 999999999."),
            )
        with self._line() as link:
            self._poll(link)
            try:
                link.send(f"0200|{amount}|{ticket}|||1|".encode("ascii"), twice=False)
                reply = self._answer(link, ("0210",), ticket, progress, stopping)
            except LinkLost as lost:
                raise self._broken(lost) from lost
        return self._result(sale(reply), ticket, amount)

    def recover(self, ticket: str, amount: int) -> ChargeResult | None:
        """Ask for the last sale. The terminal prints its slip again; a sale of another ticket is not ours.

        Raises:
            DeviceOffline: It does not answer: perhaps it is still busy with the customer.
            DeviceError: It answers, and cannot say.
        """
        with self._line() as link:
            self._poll(link)
            try:
                early = self._ours(link, ticket)
                if early is None:
                    link.send(b"0250|", twice=True)
                    early = self._answer(link, ("0260",), "")
            except LinkLost as lost:
                raise self._offline(str(lost)) from lost
        found = sale(early)
        if early.command == "0210" and found.code != words.APPROVED:
            return self._result(found, ticket, amount)
        if found.code == words.NO_SALE:
            return None
        if found.code != words.APPROVED:
            raise self._refused(found.code)
        if found.ticket != ticket:
            return None
        return self._result(found, ticket, amount)

    def refund(self, operation: str, ticket: str, amount: int) -> ChargeResult:
        """Void a sale by its number; debit cards, parts and sales of closed days cannot be given back."""
        if not (operation.isascii() and operation.isdigit() and len(operation) <= 6):
            raise DeviceBlocked(
                N_("{device} gives back whole sales only, by their operation number."),
                reason="error",
                device=self.name,
                hint=N_("Give it back in cash, or ask the bank."),
            )
        with self._line() as link:
            self._poll(link)
            try:
                link.send(f"1200|{operation}|".encode("ascii"), twice=False)
                reply = self._answer(link, ("1210",), "")
            except LinkLost as lost:
                raise self._broken(lost) from lost
        # 04: voided already. The customer has the money, which is what was asked for.
        if reply.code in (words.APPROVED, words.ALREADY_VOIDED):
            authorisation, number = reply.field(3), reply.field(4)
            if number and number.lstrip("0") != operation.lstrip("0"):
                raise unknown(self.name, "it gave back another sale")
            return ChargeResult(Charge.APPROVED, ticket, amount, authorisation, operation=operation)
        return self._not(reply.code, ticket, amount)

    def end_of_day(self) -> tuple[str, ...]:
        """Ask for the totals, then close the day; the terminal prints its own report as well."""
        with self._line() as link:
            self._poll(link)
            try:
                link.send(b"0700||", twice=True)
                totals = self._answer(link, ("0710",), "")
                link.send(b"0500||", twice=False)
                closed = self._answer(link, ("0510",), "")
            except LinkLost as lost:
                raise self._broken(lost) from lost
        if closed.code != words.APPROVED:
            raise self._refused(closed.code)
        lines = [f"TERMINAL {closed.field(2)}", f"COMERCIO {closed.field(1)}"]
        if totals.code == words.APPROVED:
            lines.append(f"VENTAS {totals.field(1)}  TOTAL {totals.field(2)}")
        return tuple(lines)

    def probe(self) -> None:
        """See that it is there and listens (0100), which moves no money.

        Raises:
            DeviceOffline: It does not answer.
        """
        with self._line() as link:
            self._poll(link)

    def load_keys(self) -> None:
        """Have the terminal fetch new keys from the bank (answer 26 asks for it).

        Raises:
            DeviceError: It could not.
        """
        with self._line() as link:
            self._poll(link)
            try:
                link.send(b"0800", twice=True)
                reply = self._answer(link, ("0810",), "")
            except LinkLost as lost:
                raise self._offline(str(lost)) from lost
        if reply.code != words.APPROVED:
            raise self._refused(reply.code)

    # The conversation

    def _transport(self) -> Transport:
        line = Line(self._settings.port, self._settings.baudrate)
        return SerialTransport(line, device=self.name)

    @contextmanager
    def _line(self) -> Iterator[StxLink]:
        transport = self._transport()
        try:
            transport.open(time.monotonic() + self._times.write)
            yield StxLink(transport, self._times)
        finally:
            if isinstance(transport, SerialTransport):
                transport.dispose()
            else:
                transport.close()

    def _poll(self, link: StxLink) -> None:
        """See that it is there before anything that matters is sent."""
        try:
            link.send(b"0100", twice=True)
        except LinkLost as lost:
            raise self._offline(str(lost)) from lost

    def _answer(
        self,
        link: StxLink,
        commands: tuple[str, ...],
        ticket: str,
        progress: Callable[[str], None] = lambda step: None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> Reply:
        """Wait for the answer, telling the steps; what belongs to something else is left out.

        Raises:
            LinkLost: None came in time.
        """
        found = self._ours(link, ticket) if ticket else None
        if found is not None:
            return found
        for reply in answers(
            lambda deadline: self._message(link, deadline),
            answer=self._times.answer,
            most=self._times.most,
            stopping=stopping,
            stop=lambda: progress("cancel"),
        ):
            if reply.command == "0900":
                progress(words.PROGRESS.get(reply.code, "working"))
            elif reply.command in commands and self._belongs(reply, ticket):
                return reply
            else:
                log.warning("%s: left out a message %s that nobody asked for", self.name, reply.command)
        raise AssertionError  # answers() ends by LinkLost alone

    def _message(self, link: StxLink, deadline: float) -> Reply | None:
        """The next message that can be read; ``None`` where none came by the deadline."""
        data = link.receive(deadline)
        return parse(data) if data is not None else None

    def _ours(self, link: StxLink, ticket: str) -> Reply | None:
        """An answer to this very sale that came before the last acknowledgement."""
        for data in link.early:
            reply = parse(data)
            if reply is not None and reply.command == "0210" and sale(reply).ticket == ticket:
                return reply
        return None

    def _belongs(self, reply: Reply, ticket: str) -> bool:
        """Whether a reply is to this sale; a refusal may come without its ticket."""
        if not ticket:
            return True
        there = sale(reply).ticket
        return there == ticket or (not there and reply.code != words.APPROVED)

    def _result(self, found: Sale, ticket: str, amount: int) -> ChargeResult:
        if found.code != words.APPROVED:
            return self._not(found.code, ticket, amount)
        if found.amount != amount:
            raise unknown(self.name, "it charged another amount")
        return ChargeResult(
            Charge.APPROVED, ticket, amount, found.authorisation, found.last4, found.brand, found.operation
        )

    def _not(self, code: str, ticket: str, amount: int) -> ChargeResult:
        outcome = Charge.CANCELLED if code == words.CANCELLED else Charge.DECLINED
        return ChargeResult(outcome, ticket, amount, reason=words.reason(code))

    # In words

    def _broken(self, lost: LinkLost) -> DeviceError:
        return unknown(self.name, str(lost)) if lost.sent else self._offline(str(lost))

    def _offline(self, why: str) -> DeviceOffline:
        return DeviceOffline(
            N_("The card terminal {device} does not answer: {why}."),
            device=self.name,
            hint=N_("Check that it is switched on, plugged in and set to integrated mode."),
            why=why,
        )

    def _refused(self, code: str) -> DeviceError:
        return refused(self.name, words.reason(code), code, busy=code in words.PROGRESS)
