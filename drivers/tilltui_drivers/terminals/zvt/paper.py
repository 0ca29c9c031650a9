"""What a ZVT terminal has the till print: lines (06 D1) and blocks of lines (06 D3).

Source: VdTH, ECR Interface ZVT Protocol PA00P015, "Print Line" (first byte: attribute, FF ends the receipt),
"Print Text-Block" (TLV 25 text lines, in it 07 one line each).
"""

from __future__ import annotations

from tilltui_drivers.terminals.zvt.apdu import Apdu, tlvs

MAX_LINES = 200
"""Most lines that are kept; a terminal's receipt has some thirty."""

_LINE, _END = 0x06D1, 0xFF


class Paper:
    """Gathers lines, bounded."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    @property
    def lines(self) -> tuple[str, ...]:
        """What was gathered."""
        return tuple(self._lines)

    def take(self, message: Apdu) -> None:
        """Take a print command."""
        if message.command == _LINE:
            if message.data and message.data[0] != _END:
                self._add(message.data[1:])
            return
        # The block's data is a field 06 with the container, so the first byte is its tag.
        for tag, value in tlvs(message.data):
            if tag == 0x06:
                self._container(value)

    def _container(self, data: bytes) -> None:
        for tag, value in tlvs(data):
            if tag == 0x25:
                for inner, text in tlvs(value):
                    if inner == 0x07:
                        self._add(text)

    def _add(self, text: bytes) -> None:
        if len(self._lines) < MAX_LINES:
            # ZVT's default character set is CP437.
            self._lines.append(text[:80].decode("cp437").rstrip())
