"""The end of the day: how the shift stands, and closing it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from tilltui.domain.clock import Clock, now_ms
from tilltui.domain.people.rights import Right
from tilltui.services.events import Events, ShiftClosed
from tilltui.services.flow import Flow, Wait
from tilltui.services.selling.open_sale import OpenSale
from tilltui.services.session import Session, command
from tilltui.store.books import totals

if TYPE_CHECKING:
    from tilltui.domain.record.shift_record import ShiftReport


class Shift:
    """Commands on the shift.

    Args:
        sale: The open sale; a shift with something in the basket does not close.
        events: Told of each Z that is on disk.
        say: Translates what stands on paper.
        printer: Where a Z is printed, empty for nowhere.
        clock: The wall clock, UTC milliseconds.
    """

    def __init__(
        self,
        sale: OpenSale,
        events: Events,
        say: Callable[[str], str],
        printer: str = "",
        *,
        clock: Clock = now_ms,
    ) -> None:
        self._sale = sale
        self._events = events
        self._say = say
        self._printer = printer
        self._clock = clock
        self._look()

    @property
    def session(self) -> Session:
        """Who asks."""
        return self._sale.session

    def _look(self) -> None:
        """Sell in the shift that is open now."""
        shift = totals.current_shift(self._sale.store.reader)
        self.session.shift_id = shift.id if shift is not None else 0

    @command(Right.SEE_SHIFT)
    def x(self) -> ShiftReport:
        """The totals of the open shift so far; nothing changes."""
        from tilltui.services.day.closing import x_report

        return x_report(self._sale.store, self._sale.shop, self._who)

    @command(Right.CLOSE_SHIFT)
    def close(self) -> Flow[ShiftReport]:
        """Close the shift with a Z; the next one is open then, and whoever hears of ``ShiftClosed`` follows.

        Raises:
            SaleError: There is something in the basket; at once.
        """
        from tilltui.services.day.closing import close_shift

        sale = self._sale
        sale.nothing_open()
        return self._closed(close_shift(sale.store, sale.shop, self._who, self._say, self._printer))

    async def _closed(self, saving: Future[ShiftReport]) -> ShiftReport:
        report = await Wait(saving)
        self._look()
        self._events.publish(ShiftClosed(report.number))
        return report

    @property
    def _who(self) -> tuple[int, str]:
        operator = self.session.operator
        return operator.id, operator.name
