"""Benches of our drawers with a cable of their own."""

from __future__ import annotations

import contextlib
import errno
import os
import termios
import tty
from typing import ClassVar

from tests.support.gpio_chip import Chip
from tilltui_drivers.contract.bench import SwitchedDrawerBench
from tilltui_drivers.contract.drawer import SwitchedDrawerContract
from tilltui_drivers.drawers.gpio import GpioDrawer
from tilltui_drivers.drawers.gpio_lines import Lines
from tilltui_drivers.drawers.serial import SerialDrawer

COMMAND = b"\x1b\x70\x00\x32\x32"
"""What opens the drawer on the serial line."""


class SerialDrawerBench(SwitchedDrawerBench):
    """A drawer on a pseudo terminal; its switch is wired to CTS, which a pseudo terminal does not have."""

    contract: ClassVar[type[SwitchedDrawerContract]] = SwitchedDrawerContract

    _virtual = -1
    _line = -1
    _heard = b""
    _bits = 0

    def driver(self) -> SerialDrawer:
        settings = SerialDrawer.Settings(str(self.folder / "drawer"), command=COMMAND.hex(), sensor="cts")
        return SerialDrawer(self.name, settings, signals=self._signals)

    def _signals(self, path: str) -> int:
        if not os.path.exists(path):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return self._bits

    def plug_in(self) -> None:
        self._virtual, self._line = os.openpty()
        tty.setraw(self._line)
        os.set_blocking(self._virtual, False)
        (self.folder / "drawer").symlink_to(os.ttyname(self._line))

    def unplug(self) -> None:
        (self.folder / "drawer").unlink()
        os.close(self._line)
        os.close(self._virtual)
        self._virtual = -1

    def close(self) -> None:
        if self._virtual >= 0:
            self.unplug()

    def stand(self, *, open_: bool) -> None:
        self._bits = termios.TIOCM_CTS if open_ else 0

    def opened(self) -> int:
        with contextlib.suppress(BlockingIOError):
            self._heard += os.read(self._virtual, 4096)
        assert self._heard.replace(COMMAND, b"") == b""
        return self._heard.count(COMMAND)


class GpioBench(SwitchedDrawerBench):
    """A drawer on line 17 of a chip, its switch on line 27."""

    contract: ClassVar[type[SwitchedDrawerContract]] = SwitchedDrawerContract

    _chip = Chip()

    def driver(self) -> GpioDrawer:
        self._chip = Chip()
        path = str(self.folder / "gpiochip0")
        settings = GpioDrawer.Settings(line=17, chip=path, pulse_ms=10, sensor=27)
        return GpioDrawer(self.name, settings, lines=Lines(path, self._chip.ioctl))

    def plug_in(self) -> None:
        (self.folder / "gpiochip0").symlink_to("/dev/null")

    def unplug(self) -> None:
        (self.folder / "gpiochip0").unlink()

    def stand(self, *, open_: bool) -> None:
        self._chip.level = int(open_)

    def opened(self) -> int:
        assert self._chip.all_closed()
        return sum(bits for bits, _at in self._chip.set)
