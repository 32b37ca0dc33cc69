"""Which chats nobody has looked at since something came in them: one tiny file per chat in the state folder."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.words import News
from tui.store.disk import disk_failure
from tui.store.sessions import whereabouts

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from pathlib import Path

    from tui.store.places import Places


class FileNews:
    """Implements `core.ports.NewsKeeper`. A file per chat, so that no instance overwrites what another notes."""

    def __init__(self, places: Places, skips: Container[str] = frozenset()) -> None:
        """`skips`: chats of which nothing is written; it may change."""
        self._places = places
        self._skips = skips

    def load(self) -> dict[str, News]:
        """What was noted, by chat; notes about chats that are gone are removed. What can't be read is nothing."""
        found: dict[str, News] = {}
        with suppress(OSError), os.scandir(self._places.unread) as entries:
            for entry in entries:
                with suppress(OSError, Failure):
                    if not entry.is_file(follow_symlinks=False):
                        continue
                    path = self._places.unread / entry.name
                    if whereabouts.place_of(self._places, entry.name) is None:
                        path.unlink()
                    else:
                        found[entry.name] = _read(path)
        return found

    def keep(self, changes: Mapping[str, News | None]) -> None:
        """Note these; None: somebody has looked. Raises `Failure`."""
        for chat_id, news in changes.items():
            whereabouts.check_id(chat_id)
            path = self._places.unread / chat_id
            try:
                if news is None:
                    path.unlink(missing_ok=True)
                elif chat_id not in self._skips:
                    self._places.ensure(path.parent)
                    _write(path, news)
            except OSError as error:
                raise disk_failure(error, path, "save") from error


def _read(path: Path) -> News:
    with path.open("rb", buffering=0) as file:
        word = file.read(32).decode("utf-8", "replace").strip()
    return News(word) if word in set(News) else News.CAME


def _write(path: Path, news: News) -> None:
    """Not made durable: it is worth no wait for the disk."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(fd, f"{news}\n".encode())
    finally:
        os.close(fd)
