"""What the shop lets a scanner read: kinds of code, and the same code not twice in a moment."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from tilltui.errors import N_, ConfigError
from tilltui.ports import BarcodeScanned, DeviceEvent, Emit, ScanGarbled

log = logging.getLogger(__name__)

KINDS: dict[str, tuple[str, ...]] = {
    "ean": ("]E",),
    "upc": ("]E",),
    "code128": ("]C0",),
    "gs1-128": ("]C1",),
    "code39": ("]A",),
    "code93": ("]G",),
    "codabar": ("]F",),
    "itf": ("]I",),
    "databar": ("]e",),
    "datamatrix": ("]d",),
    "qr": ("]Q",),
    "pdf417": ("]L",),
    "aztec": ("]z",),
}
"""Names of symbologies and the AIM identifiers that they begin with (ISO/IEC 15424)."""


def check_kinds(symbologies: tuple[str, ...]) -> None:
    """Refuse a symbology that nobody knows.

    Raises:
        ConfigError: One of them is none of ``KINDS``.
    """
    for name in symbologies:
        if name not in KINDS:
            raise ConfigError(
                N_("“{value}” is no kind of code that a scanner can be limited to."),
                hint=N_("Known here: {known}."),
                value=name,
                known=", ".join(KINDS),
            )


@dataclass(slots=True)
class Rules:
    """Stands between a scanner and the till.

    Attributes:
        symbologies: Names out of ``KINDS``; empty: every kind.
        duplicate_ms: The same code within so many milliseconds is the same reading; 0: never.
    """

    symbologies: tuple[str, ...] = ()
    duplicate_ms: int = 0
    _last: tuple[str, float] = field(default=("", float("-inf")), init=False)

    def guard(self, emit: Emit) -> Emit:
        """``emit``, with what the rules refuse said or left out; for use by one thread."""
        if not self.symbologies and not self.duplicate_ms:
            return emit
        allowed = tuple(aim for name in self.symbologies for aim in KINDS[name])

        def guarded(event: DeviceEvent) -> bool:
            if isinstance(event, BarcodeScanned):
                refusal = self._refusal(event, allowed)
                if refusal:
                    return emit(ScanGarbled(event.source, refusal, event.at))
                if self._again(event):
                    log.info("scanner %s: the same code again", event.source)
                    return True
            return emit(event)

        return guarded

    def _refusal(self, event: BarcodeScanned, allowed: tuple[str, ...]) -> str:
        if not allowed:
            return ""
        if event.symbology is None:
            return N_("The scanner does not say the kind of its codes: switch its AIM identifiers on.")
        return (
            "" if event.symbology.startswith(allowed) else N_("This scanner may not read that kind of code.")
        )

    def _again(self, event: BarcodeScanned) -> bool:
        text, at = self._last
        same = event.text == text and (event.at - at) * 1000 < self.duplicate_ms
        # A code that is held before the scanner is read again and again: each reading renews the window.
        self._last = (event.text, event.at)
        return same
