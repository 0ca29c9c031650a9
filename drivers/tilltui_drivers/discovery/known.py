"""The table of USB numbers."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from tilltui_drivers.discovery.found import Known


@lru_cache(maxsize=1)
def table() -> dict[tuple[int, int | None], Known]:
    """Everything in ``known.toml``: by vendor and product, or by vendor and ``None`` for all its products."""
    rows = tomllib.loads(files(__package__).joinpath("known.toml").read_text("utf-8"))["device"]
    found: dict[tuple[int, int | None], Known] = {}
    for row in rows:
        known = Known(
            title=row["title"],
            kind=row.get("kind", ""),
            verified=row["verified"],
            driver=row.get("driver", ""),
            settings=MappingProxyType(row.get("settings", {})),
        )
        for number in row["ids"]:
            vendor, _, product = number.partition(":")
            found[int(vendor, 16), int(product, 16) if product else None] = known
    return found


def known(vendor: int, product: int) -> Known | None:
    """What the table says of a pair of numbers; the pair counts for more than its vendor."""
    rows = table()
    return rows.get((vendor, product)) or rows.get((vendor, None))
