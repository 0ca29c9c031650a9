"""The law's say in a sale."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from tilltui.domain.paper.elements import Element

if TYPE_CHECKING:
    from tilltui.domain.record.sales.sale_record import SaleRecord


class FiscalRegime(ABC):
    """The law's say in a sale: document numbers, stamps and legal text. Pure; called on any thread."""

    kind: ClassVar[str] = "fiscal"
    Settings: ClassVar[type[Any]]
    name: str

    @abstractmethod
    def receipt_elements(self, sale: SaleRecord) -> Sequence[Element]:
        """Elements to print under the totals of a sale's receipt."""
