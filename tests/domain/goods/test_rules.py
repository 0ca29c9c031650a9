"""A rule is dated data, looked at in one place."""

from __future__ import annotations

import pytest

from tests.support.till_lines import make_line
from tilltui.domain.goods.rules import NO_RULES, Rule, RuleKind, Rules
from tilltui.errors import SaleError

DAY = "2026-11-21"
QUANTITY, KEYED = RuleKind.QUANTITY, RuleKind.KEYED
RULES = Rules(
    [
        Rule(QUANTITY, 50_000),
        Rule(QUANTITY, 10_000, "Cigarrillos", since="2026-01-01"),
        Rule(QUANTITY, 20_000, "Cigarrillos", until="2026-12-31"),
        Rule(KEYED, 5_000_000, "Tornillos"),
    ]
)


def allowed(rules: Rules, quantity: int, category: str = "", day: str = DAY, *, rung: int = 1000) -> bool:
    try:
        rules.check(make_line(10, quantity, category=category), day, rung=rung)
    except SaleError:
        return False
    return True


@pytest.mark.parametrize(
    ("quantity", "category", "day", "may"),
    [
        (50_000, "", DAY, True),
        (51_000, "", DAY, False),
        (10_000, "Cigarrillos", DAY, True),
        (11_000, "Cigarrillos", DAY, False),
        (11_000, "Cigarrillos", "2025-12-31", True),
        (21_000, "Cigarrillos", "2025-12-31", False),
        (11_000, "Cigarrillos", "2026-01-01", False),
        (11_000, "Cigarrillos", "2027-01-01", False),
    ],
)
def test_the_nearest_and_latest_rule_decides(quantity: int, category: str, day: str, may: bool) -> None:
    assert allowed(RULES, quantity, category, day) is may


def test_what_is_keyed_at_once_is_guarded_and_can_be_keyed_again() -> None:
    assert allowed(NO_RULES, 999_000, rung=999_000)
    assert not allowed(NO_RULES, 1_000_000, rung=1_000_000)
    assert allowed(NO_RULES, 1_998_000, rung=999_000)
    assert allowed(RULES, 40_000, "Tornillos", rung=4_000_000)


def test_what_is_weighed_or_comes_back_is_not_counted() -> None:
    RULES.check(make_line(10, 900_000, unit="kg"), DAY, rung=9_000_000)
    RULES.check(make_line(10, -900_000), DAY, rung=-900_000)
