"""What is plugged in, what is set up, what answers, and what to write into ``till.toml``.

Nothing that asks changes anything: a printer is asked up to the byte before the first of a receipt, whatever
has a thread is started until it is ready, a card terminal is asked only where its driver knows a harmless
question, and a drawer never.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from queue import Empty, Queue
from typing import Any, NoReturn

from tilltui.config.schema import Config, DeviceSection
from tilltui.domain.frozen import frozen
from tilltui.errors import N_, DeviceOffline, TillError
from tilltui.ports import CanBeProbed, DeviceChanged, DeviceEvent, DeviceState, Job, MarkingTerminal, Printer
from tilltui.ports.kinds import KINDS
from tilltui.services.devices.making import make
from tilltui.store.file.lock import TillLock

log = logging.getLogger(__name__)

PROBE_SECONDS = 2.0
"""Within this a device answers or is said not to; all are asked at the same time."""


class Answer(StrEnum):
    """What came of asking a device."""

    WELL = "well"
    TROUBLE = "trouble"
    """It is not there, does not answer or cannot work; the error says which."""
    NOT_ASKED = "not_asked"
    """There is no harmless question, or the till has it."""


@frozen
class Checked:
    """One device of ``till.toml``.

    Attributes:
        section: Its section.
        answer: What came of asking it.
        error: What is wrong; ``None`` where nothing is.
        warnings: What is odd about its settings.
        seconds: How long the asking took.
    """

    section: DeviceSection
    answer: Answer
    error: TillError | None = None
    warnings: tuple[TillError, ...] = ()
    seconds: float = 0.0


class _Enough(Exception):
    """Ends a printer's job before its first byte."""


def ask_printer(printer: Any) -> None:
    """Let a printer prepare for a job that is then not sent.

    Raises:
        DeviceError: It is not there, or says why it does not print.
    """

    def sending() -> NoReturn:
        raise _Enough

    try:
        printer.deliver(Job(b"", 0, sending))
    except _Enough:
        pass
    finally:
        printer.close()


def ask_by_starting(device: Any) -> None:
    """Start a scanner, scale or display until it says how it is.

    Raises:
        DeviceOffline: It said that it is not well, or nothing.
    """
    said: Queue[DeviceChanged] = Queue()

    def emit(event: DeviceEvent) -> bool:
        if isinstance(event, DeviceChanged):
            said.put(event)
        return True

    until = time.monotonic() + PROBE_SECONDS
    device.start(emit)
    try:
        while True:
            event = said.get(timeout=max(0.0, until - time.monotonic()))
            if event.state in (DeviceState.READY, DeviceState.DEGRADED):
                return
            if event.state in (DeviceState.FAILED, DeviceState.BLOCKED):
                raise not_ready(event)
    except Empty:
        raise silent(device.name) from None
    finally:
        device.stop()


def question(kind: str, device: object) -> Callable[[], object] | None:
    """What asks a device how it is, raising ``TillError`` for trouble; ``None``: nothing harmless does.

    A driver's own ``probe`` comes first; a card terminal's ``mark`` charges nothing either.
    """
    if isinstance(device, CanBeProbed):
        return device.probe
    if isinstance(device, MarkingTerminal):
        return device.mark
    if isinstance(device, Printer):
        return lambda: ask_printer(device)
    return (lambda: ask_by_starting(device)) if KINDS[kind].has_thread else None


def not_ready(event: DeviceChanged) -> DeviceOffline:
    """The error for a device that said why it does not work."""
    return DeviceOffline(
        N_("It is not ready: {detail}"),
        hint=N_("Check its cable, and its section in till.toml."),
        device=event.device,
        detail=event.detail or event.reason,
    )


def silent(device: str) -> DeviceOffline:
    """The error for a device that has not answered in time."""
    return DeviceOffline(
        N_("{device} has not answered within {seconds} seconds."),
        hint=N_("Check that it is switched on, and its cable or address."),
        device=device,
        seconds=f"{PROBE_SECONDS:g}",
    )


def check(
    config: Config, file: str, *, asking: bool, done: Callable[[Checked], None] = lambda _: None
) -> list[Checked]:
    """Check every device of the settings, all at the same time.

    Args:
        config: The settings.
        file: Where they stand; relative paths start from its folder.
        asking: Whether devices may be opened: not while a till has them.
        done: Told of each device once it is checked, on this thread.

    Returns:
        The devices in the order of the file.
    """
    results: Queue[tuple[int, Checked]] = Queue()
    sections = list(config.devices)
    for number, section in enumerate(sections):
        threading.Thread(
            target=_check_into,
            args=(results, number, section, file, asking),
            name=f"doctor-{section.name}",
            daemon=True,
        ).start()
    found: dict[int, Checked] = {}
    until = time.monotonic() + PROBE_SECONDS + 0.5
    while len(found) < len(sections):
        try:
            number, checked = results.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            break
        found[number] = checked
        done(checked)
    for number, section in enumerate(sections):
        if number not in found:
            found[number] = Checked(section, Answer.TROUBLE, silent(section.name), (), PROBE_SECONDS)
            done(found[number])
    return [found[number] for number in range(len(sections))]


def _check_into(
    results: Queue[tuple[int, Checked]], number: int, section: DeviceSection, file: str, asking: bool
) -> None:
    try:
        checked = check_one(section, file, asking=asking)
    except Exception as error:  # the top of a thread: a driver of anyone's
        log.exception("%s could not be checked", section.key)
        checked = Checked(section, Answer.TROUBLE, failed(section.name, error))
    results.put((number, checked))


def failed(device: str, error: Exception) -> TillError:
    """The error for a driver that failed in a way of its own."""
    return TillError(
        N_("The driver of {device} failed: {reason}."),
        hint=N_("Look into the till's log, and tell whoever made the driver."),
        device=device,
        reason=f"{type(error).__name__}: {error}",
    )


def made(section: DeviceSection, file: str) -> tuple[Any, list[TillError]]:
    """The driver of a section, and what is wrong with its settings; ``None`` where that is too much.

    Raises:
        TillError: Its plug-in does not load, or refuses its settings.
    """
    device, problems = make(section, file)
    return device, [problem.error for problem in problems]


def check_one(section: DeviceSection, file: str, *, asking: bool) -> Checked:
    """Check one device; blocks as long as its driver does."""
    began = time.monotonic()
    warnings: list[TillError] = []
    try:
        device, warnings = made(section, file)
        if device is None:
            return Checked(section, Answer.TROUBLE, warnings[0], tuple(warnings[1:]))
        ask = question(section.kind, device)
        if ask is None or not asking:
            return Checked(section, Answer.NOT_ASKED, None, tuple(warnings))
        ask()
    except TillError as error:
        return Checked(section, Answer.TROUBLE, error, tuple(warnings), time.monotonic() - began)
    return Checked(section, Answer.WELL, None, tuple(warnings), time.monotonic() - began)


@contextmanager
def alone(folder: Path) -> Iterator[str]:
    """Hold the till's lock where there is one; gives who else holds it, or an empty text.

    Makes nothing: a folder or file made by an administrator would keep the till's own user out.
    """
    held = TillLock(folder)
    holder = ""
    if held.path.exists() and os.access(held.path, os.R_OK | os.W_OK):
        try:
            held.acquire("doctor")
        except TillError as error:
            holder = str(error.fields.get("holder", "?"))
    try:
        yield holder
    finally:
        held.release()


def paths_of(section: DeviceSection) -> Iterable[str]:
    """Device files that a section names."""
    return (value for value in section.options.values() if isinstance(value, str) and value.startswith("/"))


def configured(found: Sequence[Any], config: Config | None) -> dict[str, DeviceSection]:
    """Which section uses what was found: path of the found thing to section."""
    uses: dict[str, DeviceSection] = {}
    for section in config.devices if config else ():
        for path in paths_of(section):
            uses.setdefault(os.path.realpath(path), section)
    result = {}
    for one in found:
        section_or_none = uses.get(os.path.realpath(one.path)) if one.path else None
        if section_or_none is not None:
            result[one.path] = section_or_none
    return result
