"""What was typed and not sent: one text file per chat in the state folder."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.listing import Draft
from tui.core.text import scrub
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.owning import Owned

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from tui.store.places import Places

SUFFIX = ".txt"


class FileDrafts:
    """The drafts in the state folder; implements `core.ports.Drafts`.

    A draft belongs to the process that wrote it, by a kernel lock, so that no other takes it up
    while it is being typed.
    """

    def __init__(
        self, places: Places, kind: str = "draft", skips: Container[str] = frozenset()
    ) -> None:
        """`kind`: "draft" for what is being typed, "waiting" for what waits to be sent.

        `skips`: chats of which nothing is written; it may change.
        """
        self._skips = skips
        self._places = places
        self._kind = kind
        self._folder = places.waiting if kind == "waiting" else places.drafts
        self._owned: dict[str, Owned] = {}

    def load(self) -> list[Draft]:
        """All drafts, the newest last. Those of other running instances are left out."""
        found = [(path, changed) for path, changed in self._files() if not self._is_others(path)]
        drafts = []
        for path, _ in sorted(found, key=lambda one: one[1]):
            with contextlib.suppress(OSError):
                text = path.read_bytes().decode("utf-8", "replace")
                chat_id = path.name.removesuffix(SUFFIX)
                drafts.append(Draft(chat_id, text, self._has_chat(chat_id)))
        return drafts

    def save(self, chat_id: str, text: str) -> None:
        """Keep a chat's draft; an empty one is removed. Raises `Failure`."""
        if chat_id in self._skips:
            return
        path = self._places.ensure(self._folder) / f"{chat_id}{SUFFIX}"
        try:
            if text.strip():
                self._own(chat_id, path)
                atomic.replace(path, scrub(text).encode())
            else:
                path.unlink(missing_ok=True)
                owned = self._owned.pop(chat_id, None)
                if owned is not None:
                    owned.release()
        except OSError as error:
            raise disk_failure(error, path, "save") from error

    def _own(self, chat_id: str, path: Path) -> None:
        if chat_id not in self._owned:
            owned = Owned.take(self._places, f"{self._kind}.{path.name}")
            if owned is not None:
                self._owned[chat_id] = owned

    def _is_others(self, path: Path) -> bool:
        if path.name.removesuffix(SUFFIX) in self._owned:
            return False
        try:
            owned = Owned.take(self._places, f"{self._kind}.{path.name}")
        except Failure:
            return False  # the draft is worth more than the certainty that nobody types it
        if owned is None:
            return True
        owned.release()
        return False

    def _has_chat(self, chat_id: str) -> bool:
        folder = self._places.sessions
        places = (folder, folder / "archive", folder / "trash")
        return any((place / f"{chat_id}.toml").exists() for place in places)

    def _files(self) -> list[tuple[Path, float]]:
        folder = self._folder
        found: list[tuple[Path, float]] = []
        with contextlib.suppress(OSError), os.scandir(folder) as entries:  # perhaps there are none
            found = [
                (folder / entry.name, entry.stat().st_mtime)
                for entry in entries
                if entry.name.endswith(SUFFIX) and not entry.name.startswith(".")
            ]
        return found
