"""Removes the files of messages that no session refers to any more.

A file is looked at when it has not been used for thirty days. If a session refers to it, wherever
that is filed, it counts as used now. If none does, it is marked, and goes thirty days later.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
from typing import TYPE_CHECKING

from tui.core.words import Place
from tui.store.filing.purging import DAY_S, DAYS
from tui.store.sessions.attachments import LOCK, UNUSED
from tui.store.sessions.locking import locked
from tui.store.sessions.whereabouts import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.store.places import Places

_NAME = re.compile(r"[0-9a-f]{64}\.[a-z0-9]{1,8}")
_MENTION = re.compile(rb"files/([0-9a-f]{64}\.[a-z0-9]{1,8})")

log = logging.getLogger("bise.filing")


def collect(places: Places, now: float, days: float = DAYS) -> list[str]:
    """Mark or remove files that nobody refers to; gives the names of those that were removed.

    `now` is in seconds since the epoch. If a single session can't be read, nothing is done: it may
    refer to any of them. Raises `Failure` if the lock can't be had.
    """
    old = list(_old(places, now - days * DAY_S))
    if not old:
        return []
    try:
        mentioned = _mentioned(places)
    except OSError as error:
        log.warning("no unused files were looked for: %s", error)
        return []
    removed = []
    with locked(places, LOCK):
        for path in old:
            with contextlib.suppress(OSError):  # it stays, and is looked at again
                if path.stat().st_mtime <= now - days * DAY_S and _settle(path, mentioned, now):
                    removed.append(path.name)
    if removed:
        log.warning("removed %d files that no chat refers to", len(removed))
    return removed


def _settle(path: Path, mentioned: set[str], now: float) -> bool:
    """Deal with one old file; whether it was removed."""
    name = path.name.removesuffix(UNUSED)
    is_marked = path.name != name
    if name in mentioned:
        if is_marked:
            path = path.rename(path.with_name(name))
        os.utime(path, (now, now))
        return False
    if is_marked:
        path.unlink()
        return True
    os.utime(path, (now, now))
    path.rename(path.with_name(name + UNUSED))
    return False


def _old(places: Places, before: float) -> Iterator[Path]:
    with contextlib.suppress(FileNotFoundError), os.scandir(places.files) as entries:
        for entry in entries:
            is_ours = _NAME.fullmatch(entry.name.removesuffix(UNUSED))
            if is_ours and entry.stat(follow_symlinks=False).st_mtime <= before:
                yield places.files / entry.name


def _mentioned(places: Places) -> set[str]:
    """The names of all files that anything refers to: chats, copies of chats, replies in the making."""
    folders = [*(folder_of(places, place) for place in Place), places.backup, places.journal]
    found: set[str] = set()
    for folder in folders:
        with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file():
                    data = (folder / entry.name).read_bytes()
                    found.update(match.decode() for match in _MENTION.findall(data))
    return found
