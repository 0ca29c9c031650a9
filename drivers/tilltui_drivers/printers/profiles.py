"""What a printer model can do, read from ``profiles.toml``."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from tilltui.errors import N_, ConfigError
from tilltui.ports import PaperProfile

from .codepage import PAGES

FENCES = ("auto", "pid", "gsr", "none")
"""How a printer may confirm a job."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One printer with one paper and one code page.

    Attributes:
        name: Name of the family, as in ``till.toml``.
        columns: Characters a line in font A.
        dots: Dots a line.
        codepage: One of ``codepage.PAGES``.
        slot: What ``ESC t`` takes for the code page.
        cutter: ``feed``, ``plain`` or ``none``.
        tail: Lines from the print head to the knife or tear bar.
        fence: One of ``FENCES``.
        replies: A silent printer of this model is switched off.
        kanji: Must be told to leave its two-byte mode.
        qr: Makes QR codes itself.
        barcode: Makes Code 128 and EAN-13 itself.
        raster: Prints pictures.
        red: Prints bold lines in the second colour of its ribbon, which may be black too.
    """

    name: str
    columns: int
    dots: int
    codepage: str
    slot: int
    cutter: str
    tail: int
    fence: str
    replies: bool = False
    kanji: bool = False
    qr: bool = True
    barcode: bool = True
    raster: bool = True
    red: bool = False

    @property
    def paper(self) -> PaperProfile:
        """What the till is to know of it."""
        return PaperProfile(self.dots, self.cutter != "none", self.codepage)


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, Any]]:
    return tomllib.loads(files(__package__).joinpath("profiles.toml").read_text("utf-8"))


def names() -> list[str]:
    """Names of the profiles, as they may stand in ``till.toml``."""
    return list(_tables())


def titles() -> dict[str, str]:
    """What a person would call each profile."""
    return {name: str(table["title"]) for name, table in _tables().items()}


def resolve(name: str, *, width_mm: int = 0, codepage: str = "", columns: int = 0, qr: str = "") -> Profile:
    """Find a profile and fit it to the shop's paper.

    Args:
        name: Name of the profile, in any case.
        width_mm: Width of the paper, or 0 for the profile's usual one.
        codepage: ``cp1252``, or ``cp1252:16`` where the printer's number for it differs; empty: its usual.
        columns: Characters a line where the printer is set to another font; 0: the paper's.
        qr: ``native`` or ``raster`` where the printer differs from its model; empty: the model's way.

    Raises:
        ConfigError: There is no such profile, paper or code page.
    """
    table = _table(name)
    paper = {int(width): size for width, size in table["paper"].items()}
    if width_mm and width_mm not in paper:
        raise ConfigError(
            N_("Printer profile {profile} has no paper of {width} mm."),
            hint=N_("Use one of: {known}."),
            profile=name,
            width=width_mm,
            known=", ".join(map(str, paper)),
        )
    own_columns, dots = paper[width_mm or next(iter(paper))]
    page, slot = _page(codepage, table["pages"])
    keys = ("replies", "kanji", "qr", "barcode", "raster", "red")
    optional = {key: table[key] for key in keys if key in table}
    if qr:
        optional["qr"] = qr == "native"
    return Profile(
        name=table["name"],
        columns=columns or own_columns,
        dots=dots,
        codepage=page,
        slot=slot,
        cutter=table["cutter"],
        tail=table["tail"],
        fence=table["fence"],
        **optional,
    )


def _table(name: str) -> dict[str, Any]:
    for key, table in _tables().items():
        if key.casefold() == name.casefold():
            return {**table, "name": key}
    near = difflib.get_close_matches(name, names(), 1, 0.4)
    raise ConfigError(
        N_("There is no printer profile {profile}."),
        hint=N_("Did you mean {near}? Known profiles: {known}."),
        profile=name,
        near=near[0] if near else "generic-80",
        known=", ".join(names()),
    )


def _page(codepage: str, pages: dict[str, int]) -> tuple[str, int]:
    name, _, slot = codepage.strip().lower().partition(":")
    name = name or next(iter(pages))
    if name not in PAGES or (not slot and name not in pages) or (slot and not _is_byte(slot)):
        raise ConfigError(
            N_("The printer cannot use code page {codepage}."),
            hint=N_("Use one of {known}, or name:number as in the printer's manual, such as cp858:19."),
            codepage=codepage,
            known=", ".join(pages),
        )
    return name, int(slot) if slot else pages[name]


def _is_byte(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < 256
