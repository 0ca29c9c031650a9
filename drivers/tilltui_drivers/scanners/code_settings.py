"""What a shop says of a scanner's codes: the same settings for every scanner, however it is plugged in."""

from __future__ import annotations

from dataclasses import dataclass, field

from tilltui_drivers.scanners.framer import Framing
from tilltui_drivers.scanners.rules import Rules, check_kinds


@dataclass(frozen=True, slots=True)
class CodeSettings:
    """Settings of every ``[scanner.NAME]``.

    Raises:
        ConfigError: A kind of code is none.
    """

    strip_prefix: str = ""
    """Text that is sent in front of every code."""
    strip_suffix: str = ""
    """Text that is sent behind every code, besides what ends it: CR, LF, TAB, ETX or Enter."""
    gs_substitutes: str = ""
    """What is sent for the GS1 separator, if not GS itself, or Control with ]: for example ``| ~ <GS>``."""
    symbologies: tuple[str, ...] = field(default=(), metadata={"example": ("ean", "code128")})
    """Kinds of code that are taken, by the AIM identifier that must be sent with each; empty: all."""
    duplicate_ms: int = field(default=0, metadata={"min": 0, "max": 10_000})
    """The same code again within so many milliseconds is left out; 0: never."""

    def __post_init__(self) -> None:
        check_kinds(self.symbologies)

    def framing(self, idle_ms: int = 0) -> Framing:
        """How codes are cut out; after ``idle_ms`` of silence a code has ended, 0: never."""
        return Framing(self.strip_prefix, self.strip_suffix, self.gs_substitutes, idle_ms)

    def rules(self) -> Rules:
        """What of them is taken."""
        return Rules(self.symbologies, self.duplicate_ms)


ANY_CODE = CodeSettings()
"""Codes that are sent as they are, of every kind."""
