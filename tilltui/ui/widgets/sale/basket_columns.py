"""How a basket row is laid out in cells: mark, quantity, description, unit price, amount."""

from __future__ import annotations

import re
from functools import lru_cache

from tilltui.ui.widgets.cells import fit, plain, width_of

_SIZE = re.compile(r" [^ ]*[0-9][^ ]*(?: [^ ]{1,8})?$")
"""How much is in it, at the end of a name: ``1 L``, ``500 g``, ``6x350 ml``, ``8 unidades``."""

_MARK = 2
_QUANTITY = 6
_LEAST_DESCRIPTION = 12


def columns_line(
    quantity: str, description: str, unit_price: str, amount: str, kind: str, selected: bool, width: int
) -> str:
    """One row as text of exactly ``width`` cells.

    An amount is never cut: the unit price goes first, then the description shrinks. Where not even the amount
    has room it becomes ``#`` signs, as in a spreadsheet, because a cut amount is a wrong one. The marks say
    in characters what colours say too: ``>`` the selected row, ``x`` a voided one.

    >>> columns_line("3", "Leche entera", "$1.150", "$3.450", "sale", True, 44)
    '>      3 Leche entera      $1.150    $3.450 '
    """
    mark = (">" if selected else " ") + ("x" if kind == "voided" else " ")
    amount, unit_price = plain(amount), plain(unit_price)
    amount_cells = max(10 if width >= 60 else 9 if width >= 40 else 0, width_of(amount))
    left = width - _MARK - 1
    if amount_cells > left:
        return fit(mark + "#" * max(0, left), width)
    unit_cells = max(10 if width >= 60 else 8 if width >= 48 else 7, width_of(unit_price))
    quantity_cells = max(_QUANTITY if width >= 40 else 4, width_of(plain(quantity)))
    description_cells = left - quantity_cells - 1 - 1 - amount_cells
    with_unit = description_cells - unit_cells - 1 >= _LEAST_DESCRIPTION
    if with_unit:
        description_cells -= unit_cells + 1
    if description_cells < 1:
        return fit(mark + fit(amount, left, "right"), width)
    parts = [mark, fit(quantity, quantity_cells, "right"), " ", fit_name(description, description_cells), " "]
    if with_unit:
        parts += [fit(unit_price, unit_cells, "right"), " "]
    parts += [fit(amount, amount_cells, "right"), " "]
    return "".join(parts)


@lru_cache(1024)
def fit_name(name: str, width: int) -> str:
    """Make a name exactly ``width`` cells; one that is cut keeps its size, which tells some goods apart.

    >>> fit_name("Pan de molde blanco Trigal 500 g", 26)
    'Pan de molde blanco. 500 g'
    >>> fit_name("Pan de molde", 14)
    'Pan de molde  '
    """
    name = plain(name)
    size = _SIZE.search(name) if width_of(name) > width and " · " not in name else None
    if size is None or 2 * width_of(size[0]) > width:
        return fit(name, width)
    return fit(name[: size.start()], width - width_of(size[0])) + size[0]
