"""ZVT, the card terminals of Germany, Austria and Switzerland, over the network.

Source: VdTH, ECR Interface ZVT Protocol PA00P015, revision 13: 06 00 registration, 06 01 authorisation, 06 20
repeat receipt with the last transaction's status ("this ensures that the ECR can resynchronise"), 06 30
reversal, 06 31 refund, 06 50 end of day.

The protocol carries no reference of the till. So ``mark`` asks for the last transaction before an attempt is
written down, and ``recover`` compares: the same one means that nothing was charged since.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import ClassVar

from tilltui.errors import N_, DeviceBlocked, DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import Charge, ChargeResult, PaymentTerminal, Transport
from tilltui_drivers.terminals.exchange import LinkLost, refused, too_much, unknown
from tilltui_drivers.terminals.zvt import link as z
from tilltui_drivers.terminals.zvt import result_words as words
from tilltui_drivers.terminals.zvt.apdu import Apdu, Fields, bcd, fields
from tilltui_drivers.terminals.zvt.paper import Paper
from tilltui_drivers.transport.network import NetworkTransport

log = logging.getLogger(__name__)

AMOUNT, RESULT, TRACE, RECEIPT, ORIGINAL_TRACE = 0x04, 0x27, 0x0B, 0x87, 0x37
PAN, CARD_NAME, AUTHORISATION, CURRENCY, SERVICE = 0x22, 0x8B, 0x3B, 0x49, 0x03
MAX_AMOUNT = 10**12 - 1
NOTHING = "-"
"""The mark of a terminal that has no transaction yet."""


@dataclass(frozen=True, slots=True)
class ZvtSettings:
    """Settings of a ``[terminal.NAME]`` with ``driver = "zvt"``."""

    host: str = field(metadata={"max": 200, "example": "192.168.1.60"})
    """Name or address of the terminal."""
    port: int = field(default=20007, metadata={"min": 1, "max": 65535})
    """TCP port."""
    password: str = field(
        default="000000",
        metadata={
            "pattern": "[0-9]{6}",
            "says": N_("{key} must be six digits such as 000000, got “{value}”."),
        },
    )
    """The terminal's password for tills, six digits."""
    currency: int = field(default=978, metadata={"min": 1, "max": 999})
    """Currency by its number (ISO 4217): 978 for the euro, 756 for the Swiss franc."""
    answer_seconds: int = field(default=180, metadata={"min": 30, "max": 600})
    """Seconds to wait for the customer between two steps at the terminal."""


@dataclass(slots=True)
class _Told:
    """What a command brought."""

    status: Fields | None = None
    end: int = 0
    code: int = 0


class Zvt(PaymentTerminal):
    """One terminal; a connection for each operation."""

    Settings: ClassVar[type[ZvtSettings]] = ZvtSettings

    def __init__(self, name: str, settings: ZvtSettings, *, times: z.ZvtTimes | None = None) -> None:
        self.name = name
        self._settings = settings
        self._times = times or z.ZvtTimes(answer=float(settings.answer_seconds))
        self._marks: dict[str, str] = {}

    # What the till keeps with an attempt, because the terminal does not

    def mark(self) -> str:
        """Name of the terminal's last transaction, at most 40 characters, before a charge.

        Raises:
            DeviceError: It does not say; nothing was sent that matters.
        """
        with self._registered() as link:
            return self._last(link)[0]

    def remember(self, ticket: str, mark: str) -> None:
        """Take the mark of an attempt that is to be charged or recovered."""
        self._marks = {ticket: mark}

    # The port

    def charge(
        self, ticket: str, amount: int, progress: Callable[[str], None], stopping: Callable[[], bool]
    ) -> ChargeResult:
        """Charge an amount; see the port."""
        self._checked(amount)
        data = bytes((AMOUNT,)) + bcd(amount, 6) + bytes((CURRENCY,)) + bcd(self._settings.currency, 2)
        return self._money(Apdu(z.AUTHORISE, data), ticket, amount, progress, stopping)

    def recover(self, ticket: str, amount: int) -> ChargeResult | None:
        """Compare the last transaction with the one before the attempt.

        Raises:
            DeviceOffline: It does not answer: perhaps it is still busy with the customer.
            DeviceError: The last transaction is neither this one nor the one before: somebody used the
                terminal by hand; or the till does not know the one before.
        """
        paper = Paper()
        status = self._since_mark(ticket, amount, paper)
        if status is None:
            return None
        if ORIGINAL_TRACE in status.values:
            # The terminal took the charge back by itself, as it must when the till did not acknowledge it.
            return None
        return self._result(status, ticket, amount, paper)

    def recover_refund(self, operation: str, ticket: str, amount: int) -> ChargeResult | None:
        """Compare the last transaction with the one before the refund; see the port.

        A reversal names the transaction that it takes back (BMP 37), and so cannot be a charge. A refund of
        an amount looks like a charge of it: only that nothing happened since can be told.

        Raises:
            DeviceOffline: It does not answer: perhaps it is still busy.
            DeviceError: The last transaction is neither this one nor the one before, or its direction is not
                known.
        """
        paper = Paper()
        status = self._since_mark(ticket, amount, paper)
        if status is None:
            return None
        if not operation or ORIGINAL_TRACE not in status.values:
            raise self._unsaid()
        return replace(self._result(status, ticket, amount, paper), operation=operation)

    def _since_mark(self, ticket: str, amount: int, paper: Paper) -> Fields | None:
        """The one transaction since the attempt's mark, of its amount; ``None`` where there was none.

        Raises:
            DeviceError: It cannot be told.
        """
        mark = self._marks.get(ticket)
        with self._registered() as link:
            last, status = self._last(link, paper)
        if mark is None:
            raise self._unsaid()
        if last == mark or status is None:
            return None
        if status.number(AMOUNT) != amount:
            raise self._unsaid()
        return status

    def refund(self, operation: str, ticket: str, amount: int) -> ChargeResult:
        """Reverse a charge by its receipt number; without one, refund an amount to whatever card comes."""
        self._checked(amount)
        data = bytes.fromhex(self._settings.password)
        if operation:
            if not (operation.isascii() and operation.isdigit() and len(operation) <= 4):
                raise DeviceBlocked(
                    N_("“{text}” is no receipt number of {device}."),
                    hint=N_("Take the number from the terminal's own paper, or refund without one."),
                    reason="error",
                    device=self.name,
                    text=operation[:20],
                )
            command = Apdu(z.REVERSE, data + bytes((RECEIPT,)) + bcd(int(operation), 2))
        else:
            money = bytes((AMOUNT,)) + bcd(amount, 6) + bytes((CURRENCY,)) + bcd(self._settings.currency, 2)
            command = Apdu(z.REFUND, data + money)
        result = self._money(command, ticket, amount, lambda step: None, lambda: False)
        if operation and result.reason == words.reason(words.ALREADY_REVERSED):
            # The customer has the money, which is what was asked for.
            return ChargeResult(Charge.APPROVED, ticket, amount, operation=operation, reason=result.reason)
        return result

    def end_of_day(self) -> tuple[str, ...]:
        """Close the terminal's day; what it prints."""
        paper = Paper()
        with self._registered() as link:
            told = self._told(link, Apdu(z.END_OF_DAY, bytes.fromhex(self._settings.password)), paper)
        if told.end == z.ABORT:
            raise self._cannot(told.code)
        return paper.lines

    def status(self) -> int:
        """Ask how the terminal is (05 01); 0 is well.

        Raises:
            DeviceError: It does not answer.
        """
        with self._registered() as link:
            told = self._told(link, Apdu(z.STATUS_ENQUIRY, bytes.fromhex(self._settings.password)), Paper())
        return told.code

    # The conversation

    def _transport(self) -> Transport:
        return NetworkTransport(self._settings.host, self._settings.port, self.name)

    @contextmanager
    def _registered(self) -> Iterator[z.ZvtLink]:
        """Connect and register; nothing that matters is sent."""
        transport = self._transport()
        try:
            try:
                transport.open(time.monotonic() + self._times.connect)
                link = z.ZvtLink(transport, self._times)
                # 8E: the till prints, gets intermediate states, and receipts come as print lines.
                config = bytes.fromhex(self._settings.password) + b"\x8e" + bcd(self._settings.currency, 2)
                told = self._told(link, Apdu(z.REGISTER, config), Paper())
            except DeviceOffline as error:
                raise self._offline(str(error.fields.get("why", error))) from error
            except OutcomeUnknown as error:
                raise self._offline(str(error.fields["why"])) from error
            if told.end == z.ABORT:
                raise self._cannot(told.code)
            yield link
        finally:
            transport.close()

    def _told(
        self,
        link: z.ZvtLink,
        command: Apdu,
        paper: Paper,
        progress: Callable[[str], None] = lambda step: None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> _Told:
        """Run a command and gather what it brings.

        Raises:
            DeviceBusy: It was not begun.
            DeviceBlocked: The same.
            DeviceOffline: Nothing was sent.
            OutcomeUnknown: It was sent, and its end is not known.
        """
        told = _Told()
        try:
            for message in link.run(command, stopping):
                if message.command == z.INTERMEDIATE:
                    step = message.data[0] if message.data else 0xFF
                    progress(words.PROGRESS.get(step, "working"))
                elif message.command == z.STATUS:
                    told.status = fields(message.data)
                elif message.command in (z.PRINT_LINE, z.PRINT_BLOCK):
                    paper.take(message)
                elif message.command in (z.COMPLETION, z.ABORT):
                    told.end = message.command
                    told.code = message.data[0] if message.data else 0
        except z.ZvtRefused as refused:
            raise self._cannot(refused.code) from refused
        except LinkLost as lost:
            raise (unknown(self.name, str(lost)) if lost.sent else self._offline(str(lost))) from lost
        return told

    def _money(
        self,
        command: Apdu,
        ticket: str,
        amount: int,
        progress: Callable[[str], None],
        stopping: Callable[[], bool],
    ) -> ChargeResult:
        """Move money: only a status of success followed by a completion is one."""
        paper = Paper()
        with self._registered() as link:
            told = self._told(link, command, paper, progress, stopping)
        status = told.status
        approved = status is not None and status.values.get(RESULT) == b"\0"
        if told.end == z.ABORT:
            if approved:
                raise unknown(self.name, "it approved and then broke off")
            return self._not(told.code, ticket, amount)
        if status is None or RESULT not in status.values:
            raise unknown(self.name, "it ended without a result")
        if approved and status.number(AMOUNT) not in (None, amount):
            raise unknown(self.name, "it charged another amount")
        return self._result(status, ticket, amount, paper)

    def _last(self, link: z.ZvtLink, paper: Paper | None = None) -> tuple[str, Fields | None]:
        """The last transaction: its mark, and its status where there is one."""
        data = bytes.fromhex(self._settings.password) + bytes((SERVICE, 0x03))
        try:
            told = self._told(link, Apdu(z.REPEAT_RECEIPT, data), paper or Paper())
        except OutcomeUnknown as error:
            raise self._offline(str(error.fields["why"])) from error
        if told.end == z.ABORT:
            if told.code == words.NOT_POSSIBLE:
                return NOTHING, None
            raise self._cannot(told.code)
        status = told.status
        if status is None or status.number(RECEIPT) is None:
            raise self._unsaid()
        trace = status.number(TRACE)
        return f"{status.number(RECEIPT)}/{'' if trace is None else trace}", status

    def _result(self, status: Fields, ticket: str, amount: int, paper: Paper) -> ChargeResult:
        code = status.values.get(RESULT, b"\xff")[0]
        if code:
            return self._not(code, ticket, amount)
        pan = status.values.get(PAN, b"").hex().replace("e", "*").rstrip("f")
        receipt = status.number(RECEIPT)
        return ChargeResult(
            Charge.APPROVED,
            ticket,
            amount,
            authorisation=status.values.get(AUTHORISATION, b"").rstrip(b"\0 ").decode("latin-1"),
            last4=pan[-4:] if pan[-4:].isdigit() else "",
            brand=status.values.get(CARD_NAME, b"").rstrip(b"\0 ").decode("latin-1"),
            operation="" if receipt is None else f"{receipt:04d}",
            slip=paper.lines,
        )

    def _not(self, code: int, ticket: str, amount: int) -> ChargeResult:
        outcome = Charge.CANCELLED if code == words.ABORTED else Charge.DECLINED
        return ChargeResult(outcome, ticket, amount, reason=words.reason(code))

    # In words

    def _checked(self, amount: int) -> None:
        if not 0 < amount <= MAX_AMOUNT:
            raise too_much(self.name)

    def _offline(self, why: str) -> DeviceOffline:
        return DeviceOffline(
            N_("The card terminal {device} at {host}:{port} does not answer: {why}."),
            device=self.name,
            hint=N_("Check that it is switched on and its network cable is plugged in."),
            host=self._settings.host,
            port=self._settings.port,
            why=why,
        )

    def _cannot(self, code: int) -> DeviceError:
        return refused(self.name, words.reason(code), code, busy=code in words.BUSY)

    def _unsaid(self) -> DeviceError:
        return DeviceError(
            N_("The card terminal {device} cannot say what became of this charge."),
            device=self.name,
            hint=N_("Look at the terminal's last receipt and tell the till."),
        )
