"""When a session was thrown away: a line `deleted = …` in its head, as long as it lies in the trash."""

from __future__ import annotations

import contextlib
import os
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.store import atomic
from tui.store.sessions import heads

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY = "deleted"


def mark(path: Path, moment: datetime) -> None:
    """Note the moment in the file's head, unless the head can't be changed. Raises `OSError`."""
    _change(path, {}, {KEY: moment})


def unmark(path: Path) -> None:
    """Take the note out of the file's head, if it stands there. Raises `OSError`."""
    _change(path, {KEY: None}, {})


def deleted_at(path: Path) -> float:
    """When a file in the trash was put there, in seconds since the epoch; rather too late than too early.

    A file that was moved by hand has no note, or an old one: the system's own time counts then.
    Raises `OSError`.
    """
    state = path.stat()
    moment = max(state.st_ctime, state.st_mtime)
    data = path.read_bytes()
    with contextlib.suppress(tomllib.TOMLDecodeError, RecursionError):
        head = tomllib.loads(data[: heads.body_start(data)].decode("utf-8-sig", "replace"))
        noted = head.get(KEY)
        if isinstance(noted, datetime):
            noted = noted if noted.tzinfo else noted.replace(tzinfo=UTC)
            moment = max(noted.timestamp(), moment)
    return moment


def _change(path: Path, base: Mapping[str, object], wanted: Mapping[str, object]) -> None:
    """Change the head; the time at which the chat was last written to stays."""
    from tui.core.session import SCHEMA
    from tui.store.sessions.head_edit import edited

    state = path.stat()
    data = path.read_bytes()
    if heads.schema_of(data) > SCHEMA:
        return
    try:
        changed = edited(path, data, base, wanted)
    except Failure:  # a damaged head stays as it is: the system knows the time as well
        return
    if changed != data:
        atomic.replace(path, changed)
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
