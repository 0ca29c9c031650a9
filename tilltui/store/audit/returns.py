"""The check that of no sale more has come back than was sold."""

from __future__ import annotations

from collections.abc import Iterator

from tilltui.domain.record.damage import RecordDamaged
from tilltui.domain.returns.returning import too_much
from tilltui.errors import N_, SaleError
from tilltui.store.audit.finding import Finding
from tilltui.store.file.engine import Connection
from tilltui.store.returns.earlier_sales import original


def check_returns(connection: Connection) -> Iterator[Finding]:
    """Hold what came back against the records of the sales that it came from."""
    query = "SELECT DISTINCT returns, training FROM sale WHERE returns <> '' ORDER BY returns"
    for number, training in connection.execute(query).fetchall():
        try:
            earlier = original(connection, str(number), training=bool(training))
        except SaleError:
            yield Finding(
                "sale", N_("Sale {number}, of which goods came back, is not here."), {"number": number}
            )
            continue
        except RecordDamaged:
            continue  # which was said when the sales were held against their records
        if too_much(earlier.sale, earlier.came_back) is not None:
            yield Finding(
                "sale", N_("Of sale {number} more has come back than was sold."), {"number": number}
            )
