"""The user's library of system prompts: one Markdown file each in the config folder's `prompts/`."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.prompts import PromptFile
from tui.core.text import scrub
from tui.store import atomic
from tui.store.disk import cause_of, disk_failure

if TYPE_CHECKING:
    from tui.store.places import Places

MOST_BYTES = 1_000_000
"""The largest file that is put into a prompt."""

_NAME = re.compile(r"[^\W_][\w .,+()-]{0,79}")
_NONBLOCK = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


class PromptFolder:
    """The library (`core.ports.PromptLibrary`). Its methods block on the disk."""

    def __init__(self, places: Places) -> None:
        self._places = places

    @property
    def folder(self) -> Path:
        """Where the files lie; it need not exist."""
        return self._places.prompts

    def path(self, name: str) -> Path:
        """A prompt's file, whether it exists or not. Raises `Failure` for what can't be a name."""
        if not _NAME.fullmatch(name):
            raise Failure(
                FailureKind.CONFIG,
                f"{name!r:.60} can't be the name of a prompt",
                advice="Use letters, digits, spaces and dashes.",
            )
        return self.folder / f"{name}.md"

    def listing(self) -> list[PromptFile]:
        """All prompts, by name; what can't be read is left out. Raises `Failure` if the folder can't be."""
        try:
            paths = sorted(path for path in self.folder.iterdir() if path.suffix == ".md")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise disk_failure(error, self.folder, "read") from error
        found = []
        for path in paths:
            with contextlib.suppress(Failure):
                if _NAME.fullmatch(path.stem):
                    text = _text_of(path)
                    found.append(PromptFile(path.stem, text.strip()[:200], len(text)))
        return found

    def text(self, name: str) -> str:
        """A prompt as it stands in its file. Raises `Failure` if it can't be had."""
        return _text_of(self.path(name))

    def file(self, path: str) -> str:
        """The text of a file that a prompt names, from the present folder or `~`. Raises `Failure`."""
        try:
            whole = Path(path).expanduser().resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise _unfit(path, "this is no path") from error
        if whole == self._places.keys_file.resolve():
            raise _unfit(path, "it holds keys, which go into no prompt")
        return _text_of(whole)

    def save(self, name: str, text: str) -> Path:
        """Write a prompt's file, new or in place of the old one. Raises `Failure`."""
        path = self.path(name)
        self._places.ensure(path.parent)
        try:
            atomic.replace(path, scrub(text).encode())
        except OSError as error:
            raise disk_failure(error, path, "save") from error
        return path


def _text_of(path: Path) -> str:
    """A file's text; never waits for a pipe or a device."""
    try:
        fd = os.open(path, os.O_RDONLY | _NONBLOCK)
    except (OSError, ValueError) as error:
        cause = "this is no path" if isinstance(error, ValueError) else cause_of(error)
        raise _unfit(path, f"it can't be read: {cause}") from error
    try:
        data = _data_of(fd, path)
    except OSError as error:
        raise _unfit(path, f"it can't be read: {cause_of(error)}") from error
    finally:
        os.close(fd)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unfit(path, "it is no UTF-8 text") from error
    if "\0" in text:
        raise _unfit(path, "it is no text")
    return text.replace("\r\n", "\n")


def _data_of(fd: int, path: Path) -> bytes:
    kind = os.fstat(fd)
    if stat.S_ISDIR(kind.st_mode):
        raise _unfit(path, "it is a folder")
    if not stat.S_ISREG(kind.st_mode):
        raise _unfit(path, "it is no plain file")
    with open(fd, "rb", closefd=False) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        size = max(kind.st_size, len(data))
        raise _unfit(path, f"it has {size:,} bytes; {MOST_BYTES:,} are the most")
    return data


def _unfit(path: Path | str, words: str) -> Failure:
    return Failure(FailureKind.CONFIG, f"{path}: {words}")
