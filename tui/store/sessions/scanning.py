"""Looks through a folder of sessions without opening one: names and states of the files."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from tui.store.sessions import heads
from tui.store.sessions.whereabouts import SUFFIX

if TYPE_CHECKING:
    from pathlib import Path

    from tui.core.listing import Problem


_MOST = (1 << 63) - 1
"""The highest number that SQLite can hold; inodes may be higher."""


class State(NamedTuple):
    """What tells one state of a file from another."""

    mtime_ns: int
    size: int
    inode: int

    @classmethod
    def of(cls, state: os.stat_result) -> State:
        """The state that the system tells."""
        return cls(
            state.st_mtime_ns, state.st_size, state.st_ino & (1 << 63) - 1
        )  # as SQLite can hold it


def scan(folder: Path) -> tuple[dict[str, State], list[Problem]]:
    """The states of a folder's session files by their ids, and what is no session at all."""
    found: dict[str, State] = {}
    problems: list[Problem] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith(SUFFIX) and not name.startswith("."):
                    problem = _look(entry, found)
                    if problem is not None:
                        problems.append(problem)
    except FileNotFoundError:
        pass  # nothing has been saved yet
    except OSError as error:
        problems.append(heads.folder_problem(folder, error))
    return found, problems


def _look(entry: os.DirEntry[str], found: dict[str, State]) -> Problem | None:
    """Put a file's state beside the others, or give why it has none."""
    try:
        state = entry.stat()
    except OSError:
        return heads.entry_problem(entry)
    if not stat.S_ISREG(state.st_mode):
        return heads.entry_problem(entry)
    found[entry.name[: -len(SUFFIX)]] = State.of(state)
    return None
