"""The fiscal regime of a shop that issues no fiscal documents from the till."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tilltui.domain.frozen import frozen
from tilltui.domain.paper.elements import Element
from tilltui.ports import FiscalRegime

if TYPE_CHECKING:
    from tilltui.domain.record.sales.sale_record import SaleRecord


@frozen
class NoFiscalSettings:
    """No settings: there is nothing to set."""


class NoFiscalRegime(FiscalRegime):
    """Adds nothing to the receipt."""

    Settings = NoFiscalSettings

    def __init__(self, name: str, settings: NoFiscalSettings) -> None:
        self.name = name
        self.settings = settings

    def receipt_elements(self, sale: SaleRecord) -> Sequence[Element]:
        """No elements, whatever the sale."""
        return ()
