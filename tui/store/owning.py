"""Who works on a file: kernel locks that any death of a process frees."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from tui.store.disk import disk_failure

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from filelock import BaseFileLock

    from tui.store.places import Places


class Owned:
    """A name that belongs to this process until `release`, or until the process is gone."""

    def __init__(self, lock: BaseFileLock, path: Path) -> None:
        self._lock = lock
        self._path = path

    @classmethod
    def take(cls, places: Places, name: str) -> Self | None:
        """Make the name ours; None if it is somebody's already. Raises `Failure` if locks can't be had."""
        import filelock

        path = places.ensure(places.locks) / f"{name}.lock"
        lock = filelock.FileLock(path, timeout=0, mode=0o600, thread_local=False)
        try:
            lock.acquire()
        except filelock.Timeout:
            return None
        except OSError as error:
            raise disk_failure(error, path, "lock") from error
        return cls(lock, path)

    def release(self) -> None:
        """Let go of the name."""
        if self._lock.is_locked:
            with contextlib.suppress(OSError):
                self._path.unlink()  # while it is ours: nobody can hold it
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
