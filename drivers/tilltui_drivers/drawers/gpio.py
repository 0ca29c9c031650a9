"""A drawer whose solenoid hangs on a GPIO line of the computer, through a relay or a transistor."""

from __future__ import annotations

import errno
import threading
from dataclasses import dataclass, field
from typing import Literal

from tilltui.errors import N_, DeviceBusy, DeviceError, DeviceOffline
from tilltui.ports import Drawer

from .gpio_lines import PULL_DOWN, PULL_UP, Lines

_NO_LINE = -1


class GpioDrawer(Drawer):
    """Fires a line for a moment. A till that is killed within that moment leaves it to the kernel.

    The relay should therefore be one that lets go by itself: a solenoid under current for long burns.

    Args:
        name: The shop's own name of the drawer.
        settings: Its section of ``till.toml``.
        lines: The chip to use instead of the one that the settings name.
    """

    @dataclass(frozen=True, slots=True)
    class Settings:
        """``[drawer.NAME]`` with ``driver = "gpio"``."""

        line: int = field(metadata={"min": 0, "max": 511})
        """Number of the line that fires it, as 17 for GPIO17 of a Raspberry Pi."""
        chip: str = "/dev/gpiochip0"
        """The chip's device; gpiodetect lists them (some kernels call the header of a Pi 5 gpiochip4)."""
        active: Literal["high", "low"] = "high"
        """Level of the line that fires it."""
        pulse_ms: int = field(default=100, metadata={"min": 10, "max": 500})
        """How long it is fired, in milliseconds."""
        sensor: int = field(default=_NO_LINE, metadata={"min": _NO_LINE, "max": 511})
        """Number of the line that its switch is wired to; -1: it has no switch."""
        open_level: Literal["high", "low"] = "high"
        """Level of that line while the drawer stands open; a resistor of the chip holds the other one."""
        warn_after: int = field(default=60, metadata={"min": 0, "max": 3600})
        """Seconds that it may stand open until the screen says so; 0 for never. Needs a switch."""

    def __init__(self, name: str, settings: Settings, *, lines: Lines | None = None) -> None:
        self.name = name
        self.settings = settings
        self._lines = lines or Lines(settings.chip)

    def open(self) -> None:
        """Fire it once.

        Raises:
            DeviceError: There is no such line, or another program holds it.
        """
        try:
            with self._lines.output(self.settings.line, active_low=self.settings.active == "low") as put:
                put(True)
                threading.Event().wait(self.settings.pulse_ms / 1000)
        except OSError as error:
            raise self._refused(self.settings.line, error) from error

    @property
    def warn_after(self) -> float:
        """Seconds that it may stand open."""
        return self.settings.warn_after

    def is_open(self) -> bool | None:
        """Whether it stands open; ``None`` where no switch is wired.

        Raises:
            DeviceError: The line cannot be read.
        """
        if self.settings.sensor == _NO_LINE:
            return None
        low = self.settings.open_level == "low"
        # The resistor pulls to the closed level, so that a cut cable does not say "open" for ever.
        try:
            return self._lines.read(self.settings.sensor, active_low=low, pull=PULL_UP if low else PULL_DOWN)
        except OSError as error:
            raise self._refused(self.settings.sensor, error) from error

    def _refused(self, line: int, error: OSError) -> DeviceError:
        if error.errno == errno.EBUSY:
            return DeviceBusy(
                N_("Line {line} of the drawer {device} is held by another program."),
                device=self.name,
                hint=N_("Close the other program, or correct the number of the line."),
                line=line,
            )
        return DeviceOffline(
            N_("Line {line} of the drawer {device} cannot be used: {why}."),
            device=self.name,
            hint=N_("Correct the line in till.toml; the till's user must be in the group gpio."),
            line=line,
            why=error.strerror or str(error),
        )
