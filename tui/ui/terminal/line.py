"""A way of our own to the terminal, on which writing never waits.

Handing a frame to Textual 8.2.8's thread costs as much as making a small one, and the thread has to wait
for the interpreter. The terminal is opened once more, so that its being non-blocking is known to
nobody else: a shell that shares the file of standard error would trip over that.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self, TextIO


class Line:
    """The terminal as a descriptor that takes what it can take now."""

    def __init__(self, descriptor: int, encoding: str) -> None:
        self._descriptor = descriptor
        self._encoding = encoding

    @classmethod
    def to(cls, file: TextIO) -> Self | None:
        """A line to the terminal behind a file; None if there is none, or it can't be opened again."""
        try:
            name = os.ttyname(file.fileno())
            descriptor = os.open(name, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except (AttributeError, OSError, ValueError):  # Windows, no terminal, not ours to open
            return None
        return cls(descriptor, file.encoding or "utf-8")

    def write(self, text: str) -> bytes:
        """Write what the terminal takes now; gives the rest."""
        data = text.encode(self._encoding, "replace")
        try:
            return data[os.write(self._descriptor, data) :]
        except OSError:  # full, or gone: whoever writes the rest will see
            return data

    def close(self) -> None:
        """Let go of the terminal."""
        os.close(self._descriptor)
