"""What is plugged in while the till is open: whoever waits for it looks at once, and what is new is told.

The watching itself is a driver's (``plugins.TOOLS``): it listens to the kernel and sleeps meanwhile.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from tilltui import plugins
from tilltui.config.schema import Config, DeviceSection
from tilltui.domain.frozen import frozen
from tilltui.domain.text import clean
from tilltui.errors import PluginError
from tilltui.ports import LooksAgain

log = logging.getLogger(__name__)

MAX_NAME = 60
"""Most characters of what a device calls itself."""

MAX_THERE = 256
"""Most things that are kept in mind; a till has a dozen."""


class Watching(Protocol):
    """What watches, in a thread of its own."""

    def start(self) -> None:
        """Tell of everything that is plugged in, then of each change; returns at once."""

    def stop(self) -> None:
        """Stop; may be called twice."""


class Made(Protocol):
    """What was made out of the settings: ``Devices``."""

    def of_kind(self, kind: str) -> Mapping[str, object]:
        """What was made of one kind, by name."""


@frozen
class Unused:
    """Something that is plugged in, that a till could use, and that no section of the settings uses.

    Attributes:
        name: What it calls itself; cleaned.
        kind: ``scanner``, ``printer``, ..., or what it most likely is.
        lines: TOML for the settings; empty where the till has no driver for it.
    """

    name: str
    kind: str
    lines: tuple[str, ...]


MakeWatcher = Callable[[Callable[[Any], bool]], Watching]
"""Makes what watches; it tells of changes with ``found``, ``there`` and, of what is there, ``already``."""


class Plugs:
    """What is plugged in.

    Args:
        config: The settings.
        devices: What was made of them.
        make: Makes the watcher instead of the drivers' own.
    """

    def __init__(self, config: Config, devices: Made, make: MakeWatcher | None = None) -> None:
        self._config = config
        self._devices = devices
        self._make = make
        self._lock = threading.Lock()
        self._there: dict[tuple[str, str], Any] = {}
        self._new: set[tuple[str, str]] = set()
        self._told: Callable[[], bool] = lambda: True
        self._watcher: Watching | None = None
        self._stopped = False

    def start(self, told: Callable[[], bool]) -> None:
        """Begin to watch. Imports what is needed for it, so not on the screen's thread.

        Args:
            told: Called after each change, from the watcher's thread; ``False``: the till is closing.
        """
        self._told = told
        try:
            make = self._make or plugins.tool("watcher")
        except PluginError as error:
            log.warning("what is plugged in is not watched: %s", error)
            return
        with self._lock:
            if self._stopped or self._watcher is not None:
                return
            self._watcher = make(self._changed)
            self._watcher.start()

    def stop(self) -> None:
        """Watch no more; may be called twice, and while ``start`` is under way."""
        with self._lock:
            self._stopped = True
            watcher = self._watcher
        if watcher is not None:
            watcher.stop()

    def new(self) -> list[str]:
        """Names of what was plugged in since the start, is unused, and has not been seen yet; any thread."""
        with self._lock:
            return [_name(self._there[key]) for key in sorted(self._new)]

    def seen(self) -> None:
        """Somebody has read what is new; any thread."""
        with self._lock:
            self._new.clear()

    def unused(self) -> list[Unused]:
        """What is plugged in and not set up, with the lines that would do that; any thread, takes moments."""
        from tilltui.services.doctor.advice import advise, kind_of

        with self._lock:
            found = [self._there[key] for key in sorted(self._there)]
        used = self._used(found)
        lines = {advice.path: advice.lines for advice in advise(found, used, self._config)}
        return [
            Unused(_name(one), kind_of(one)[0], lines.get(one.path, ()))
            for one in found
            if one.path not in used and kind_of(one)[0]
        ]

    # On the watcher's thread

    def _changed(self, change: Any) -> bool:
        from tilltui.services.doctor.advice import kind_of

        found = change.found
        key = (found.key, found.bus)
        section = self._used([found]).get(found.path)
        with self._lock:
            self._new.discard(key)
            if not change.there:
                self._there.pop(key, None)
            elif len(self._there) < MAX_THERE:
                self._there[key] = found
                if section is None and not change.already and kind_of(found)[0]:
                    self._new.add(key)
        if change.there and section is not None:
            self._call(section)
        return self._told()

    def _used(self, found: Iterable[Any]) -> dict[str, DeviceSection]:
        from tilltui.services.doctor.findings import configured

        return configured(list(found), self._config)

    def _call(self, section: DeviceSection) -> None:
        """Cut the pause short in which the device of a section is waited for."""
        made = self._devices.of_kind(section.kind).get(section.name)
        if isinstance(
            made, LooksAgain
        ):  # a driver's own way, or that of a printer's worker or terminal's desk
            log.info("%s is plugged in: it is looked for now", section.key)
            made.look_again()


def _name(found: Any) -> str:
    return clean(str(found.name), MAX_NAME)
