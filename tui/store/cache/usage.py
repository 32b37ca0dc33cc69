"""Sums up what the sessions on disk have used; what was read once is kept in the cache folder.

The cache may be deleted at any time, and a broken one is made anew. Only files that have changed are
read again. Sessions in the archive and the trash count too.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure
from tui.core.usage import Used
from tui.core.words import Place
from tui.store.sessions.tail import MARK
from tui.store.sessions.whereabouts import SUFFIX, folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.store.places import Places

FORM = 1
"""The version of what the cache holds."""

_ASSISTANT = re.compile(rb'(?m)^role = "assistant"\s*$')
_NOT_OURS = re.compile(rb"(?m)^(copied_from|former_of) = ")
_CREATED = re.compile(rb"(?m)^created = (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z\s*$")
_COMPLETION = b"\n[message.completion]\n"
_SIMPLE = re.compile(rb'(?m)^(provider|model) = "([^"\\\n]*)"\s*$')
_NUMBER = re.compile(rb"(?m)^(prompt_tokens|cached_tokens|completion_tokens) = (\d+)\s*$")
_SCHEMA = """
    CREATE TABLE files (id TEXT PRIMARY KEY, changed INTEGER, size INTEGER);
    CREATE TABLE used (id TEXT, day TEXT, provider TEXT, model TEXT, replies INTEGER, prompt INTEGER,
                       cached INTEGER, completion INTEGER, uncounted INTEGER);
    CREATE INDEX used_by_id ON used (id);
"""

_State = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    state: _State
    """Time of change in nanoseconds, and size."""


class UsageLog:
    """What all sessions have used. Its methods block on the disk."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def used(self, since: date | None = None, until: date | None = None) -> list[Used]:
        """By day, provider and model, oldest first; days in local time, both ends included."""
        try:
            return self._used(self._places.usage_cache, since, until)
        except (sqlite3.DatabaseError, Failure, OSError):
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    os.unlink(f"{self._places.usage_cache}{suffix}")  # noqa: PTH108 (a name made up)
        try:
            return self._used(self._places.usage_cache, since, until)
        except (sqlite3.DatabaseError, Failure, OSError):
            return self._used(None, since, until)  # no place for a cache

    def _used(self, cache: Path | None, since: date | None, until: date | None) -> list[Used]:
        with contextlib.closing(self._opened(cache)) as base:
            with base:
                self._refresh(base)
            return _rows(base, since, until)

    def _opened(self, cache: Path | None) -> sqlite3.Connection:
        if cache is not None:
            self._places.ensure(cache.parent)
        base = sqlite3.connect(cache or ":memory:", timeout=10)
        try:
            if base.execute("PRAGMA user_version").fetchone()[0] != FORM:
                base.executescript(
                    "DROP TABLE IF EXISTS files; DROP TABLE IF EXISTS used;"
                    f"{_SCHEMA} PRAGMA user_version = {FORM};"
                )
            if cache is not None:
                cache.chmod(0o600)
        except BaseException:
            base.close()
            raise
        return base

    def _refresh(self, base: sqlite3.Connection) -> None:
        """Read what has changed since the last time."""
        base.execute("BEGIN IMMEDIATE")
        known: dict[str, _State] = {
            name: (changed, size)
            for name, changed, size in base.execute("SELECT id, changed, size FROM files")
        }
        found = dict(_files(self._places))
        for name in known.keys() - found.keys():
            _forget(base, name)
        for name, file in found.items():
            if known.get(name) == file.state:
                continue
            try:
                data = file.path.read_bytes()
            except OSError:
                continue  # gone, or not ours to read
            _forget(base, name)
            base.execute("INSERT INTO files VALUES (?, ?, ?)", (name, *file.state))
            base.executemany(
                "INSERT INTO used VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(name, *row) for row in _summed(data)],
            )


def _rows(base: sqlite3.Connection, since: date | None, until: date | None) -> list[Used]:
    rows = base.execute(
        "SELECT day, provider, model, SUM(replies), SUM(prompt), SUM(cached), SUM(completion),"
        " SUM(uncounted) FROM used WHERE day BETWEEN ? AND ? GROUP BY day, provider, model"
        " ORDER BY day, provider, model",
        ((since or date.min).isoformat(), (until or date.max).isoformat()),
    )
    return [Used(date.fromisoformat(row[0]), row[1], row[2], *row[3:]) for row in rows]


def _forget(base: sqlite3.Connection, name: str) -> None:
    base.execute("DELETE FROM used WHERE id = ?", (name,))
    base.execute("DELETE FROM files WHERE id = ?", (name,))


def _files(places: Places) -> Iterator[tuple[str, _File]]:
    for place in Place:
        folder = folder_of(places, place)
        with contextlib.suppress(OSError), os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.endswith(SUFFIX) or entry.name.startswith("."):
                    continue
                with contextlib.suppress(OSError):
                    state = entry.stat()
                    if entry.is_file():
                        name = entry.name.removesuffix(SUFFIX)
                        yield name, _File(folder / entry.name, (state.st_mtime_ns, state.st_size))


def _summed(data: bytes) -> list[tuple[str, str | None, str | None, int, int, int, int, int]]:
    """The rows of one session's file."""
    sums: dict[tuple[str, str | None, str | None], Counter[str]] = {}
    for created, facts in _completions(data):
        key = (_day(created), _name(facts.get("provider")), _name(facts.get("model")))
        count = sums.setdefault(key, Counter())
        count["replies"] += 1
        numbers = {name: _number(facts.get(f"{name}_tokens")) for name in _COUNTED}
        count.update({name: number or 0 for name, number in numbers.items()})
        if numbers["prompt"] is None or numbers["completion"] is None:
            count["uncounted"] += 1
    return [
        (
            *key,
            count["replies"],
            count["prompt"],
            count["cached"],
            count["completion"],
            count["uncounted"],
        )
        for key, count in sums.items()
    ]


_COUNTED = ("prompt", "cached", "completion")


def _completions(data: bytes) -> Iterator[tuple[datetime | None, dict[str, Any]]]:
    """When each reply was made, and its completion."""
    starts = [match.start() for match in MARK.finditer(data)]
    head = data[: starts[0]] if starts else data
    if b"asides" in head:
        yield from _asides(head)
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        block = data[start:end]
        if b"completion" not in block:
            continue
        found = _quick(block) or _parsed(block)
        if found is not None:
            yield found


def _quick(block: bytes) -> tuple[datetime | None, dict[str, Any]] | None:
    """The completion of a message in the form that we write, without a parser; None if it is in another."""
    at = block.rfind(_COMPLETION)
    if at < 0 or not _ASSISTANT.search(block, 0, at) or _NOT_OURS.search(block, 0, at):
        return None
    created = _CREATED.search(block, 0, at)
    section = block[at + len(_COMPLETION) :]
    after = section.find(b"\n[")
    section = section if after < 0 else section[: after + 1]
    if created is None or b"'''" in section or b'"""' in section:
        return None
    facts: dict[str, Any] = {
        m[1].decode(): m[2].decode("utf-8", "replace") for m in _SIMPLE.finditer(section)
    }
    facts |= {m[1].decode(): int(m[2]) for m in _NUMBER.finditer(section)}
    if section.count(b"model =") > ("model" in facts):
        return None  # its name has escapes
    return datetime.fromisoformat(created[1].decode()).replace(tzinfo=UTC), facts


def _parsed(block: bytes) -> tuple[datetime | None, dict[str, Any]] | None:
    try:
        (message,) = tomllib.loads(block.decode("utf-8", "replace"))["message"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    facts = message.get("completion")
    if not isinstance(facts, dict) or {"copied_from", "former_of"} & message.keys():
        return None
    return _moment(message.get("created")), facts


def _asides(head: bytes) -> Iterator[tuple[datetime | None, dict[str, Any]]]:
    try:
        asides = tomllib.loads(head.decode("utf-8", "replace")).get("asides", [])
    except (ValueError, RecursionError):
        return
    for aside in asides if isinstance(asides, list) else ():
        if isinstance(aside, dict) and isinstance(aside.get("completion"), dict):
            yield _moment(aside.get("created")), aside["completion"]


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _day(moment: datetime | None) -> str:
    """The local day, as ISO text; that of the epoch if it is not known."""
    if moment is None:
        return "1970-01-01"
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone().date().isoformat()
    except (ValueError, OverflowError, OSError):
        return "1970-01-01"


def _name(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    """A count of tokens that is one."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53
    return int(str(value)) if is_count else None
