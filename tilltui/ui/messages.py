"""What other threads tell the screen. A thread never touches a widget: it posts one of these."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from tilltui.ports import DeviceEvent
from tilltui.services.sync import SyncStatus
from tilltui.store.sales import Accepted


@dataclass
class DeviceReported(Message):
    """A device scanned, changed or moved a print job."""

    event: DeviceEvent


@dataclass
class SaleAccepted(Message):
    """A sale is on disk."""

    accepted: Accepted


@dataclass
class SaleRefused(Message):
    """A sale could not be saved; it is still open."""

    error: BaseException


@dataclass
class BasketNotSaved(Message):
    """The open basket could not be saved behind; selling goes on."""

    error: BaseException


@dataclass
class UploadReported(Message):
    """An uploader's state changed."""

    status: SyncStatus
