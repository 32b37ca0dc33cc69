"""Removes for good what has lain in the trash for long."""

from __future__ import annotations

import contextlib
import glob
import logging
import os
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.words import Place
from tui.store.disk import disk_failure
from tui.store.filing import trash_mark
from tui.store.sessions import whereabouts
from tui.store.sessions.locking import locked

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.places import Places

DAYS = 30
"""How long a chat can be taken out of the trash, in days."""

DAY_S = 24 * 3600.0

log = logging.getLogger("bise.filing")


def purge_old(places: Places, now: float, days: float = DAYS) -> list[str]:
    """Remove the sessions that have lain in the trash for so many days at `now`; gives their ids.

    `now` is in seconds since the epoch. What can't be removed stays, and is logged.
    """
    purged = []
    for session_id in in_trash(places):
        try:
            if _purge_if_old(places, session_id, now - days * DAY_S):
                purged.append(session_id)
        except (Failure, OSError) as error:
            log.warning("the chat %s was not removed from the trash: %s", session_id, error)
    if purged:
        log.warning("removed after %g days in the trash: %s", days, ", ".join(purged))
    return purged


def purge(places: Places, session_id: str) -> None:
    """Remove a session in the trash for good, now. Raises `Failure`."""
    path = whereabouts.path_in(places, Place.TRASH, session_id)
    with locked(places, session_id):
        try:
            _remove(places, session_id, path)
        except OSError as error:
            raise disk_failure(error, path, "remove") from error


def in_trash(places: Places) -> list[str]:
    """The ids of all sessions in the trash."""
    folder = whereabouts.folder_of(places, Place.TRASH)
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        names = [e.name for e in entries if e.name.endswith(whereabouts.SUFFIX)]
        return sorted(
            name.removesuffix(whereabouts.SUFFIX) for name in names if not name.startswith(".")
        )
    return []


def _purge_if_old(places: Places, session_id: str, before: float) -> bool:
    path = whereabouts.path_in(places, Place.TRASH, session_id)
    if path.stat().st_mtime > before:  # which is all that is to be looked at of most
        return False
    with locked(places, session_id):
        if not path.is_file() or trash_mark.deleted_at(path) > before:
            return False
        _remove(places, session_id, path)
    return True


def _remove(places: Places, session_id: str, path: Path) -> None:
    """Remove a file, the copies that were made of it when it was damaged or changed, and what was typed for it."""
    path.unlink()
    if whereabouts.place_of(places, session_id) is not None:
        return  # there is another chat of that id: the copies may be its own
    folders = [*(whereabouts.folder_of(places, place) for place in Place), places.backup]
    pattern = f"{glob.escape(path.name)}.*"
    copies = [copy for folder in folders for copy in folder.glob(pattern)]
    typed = [folder / f"{session_id}.txt" for folder in (places.drafts, places.waiting)]
    for left in [*copies, *typed]:
        with contextlib.suppress(OSError):
            left.unlink(missing_ok=True)
