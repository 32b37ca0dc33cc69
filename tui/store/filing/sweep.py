"""Clears away what killed processes have left: half-written files and locks that nobody holds."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.words import Place
from tui.store.owning import Owned
from tui.store.sessions import whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.store.places import Places

OLD_S = 24 * 3600.0
"""The age from which on left-overs are cleared away, in seconds."""

_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{12}\.tmp")


def sweep(places: Places, now: float) -> int:
    """Remove left-overs that are older than a day at `now`, in seconds since the epoch; gives how many.

    What can't be removed stays. A lock is removed only while it is ours.
    """
    filed = (whereabouts.folder_of(places, place) for place in Place)
    states = (places.journal, places.drafts, places.waiting, places.config)
    folders = (*filed, places.files, places.backup, *states)
    removed = 0
    for folder in folders:
        for path in _old(folder, now):
            if _TEMPORARY.fullmatch(path.name):
                with contextlib.suppress(OSError):
                    path.unlink()
                    removed += 1
    for path in _old(places.locks, now):
        if path.suffix == ".lock":
            removed += _free(places, path)
    return removed


def _free(places: Places, path: Path) -> bool:
    try:
        owned = Owned.take(places, path.stem)
    except Failure:
        return False
    if owned is None:
        return False
    owned.release()
    return not path.exists()


def _old(folder: Path, now: float) -> Iterator[Path]:
    """The plain files of a folder that have not been touched for so long."""
    try:
        with os.scandir(folder) as entries:
            found = list(entries)
    except OSError:
        return
    for entry in found:
        with contextlib.suppress(OSError):
            if entry.is_file(follow_symlinks=False):
                state = entry.stat(follow_symlinks=False)
                if now - state.st_mtime > OLD_S:
                    yield folder / entry.name
