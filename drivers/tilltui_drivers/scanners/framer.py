"""From a scanner's bytes to codes: a push parser without I/O, threads or a clock of its own."""

from __future__ import annotations

import unicodedata

from tilltui.domain.frozen import frozen
from tilltui.domain.goods.barcode import split_aim
from tilltui.errors import N_

GS = "\x1d"
"""Group separator, kept: it ends a field of a GS1 code."""

MAX_FRAME = 4096
"""Most bytes of one code; the largest two-dimensional code holds fewer."""

_ENDS = frozenset(b"\r\n\t\x03")
_STX = 0x02
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@frozen
class Framing:
    """How a scanner dresses its codes.

    Attributes:
        strip_prefix: Text before every code that does not belong to it.
        strip_suffix: Text behind every code that does not belong to it.
        gs_substitutes: What the scanner sends for GS, separated by spaces, such as ``| ~ <GS>``.
        idle_ms: Silence that ends a code of a scanner that sends no CR, LF, TAB or ETX; 0: never.
    """

    strip_prefix: str = ""
    strip_suffix: str = ""
    gs_substitutes: str = ""
    idle_ms: int = 60


@frozen
class Frame:
    """One code, or what was left of one.

    Attributes:
        raw: The bytes as they came, without the terminator; cut to ``MAX_FRAME``.
        text: The code without prefix, suffix and AIM identifier; empty where it was garbled.
        symbology: AIM identifier, or ``None``.
        at: Time of the last byte as given to ``feed``.
        fault: Why this is no code, marked for translation; empty for a good one.
    """

    raw: bytes
    text: str
    symbology: str | None
    at: float
    fault: str = ""


class Framer:
    """Cuts a stream of bytes into codes; never raises, never holds more than ``MAX_FRAME`` bytes.

    CR, LF, TAB and ETX end a code, in any mix (CRLF is one end: there are no empty codes). STX begins one. A
    scanner that sends none of them is cut by silence. Once a terminator was seen silence must be four times
    as long: such a scanner's code that halts in the middle is one code that is late, not two.
    """

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._idle = framing.idle_ms / 1000
        self._buffer = bytearray()
        self._overflown = False
        self._terminated = False
        self._last = 0.0

    @property
    def due(self) -> float | None:
        """Time at which ``flush`` should be called if nothing comes before; ``None``: not needed."""
        if not self._idle or not (self._buffer or self._overflown):
            return None
        return self._last + self._idle * (4 if self._terminated else 1)

    def feed(self, data: bytes, now: float) -> list[Frame]:
        """Take bytes in any pieces; give the codes that they complete.

        Args:
            data: What the scanner sent.
            now: ``time.monotonic()`` of reading it.
        """
        frames: list[Frame] = []
        for byte in data:
            if byte in _ENDS:
                self._terminated = True
                self._end(frames, now)
            elif byte == _STX:
                self._begin(frames, now)
            elif self._overflown:
                continue
            elif len(self._buffer) == MAX_FRAME:
                frames.append(self._garbled(N_("The scanner sent far more than a code."), now))
                self._overflown = True
            else:
                self._buffer.append(byte)
        if data:
            self._last = now
        return frames

    def flush(self, now: float) -> list[Frame]:
        """Give the code that silence has ended. Call it only when the line has nothing more to read.

        Args:
            now: ``time.monotonic()``.
        """
        frames: list[Frame] = []
        due = self.due
        if due is not None and now >= due:
            self._end(frames, self._last)
        return frames

    def abandon(self, now: float) -> list[Frame]:
        """Give up what is not complete, because the scanner is gone: part of a code is never a code."""
        frames: list[Frame] = []
        self._begin(frames, now)
        return frames

    def _begin(self, frames: list[Frame], now: float) -> None:
        if self._buffer:
            frames.append(self._garbled(N_("A code broke off."), now))
        self._overflown = False

    def _end(self, frames: list[Frame], now: float) -> None:
        raw = bytes(self._buffer)
        self._buffer.clear()
        self._overflown = False
        symbology, text = undress(raw, self._framing)
        if text:
            frames.append(Frame(raw, text, symbology, now))

    def _garbled(self, fault: str, now: float) -> Frame:
        raw = bytes(self._buffer)
        self._buffer.clear()
        return Frame(raw, "", None, now, fault)


def undress(raw: bytes, framing: Framing) -> tuple[str | None, str]:
    """AIM identifier and text of a code without its end: legible, with GS; empty where nothing is left."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    if not (text.isascii() and text.isprintable()):
        text = "".join(c for c in text if c == GS or unicodedata.category(c) not in _DROPPED)
    text = text.removeprefix(framing.strip_prefix).removesuffix(framing.strip_suffix)
    for substitute in framing.gs_substitutes.split():
        text = text.replace(substitute, GS)
    symbology, text = split_aim(text)
    return symbology, text if text.strip(" " + GS) else ""
