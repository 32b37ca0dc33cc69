"""Checks session files: what is wrong with them, where, and what to do about it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.session import SCHEMA
from tui.store.disk import disk_failure
from tui.store.sessions import heads
from tui.store.sessions.attachments import FileAttachments
from tui.store.sessions.read import read_session
from tui.store.sessions.salvage import blocks_of
from tui.store.sessions.schema import load_schema
from tui.store.sessions.schema_check import faults
from tui.store.sessions.whereabouts import read_plain
from tui.store.toml.text import decode
from tui.store.toml.tolerant import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tui.core.listing import Problem
    from tui.store.places import Places
    from tui.store.sessions.schema_check import Fault

_LEFT = ("; the file is left as it is", ", and the file is left as it is")
_LEFT_OUT = re.compile(r"(message \d+) is left out")
REPAIR = "Mend it by hand, or run `bise sessions repair`, which keeps a copy."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a file."""

    path: str
    line: int
    """Counted from 1; 0 when no line can be named."""
    what: str
    advice: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.what}. {self.advice}"


def check(places: Places, path: Path) -> list[Finding]:
    """All that is wrong with a session file, by line. Raises `Failure` if it can't be read."""
    try:
        data, changed = read_plain(path), path.stat().st_mtime
    except OSError as error:
        raise disk_failure(error, path, "read") from error
    found = list(_by_schema(path, data))
    try:
        session = read_session(path, data, changed)
    except Failure as failure:
        what = failure.message.removeprefix(f"{path}, ")
        line, _, words = what.removeprefix("line ").partition(": ")
        if line.isdigit():
            return [Finding(str(path), int(line), words, REPAIR)]
        return [Finding(str(path), 0, what, REPAIR)]
    found += [
        Finding(str(path), problem.line, without_left(problem), _advice(session.is_newer))
        for problem in session.problems
        if not _is_told(problem, found)
    ]
    for problem in FileAttachments(places).problems(session.messages):
        words = f"a message refers to {problem.path}: {problem.message}"
        advice = "Put the file back, or take the chunk out; it is not sent meanwhile."
        found.append(Finding(str(path), 0, words, advice))
    return sorted(found, key=lambda finding: finding.line)


def without_left(problem: Problem) -> str:
    """A problem's words, without the promise that the file stays as it is."""
    words = problem.message
    for left in _LEFT:
        words = words.replace(left, "")
    return words


def _is_told(problem: Problem, found: Sequence[Finding]) -> bool:
    """Whether the schema has said already what reading the file says, and more exactly."""
    number = _LEFT_OUT.match(problem.message)
    return any(
        one.line == problem.line > 0 or (number and one.what.startswith(f"{number[1]}:"))
        for one in found
    )


def _advice(is_newer: bool) -> str:
    return "Update bise to go on in this chat." if is_newer else REPAIR


def _by_schema(path: Path, data: bytes) -> Iterator[Finding]:
    """What the schema says of a file that can be parsed."""
    try:
        table = decode(tomllib.loads(data.decode("utf-8-sig")))
    except (ValueError, RecursionError):
        return
    if heads.schema_of(data) != SCHEMA:
        return
    lines = _Lines(data)
    for fault in faults(table, load_schema()):
        what = f"{_name(fault.path)} {fault.words}" if fault.path else fault.words
        yield Finding(str(path), lines.of(fault), what, "Write it so, or take it out.")


class _Lines:
    """Finds the lines on which the members of a file stand."""

    def __init__(self, data: bytes) -> None:
        self._head = data[: heads.body_start(data)].decode("utf-8-sig", "replace")
        self._blocks = list(blocks_of(data))

    def of(self, fault: Fault) -> int:
        keys = fault.path
        if keys[:1] == ("message",) and len(keys) > 1 and isinstance(keys[1], int):
            if keys[1] >= len(self._blocks):
                return 0
            block = self._blocks[keys[1]]
            inner = ["message", *_names(keys[2:])]
            return block.line + max(0, line_of(block.data.decode("utf-8", "replace"), inner) - 1)
        return line_of(self._head, _names(keys)) if keys else 0


def _names(keys: Sequence[str | int]) -> list[str]:
    return [key for key in keys if isinstance(key, str)]


def _name(path: Sequence[str | int]) -> str:
    """A member, as people call it: `message 3, completion.seconds`."""
    if path[0] == "message" and len(path) > 1 and isinstance(path[1], int):
        inner = ".".join(_counted(path[2:]))
        return f"message {path[1] + 1}" + (f": `{inner}`" if inner else "")
    return f"`{'.'.join(_counted(path))}`"


def _counted(keys: Sequence[str | int]) -> list[str]:
    return [key if isinstance(key, str) else str(key + 1) for key in keys]
