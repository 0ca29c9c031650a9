"""Transbank's messages as values: fields between bars.

Source: Transbank Developers, POS Integrado, "Respuesta de Venta", "Última Venta", "Anulación", "Cierre".
"""

from __future__ import annotations

from dataclasses import dataclass

MAX_TICKET = 6
MAX_AMOUNT = 999_999_999
"""Nine digits."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A message from the terminal.

    Attributes:
        command: Four digits.
        code: Response code, or the step of an intermediate message; two digits.
        fields: Everything after the command, the code included.
    """

    command: str
    code: str
    fields: tuple[str, ...]

    def field(self, number: int) -> str:
        """A field by its place after the command; empty where there is none."""
        return self.fields[number].strip() if number < len(self.fields) else ""


@dataclass(frozen=True, slots=True)
class Sale:
    """A reply to a sale or to the question for the last one.

    Attributes:
        code: Response code.
        ticket: What the till called it.
        amount: Pesos, -1 where the terminal does not say.
        authorisation: Authorisation code.
        last4: Last four digits of the card.
        operation: Number of the operation, for giving it back.
        brand: Two letters such as ``VI``.
    """

    code: str
    ticket: str
    amount: int
    authorisation: str
    last4: str
    operation: str
    brand: str


def parse(data: bytes) -> Reply | None:
    """Read a message; ``None`` where it is none.

    >>> parse(b"0900|78|")
    Reply(command='0900', code='78', fields=('78', ''))
    """
    command, *fields = data.decode("latin-1").split("|")
    if len(command) != 4 or not (command.isascii() and command.isdigit()):
        return None
    code = fields[0].strip() if fields else ""
    if code.isascii() and code.isdigit():
        code = code.zfill(2)
    return Reply(command, code, tuple(fields))


def sale(reply: Reply) -> Sale:
    """Read the fields of a sale."""
    amount = reply.field(5)
    known = amount.isascii() and amount.isdigit() and len(amount) <= 12
    return Sale(
        code=reply.code,
        ticket=reply.field(3),
        amount=int(amount) if known else -1,
        authorisation=reply.field(4),
        last4=reply.field(8),
        operation=reply.field(9),
        brand=reply.field(13),
    )
