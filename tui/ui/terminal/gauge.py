"""Knows whether the terminal has taken the last frame.

Textual 8.2.8 hands what it writes to a thread through a queue of 30 texts, and blocks the event loop
when that is full. Over a slow line a key press is then seen after thirty frames. The gauge stands
between the thread and its file (`driver._file`), so that the next frame is made only when the last
one is gone: there is never more than one on its way.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable


class Frame(str):
    """A frame among the other things that are written."""

    __slots__ = ("number",)
    number: int


class Gauge:
    """A file for Textual's writer, and what is known of the frames that went through it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._lock = Lock()
        self._issued = 0
        self._buffered = 0
        self._passed = 0
        self._then: Callable[[], object] | None = None

    def frame(self, text: str) -> Frame:
        """The text as the next frame, to be written at once."""
        self._issued += 1
        frame = Frame(text)
        frame.number = self._issued
        return frame

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
        self._file.write(text)
        if isinstance(text, Frame):
            self._buffered = text.number

    def flush(self) -> None:
        """Flush for the writer's thread; returns when the terminal's line has taken everything."""
        self._file.flush()
        with self._lock:
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
