"""A printer for the demo, training and tests: each receipt becomes a text file and a picture in a folder."""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from tilltui.domain.paper.elements import Element
from tilltui.errors import N_, DeviceError, DeviceOffline, OutcomeUnknown
from tilltui.ports import Delivered, Delivery, Job, PaperProfile, PaperRules, Printer
from tilltui_drivers.printers import profiles
from tilltui_drivers.printers.encoder import encode
from tilltui_drivers.printers.paper_settings import RECEIPTS_ALONE, PaperSettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class VirtualPrinterSettings:
    """``[printer.NAME]`` with ``driver = "virtual"``."""

    folder: str = ""
    """Where the receipts go; empty: a folder tilltui-receipts among the temporary files."""
    profile: str = "generic-80"
    """Model family that it pretends to be."""
    width_mm: int = 0
    """Width of the paper in mm; 0: the model's usual one."""
    codepage: str = ""
    """Code page, as cp858; empty: the model's."""
    pictures: bool = True
    """Whether a PNG is drawn beside the text."""
    papers: PaperSettings = field(default=RECEIPTS_ALONE, metadata={"flat": True})


class VirtualPrinter(Printer):
    """Renders like the real driver, reads the bytes as a printer does, and writes what it saw.

    Args:
        name: The shop's own name of the printer.
        settings: Its section of ``till.toml``.

    Raises:
        ConfigError: There is no such profile, paper or code page.
    """

    Settings: ClassVar[type[VirtualPrinterSettings]] = VirtualPrinterSettings
    kicks_while_printing = True
    """``kick`` may be called from inside ``deliver``."""

    def __init__(self, name: str, settings: VirtualPrinterSettings) -> None:
        self.name = name
        self.settings = settings
        self.profile = profiles.resolve(
            settings.profile, width_mm=settings.width_mm, codepage=settings.codepage
        )
        self.columns = self.profile.columns
        self.folder = Path(settings.folder or Path(tempfile.gettempdir()) / f"tilltui-receipts-{os.getuid()}")

    @property
    def paper_profile(self) -> PaperProfile:
        """What its model's paper can carry."""
        return self.profile.paper

    @property
    def paper_rules(self) -> PaperRules:
        """What its section says of papers."""
        return self.settings.papers.rules

    def render(self, elements: Sequence[Element]) -> bytes:
        """Turn elements into ESC/POS bytes.

        Raises:
            ValueError: An element is malformed.
        """
        return encode(elements, self.profile)

    def deliver(self, job: Job) -> Delivery:
        """Write ``<printer>-<job>.txt`` and ``.png``; see ``ports.Printer.deliver``."""
        from .paper import Interpreter
        from .picture import png

        self._make_folder()
        job.sending()
        virtual = Interpreter(self.profile.dots)
        virtual.feed(b"\x1b\x40\x1b\x74" + bytes([self.profile.slot]) + job.payload)
        stem = self.folder / f"{self.name}-{job.id:06d}"
        try:
            if self.settings.pictures:
                _write(stem.with_suffix(".png"), png(virtual.paper, self.profile.dots))
            _write(stem.with_suffix(".txt"), ("\n".join(virtual.paper.lines).rstrip() + "\n").encode())
        except OSError as error:
            raise OutcomeUnknown(
                N_("Printer {device} could not write into {folder}: {why}."),
                device=self.name,
                hint=N_("Make room on the disk."),
                folder=str(self.folder),
                why=error.strerror or str(error),
            ) from error
        return Delivery(Delivered.CONFIRMED, "none")

    def kick(self, pin: int) -> None:
        """Write one line into ``drawer.log``.

        Raises:
            DeviceError: There is no such pin, or the folder cannot be written.
        """
        if pin not in (0, 2, 5):
            raise DeviceError(
                N_("Printer {device} has no drawer pin {pin}."),
                device=self.name,
                hint=N_("Use pin 2 or 5."),
                pin=pin,
            )
        self._make_folder()
        try:
            with (self.folder / "drawer.log").open("a", encoding="utf-8") as log:
                log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {self.name} pin {pin or 2}\n")
        except OSError as error:
            raise self._unwritable(error) from error

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        if not os.access(self.folder, os.W_OK):
            raise self._unwritable(PermissionError(13, "Permission denied"))

    def _unwritable(self, error: OSError) -> DeviceOffline:
        return DeviceOffline(
            N_("Printer {device} cannot write into {folder}: {why}."),
            device=self.name,
            hint=N_("Check who may write into the folder."),
            folder=str(self.folder),
            why=error.strerror or str(error),
        )


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    handle, temporary = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
