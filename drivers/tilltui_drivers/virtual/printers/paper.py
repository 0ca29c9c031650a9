"""A printer's mind without the printer: reads ESC/POS and remembers what would stand on paper.

Written from the Epson ESC/POS command reference (lengths and meaning of each command), not from the till's
encoder: what both had wrong would pass every test. It does not know what the till means, only what it sends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

CODE_TABLES = {
    0: "cp437",
    2: "cp850",
    3: "cp860",
    4: "cp863",
    5: "cp865",
    13: "cp857",
    16: "cp1252",
    17: "cp866",
    18: "cp852",
    19: "cp858",
    40: "iso8859-15",
}
"""Character code tables of ``ESC t`` that this printer has."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One character; ``scale`` is its width and height in normal characters."""

    char: str
    bold: bool = False
    wide: int = 1
    tall: int = 1
    red: bool = False


@dataclass(frozen=True, slots=True)
class TextRow:
    """A printed line."""

    cells: tuple[Cell, ...]
    align: int = 0

    @property
    def text(self) -> str:
        """The characters, without those at the end that are white."""
        return "".join(cell.char for cell in self.cells).rstrip()


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code that the printer makes itself: ``qr``, ``code128``, ``ean13`` or ``ean8``."""

    kind: str
    data: bytes
    module: int
    height: int = 0
    readable: bool = False
    align: int = 0


@dataclass(frozen=True, slots=True)
class RasterRow:
    """A picture, rows of ``width`` dots (a multiple of 8), 1 is black."""

    width: int
    height: int
    bits: bytes
    align: int = 0


@dataclass(frozen=True, slots=True)
class CutRow:
    """Where the knife went through."""

    partial: bool


Row = TextRow | CodeRow | RasterRow | CutRow


@dataclass
class Paper:
    """What came out.

    Attributes:
        rows: From top to bottom.
        kicks: Pins of the drawer pulses, in order.
        commands: Names of the commands that were obeyed, ``text`` for a printed character.
        unknown: Bytes that are no command of this printer.
    """

    rows: list[Row] = field(default_factory=list)
    kicks: list[int] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    unknown: list[bytes] = field(default_factory=list)

    @property
    def lines(self) -> list[str]:
        """Printed lines as text, without those after the last cut."""
        return [row.text for row in self.rows if isinstance(row, TextRow)]

    @property
    def cuts(self) -> int:
        """How often it was cut."""
        return sum(isinstance(row, CutRow) for row in self.rows)


Effect = Callable[[str, bytes], None]
"""Told of a command that does more than print: its name and its arguments."""


def _no_effect(name: str, arguments: bytes) -> None:
    return None


_FIXED: dict[bytes, int] = {
    b"\x1b\x20": 1,
    b"\x1b\x21": 1,
    b"\x1b\x2d": 1,
    b"\x1b\x32": 0,
    b"\x1b\x33": 1,
    b"\x1b\x3d": 1,
    b"\x1b\x40": 0,
    b"\x1b\x45": 1,
    b"\x1b\x47": 1,
    b"\x1b\x4a": 1,
    b"\x1b\x4d": 1,
    b"\x1b\x52": 1,
    b"\x1b\x61": 1,
    b"\x1b\x63": 2,
    b"\x1b\x64": 1,
    b"\x1b\x70": 3,
    b"\x1b\x72": 1,
    b"\x1b\x74": 1,
    b"\x1b\x7b": 1,
    b"\x1c\x26": 0,
    b"\x1c\x2e": 0,
    b"\x1d\x21": 1,
    b"\x1d\x42": 1,
    b"\x1d\x48": 1,
    b"\x1d\x49": 1,
    b"\x1d\x4c": 2,
    b"\x1d\x50": 2,
    b"\x1d\x57": 2,
    b"\x1d\x61": 1,
    b"\x1d\x66": 1,
    b"\x1d\x68": 1,
    b"\x1d\x72": 1,
    b"\x1d\x77": 1,
}
"""Commands with a fixed number of argument bytes."""

_NAMES = {0x1B: "ESC", 0x1C: "FS", 0x1D: "GS"}


class Interpreter:
    """Obeys ESC/POS, one command or character a step.

    Args:
        dots: Dots a line; a normal character is 12 wide.
        effect: Told of commands that do more than print.
        kanji: It wakes up in two-byte mode, as many clones do.
    """

    def __init__(self, dots: int = 576, effect: Effect = _no_effect, kanji: bool = False) -> None:
        self.paper = Paper()
        self.dots = dots
        self._effect = effect
        self._kanji_at_start = kanji
        self._line: list[Cell] = []
        self._reset()

    def _reset(self) -> None:
        self._line.clear()
        self._codec = "cp437"
        self._bold = self._red = False
        self._wide = self._tall = 1
        self._align = 0
        self._kanji = self._kanji_at_start
        self._bar_height, self._bar_width, self._readable = 162, 3, False
        self._qr_module, self._qr_data = 3, b""

    def feed(self, data: bytes) -> bytes:
        """Obey all of ``data``; gives what is left of an unfinished command."""
        buffer = bytearray(data)
        while buffer and self.step(buffer):
            pass
        return bytes(buffer)

    def step(self, buffer: bytearray) -> bool:
        """Take one command or character off the front; ``False`` when its end has not come yet."""
        first = buffer[0]
        if first in _NAMES:
            length = self._length(buffer)
            if length == 0:
                return False
            command = bytes(buffer[:length])
            del buffer[:length]
            self._obey(command)
            return True
        if first >= 0x80 and self._kanji:
            if len(buffer) < 2:
                return False
            del buffer[:2]
            self._put("\u25a1")
            return True
        del buffer[:1]
        if first == 0x0A:
            self._print_line()
        elif first >= 0x20 and first != 0x7F:
            self._put(bytes([first]).decode(self._codec, "replace"))
        elif first != 0x0D:
            self.paper.unknown.append(bytes([first]))
        return True

    def _length(self, buffer: bytearray) -> int:
        """Bytes of the command at the front, 0 while that cannot be told or they have not all come."""
        if len(buffer) < 2:
            return 0
        head = bytes(buffer[:2])
        if head in _FIXED:
            total = 2 + _FIXED[head]
        elif head in (b"\x1d\x28", b"\x1c\x28"):
            total = 0 if len(buffer) < 5 else 5 + buffer[3] + 256 * buffer[4]
        elif head == b"\x1d\x56":
            total = 0 if len(buffer) < 3 else 3 + (buffer[2] >= 65)
        elif head == b"\x1d\x6b":
            total = self._barcode_length(buffer)
        elif head == b"\x1d\x76":
            total = 0 if len(buffer) < 8 else 8 + _word(buffer, 4) * _word(buffer, 6)
        elif head == b"\x1b\x2a":
            total = 0 if len(buffer) < 5 else 5 + _word(buffer, 3) * (3 if buffer[2] >= 32 else 1)
        else:
            total = 2
        return total if 0 < total <= len(buffer) else 0

    def _barcode_length(self, buffer: bytearray) -> int:
        if len(buffer) < 4:
            return 0
        if buffer[2] >= 65:
            return 4 + buffer[3]
        end = buffer.find(b"\0", 3)
        return end + 1 if end >= 0 else 0

    def _obey(self, command: bytes) -> None:
        head, arguments = command[:2], command[2:]
        name = f"{_NAMES[head[0]]} {chr(head[1])}"
        known = self._set_style(head, arguments) or self._print(head, arguments)
        if head in (b"\x1b\x40", b"\x1d\x61", b"\x1d\x72", b"\x1d\x49"):
            known = True
        if head == b"\x1d\x28" and command[2:3] in (b"H", b"k"):
            known, name = True, name + f" {chr(command[2])}"
            if command[2:3] == b"k":
                self._two_dimensional(command[5:])
        if head == b"\x1b\x40":
            self._reset()
        if head == b"\x1b\x70":
            self.paper.kicks.append(5 if arguments[0] & 1 else 2)
            known = True
        if not known and head not in _FIXED:
            self.paper.unknown.append(command)
            return
        self.paper.commands.append(name)
        self._effect(name, command[5:] if head == b"\x1d\x28" else arguments)

    def _set_style(self, head: bytes, arguments: bytes) -> bool:
        n = arguments[0] if arguments else 0
        if head == b"\x1b\x21":
            self._bold = bool(n & 0x08)
            self._tall, self._wide = 1 + bool(n & 0x10), 1 + bool(n & 0x20)
        elif head == b"\x1d\x21":
            self._wide, self._tall = 1 + (n >> 4 & 7), 1 + (n & 7)
        elif head in (b"\x1b\x45", b"\x1b\x47"):
            self._bold = bool(n & 1)
        elif head == b"\x1b\x72":
            # As the next one it is only obeyed at the beginning of a line; 0, 48 black and 1, 49 red.
            if not self._line and n in (0, 1, 48, 49):
                self._red = bool(n & 1)
        elif head == b"\x1b\x61":
            # Only obeyed at the beginning of a line.
            if not self._line:
                self._align = n % 48 if n % 48 < 3 else self._align
        elif head == b"\x1b\x74":
            self._codec = CODE_TABLES.get(n, "cp437")
            if n not in CODE_TABLES:
                self.paper.unknown.append(head + arguments)
        elif head in (b"\x1c\x2e", b"\x1c\x26"):
            self._kanji = head == b"\x1c\x26"
        elif head == b"\x1d\x68":
            self._bar_height = n
        elif head == b"\x1d\x77":
            self._bar_width = n
        elif head == b"\x1d\x48":
            self._readable = n % 48 in (1, 2, 3)
        else:
            return False
        return True

    def _print(self, head: bytes, arguments: bytes) -> bool:
        if head == b"\x1b\x64":
            self._flush()
            self.paper.rows.extend([TextRow(())] * arguments[0])
        elif head == b"\x1d\x56":
            self._flush()
            self.paper.rows.append(CutRow(arguments[0] in (1, 49, 66)))
        elif head == b"\x1d\x6b":
            self._barcode(arguments)
        elif head == b"\x1d\x76":
            self._flush()
            width, height = _word(arguments, 2), _word(arguments, 4)
            if width * 8 <= self.dots + 7:
                self.paper.rows.append(RasterRow(width * 8, height, arguments[6:], self._align))
            else:
                self.paper.unknown.append(head + arguments[:6])
        else:
            return False
        return True

    def _barcode(self, arguments: bytes) -> None:
        """``GS k``: function A ends with NUL, function B names its length; a code too wide is not printed."""
        kind, data = arguments[0], arguments[2:] if arguments[0] >= 65 else arguments[1:-1]
        names = {2: "ean13", 67: "ean13", 3: "ean8", 68: "ean8", 73: "code128"}
        if kind not in names:
            self.paper.unknown.append(b"\x1d\x6b" + arguments)
            return
        name = names[kind]
        symbols = _code128_symbols(data) if name == "code128" else None
        modules = {"ean13": 95, "ean8": 67}[name] if symbols is None else 11 * (len(symbols) + 2) + 13
        if modules * self._bar_width > self.dots or not 2 <= self._bar_width <= 6:
            self.paper.unknown.append(b"\x1d\x6b" + arguments)
            return
        content = data if symbols is None else b"".join(symbols)
        self.paper.rows.append(
            CodeRow(name, content, self._bar_width, self._bar_height, self._readable, self._align)
        )

    def _two_dimensional(self, data: bytes) -> None:
        """``GS ( k`` for QR (cn = 49): functions 65 model, 67 module, 69 correction, 80 store, 81 print."""
        family, function, value = data[0], data[1], data[2:]
        if family != 49:
            self.paper.unknown.append(b"\x1d\x28\x6b" + data[:2])
        elif function == 67:
            self._qr_module = value[0]
        elif function == 80:
            self._qr_data = value[1:]
        elif function == 81 and self._qr_data:
            self.paper.rows.append(CodeRow("qr", self._qr_data, self._qr_module, align=self._align))

    def _put(self, char: str) -> None:
        cell = Cell(char, self._bold, self._wide, self._tall, self._red)
        used = sum(each.wide for each in self._line)
        if (used + cell.wide) * 12 > self.dots:
            self._print_line()
        self._line.append(cell)
        self.paper.commands.append("text")

    def _print_line(self) -> None:
        self.paper.rows.append(TextRow(tuple(self._line), self._align))
        self._line.clear()

    def _flush(self) -> None:
        if self._line:
            self._print_line()


def _word(data: bytes | bytearray, place: int) -> int:
    return data[place] + 256 * data[place + 1]


def _code128_symbols(data: bytes) -> list[bytes]:
    """Split ``{B...`` or ``{C...`` into what each symbol stands for; ``{{`` is one brace."""
    symbols: list[bytes] = []
    code, place = "", 0
    while place < len(data):
        if data[place : place + 1] == b"{" and code != "C":
            mark = data[place + 1 : place + 2]
            place += 2
            if mark == b"{":
                symbols.append(b"{")
            else:
                code = mark.decode("latin-1")
            continue
        byte = data[place]
        symbols.append(b"%02d" % byte if code == "C" else bytes([byte]))
        place += 1
    return symbols
