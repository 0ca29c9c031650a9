"""Textual's driver for a till that waits most of the day: its input thread sleeps until there is input.

Textual's own looks ten times a second whether it shall end, which is nearly all that an idle till costs, and
reads the end of a terminal that is gone for ever, which burns a core.
"""

from __future__ import annotations

import contextlib
import logging
import os
import select
import threading
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

CHUNK = 4096
"""Bytes read at a time."""

ESCAPE = "\x1b"
SLACK = 0.002
"""Seconds over ``ESCDELAY`` after which a lone Esc has certainly timed out in the parser."""


CYAN_FOR_DIM = "\x1b[2;6]"
"""Has the Linux console show dim text in cyan (``console_codes(4)``).

By itself it takes bright black, which with a font of 512 glyphs on a VGA text screen is black: a voided line
and a key that does nothing now could not be seen at all.
"""

GREY_FOR_DIM = "\x1b[2;8]"
"""As the console was."""


class WakingEvent(threading.Event):
    """An event that also ends a ``select``: its descriptor is readable while it is set."""

    def __init__(self) -> None:
        super().__init__()
        self._reading, self._writing = os.pipe()
        self._lock = threading.Lock()

    def fileno(self) -> int:
        """What to select on."""
        return self._reading

    def set(self) -> None:
        """Set, and wake who selects."""
        super().set()
        with self._lock:
            if self._writing >= 0:
                os.write(self._writing, b"x")

    def clear(self) -> None:
        """Clear, and let the next ``select`` sleep."""
        super().clear()
        with self._lock:
            while self._reading >= 0 and select.select([self._reading], [], [], 0)[0]:
                os.read(self._reading, CHUNK)

    def close(self) -> None:
        """Give the descriptors back; ``set`` and ``clear`` still work as an event's."""
        with self._lock:
            for descriptor in (self._reading, self._writing):
                if descriptor >= 0:
                    os.close(descriptor)
            self._reading = self._writing = -1


class Output:
    """The terminal as a file to write to; once it is gone, what is written is let go.

    Textual's output thread would die of the error, and the screen's loop wait for it for ever.
    """

    def __init__(self, file: TextIO, gone: Callable[[], object]) -> None:
        self._file = file
        self._gone = gone
        self._open = True

    def fileno(self) -> int:
        """The descriptor written to."""
        return self._file.fileno()

    def write(self, text: str) -> int:
        """Write; returns how many characters were taken."""
        if self._open:
            try:
                self._file.write(text)
            except OSError:
                self._lost()
        return len(text)

    def flush(self) -> None:
        """Send what was written."""
        if self._open:
            try:
                self._file.flush()
            except OSError:
                self._lost()

    def _lost(self) -> None:
        self._open = False
        self._gone()


class TillDriver(LinuxDriver):
    """Sleeps until a key comes, tells a lone Esc after ``ESCDELAY``, closes the till with its terminal."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Textual writes and flushes it in a thread, and nothing else.
        self._file = cast(Any, Output(cast(TextIO, self._file), self.hung_up))
        self.exit_event: WakingEvent = WakingEvent()
        self._gone = False

    def start_application_mode(self) -> None:
        """Take the terminal; also again, after a suspension."""
        if self.exit_event.fileno() < 0:
            self.exit_event = WakingEvent()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._on_console(CYAN_FOR_DIM)

    def stop_application_mode(self) -> None:
        """Give the terminal back as it was."""
        self._on_console(GREY_FOR_DIM)
        super().stop_application_mode()

    def _get_terminal_size(self) -> tuple[int, int]:
        """Ask the terminal; COLUMNS and LINES of whoever started the till say what it once was."""
        try:
            columns, rows = os.get_terminal_size(self.fileno)
        except OSError:
            columns = rows = 0
        if columns > 0 and rows > 0:
            return columns, rows
        return super()._get_terminal_size()

    def _on_console(self, sequence: str) -> None:
        """Write what only the Linux console understands."""
        if os.environ.get("TERM") == "linux":
            self.write(sequence)

    def close(self) -> None:
        """Let the terminal go; nothing is selected on any more."""
        super().close()
        self.exit_event.close()

    def hung_up(self) -> None:
        """Close the till, from any thread: nobody can see it any more. The open sale is on disk."""
        if self._gone:
            return
        self._gone = True
        log.warning("the terminal is gone: the till closes")
        with contextlib.suppress(RuntimeError):  # the loop is closed: the till is as good as gone
            self._loop.call_soon_threadsafe(self._app.exit)

    def run_input_thread(self) -> None:
        """Read keys and hand them to the till until the event is set or the terminal is gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        unfinished = False
        while True:
            # An Esc may be a key or begin a longer one: the parser is asked again when its time is over.
            patience = constants.ESCAPE_DELAY + SLACK if unfinished else None
            ready, _, _ = select.select([self.fileno, self.exit_event], [], [], patience)
            if self.exit_event in ready:
                return
            if ready:
                data = self._read()
                if not data:
                    self.hung_up()
                    return
                text = decode(data)
                unfinished = unfinished or ESCAPE in text
                for event in parser.feed(text) if text else ():
                    self.process_message(event)
            else:
                unfinished = False
            for event in parser.tick():
                self.process_message(event)

    def _read(self) -> bytes:
        """What the terminal has to say; nothing once it is gone."""
        try:
            return os.read(self.fileno, CHUNK)
        except OSError:
            return b""
