"""Columns of a product list: headings in Spanish, English and Portuguese, and the words in cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tilltui.domain.frozen import frozen
from tilltui.domain.text import MAX_NAME, clean, fold
from tilltui.services.goods.tables.table import Cell

SHOWN_IGNORED = 20
"""So many headings that nobody reads are named."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "sku": (
        "sku", "codigo interno", "codigo", "code", "codigo producto", "codigo de producto", "codigo produto",
        "codigo do produto", "cod", "cod interno", "referencia", "ref", "item code", "id",
    ),
    "codes": (
        "codigos de barras", "codigo de barras", "codigo de barra", "codigos de barra", "cod barras",
        "cod de barras", "codigo barras", "codigo barra", "barcodes", "barcode", "bar code", "ean", "ean13",
        "ean 13", "gtin", "upc",
    ),
    "name": (
        "nombre", "nome", "name", "nombre producto", "nombre del producto", "producto", "produto", "product",
        "product name", "descripcion", "descricao", "description", "articulo", "artigo", "detalle", "glosa",
    ),
    "price": (
        "precio", "preco", "price", "precio venta", "precio de venta", "preco de venda", "preco venda",
        "sale price", "pvp", "precio unitario", "preco unitario", "unit price", "valor",
    ),
    "unit": ("unidad", "unidade", "unit", "unidad de medida", "unidade de medida", "um", "uom"),
    "tax": (
        "impuesto", "imposto", "tax", "grupo de impuesto", "grupo de imposto", "tax group", "iva", "igv",
        "icms", "vat",
    ),
    "category": (
        "categoria", "category", "familia", "rubro", "departamento", "department", "seccion", "secao",
        "grupo",
    ),
    "note": (
        "nota", "note", "notas", "notes", "observacion", "observaciones", "observacao", "observacoes",
        "comentario",
    ),
    "open_price": ("precio libre", "preco livre", "open price", "precio abierto", "preco aberto"),
    "active": ("activo", "ativo", "active", "habilitado"),
    "complete": ("revisado", "checked", "complete", "completo"),
    "kind": (
        "kind", "line kind", "kind of line", "clase de linea", "tipo de linea", "classe de linha",
        "tipo de linha",
    ),
}  # fmt: skip
"""Headings of every column, accents, case and punctuation aside; of two the earlier one here wins."""

EXPORTED: Mapping[str, tuple[str, ...]] = {
    "es": (
        "SKU", "Códigos de barras", "Nombre", "Precio", "Unidad", "Impuesto", "Categoría", "Nota",
        "Precio libre", "Activo", "Revisado", "Clase de línea",
    ),
    "en": (
        "SKU", "Barcodes", "Name", "Price", "Unit", "Tax", "Category", "Note", "Open price", "Active",
        "Checked", "Line kind",
    ),
    "pt": (
        "SKU", "Códigos de barras", "Nome", "Preço", "Unidade", "Imposto", "Categoria", "Nota",
        "Preço livre", "Ativo", "Revisado", "Classe de linha",
    ),
}  # fmt: skip
"""Headings that an export writes, in the order of ``HEADINGS``, by language."""

YES_NO: Mapping[str, tuple[str, str]] = {"es": ("sí", "no"), "en": ("yes", "no"), "pt": ("sim", "não")}
"""What an export writes for yes and no, by language."""

BOOLEANS: Mapping[str, bool] = {
    **dict.fromkeys(("si", "s", "sim", "yes", "y", "true", "verdadero", "verdadeiro", "x", "1"), True),
    **dict.fromkeys(("no", "n", "nao", "false", "falso", "0"), False),
}
"""Words for yes and no, folded."""

UNITS: Mapping[str, str] = {
    **dict.fromkeys(("u", "un", "und", "uni", "unid", "unidad", "unidade", "unit", "ea", "pza", "pz"), "u"),
    **dict.fromkeys(("kg", "kgs", "k", "kilo", "kilos", "kilogramo", "kilograma"), "kg"),
    **dict.fromkeys(("l", "lt", "lts", "litro", "litros", "litre", "liter"), "l"),
    **dict.fromkeys(("m", "mt", "mts", "metro", "metros", "metre", "meter"), "m"),
}
"""Words for the units, folded, without a point."""

KINDS: Mapping[str, str] = {
    **dict.fromkeys(("", "goods", "mercaderia", "mercancia", "mercadoria", "producto", "produto"), "goods"),
    **dict.fromkeys(("deposit", "envase", "deposito", "garantia", "vasilhame", "casco"), "deposit"),
}
"""Words for the kinds of line that a product can be of, folded."""

TAXES: Mapping[str, str] = {
    **dict.fromkeys(
        ("exento", "exenta", "isento", "isenta", "no afecto", "sin iva", "sin impuesto"), "exempt"
    ),
    **dict.fromkeys(("cerveza", "cervezas", "cerveja"), "beer"),
    **dict.fromkeys(("vino", "vinos", "vinho"), "wine"),
    **dict.fromkeys(("licor", "licores", "destilado", "destilados"), "spirits"),
    **dict.fromkeys(("bebida", "bebidas", "gaseosa", "refrigerante"), "soda"),
    **dict.fromkeys(("bebida light", "gaseosa light", "bebida sin azucar"), "soda_light"),
    **dict.fromkeys(("reducido", "reducida", "reduzido", "reduzida"), "reduced"),
}
"""Words for the tax groups of ``domain.countries``, folded."""

GENERAL = frozenset({"", "general", "geral", "normal", "afecto", "iva", "igv", "icms", "vat"})
"""Words for the group that a product has when nothing is said, folded."""

_HEADING = {heading: (name, i) for name, all_ in HEADINGS.items() for i, heading in enumerate(all_)}
_SEPARATORS = re.compile(r"[\W_]+")


def _folded(cell: Cell) -> str:
    return _SEPARATORS.sub(" ", fold(clean(str(cell), MAX_NAME))).strip()


def score(cells: Sequence[Cell]) -> int:
    """How many different columns a line would be the heading of; 0 for a line that is none."""
    found = {_HEADING[heading][0] for heading in map(_folded, cells[:1000]) if heading in _HEADING}
    return len(found) if found & {"sku", "codes"} and len(found) > 1 else 0


@frozen
class Columns:
    """Where each column stands.

    Attributes:
        places: Index of each column that is there.
        headings: What the file calls it, cleaned, for messages.
        width: Cells that a row may have.
        ignored: Headings that nobody reads, cleaned; at most ``SHOWN_IGNORED``.
        ignored_count: How many of them there are.
    """

    places: Mapping[str, int]
    headings: Mapping[str, str]
    width: int
    ignored: tuple[str, ...] = ()
    ignored_count: int = 0

    @classmethod
    def find(cls, cells: Sequence[Cell]) -> Columns | None:
        """Read a heading; ``None`` where the line is none."""
        if not score(cells):
            return None
        places: dict[str, tuple[int, int]] = {}
        for place, heading in enumerate(map(_folded, cells)):
            if heading in _HEADING:
                name, rank = _HEADING[heading]
                if name not in places or rank < places[name][0]:
                    places[name] = (rank, place)
        taken = {place for _, place in places.values()}
        ignored = [clean(str(cell), 40) for place, cell in enumerate(cells) if place not in taken]
        ignored = [heading for heading in ignored if heading]
        return cls(
            {name: place for name, (_, place) in places.items()},
            {name: clean(str(cells[place]), 40) for name, (_, place) in places.items()},
            len(cells),
            tuple(ignored[:SHOWN_IGNORED]),
            len(ignored),
        )
