"""What becomes of queued work: a future that costs a sale next to nothing.

``concurrent.futures.Future`` makes a condition with a lock of its own, a waiting thread makes one more and is
woken while the writer still works in Python: an eighth of a sale's processor time.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar, cast

log = logging.getLogger(__name__)

T = TypeVar("T")


class Outcome(Future[T]):
    """A future of the writer; it cannot be called off, and ``concurrent.futures.wait`` does not know it."""

    def __init__(self) -> None:  # Future's own is what is saved
        self._value: T | None = None
        self._error: BaseException | None = None
        self._ended = False
        self._then: list[Callable[[Future[T]], object]] = []
        # Held until the end; who waits takes it and lets it go for the next.
        self._gate = threading.Lock()
        self._gate.acquire()

    def __repr__(self) -> str:
        state = "pending" if not self._ended else "failed" if self._error is not None else "finished"
        return f"<Outcome {state}>"

    def cancel(self) -> bool:
        """Never: queued work is done."""
        return False

    def cancelled(self) -> bool:
        """Never."""
        return False

    def running(self) -> bool:
        """Nobody asks whether it waits or runs: it has not ended."""
        return not self._ended

    def done(self) -> bool:
        """Whether it has ended."""
        return self._ended

    def result(self, timeout: float | None = None) -> T:
        """Wait for the result.

        Raises:
            TimeoutError: It did not end in so many seconds.
        """
        error = self.exception(timeout)
        if error is None:
            return cast("T", self._value)
        try:
            raise error
        finally:
            # The error holds this frame: let go of the error, so that both end with their last user.
            del error

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """Wait for the end and return the error, ``None`` after a result.

        Raises:
            TimeoutError: It did not end in so many seconds.
        """
        if not self._ended:
            if not self._gate.acquire(timeout=-1 if timeout is None else max(0.0, timeout)):
                raise TimeoutError
            self._gate.release()
        return self._error

    def add_done_callback(self, fn: Callable[[Future[T]], object]) -> None:
        """Have ``fn`` called at the end, on the writer's thread; at once if it has ended."""
        self._then.append(fn)
        if self._ended:
            self._tell()

    def set_running_or_notify_cancel(self) -> bool:
        """It is never called off."""
        return True

    def set_result(self, result: T) -> None:
        """End with a result."""
        self._value = result
        self._end()

    def set_exception(self, exception: BaseException | None) -> None:
        """End with an error."""
        self._error = exception
        self._end()

    def _end(self) -> None:
        self._ended = True
        self._tell()
        # Last: who waits is awake at once, and would only wait again for this thread to go to sleep.
        self._gate.release()

    def _tell(self) -> None:
        """Call what was asked for; each is taken out of the list by one thread alone."""
        while self._then:
            try:
                fn = self._then.pop(0)
            except IndexError:  # the other thread took it
                return
            try:
                fn(self)
            except Exception:
                log.exception("what waited for work on the database failed")
