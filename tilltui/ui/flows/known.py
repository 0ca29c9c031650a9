"""What was heard of devices, plugs and uploads since the start; the last word of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tilltui.ports import DeviceChanged

if TYPE_CHECKING:
    from tilltui.services.devices.hotplug import Plugs
    from tilltui.services.upload.worker import SyncStatus


@dataclass(eq=False)
class Known:
    """The last words.

    Attributes:
        devices: Of each device, by kind and name.
        uploads: Of each uploader, by name.
        plugs: What is plugged in; ``None`` until it is watched.
        changed: Called when something new was looked at; the status line says it no more.
    """

    devices: dict[tuple[str, str], DeviceChanged] = field(default_factory=dict)
    uploads: dict[str, SyncStatus] = field(default_factory=dict)
    plugs: Plugs | None = None
    changed: Callable[[], object] = lambda: None

    def seen(self) -> None:
        """Everything that is plugged in was looked at."""
        if self.plugs is not None:
            self.plugs.seen()
            self.changed()
