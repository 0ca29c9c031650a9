"""What can be set in ``till.toml``: each setting once, with its docstring under it.

The docstrings become ``docs/configuration.md`` and the file that ``tilltui init`` writes. A field's
``metadata`` may hold ``min`` and ``max`` (of a number; ``max`` of a text is its length), ``pattern`` with
``says`` (a regular expression and the message when it does not match), ``text`` (``line`` or ``lines``: the
text is shown or printed, so it is cleaned), ``key`` (its name in the file where Python reserves it) and
``example`` (for ``tilltui init``). A field whose ``metadata`` says ``flat`` is a dataclass of its own, whose
settings stand in the same section: what several share is written once. Drivers use the same for their own
settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Literal

from tilltui.domain.frozen import frozen
from tilltui.errors import N_
from tilltui.ports.kinds import KINDS

DEVICE_KINDS = tuple(kind.name for kind in KINDS.values() if kind.named)
"""Sections with a name after a dot, each of which a driver serves."""


@frozen
class Shop:
    """The shop, as the receipt and the law know it."""

    name: str = field(metadata={"text": "line", "max": 120, "example": "Almacén Rosita"})
    """Name of the shop, at the head of the screen and of every receipt."""

    address: str = field(
        default="", metadata={"text": "lines", "max": 500, "example": "Av. Matta 1234, Santiago"}
    )
    """Address printed below the name."""

    tax_id: str = field(default="", metadata={"text": "line", "max": 40, "example": "76.192.083-9"})
    """Tax number printed below the address; for Chile the RUT, whose check digit is checked."""

    phone: str = field(default="", metadata={"text": "line", "max": 40})
    """Telephone number printed on receipts."""

    country: str = field(
        default="CL",
        metadata={
            "pattern": "[A-Z]{2}",
            "says": N_("{key} must be a country's two capital letters such as CL, got “{value}”."),
        },
    )
    """Country by its two letters (ISO 3166-1); brings currency, taxes, cash rounding and identity numbers."""

    currency: str = field(
        default="",
        metadata={
            "pattern": "([A-Z]{3})?",
            "says": N_("{key} must be a currency's three capital letters such as CLP, got “{value}”."),
        },
    )
    """Currency by its three letters (ISO 4217); empty for the country's own."""

    language: Literal["es", "en", "pt"] = "es"
    """Language of the screen and of receipts: es, en or pt."""

    footer: str = field(
        default="", metadata={"text": "lines", "max": 1000, "example": "¡Gracias por su compra!"}
    )
    """Text at the foot of every receipt; a line break starts a new line."""

    logo: str = field(default="", metadata={"max": 500})
    """Picture file for the head of receipts, one-bit or converted so; empty for none."""


@frozen
class Till:
    """This till, of perhaps several in the shop."""

    id: str = field(
        default="1",
        metadata={
            "pattern": "[A-Za-z0-9_-]{1,16}",
            "says": N_("{key} must be 1 to 16 letters, digits, “-” or “_”, got “{value}”."),
        },
    )
    """Number or short name of this till; no two tills of a shop may share it."""

    data_dir: str = field(default="", metadata={"max": 500})
    """Folder of the sales file, backups and log; empty for the platform's data folder."""

    training: bool = False
    """Practise: receipts say so, and nothing counts or is sent."""

    theme: Literal["auto", "16", "rgb"] = "auto"
    """Colours: auto asks the terminal, 16 for the Linux console, rgb for full colour."""

    lock_minutes: int = field(default=0, metadata={"min": 0, "max": 240})
    """Minutes without a key until the till asks for the cashier's PIN; 0 for never."""

    wedge: bool = True
    """Whether a scanner may type like a keyboard (most USB scanners do out of the box)."""

    wedge_gap_ms: int = field(default=35, metadata={"min": 5, "max": 500})
    """Longest gap between two keys of such a scanner, in milliseconds; people are slower."""

    beep: bool = True
    """Sound the terminal's bell when a code is unknown."""


@frozen
class Barcodes:
    """Codes with a price, weight or count inside, as scales print them."""

    templates: tuple[str, ...] = field(
        default=(),
        metadata={
            "max": 50,
            "example": ("20IIIIIPPPPPC", "21IIIIIWWWWWC"),
        },
    )
    """Layouts: I item, W grams, P price, N count, V price check, C check digit; empty for the usual ones."""


@frozen
class Cash:
    """Cash."""

    notes: tuple[int, ...] = field(
        default=(),
        metadata={"min": 1, "max": 10**9, "example": (1000, 2000, 5000, 10000, 20000)},
    )
    """Notes offered as quick tender, in whole currency units; empty for the country's."""


@frozen
class Tender:
    """A way to pay of the shop's own, or what one of the usual ones is called here."""

    name: str = field(metadata={"text": "line", "max": 20, "example": "Cheque"})
    """Name on screen, receipts and reports."""

    number: str = field(default="", metadata={"text": "line", "max": 40, "example": "Número del cheque:"})
    """What its number is called where it is asked for; empty where it has none."""

    scan: bool = False
    """Whether its number can be scanned."""

    opens_drawer: bool = False
    """Whether it is put into the drawer, which opens for it."""

    refunds_as: Literal["", "cash", "voucher"] = ""
    """By what its money goes back, such as cash for a cheque; empty for by itself."""


@frozen
class Rule:
    """A limit of how much of an item is sold, from a day and until a day where it says so."""

    most: int = field(metadata={"min": 1, "max": 1_000_000, "example": 10})
    """Most pieces; what is weighed or measured is not counted."""

    kind: Literal["quantity", "keyed"] = "quantity"
    """quantity: so many on one line; keyed: so many at one time, 999 where no rule says otherwise."""

    category: str = field(default="", metadata={"text": "line", "max": 120, "example": "Cigarrillos"})
    """Category of the products that it is for; empty for all."""

    since: date | None = field(default=None, metadata={"key": "from", "example": date(2026, 1, 1)})
    """First day that it holds."""

    until: date | None = None
    """Last day that it holds."""


@frozen
class TaxRate:
    """One rate of a tax group from a day on; a group may hold several taxes at once, as IVA and ILA."""

    name: str = field(metadata={"text": "line", "max": 40, "example": "IVA"})
    """Name on receipts."""

    rate: Fraction = field(metadata={"min": 0, "max": 1, "example": "19%"})
    """The rate in per cent, as text: "19%" or "10.5%"."""

    since: date = field(metadata={"key": "from", "example": "2003-10-01"})
    """First day of the rate; it ends where the next one of the same tax begins."""

    code: str = field(
        default="",
        metadata={
            "pattern": "[A-Za-z0-9_-]{0,16}",
            "says": N_("{key} must be at most 16 letters, digits, “-” or “_”, got “{value}”."),
        },
    )
    """The tax's short name, the same over the years, such as IVA; empty for the group's own name."""

    inclusive: bool = True
    """Whether prices contain this tax."""


@frozen
class DeviceSection:
    """One ``[kind.name]`` section as it stands, until its driver's own settings class reads it."""

    kind: str
    """Group of the driver: a name of ``ports.kinds.KINDS``."""

    name: str
    """The shop's own name of the device."""

    driver: str
    """Name of the plug-in."""

    options: Mapping[str, object] = field(default_factory=dict)
    """Everything else in the section."""

    @property
    def key(self) -> str:
        """Where it stands in the file: ``printer.receipt``."""
        alone = self.kind in KINDS and not KINDS[self.kind].named
        return self.kind if alone else f"{self.kind}.{self.name}"


@frozen
class Config:
    """All settings of a till; ``taxes`` and the ``()`` of others mean the country's own."""

    shop: Shop
    till: Till = field(default_factory=Till)
    barcodes: Barcodes = field(default_factory=Barcodes)
    cash: Cash = field(default_factory=Cash)
    keys: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    taxes: Mapping[str, tuple[TaxRate, ...]] = field(default_factory=lambda: MappingProxyType({}))
    rules: Mapping[str, Rule] = field(default_factory=lambda: MappingProxyType({}))
    tenders: Mapping[str, Tender] = field(default_factory=lambda: MappingProxyType({}))
    fiscal: DeviceSection = field(default_factory=lambda: DeviceSection("fiscal", "fiscal", "none"))
    devices: tuple[DeviceSection, ...] = ()

    def of_kind(self, kind: str) -> list[DeviceSection]:
        """The devices of one kind, in the order of the file."""
        return [device for device in self.devices if device.kind == kind]
