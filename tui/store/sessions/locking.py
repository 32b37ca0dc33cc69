"""A kernel lock per session: whoever writes to its file, moves or replaces it holds it meanwhile."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.store.disk import disk_failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui.store.places import Places

WAIT_S = 10.0
"""How long another process may hold a lock before giving up, in seconds."""

POLL_S = 0.01
"""How often a lock that another holds is tried: it is held for a few milliseconds, and who tries seldom waits long."""


@contextlib.contextmanager
def locked(places: Places, session_id: str, wait_s: float = WAIT_S) -> Iterator[None]:
    """Hold a session's lock. Raises `Failure` if it can't be had within `wait_s` seconds."""
    import filelock

    file = places.ensure(places.locks) / f"{session_id}.lock"
    lock = filelock.FileLock(file, timeout=wait_s, mode=0o600, poll_interval=POLL_S)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise Failure(
            FailureKind.DISK,
            f"Another program has kept the chat {session_id} locked for {wait_s:.0f} s",
            advice="Close the other bise, or wait for it.",
            retryable=True,
        ) from None
    except OSError as error:
        raise disk_failure(error, file, "lock") from error
    try:
        yield
    finally:
        lock.release()
