"""Writing files so that a crash at any moment leaves the old content or the new, never half of it.

All files are made 0600, whatever the umask. Functions raise `OSError`; callers put it into words.
"""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOEXEC = getattr(os, "O_CLOEXEC", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}


def replace(path: Path, data: bytes) -> None:
    """Put `data` in the place of the file's content; a link is followed and stays a link."""
    target = Path(os.path.realpath(path))
    with _beside(target, data) as temporary:
        temporary.replace(target)
    sync_folder(target.parent)


def create(path: Path, data: bytes) -> None:
    """Write a file that must not exist yet; raises `FileExistsError` if it does."""
    with _beside(path, data) as temporary:
        try:
            os.link(temporary, path)
        except OSError as error:
            if error.errno not in _NO_HARD_LINKS:
                raise
            _write_new(path, data)
    sync_folder(path.parent)


def append(path: Path, data: bytes) -> os.stat_result:
    """Put `data` at the end of a file that exists, and give back the file's state afterwards.

    It is one write, made durable before this returns. If it fails, the file is cut back to what it
    was. The caller holds a lock.
    """
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | _CLOEXEC | _BINARY)
    try:
        size = os.fstat(fd).st_size
        try:
            _write_all(fd, data)
            os.fsync(fd)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(fd, size)
            raise
        return os.fstat(fd)
    finally:
        os.close(fd)


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable, where the system can."""
    with contextlib.suppress(OSError):  # Windows and some network disks can't open or sync folders
        fd = os.open(folder, os.O_RDONLY | _CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


@contextlib.contextmanager
def _beside(path: Path, data: bytes) -> Iterator[Path]:
    temporary = path.parent / f".{path.name[:100]}.{os.urandom(6).hex()}.tmp"
    try:
        _write_new(temporary, data)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _write_new(path: Path, data: bytes) -> None:
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _CLOEXEC | _BINARY, 0o600)
    try:
        if hasattr(os, "fchmod"):
            os.fchmod(fd, 0o600)
        _write_all(fd, data)
        os.fsync(fd)
    except OSError:
        with contextlib.suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(fd)


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
