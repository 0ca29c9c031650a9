"""The tree of errors that a person may see.

An error carries an English message with named fields, so that it can be logged as it is and shown in the
cashier's language: ``i18n.explain`` translates the message first and fills the fields after.
"""

from __future__ import annotations

from typing import Any


def N_(message: str) -> str:
    """Mark ``message`` for the translators without translating it here."""
    return message


class TillError(Exception):
    """What went wrong, in words, with what to do about it.

    Attributes:
        message: English text with ``{named}`` fields, marked with ``N_``.
        hint: English text that says what to do, marked with ``N_``; may be empty.
        fields: Values for the fields of both texts.
    """

    title: str = N_("Something went wrong")
    """Heading of the message, marked for translation."""

    parts: tuple[TillError, ...] = ()
    """The errors that this one sums up; each is said below it."""

    def __init__(self, message: str, *, hint: str = "", **fields: Any) -> None:
        self.message = message
        self.hint = hint
        self.fields = fields
        super().__init__(message.format(**fields) if fields else message)


class ConfigError(TillError):
    """``till.toml`` says something that the till cannot follow."""

    title = N_("The settings are wrong")


class AmountError(TillError):
    """An amount, quantity or rate that cannot be: not a number, out of bounds, wrong precision."""

    title = N_("That amount cannot be used")


class BarcodeError(TillError):
    """A code that cannot be read as what it claims to be."""

    title = N_("The code could not be read")


class SaleError(TillError):
    """A step of a sale that the rules of selling refuse."""

    title = N_("That cannot be done")


class StoreError(TillError):
    """The database cannot be opened, trusted or written."""

    title = N_("The sales file has a problem")


class DiskFull(StoreError):
    """There is no room left to write."""

    title = N_("The disk is full")


class ImportFailed(TillError):
    """A file that was to be read in could not be."""

    title = N_("The file was not read in")


class PluginError(TillError):
    """A driver, uploader or fiscal regime that is unknown or does not load."""

    title = N_("A plug-in did not load")


class DeviceError(TillError):
    """A device that did not do what was asked of it.

    Attributes:
        device: The shop's own name of the device, as in ``[printer.receipt]``.
    """

    title = N_("A device has a problem")

    def __init__(self, message: str, *, device: str = "", hint: str = "", **fields: Any) -> None:
        self.device = device
        super().__init__(message, hint=hint, device=device, **fields)


class DeviceOffline(DeviceError):
    """Cannot be opened, refused or was unplugged. Nothing was sent: trying again is safe."""


class DeviceBlocked(DeviceError):
    """It answers but cannot work. Nothing was sent: trying again is safe.

    Attributes:
        reason: One of ``paper``, ``cover``, ``cutter``, ``error``.
    """

    def __init__(self, message: str, *, reason: str, device: str = "", hint: str = "", **fields: Any) -> None:
        self.reason = reason
        super().__init__(message, device=device, hint=hint, reason=reason, **fields)


class DeviceBusy(DeviceError):
    """Another program holds the device."""


class OutcomeUnknown(DeviceError):
    """Bytes have left the till and no confirmation came. It must never be repeated by itself."""


class UploadError(TillError):
    """Head office could not take a batch."""

    title = N_("Sales are waiting to be sent")


class UploadUnavailable(UploadError):
    """No network, a server that is down, slow or talks nonsense: the batch is sent again later.

    Attributes:
        retry_after: Seconds that the server asked to wait, or ``None``.
    """

    def __init__(
        self, message: str, *, retry_after: float | None = None, hint: str = "", **fields: Any
    ) -> None:
        self.retry_after = retry_after
        super().__init__(message, hint=hint, **fields)


class UploadDenied(UploadError):
    """Head office does not accept this till: wrong key or unknown till. A person must act."""
