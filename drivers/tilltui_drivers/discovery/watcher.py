"""Tells when something is plugged in or out: by the kernel's own word, or by a look now and then."""

from __future__ import annotations

import contextlib
import logging
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from tilltui_drivers.discovery.found import Found, Roots
from tilltui_drivers.discovery.listing import look, signature
from tilltui_drivers.supervisor import end, keep_running
from tilltui_drivers.transport.waker import Waker

log = logging.getLogger(__name__)

POLL = 10.0
"""Seconds between two looks where the kernel gives no word."""

REST = 60.0
"""Seconds between two looks where the kernel says what changes: only in case that a word of its was lost."""

SETTLE = 0.3
"""Seconds of silence after the kernel's word, so that udev has made its links."""

PATIENCE = 3.0
"""Most seconds that a look waits for that silence."""

_NETLINK_KOBJECT_UEVENT = 15
_KERNEL = 1


@dataclass(frozen=True, slots=True)
class Plugged:
    """Something was plugged in.

    Attributes:
        found: What it is.
        already: It was there when the watching began.
        there: It is there now, for whoever does not know these classes.
    """

    found: Found
    already: bool = False
    there: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class Unplugged:
    """Something was plugged out.

    Attributes:
        found: What it was.
        there: It is not there any more.
    """

    found: Found
    there: ClassVar[bool] = False


Change = Plugged | Unplugged


def kernel_socket() -> socket.socket | None:
    """A socket that can be read whenever the kernel adds or removes a device; ``None``: refused."""
    if not hasattr(socket, "AF_NETLINK"):
        return None
    line = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, _NETLINK_KOBJECT_UEVENT)
    try:
        line.bind((0, _KERNEL))
        line.setblocking(False)
    except OSError as error:
        log.info("no word from the kernel, only looks: %s", error)
        line.close()
        return None
    return line


class Watcher:
    """Watches in a thread of its own.

    Args:
        changed: Told of each change, on the watcher's thread; ``False``: no more is wanted.
        roots: Where to look.
        poll: Seconds between two looks where there is no word from the kernel.
        word: What to listen to besides; a descriptor that becomes readable at each change.
    """

    def __init__(
        self,
        changed: Callable[[Change], bool],
        roots: Roots | None = None,
        *,
        poll: float = POLL,
        word: Callable[[], socket.socket | None] = kernel_socket,
    ) -> None:
        self._changed = changed
        self._roots = roots or Roots()
        self._poll = poll
        self._word = word
        self._stop = threading.Event()
        self._waker: Waker | None = None
        self._there: dict[tuple[str, str], Found] = {}
        self._first = True
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Tell of everything that is plugged in now, then of each change; returns at once."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._stop = threading.Event()
        self._waker = Waker()
        self._there = {}
        self._first = True
        self._thread = threading.Thread(
            target=self._run, args=(self._waker, self._stop), name="plug-watcher", daemon=True
        )
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Stop within ``timeout`` seconds; may be called twice."""
        end(self._thread, self._stop, self._waker, timeout)

    def _run(self, waker: Waker, stop: threading.Event) -> None:
        def work() -> None:
            word = self._word()
            try:
                self._watch(word, waker, stop)
            finally:
                if word is not None:
                    word.close()

        try:
            keep_running("the watcher of plugs", work, stop, lambda: None)
        finally:
            waker.close()

    def _watch(self, word: socket.socket | None, waker: Waker, stop: threading.Event) -> None:
        picture: frozenset[str] | None = None
        while not stop.is_set():
            now = signature(self._roots)
            if now != picture:
                picture = now
                after = {(one.key, one.bus): one for one in look(self._roots)}
                if not self._tell(self._there, after):
                    return
                self._there, self._first = after, False
            if word is None:
                stop.wait(self._poll)
            else:
                self._listen(word, waker, stop)

    def _tell(self, before: dict[tuple[str, str], Found], after: dict[tuple[str, str], Found]) -> bool:
        gone: list[Change] = [Unplugged(before[key]) for key in before if before[key] != after.get(key)]
        come: list[Change] = [
            Plugged(after[key], self._first) for key in after if after[key] != before.get(key)
        ]
        for change in (*gone, *come):
            log.info("%s %s", type(change).__name__, change.found.path or change.found.key)
            if not self._changed(change):
                return False
        return True

    def _listen(self, word: socket.socket, waker: Waker, stop: threading.Event) -> None:
        """Wait for the kernel's word and the silence after it, or for the next look."""
        if not waker.wait_readable(word.fileno(), time.monotonic() + max(self._poll, REST)):
            return
        deadline = time.monotonic() + PATIENCE
        while not stop.is_set() and time.monotonic() < deadline and select.select([word], [], [], SETTLE)[0]:
            with contextlib.suppress(OSError):  # nothing more; or ENOBUFS: more words than room, a word too
                while word.recv(8192):
                    pass
