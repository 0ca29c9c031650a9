"""A customer display as its manual describes it: 2 x 20 characters, a cursor, and commands for them.

Written from the makers' command tables, not from the driver. What a real display would show wrong shows
wrong here too: the 21st character wraps or scrolls as the mode says, an unknown command is remembered.
"""

from __future__ import annotations

import os
import select
import threading
import tty
from pathlib import Path

COLUMNS, ROWS = 20, 2


class Grid:
    """The glass: cells, cursor and mode.

    Attributes:
        cells: One list of characters a row.
        at: Cursor, 0 to 39.
        mode: ``overwrite``, ``vertical`` (scrolls up) or ``horizontal``.
        cursor: Whether it can be seen.
        page: Number of the code page.
        overflows: Characters that moved what stood there before beyond its line.
    """

    def __init__(self) -> None:
        self.reset()
        self.overflows = 0

    def reset(self) -> None:
        """Power on."""
        self.cells = [[" "] * COLUMNS for _ in range(ROWS)]
        self.at = 0
        self.mode = "overwrite"
        self.cursor = True
        self.page = 0

    @property
    def lines(self) -> tuple[str, str]:
        """What the customer reads."""
        upper, lower = ("".join(row) for row in self.cells)
        return upper, lower

    def clear(self) -> None:
        """Blank the glass."""
        self.cells = [[" "] * COLUMNS for _ in range(ROWS)]
        self.at = 0

    def clear_row(self) -> None:
        """Blank the cursor's line."""
        row = self.at // COLUMNS
        self.cells[row] = [" "] * COLUMNS
        self.at = row * COLUMNS

    def write(self, char: str) -> None:
        """Write at the cursor and move on."""
        row, column = divmod(self.at, COLUMNS)
        self.cells[row][column] = char
        self.at += 1
        if self.at < COLUMNS * ROWS:
            return
        if self.mode == "vertical":
            self.cells = [self.cells[1], [" "] * COLUMNS]
            self.at = COLUMNS
            self.overflows += 1
        else:
            self.at = 0

    def set_row(self, row: int, text: str) -> None:
        """Replace a line; what is beyond its end is too much."""
        if len(text) > COLUMNS:
            self.overflows += 1
        self.cells[row] = list(text[:COLUMNS].ljust(COLUMNS))


_PAGES = {0: "cp437", 2: "cp850", 16: "cp1252", 19: "cp858"}


class Interpreter:
    """Reads one command set and draws on a grid.

    Args:
        commands: ``epson``, ``cd5220``, ``aedex``, ``logic`` or ``utc``.

    Attributes:
        unknown: Commands that the manual does not have.
        through: Whether the printer in front passes bytes on; without a printer always.
        printed: What the printer in front kept for itself.
    """

    def __init__(self, commands: str, *, behind_printer: bool = False) -> None:
        self.grid = Grid()
        self.unknown: list[bytes] = []
        self.printed = bytearray()
        self.through = not behind_printer
        read = {
            "epson": self._epson,
            "cd5220": self._cd5220,
            "aedex": self._aedex,
            "logic": self._logic,
            "utc": self._utc,
        }
        self._read = read[commands]
        self._held = bytearray()

    def feed(self, data: bytes) -> None:
        """Take bytes in any pieces."""
        for byte in data:
            self._held.append(byte)
            self._step()
            if len(self._held) > 64:
                self.unknown.append(bytes(self._held))
                self._held.clear()

    def _step(self) -> None:
        held = bytes(self._held)
        if held in (b"\x1b", b"\x1b\x3d"):
            return
        if held[:2] == b"\x1b\x3d":
            self.through = bool(held[2] & 2)
            self._held.clear()
        elif not self.through:
            self.printed += held
            self._held.clear()
        elif self._read(held):
            self._held.clear()

    def _char(self, held: bytes) -> bool:
        """Take one byte that is no command."""
        if held[0] < 0x20 or held[0] == 0x7F:
            self.unknown.append(held)
        else:
            self.grid.write(held.decode(_PAGES.get(self.grid.page, "cp437"), "replace"))
        return True

    def _wiped(self, held: bytes) -> bool:
        """Whether it is one of the commands for an empty display that most makers share."""
        match held:
            case b"\x0c":
                self.grid.clear()
            case b"\x18":
                self.grid.clear_row()
            case b"\x1b\x40":
                self.grid.reset()
            case _:
                return False
        return True

    def _epson(self, held: bytes) -> bool:
        grid = self.grid
        if self._wiped(held):
            return True
        match held:
            case b"\x1f\x01" | b"\x1f\x02" | b"\x1f\x03":
                grid.mode = ("overwrite", "vertical", "horizontal")[held[1] - 1]
            case b"\x1f" | b"\x1b" | b"\x1f\x24" | b"\x1f\x43" | b"\x1b\x74" | b"\x1f\x58":
                return False
            case _ if held[:2] == b"\x1f\x24":
                return self._goto(held)
            case _ if held[:2] == b"\x1f\x43":
                grid.cursor = bool(held[2] & 1)
            case _ if held[:2] == b"\x1b\x74":
                grid.page = held[2]
            case _ if held[:2] == b"\x1f\x58":
                pass
            case _:
                return self._char(held)
        return True

    def _goto(self, held: bytes) -> bool:
        if len(held) < 4:
            return False
        column, row = held[2], held[3]
        if 1 <= column <= COLUMNS and 1 <= row <= ROWS:
            self.grid.at = (row - 1) * COLUMNS + column - 1
        else:
            self.unknown.append(held)
        return True

    def _cd5220(self, held: bytes) -> bool:
        grid = self.grid
        if held[:2] == b"\x1b\x51" and len(held) > 2:
            return self._string(held, 3, held[2:3], b"AB")
        if self._wiped(held):
            return True
        match held:
            case b"\x1b" | b"\x1b\x51" | b"\x1b\x5f":
                return False
            case _ if held[:2] == b"\x1b\x5f":
                grid.cursor = bool(held[2])
            case _:
                return self._char(held)
        return True

    def _aedex(self, held: bytes) -> bool:
        if held in (b"!", b"!#"):
            return False
        if held[:2] != b"!#":
            self.unknown.append(held)
            return True
        if b"!#" in held[3:]:
            # A command inside of a line begins a new one.
            self.unknown.append(held)
            del self._held[: held.rindex(b"!#")]
            return False
        if held[2:3] == b"A":
            if held[-1:] == b"\r":
                self.grid.reset()
                return True
            return False
        return self._string(held, 3, held[2:3], b"12")

    def _utc(self, held: bytes) -> bool:
        if held in (b"\x1b", b"\x1b\x75"):
            return False
        if held[:2] != b"\x1b\x75":
            self.unknown.append(held)
            return True
        return self._string(held, 3, held[2:3], b"AB")

    def _string(self, held: bytes, start: int, which: bytes, rows: bytes) -> bool:
        """A line command that ends with CR."""
        if held[-1:] != b"\r" or len(held) <= start:
            return False
        body = held[start:-1]
        if which not in (rows[:1], rows[1:]) or any(byte < 0x20 or byte == 0x7F for byte in body):
            self.unknown.append(held)
        else:
            self.grid.set_row(rows.index(which), body.decode("cp437"))
        return True

    def _logic(self, held: bytes) -> bool:
        grid = self.grid
        match held:
            case b"\x1f":
                grid.reset()
            case b"\x1e":
                grid.clear()
            case b"\x14":
                grid.cursor = False
            case b"\x11" | b"\x12":
                grid.mode = "overwrite" if held == b"\x11" else "vertical"
            case b"\x10" | b"\x04":
                return False
            case _ if held[:1] == b"\x10" and held[1] < COLUMNS * ROWS:
                grid.at = held[1]
            case _ if held[:1] == b"\x04":
                pass
            case _:
                return self._char(held)
        return True


class VirtualDisplayDevice:
    """A display behind a link that can be pulled; ``path`` is what ``till.toml`` names.

    Args:
        commands: Its command set.
        path: Where the link is put, as ``/dev/serial/by-id`` has one.

    Attributes:
        screen: What the customer sees.
        pieces: What came at once, piece by piece.
    """

    def __init__(self, commands: str, path: Path) -> None:
        self.path = path
        self.screen = Interpreter(commands)
        self.pieces: list[bytes] = []
        self._commands = commands
        self._master = self._slave = -1
        self._changed = threading.Condition()
        self._stop_read, self._stop_write = os.pipe()
        self._thread: threading.Thread | None = None

    @property
    def lines(self) -> tuple[str, str]:
        """What the customer reads."""
        with self._changed:
            return self.screen.grid.lines

    def wait_for(self, upper: str, lower: str, timeout: float = 5.0) -> bool:
        """Wait until the customer reads these two lines."""
        wanted = (upper.ljust(COLUMNS), lower.ljust(COLUMNS))
        with self._changed:
            return self._changed.wait_for(lambda: self.screen.grid.lines == wanted, timeout)

    def plug_in(self) -> None:
        """Put the cable in, which also feeds it: it has forgotten what it showed."""
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        with self._changed:
            self.screen = Interpreter(self._commands)
        self.path.symlink_to(os.ttyname(self._slave))
        self._thread = threading.Thread(target=self._listen, name="virtual-display", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Pull the cable; may be called twice."""
        if self._thread is None:
            return
        os.write(self._stop_write, b"!")
        self._thread.join(5)
        self._thread = None
        os.read(self._stop_read, 10)
        self.path.unlink()
        os.close(self._master)
        os.close(self._slave)

    def close(self) -> None:
        """Pull the cable for good."""
        self.unplug()
        os.close(self._stop_read)
        os.close(self._stop_write)

    def _listen(self) -> None:
        while True:
            ready, _, _ = select.select([self._master, self._stop_read], [], [])
            if self._stop_read in ready:
                return
            data = os.read(self._master, 4096)
            with self._changed:
                self.pieces.append(data)
                self.screen.feed(data)
                self._changed.notify_all()
