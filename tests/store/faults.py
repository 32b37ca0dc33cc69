"""A disk that fails at a chosen system call: what lies under the store, with faults put in."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

CALLS = ["open", "write", "fsync", "link", "rename", "replace", "mkdir", "ftruncate"]
"""System calls that change a disk, by their names in `os`. Reading is another matter."""

ERRORS = [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS]


class Disk:
    """Counts calls, and lets one of them fail, or all from one on."""

    def __init__(self, fails_at: int, error: int, *, for_good: bool = False) -> None:
        """`fails_at` counts from 0; with `for_good` all later calls fail too."""
        self.count = 0
        self._fails_at = fails_at
        self._error = error
        self._for_good = for_good

    @property
    def has_failed(self) -> bool:
        """Whether a call has failed."""
        return self.count > self._fails_at

    def wrapped(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        """A system call on this disk. A write that fails has written half."""

        def call(*given: Any, **named: Any) -> Any:
            if name == "open" and not given[1] & (os.O_WRONLY | os.O_RDWR):
                return real(*given, **named)
            at, self.count = self.count, self.count + 1
            if at < self._fails_at or (at > self._fails_at and not self._for_good):
                return real(*given, **named)
            if name == "write" and len(given[1]) > 1:
                real(given[0], given[1][: len(given[1]) // 2])
            raise OSError(self._error, os.strerror(self._error))

        return call


@contextmanager
def failing(disk: Disk) -> Iterator[None]:
    """Work on that disk meanwhile."""
    real = {name: getattr(os, name) for name in CALLS}
    for name, function in real.items():
        setattr(os, name, disk.wrapped(name, function))
    try:
        yield
    finally:
        for name, function in real.items():
            setattr(os, name, function)
