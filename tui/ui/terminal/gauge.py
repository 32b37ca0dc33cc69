"""Knows whether the terminal has taken the last frame.

Textual 8.2.8 hands what it writes to a thread through a queue of 30 texts, and blocks the event loop
when that is full. Over a slow line a key press is then seen after thirty frames. The gauge stands
between the thread and its file (`driver._file`), so that the next frame is made only when the last
one is gone: there is never more than one on its way.
"""

from __future__ import annotations

from threading import Lock, current_thread
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Thread


class Frame(str):
    """A frame among the other things that are written."""

    __slots__ = ("number", "rest")
    number: int
    rest: bytes
    """What is to be written in its place: the end of one whose beginning is written already."""


class Gauge:
    """A file for Textual's writer, and what is known of the frames that went through it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = Lock()
        self._issued = 0
        self._buffered = 0
        self._passed = 0
        self._then: Callable[[], object] | None = None
        self._writer: Thread | None = None
        self._written = self._flushed = 0

    def frame(self, text: str) -> Frame:
        """The text as the next frame, to be written at once."""
        self._issued += 1
        frame = Frame(text)
        frame.number = self._issued
        frame.rest = b""
        return frame

    def rest(self, data: bytes) -> Frame:
        """The end of a frame, to be written at once."""
        frame = self.frame("")
        frame.rest = data
        return frame

    def is_idle(self, writer: Thread, count: int) -> bool:
        """Whether a writer's thread has written and flushed all of the texts that it was given."""
        with self._lock:
            return self._writer is writer and self._flushed == count

    def is_busy(self, then: Callable[[], object]) -> bool:
        """Whether a frame is still on its way.

        If so, `then` is called once, from the writer's thread, as soon as it is gone.
        """
        with self._lock:
            if self._passed >= self._issued:
                return False
            self._then = then
            return True

    def reset(self) -> None:
        """Wait for nothing that was issued so far: its writer may never write it."""
        with self._lock:
            self._passed = self._issued

    def write(self, text: str) -> None:
        """Write for the writer's thread."""
        writer = current_thread()
        if writer is not self._writer:
            self._writer, self._written = writer, 0
        self._written += 1
        if not isinstance(text, Frame):
            self._file.write(text)
            return
        if text.rest:
            self._file.flush()
            self._file.buffer.write(text.rest)
        else:
            self._file.write(text)
        self._buffered = text.number

    def flush(self) -> None:
        """Flush for the writer's thread; returns when the terminal's line has taken everything."""
        self._file.flush()
        with self._lock:
            self._flushed = self._written
            self._passed = max(self._passed, self._buffered)
            if self._passed < self._issued or self._then is None:
                return
            then, self._then = self._then, None
        then()

    def fileno(self) -> int:
        """The descriptor of the file behind it."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether the file behind it is a terminal."""
        return self._file.isatty()
