"""The end of a session file: its last message, and when that was said, without reading the others."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MARK = re.compile(rb"(?m)^[ \t]*\[\[[ \t]*message[ \t]*\]\]")
"""The line that begins a message. In what we write, no other line looks like this."""

_OURS = b"\n[[message]]\n"
_STEP = 1 << 12
_MOST = 1 << 20
_CREATED = re.compile(
    rb"(?m)^created = (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))\s*$"
)
_CONTENT = re.compile(rb"(?m)^(?:content =|\[)")
_SECONDS = re.compile(rb"(?m)^seconds = (\d+(?:\.\d+)?)$")
_COMPLETION = b"\n[message.completion]\n"


def read_tail(path: Path) -> bytes:
    """The file from the line on that begins its last message; all of it if it has none."""
    with path.open("rb", buffering=0) as file:
        return _tail(file)


def last_said(file: IO[bytes], first: bytes) -> float | None:
    """When the last message of a file had come, in seconds since the epoch; None if that is not told there.

    `first` is the beginning of the file, or all of it.
    """
    size = os.fstat(file.fileno()).st_size
    tail = first if size <= len(first) else _tail(file, _MOST)
    begin = tail.rfind(_OURS)
    if begin < 0:
        begin = max((match.start() for match in MARK.finditer(tail)), default=-1)
    if begin < 0:
        return None
    block = tail[tail.find(b"\n", begin + 1) + 1 :]
    content = _CONTENT.search(block)
    created = _CREATED.search(block, 0, content.start() if content else len(block))
    if created is None:
        return None
    try:
        moment = datetime.fromisoformat(created.group(1).decode().replace("Z", "+00:00"))
        seconds = _SECONDS.search(block, max(0, block.rfind(_COMPLETION)))
        took = float(seconds.group(1)) if seconds and _COMPLETION in block else 0.0
        return moment.astimezone(UTC).timestamp() + took
    except (ValueError, OverflowError):
        return None


def _tail(file: IO[bytes], most: int | None = None) -> bytes:
    """The file from its last message on; if that is longer than `most`, only that much of the end or more."""
    at, step, tail = file.seek(0, os.SEEK_END), _STEP, b""
    while at and (most is None or len(tail) < most):
        step, end = 2 * step, at
        at = max(0, end - step)
        file.seek(at)
        tail = file.read(end - at) + tail
        line = tail.find(b"\n") if at else 0  # the first line may be cut
        found = [match.start() for match in MARK.finditer(tail, max(0, line))]
        if line >= 0 and found:
            return tail[found[-1] :]
    return tail
