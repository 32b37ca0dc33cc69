"""The log: warnings and mistakes of ours in a file that only the user can read.

No key and no message's text is ever logged. Without this, Python would print warnings over the
full screen.
"""

from __future__ import annotations

import logging
import os
from typing import IO, TYPE_CHECKING, Any

from tui.core.trace import steps_to

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1_000_000
"""Bytes after which a log is begun anew; the one before is kept beside it."""


class Wordless(logging.Formatter):
    """Tells of an exception where it came from, and not its words: what was said may stand in them."""

    def formatException(self, ei: Any) -> str:
        """The places in the code, and the class."""
        return steps_to(ei[1])


class LogFile(logging.FileHandler):
    """A log file that is made when there is something to log; one that can't be made costs nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, delay=True, encoding="utf-8")
        self._path = path
        self.setFormatter(Wordless("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def _open(self) -> IO[str]:  # type: ignore[override]  # a TextIOWrapper all the same
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._path.exists() and self._path.stat().st_size > LARGEST:
            self._path.replace(self._path.with_suffix(".old.log"))
        return os.fdopen(
            os.open(self._path, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600),
            "a",
            encoding="utf-8",
        )

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing: the screen is no place for it, and there is no other."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, if it can be written."""
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)


def log_to(path: Path) -> None:
    """Send everything from a warning upwards to this file, for the rest of the process."""
    _log_by(LogFile(path))


def log_nowhere() -> None:
    """Drop what would be logged, for the rest of the process."""
    _log_by(logging.NullHandler())


def _log_by(handler: logging.Handler) -> None:
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
