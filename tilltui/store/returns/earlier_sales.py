"""Earlier sales whose goods come back: read before, and checked once more in the sale's own transaction."""

from __future__ import annotations

from tilltui.domain.frozen import frozen
from tilltui.domain.record.sales.closing import Closing
from tilltui.domain.record.sales.number import SaleNumber
from tilltui.domain.record.sales.sale_record import SaleRecord
from tilltui.domain.returns.returning import CameBack, added, coming_back, too_much
from tilltui.errors import N_, SaleError
from tilltui.store.file.engine import Connection

_ORIGINAL = """SELECT j.body, j.epoch <> h.epoch FROM sale s JOIN journal j ON j.seq = s.seq, head h
 WHERE s.id = ? AND s.training = ? AND h.till = ?"""

# A void keeps the origin of the line that it takes back, so that the two cancel here.
_CAME_BACK = """SELECT l.origin, -sum(l.quantity), -sum(l.amount) FROM sale s
 JOIN sale_line l ON l.id > s.id << 12 AND l.id < (s.id + 1) << 12
 WHERE s.returns = ? AND s.returns <> '' AND l.origin IS NOT NULL GROUP BY l.origin"""


@frozen
class Original:
    """An earlier sale whose goods come back.

    Attributes:
        number: As printed, whatever zeros were keyed.
        sale: Its record.
        came_back: What came back of it so far.
        before_restore: It is from before a backup was restored: what came back between the backup and the
            restore is not known here.
    """

    number: str
    sale: SaleRecord
    came_back: CameBack
    before_restore: bool


def original(connection: Connection, number: str, *, training: bool) -> Original:
    """Read an earlier sale.

    Args:
        connection: Reading or writing.
        number: As scanned or keyed.
        training: Of a practice sale no money is given back, and in practice none of a real one.

    Raises:
        SaleError: There is no such sale here.
        RecordDamaged: Its record cannot be read.
    """
    wanted, row = SaleNumber.read(number), None
    if wanted is not None:
        row = next(connection.execute(_ORIGINAL, (wanted.sale, int(training), wanted.till)), None)
    if wanted is None or row is None:
        raise SaleError(
            N_("There is no sale {number} at this till."),
            hint=N_("Check the number on the receipt."),
            number=number,
        )
    number = str(wanted)
    rows = connection.execute(_CAME_BACK, (number,))
    came_back = {no: (quantity, amount) for no, quantity, amount in rows}
    return Original(number, SaleRecord.parse(row[0]), came_back, bool(row[1]))


def check(connection: Connection, closing: Closing) -> Original:
    """Refuse a sale that takes back more than was bought; runs in the sale's transaction.

    Returns:
        The earlier sale.

    Raises:
        SaleError: Something of it has come back meanwhile, or was never sold.
    """
    basket = closing.basket
    earlier = original(connection, basket.returns, training=closing.training)
    name = too_much(earlier.sale, added(earlier.came_back, coming_back(basket)))
    if name is not None:
        raise SaleError(
            N_("{name}: more would come back than sale {number} had."),
            hint=N_("Take the line back with F8."),
            name=name,
            number=earlier.number,
        )
    return earlier
