"""Journals of replies in the making: one file each, JSON lines, only ever appended to.

A journal belongs to the process that began it, by a kernel lock. When that process is gone the next
one that looks takes it over. A line that is not whole, and all behind it, is as if it were not there.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any

from tui.core.text import scrub
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.owning import Owned

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence
    from pathlib import Path

    from tui.store.places import Places

SUFFIX = ".jsonl"


class FileDiary:
    """The journal of one reply; implements `core.ports.Diary`."""

    def __init__(self, path: Path, owned: Owned, own: set[str]) -> None:
        """`own`: the names of the journals that are this process's."""
        self._path = path
        self._owned = owned
        self._own = own
        self._is_there = False
        self.session_id, self.message_id = whose(path.name)
        own.add(path.name)

    def write(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Add records durably. Raises `Failure`; the file is then as it was."""
        lines = (json.dumps(record, ensure_ascii=False, default=str) for record in records)
        data = scrub("".join(f"{line}\n" for line in lines)).encode()
        try:
            if self._is_there:
                atomic.append(self._path, data)
            else:
                atomic.create(self._path, data)
                self._is_there = True
        except OSError as error:
            raise disk_failure(error, self._path, "save") from error

    def read(self) -> list[dict[str, Any]]:
        """All whole records. Raises `Failure`."""
        try:
            return records_of(self._path.read_bytes())
        except OSError as error:
            raise disk_failure(error, self._path, "read") from error

    def discard(self) -> None:
        """Remove the journal. What can't be removed is found to be saved already, later."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Let go of it."""
        self._owned.release()
        self._own.discard(self._path.name)


class NoDiary:
    """A journal that keeps nothing; implements `core.ports.Diary`."""

    def __init__(self, session_id: str, message_id: str) -> None:
        self.session_id, self.message_id = session_id, message_id

    def write(self, records: Sequence[Mapping[str, Any]]) -> None:
        """Nothing."""

    def read(self) -> list[dict[str, Any]]:
        """No record."""
        return []

    def discard(self) -> None:
        """Nothing."""

    def release(self) -> None:
        """Nothing."""


class FileJournal:
    """The journals in the state folder; implements `core.ports.Journal`."""

    def __init__(self, places: Places, skips: Container[str] = frozenset()) -> None:
        """`skips`: sessions of whose replies nothing is written; it may change."""
        self._places = places
        self.skips = skips
        self.own: set[str] = set()
        """Names of the journals that are this process's."""

    def begin(self, session_id: str, message_id: str) -> FileDiary | NoDiary:
        """A new journal. Raises `Failure`."""
        if session_id in self.skips:
            return NoDiary(session_id, message_id)
        self._places.ensure(self._places.journal)
        path = path_in(self._places, session_id, message_id)
        owned = Owned.take(self._places, path.name)
        if owned is None:
            raise disk_failure(FileExistsError(17, "taken"), path, "begin")
        return FileDiary(path, owned, self.own)

    def left_behind(self, session_id: str | None = None) -> Iterator[FileDiary]:
        """The journals whose owner is gone, oldest first. Each is to be discarded or released."""
        for path in self._paths():
            if session_id not in {None, whose(path.name)[0]}:
                continue
            owned = Owned.take(self._places, path.name)
            if owned is None:
                continue
            if path.exists():
                yield FileDiary(path, owned, self.own)
            else:  # its owner has just saved the reply
                owned.release()

    def _paths(self) -> list[Path]:
        try:
            with os.scandir(self._places.journal) as entries:
                names = sorted(entry.name for entry in entries if entry.name.endswith(SUFFIX))
        except OSError:
            return []  # there is none yet
        return [self._places.journal / name for name in names if not name.startswith(".")]


def path_in(places: Places, session_id: str, message_id: str) -> Path:
    """Where the journal of a reply lies."""
    return places.journal / f"{session_id}.{message_id}{SUFFIX}"


def whose(name: str) -> tuple[str, str]:
    """The session and the reply that a journal is of, by its file's name."""
    session_id, _, message_id = name.removesuffix(SUFFIX).rpartition(".")
    return session_id, message_id


def records_of(data: bytes) -> list[dict[str, Any]]:
    """The records in a journal's bytes, up to the first that is not whole."""
    records = []
    for line in data.split(b"\n"):
        if not line:
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            break
        if not isinstance(record, dict):
            break
        records.append(record)
    return records
