"""The law's say in a sale."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from tilltui.domain.paper.elements import Element


class FiscalRegime(ABC):
    """The law's say in a sale: document numbers, stamps and legal text. Pure; called on any thread."""

    kind: ClassVar[str] = "fiscal"
    Settings: ClassVar[type[Any]]
    name: str

    @abstractmethod
    def receipt_elements(self, sale: Mapping[str, Any]) -> Sequence[Element]:
        """Elements to print under the totals of a sale's receipt; ``sale`` is the journal body."""
