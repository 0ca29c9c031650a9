"""What other threads tell the screen. A thread never touches a widget: it posts one of these."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

from tilltui.ports import DeviceEvent

if TYPE_CHECKING:
    from tilltui.services.cards.card_messages import CardEvent
    from tilltui.services.upload.worker import SyncStatus


@dataclass(repr=False, eq=False)
class DeviceReported(Message):
    """A device scanned, changed or moved a print job."""

    event: DeviceEvent


@dataclass(repr=False, eq=False)
class WorkFinished(Message):
    """Work that another thread was asked to do has ended.

    Attributes:
        future: Its result or error.
        then: Takes the result.
        failed: Takes the error.
        waited: The cashier waited for it: keys and scans that came meanwhile are handled next.
    """

    future: Future[Any]
    then: Callable[[Any], object]
    failed: Callable[[BaseException], object]
    waited: bool


@dataclass(repr=False, eq=False)
class WentWrong(Message):
    """Something behind a command failed, such as saving the open basket; selling goes on."""

    error: BaseException


@dataclass(repr=False, eq=False)
class UploadReported(Message):
    """An uploader's state changed."""

    status: SyncStatus


@dataclass(repr=False, eq=False)
class PlugReported(Message):
    """Something was plugged in or out."""


@dataclass(repr=False, eq=False)
class CardReported(Message):
    """Something happened at a card terminal."""

    event: CardEvent
