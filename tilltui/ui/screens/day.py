"""The end of the day: what the shift came to, and closing it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from tilltui.errors import N_, SaleError
from tilltui.i18n import _
from tilltui.ui.screens.base import SaleBase
from tilltui.ui.widgets.choice import Choice

log = logging.getLogger(__name__)


class DayActions(SaleBase):
    """X and Z from the menu."""

    def menu_day(self) -> None:
        """Show how the shift stands, or close it."""
        choices = [
            Choice(_("X: how the shift stands"), value="x"),
            Choice(_("Z: close the shift, print and back up"), value="z"),
        ]

        def picked(choice: Choice | None) -> None:
            if choice is not None:
                self.show_x() if choice.value == "x" else self.try_to(self.close_day)

        self.pick(_("End of the day"), choices, picked)

    @property
    def _operator(self) -> tuple[int, str]:
        return self.checkout.operator.id, self.checkout.operator.name

    def _show(self, body: dict[str, Any]) -> None:
        from tilltui.services.day.closing import paper
        from tilltui.services.paper.preview import text_lines

        lines = text_lines(paper(body, self.desk.shop, _))
        self.show_text(_("End of the day"), lines)

    def show_x(self) -> None:
        """Show the totals of the open shift; nothing changes."""
        from tilltui.services.day.closing import x_body

        self._show(x_body(self.desk.store, self.desk.shop, self._operator))

    def close_day(self) -> None:
        """Close the shift with a Z, print it, and back the sales up.

        Raises:
            SaleError: A sale is in hand.
        """
        from tilltui.services.day.closing import close_shift

        if self.checkout.basket:
            raise SaleError(N_("Finish or park this sale first."), hint=N_("F5 parks it."))
        desk = self.desk

        def closed(body: dict[str, Any]) -> None:
            self.checkout.begin_shift()
            desk.devices.sold()
            desk.store.ballast.hold()
            self.later(self.till.background.submit(desk.store.backup()), self._backed_up)
            self._show(body)

        future = close_shift(desk.store, desk.shop, self._operator, _, self.checkout.printer)
        self.later(future, closed, wait=True)

    def _backed_up(self, path: Path) -> None:
        log.info("backed up to %s", path)
        self.till.paint_status()
