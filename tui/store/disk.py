"""What a disk can do to us, as a sentence for the user."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind

if TYPE_CHECKING:
    from pathlib import Path

_CAUSES = {
    errno.ENOSPC: ("the disk is full", "Make room on the disk and try again."),
    errno.EDQUOT: ("your share of the disk is used up", "Make room and try again."),
    errno.EROFS: ("the disk is read-only", "Mount it for writing, or move bise's folders."),
    errno.EACCES: ("permission is denied", "Check the owner and the permissions with `ls -l`."),
    errno.EPERM: ("permission is denied", "Check the owner and the permissions with `ls -l`."),
    errno.ENOENT: ("it is not there", "Check whether the file was moved or deleted."),
    errno.ENOTDIR: ("a part of its path is no folder", "Check the path."),
    errno.EEXIST: ("it is there already", ""),
    errno.EISDIR: ("it is a folder, not a file", "Move the folder away."),
    errno.ELOOP: ("it is a link that leads back to itself", "Remove the link."),
    errno.EIO: ("the disk reports an error", "Check the disk, and keep a copy of your files."),
}


def cause_of(error: OSError) -> str:
    """Why the system refused, in a few words."""
    known = _CAUSES.get(error.errno or 0)
    return known[0] if known else (error.strerror or str(error))


def disk_failure(error: OSError, path: Path, doing: str) -> Failure:
    """The failure to raise for what the system refused; `doing` is such as "read" or "save"."""
    known = _CAUSES.get(error.errno or 0)
    return Failure(
        FailureKind.DISK,
        f"Could not {doing} {path}: {cause_of(error)}",
        advice=known[1] if known else "",
        code=errno.errorcode.get(error.errno or 0),
        retryable=error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO},
    )
