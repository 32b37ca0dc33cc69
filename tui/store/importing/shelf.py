"""The files of an export: a file alone, a folder or a zip archive.

Nothing is ever unpacked to the disk, links are not followed out of a folder, and what an archive
says of its size is believed before it is read, so that a small one can't become endless.
"""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.store.disk import disk_failure
from tui.store.sessions.whereabouts import read_plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST_PART = 4 << 30
"""Bytes that a file in an archive may have."""
DENSEST = 400
"""How many times smaller than itself a large file in an archive may be; text is at most 100 times."""
LARGEST_ATTACHMENT = 64 << 20
MOST_FILES = 200_000
UNREADABLE = (
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a file in an archive may raise."""

_DEEPEST = 4
_SMALL = 8 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of an export."""

    name: str
    """Where it stands, with `/` between folders."""
    size: int
    changed: datetime

    @property
    def base(self) -> str:
        """Its name alone."""
        return self.name.rpartition("/")[2]

    @property
    def stem(self) -> str:
        """Its name alone, without its ending."""
        return self.base.rpartition(".")[0] or self.base


class Reader:
    """The bytes of one file, from the beginning; a context. Raises `Failure` if they can't be had."""

    def __init__(self, file: IO[bytes], label: str) -> None:
        self._file, self._label = file, label

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        """At most so many bytes; none at the end."""
        try:
            return self._file.read(size)
        except UNREADABLE as error:
            raise refused(f"{self._label} can't be read: {error}") from error


class Shelf(ABC):
    """The files of an export; a context in which they can be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts: list[Part] = []
        self._by_name: dict[str, Part] = {}

    def __enter__(self) -> Shelf:
        for part in self._listed():
            self.parts.append(part)
            if len(self.parts) > MOST_FILES:
                raise refused(f"{self.path} holds more than {MOST_FILES} files")
        self.parts.sort(key=lambda part: part.name)
        self._by_name = {part.name: part for part in self.parts}
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @abstractmethod
    def _listed(self) -> Iterator[Part]: ...

    @abstractmethod
    def open(self, part: Part) -> Reader:
        """The bytes of a file, from the beginning. Raises `Failure`."""

    def close(self) -> None:  # noqa: B027 - most have nothing to close
        """Let go of what is open."""

    def path_of(self, part: Part) -> Path | None:
        """Where the file lies on the disk; None if it is in an archive."""
        return self.path if part.name == self.path.name else self.path / part.name

    def named(self, name: str) -> Part | None:
        """The file with that name, or None."""
        return self._by_name.get(name)

    def containing(self, word: str) -> Part | None:
        """The first file whose own name contains the word, or None."""
        return next((part for part in self.parts if word in part.base), None) if word else None

    def attachment(self, part: Part) -> bytes | None:
        """All bytes of a file that belongs to a message; None if it is too large or can't be read."""
        if part.size > LARGEST_ATTACHMENT:
            return None
        try:
            with self.open(part) as file:
                data = file.read(LARGEST_ATTACHMENT + 1)
        except Failure:
            return None
        return data if len(data) <= LARGEST_ATTACHMENT else None


class Alone(Shelf):
    """One file."""

    def _listed(self) -> Iterator[Part]:
        state = _state(self.path)
        yield Part(self.path.name, state.st_size, _changed(state.st_mtime))

    def open(self, part: Part) -> Reader:  # noqa: ARG002 - there is but one
        """The file's bytes."""
        return _opened(self.path)


class Folder(Shelf):
    """A folder and what lies below it, a few levels deep."""

    def _listed(self) -> Iterator[Part]:
        waiting = [(self.path, 0)]
        while waiting:
            folder, depth = waiting.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError as error:
                raise disk_failure(error, folder, "read") from error
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False) and depth < _DEEPEST:
                    waiting.append((folder / entry.name, depth + 1))
                elif entry.is_file(follow_symlinks=False):
                    state = entry.stat(follow_symlinks=False)
                    name = (folder / entry.name).relative_to(self.path).as_posix()
                    yield Part(name, state.st_size, _changed(state.st_mtime))

    def open(self, part: Part) -> Reader:
        """The bytes of a file in it."""
        return _opened(self.path / part.name)


class Archive(Shelf):
    """A zip archive, read in place."""

    def _listed(self) -> Iterator[Part]:
        try:
            self._zip = zipfile.ZipFile(self.path)
        except UNREADABLE as error:
            raise refused(f"{self.path} is no zip archive that can be read: {error}") from error
        self._infos = {info.filename: info for info in self._zip.infolist() if not info.is_dir()}
        for info in self._infos.values():
            try:
                changed = datetime(*info.date_time, tzinfo=UTC)
            except ValueError:
                changed = datetime(1980, 1, 1, tzinfo=UTC)
            yield Part(info.filename, info.file_size, changed)

    def open(self, part: Part) -> Reader:
        """The bytes of a file in it. Raises `Failure` if it is far larger than it seems."""
        info = self._infos[part.name]
        dense = info.file_size > DENSEST * max(1, info.compress_size)
        if info.file_size > LARGEST_PART or (dense and info.file_size > _SMALL):
            words = f"would become {info.file_size >> 20} MB of {info.compress_size >> 10} kB"
            raise refused(f"{part.name} in {self.path} is refused: it {words}")
        try:
            return Reader(self._zip.open(info), f"{part.name} in {self.path}")
        except UNREADABLE as error:
            raise refused(f"{part.name} in {self.path} can't be read: {error}") from error

    def close(self) -> None:
        """Close the archive."""
        self._zip.close()

    def path_of(self, part: Part) -> Path | None:  # noqa: ARG002 - none has one
        """None: nothing in it lies on the disk."""
        return None


def shelf_of(path: Path) -> Shelf:
    """The files of an export. Raises `Failure` if there is nothing that can be read."""
    state = _state(path)
    if stat.S_ISDIR(state.st_mode):
        return Folder(path)
    with _opened(path) as file:
        return Archive(path) if file.read(4) == b"PK\x03\x04" else Alone(path)


def beside(path: Path, name: str) -> bytes | None:
    """The bytes of a small plain file below the folder of another; None if it can't be had."""
    target = path.parent / name
    try:
        if target.is_symlink() or target.stat().st_size > LARGEST_ATTACHMENT:
            return None
        return read_plain(target)
    except OSError:
        return None


def refused(words: str) -> Failure:
    """The failure to raise for what is not read."""
    return Failure(FailureKind.DISK, words)


def _state(path: Path) -> os.stat_result:
    try:
        state = path.stat()
    except OSError as error:
        raise disk_failure(error, path, "read") from error
    except ValueError as error:  # a NUL in the name
        raise refused(f"{str(path)!r} is no path") from error
    if not (stat.S_ISREG(state.st_mode) or stat.S_ISDIR(state.st_mode)):
        raise refused(f"Could not read {path}: it is neither a plain file nor a folder")
    return state


def _opened(path: Path) -> Reader:
    try:
        return Reader(path.open("rb"), str(path))
    except OSError as error:
        raise disk_failure(error, path, "read") from error


def _changed(seconds: float) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)
