"""The till's log: written by a thread of its own, rotated, and with a header that says who wrote it.

No thread that serves a customer waits for the card: records go through a bounded queue, and one that does
not fit is counted instead. Nothing is ever written to the terminal, which belongs to the screen.
"""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import queue
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from tilltui import __version__

MAX_BYTES = 1 << 20
"""Size at which the log starts a new file."""

OLD_FILES = 2
"""Files kept besides the current one: ``till.log.1`` is the younger."""

QUEUE_RECORDS = 10_000
"""Records that may wait for the card before further ones are dropped and counted."""

_SECRET = re.compile(r"pass|secret|token|pin\b|(?:^|_)key\Z", re.IGNORECASE)
_USER_INFO = re.compile(r"://[^/@\s]*@")
_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def escape(text: str) -> str:
    r"""Show every control, format and surrogate character of ``text`` as a Python escape.

    >>> escape("Leche\x1b[2J\n")
    'Leche\\x1b[2J\\n'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c.encode("unicode_escape").decode("ascii") if unicodedata.category(c) in _ESCAPED else c for c in text
    )


class EscapingFormatter(logging.Formatter):
    """One line a record, ISO 8601 in UTC; the lines of a traceback follow, indented."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")

    @staticmethod
    def converter(timestamp: float | None) -> Any:
        """UTC: a Pi's local time zone may be set at any moment."""
        import time

        return time.gmtime(timestamp)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The record's own line, escaped, so that data cannot forge a second one."""
        return escape(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        """The traceback, each line escaped and indented."""
        return "\n".join("    " + escape(line) for line in super().formatException(ei).split("\n"))

    def formatStack(self, stack_info: str) -> str:
        """The stack, each line escaped and indented."""
        return "\n".join("    " + escape(line) for line in stack_info.split("\n"))


class _BoundedQueueHandler(logging.handlers.QueueHandler):
    """Puts records into the queue without waiting and counts those that do not fit."""

    dropped = 0

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            self.dropped += 1


class _HeadedFile(logging.handlers.RotatingFileHandler):
    """A rotating file of mode 0600 whose every file begins with the header."""

    def __init__(self, path: Path, header: Sequence[str], sender: _BoundedQueueHandler) -> None:
        self.header = header
        self.sender = sender
        super().__init__(
            path, maxBytes=MAX_BYTES, backupCount=OLD_FILES, encoding="utf-8", errors="backslashreplace"
        )

    def _open(self) -> TextIOWrapper:
        fd = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        stream = os.fdopen(fd, "a", encoding=self.encoding, errors=self.errors)
        stream.write("".join(f"# {escape(line)}\n" for line in self.header))
        with contextlib.suppress(OSError):  # a full disk: the till opens, and its store says what is wrong
            stream.flush()
        return stream

    def emit(self, record: logging.LogRecord) -> None:
        dropped, self.sender.dropped = self.sender.dropped, 0
        if dropped:
            lost = logging.LogRecord(
                __name__, logging.WARNING, __file__, 0, "%d log records did not fit.", (dropped,), None
            )
            lost.msg = EscapingFormatter().format(lost)
            lost.args = None
            super().emit(lost)
        super().emit(record)


class Log:
    """The running log; ``stop`` writes what waits and closes the file."""

    def __init__(
        self, handler: _BoundedQueueHandler, listener: logging.handlers.QueueListener, file: _HeadedFile
    ) -> None:
        self._handler = handler
        self._listener = listener
        self._file = file
        self._running = True

    def stop(self) -> None:
        """Write what waits, at most a queue full, and close; may be called twice."""
        if not self._running:
            return
        self._running = False
        logging.getLogger().removeHandler(self._handler)
        self._listener.stop()
        with contextlib.suppress(OSError):  # what a full disk did not take is lost; the sales are the store's
            self._file.close()


def configure(path: Path, level: int | str = "INFO", config: object = None) -> Log:
    """Send all logging of the process to ``path`` and nothing to the terminal.

    Args:
        path: The log file; its folder exists.
        level: Least level that is written.
        config: The settings to put into each file's header, without their secrets.

    Raises:
        OSError: The file cannot be opened.
    """
    handler = _BoundedQueueHandler(queue.Queue(QUEUE_RECORDS))
    handler.setFormatter(EscapingFormatter())
    file = _HeadedFile(path, header(config), handler)
    file.setFormatter(logging.Formatter("%(message)s"))
    listener = logging.handlers.QueueListener(handler.queue, file)
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    logging.lastResort = None
    logging.raiseExceptions = False  # a full disk must not print tracebacks over the screen
    logging.captureWarnings(True)
    listener.start()
    return Log(handler, listener, file)


def header(config: object = None) -> list[str]:
    """Lines that say which till, Python and settings wrote a log; secrets are left out."""
    system = os.uname()
    lines = [
        f"tilltui {__version__}",
        f"python {sys.version.split()[0]} ({sys.executable})",
        f"platform {system.sysname} {system.release} {system.machine}",
    ]
    return lines + ([] if config is None else list(_settings("", config)))


def _settings(key: str, value: object) -> list[str]:
    """``key = value`` of every setting below ``value``, depth first."""
    if _SECRET.search(key.rpartition(".")[2]) and not isinstance(value, Mapping):
        return [f"{key} = {'(secret)' if value else '(empty)'}"]
    if is_dataclass(value) and not isinstance(value, type):
        value = {f.name: getattr(value, f.name) for f in fields(value)}
    if isinstance(value, Mapping):
        return [line for k, v in value.items() for line in _settings(f"{key}.{k}" if key else str(k), v)]
    if isinstance(value, list | tuple) and any(is_dataclass(v) for v in value):
        return [line for i, v in enumerate(value) for line in _settings(f"{key}.{i}", v)]
    return [f"{key} = {_USER_INFO.sub('://(secret)@', repr(value))}"]
