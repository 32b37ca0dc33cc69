"""Finds a session's file: among the open chats, in the archive or in the trash.

Everything here is by name alone. A file is moved only by somebody who holds its session's lock.
"""

from __future__ import annotations

import errno
import logging
import os
import stat
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.words import Place
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.filing import trash_mark

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.places import Places

SUFFIX = ".toml"

LOOKS = 3
"""So often all places are looked at for a session: between two of them it may be moved past the look."""

log = logging.getLogger("bise.filing")


def folder_of(places: Places, place: Place) -> Path:
    """The folder of what is filed in a place."""
    return places.sessions / place if place else places.sessions


def check_id(session_id: str) -> None:
    """Raise `Failure` if that can't be a session's id, since it would lead out of the folder."""
    if session_id.startswith(".") or not session_id or set(session_id) & {"/", "\\", "\0"}:
        raise no_session(session_id)


def path_in(places: Places, place: Place, session_id: str) -> Path:
    """Where a session's file lies if it is filed there. Raises `Failure` if that can't be an id."""
    check_id(session_id)
    return folder_of(places, place) / f"{session_id}{SUFFIX}"


def place_of(places: Places, session_id: str) -> Place | None:
    """Where a session is filed, or None if it has no file. Raises `Failure` if that can't be an id."""
    for _ in range(LOOKS):
        for place in Place:
            if _is_there(path_in(places, place, session_id)):
                return place
    return None


def path_of(places: Places, session_id: str) -> Path:
    """Where a session's file lies, or would lie if it had one. Raises `Failure` if that can't be an id."""
    return path_in(places, place_of(places, session_id) or Place.OPEN, session_id)


def out_of_trash(places: Places, session_id: str) -> Path:
    """Where a session's file lies, taken out of the trash if it was there. The caller holds its lock.

    Raises `Failure` if it can't be moved.
    """
    path = path_of(places, session_id)
    if path != path_in(places, Place.TRASH, session_id):
        return path
    back = path_in(places, Place.OPEN, session_id)
    try:
        move(path, back)
        trash_mark.unmark(back)
    except OSError as error:
        raise disk_failure(error, back, "take out of the trash") from error
    log.warning("the chat %s was in the trash; it is back, since it was gone on with", session_id)
    return back


def move(path: Path, target: Path) -> None:
    """Move a file to where none is, durably. Raises `OSError`; the file is then where it was."""
    path.rename(target)
    atomic.sync_folder(target.parent)
    atomic.sync_folder(path.parent)


def read_plain(path: Path) -> bytes:
    """What stands in a file. Raises `OSError`, also for what is no plain file: a pipe would wait for ever."""
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is no plain file")
    return path.read_bytes()


def no_session(session_id: str) -> Failure:
    """The failure to raise where there is no session of that id."""
    return Failure(FailureKind.DISK, f"There is no chat with the id {session_id!r}.")


def _is_there(path: Path) -> bool:
    try:
        return path.exists() or path.is_symlink()
    except OSError:  # no permission, a name that is too long: opening it will tell
        return False
