"""Rules about what is sold: dated data, kept in one place when a line is rung or changed.

What a law or the shop wants is a row with the days on which it holds, never a condition in the code: laws
change.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable

from tilltui.domain.frozen import frozen
from tilltui.domain.money.money import QUANTITY_UNIT
from tilltui.domain.selling.line import Line
from tilltui.errors import N_, SaleError


class RuleKind(enum.StrEnum):
    """What a rule is about."""

    QUANTITY = "quantity"
    """At most so much of an item stands on one line."""
    KEYED = "keyed"
    """At most so much of an item is rung at one time: more is a slip of the finger."""


@frozen
class Rule:
    """One rule.

    Attributes:
        kind: What it is about.
        most: Thousandths.
        category: Products that it is for; empty for all.
        since: First day it holds, ISO date; empty for ever before.
        until: Last day it holds, ISO date; empty for ever after.
    """

    kind: RuleKind
    most: int
    category: str = ""
    since: str = ""
    until: str = ""

    def holds(self, line: Line, day: str) -> bool:
        """Whether it is about a line on an ISO date; what is weighed is not counted."""
        return (
            line.unit == "u"
            and self.category in ("", line.category)
            and self.since <= day
            and (not self.until or day <= self.until)
        )


USUAL = Rule(RuleKind.KEYED, 999_000)
"""More than this many pieces at one time are taken for a slip of the finger."""

_KEYED = RuleKind.KEYED


class Rules:
    """The rules of a shop.

    Of those of one kind that hold for a line one decides: one for its category before one for all, the latest
    of them, and the usual one last.

    Args:
        rules: The shop's own.
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        own = sorted(rules, key=lambda rule: (rule.category != "", rule.since), reverse=True)
        self._by_kind = [
            (kind, [rule for rule in (*own, USUAL) if rule.kind is kind])
            for kind in RuleKind
            if any(rule.kind is kind for rule in (*own, USUAL))
        ]

    def check(self, line: Line, day: str, *, rung: int) -> None:
        """See that a line may stand in the basket as it is now.

        Args:
            line: As it would be.
            day: ISO date.
            rung: Thousandths that were rung, or set, just now.

        Raises:
            SaleError: A rule says that it is too much.
        """
        for kind, rules in self._by_kind:
            quantity = rung if kind is _KEYED else line.quantity
            for rule in rules:
                if rule.holds(line, day):
                    if quantity > rule.most:
                        raise _too_many(kind, quantity, rule.most)
                    break


def _too_many(kind: RuleKind, quantity: int, most: int) -> SaleError:
    hint = (
        N_("Key at most {most}, several times if need be.")
        if kind is _KEYED
        else N_("At most {most} may stand on one line.")
    )
    return SaleError(
        N_("{count} pieces are too many for one line."),
        hint=hint,
        count=quantity // QUANTITY_UNIT,
        most=most // QUANTITY_UNIT,
    )


NO_RULES = Rules()
"""The rules of a shop that sets none."""
