"""Which papers a printer is for: the same settings for every printer, real or virtual.

The till asks for them by ``Printer.paper_rules``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tilltui.ports import PaperRules


@dataclass(frozen=True)
class PaperSettings:
    """What is printed here beside what is asked for."""

    categories: tuple[str, ...] = ()
    """Product categories that it prints order slips for, as in a kitchen; ["*"]: all of them."""
    copies: int = field(default=0, metadata={"min": 0, "max": 5})
    """Copies printed with each receipt, marked as copies."""
    gift: bool = False
    """Whether a gift receipt without prices is printed with each receipt."""
    labels: bool = False
    """Whether shelf labels are printed here; where no printer has it, the receipts' printer prints them."""

    @property
    def rules(self) -> PaperRules:
        """What a printer with these settings answers as its ``paper_rules``."""
        return PaperRules(self.categories, self.copies, self.gift)


RECEIPTS_ALONE = PaperSettings()
"""Nothing is printed beside what is asked for."""
