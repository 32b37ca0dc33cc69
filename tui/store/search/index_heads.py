"""The list of sessions, from the index where that knows a file as it is, else from the files."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from tui.core.listing import Header, Listing
from tui.core.words import Place
from tui.store.search.index import IndexFile, NoIndex, writing
from tui.store.sessions import heads
from tui.store.sessions.scanning import State, scan
from tui.store.sessions.whereabouts import SUFFIX, folder_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

    from tui.store.places import Places

SETTLED_NS = 2_000_000_000
"""A file that was changed so shortly before it was read may be changed again without a sign of it."""
_WAIT_S = 0.1
_AT_ONCE = 400
_COLUMNS = "id, mtime_ns, size, inode, title, created, changed, pinned, tags"
_KEEP = """
INSERT INTO session (place, id, mtime_ns, size, inode, sure, title, created, changed, pinned, tags)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (place, id) DO UPDATE SET
    mtime_ns = excluded.mtime_ns, size = excluded.size, inode = excluded.inode,
    sure = excluded.sure, title = excluded.title, created = excluded.created,
    changed = excluded.changed, pinned = excluded.pinned, tags = excluded.tags
"""


def listing(places: Places, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
    """The newest `limit` sessions (all if None) of a place, those that are known to be pinned first.

    What is listed is what stands in the files; the index only saves opening them.
    """
    folder = folder_of(places, place)
    found, problems = scan(folder)
    heads_in = Heads(folder, place, found)
    if not found:
        return Listing([], problems)
    try:
        headers = IndexFile(places).run(lambda index: heads_in.newest(index, limit), _WAIT_S)
    except NoIndex:
        headers = heads_in.newest(None, limit)
    return Listing(headers, problems)


def recall(places: Places, limit: int, place: Place = Place.OPEN) -> Listing:
    """What the last listing found, as far as it is still there, in a few milliseconds however many there are.

    What is listed is right; but a session that is new or was written to since is missing, or stands
    too low. The same as `listing` if nothing is remembered.
    """
    folder = folder_of(places, place)
    try:
        headers = IndexFile(places).run(
            lambda index: _recalled(index, folder, place, limit), _WAIT_S
        )
    except NoIndex:
        headers = []
    return Listing(headers) if headers else listing(places, limit, place)


def _recalled(index: sqlite3.Connection, folder: Path, place: Place, limit: int) -> list[Header]:
    query = "SELECT id FROM session WHERE place = ? ORDER BY changed DESC, id DESC LIMIT ?"
    wanted = [session_id for (session_id,) in index.execute(query, (place, limit))]
    query = "SELECT id FROM session WHERE place = ? AND pinned"
    wanted += [session_id for (session_id,) in index.execute(query, (place,))]
    found = {}
    for session_id in wanted:
        with suppress(OSError):
            found[session_id] = State.of((folder / f"{session_id}{SUFFIX}").stat())
    return Heads(folder, place, found).newest(index, None)


class Known(NamedTuple):
    """Which state of which file the index knows."""

    key: int
    place: Place
    id: str
    state: State
    is_sure: bool
    """Whether the file is certainly unchanged as long as its state is."""


def all_known(index: sqlite3.Connection) -> list[Known]:
    """What the index knows of all sessions."""
    query = "SELECT key, place, id, mtime_ns, size, inode, sure FROM session"
    return [
        Known(key, Place(place), session_id, State(*state), bool(sure))
        for key, place, session_id, *state, sure in index.execute(query)
    ]


class Heads:
    """The heads of one folder's files, which are in the states that a scan has found."""

    def __init__(self, folder: Path, place: Place, found: dict[str, State]) -> None:
        self._folder = folder
        self._place = place
        self._found = found

    def newest(self, index: sqlite3.Connection | None, limit: int | None) -> list[Header]:
        """The headers of the pinned ones and of `limit` others (all if None), the newest first.

        No file is younger than what was said in it last, so that those which were written to long ago
        need not be looked at.
        """
        names, many = list(self._found), len(self._found)
        if limit is not None and limit < many:
            names.sort(key=lambda name: self._found[name].mtime_ns, reverse=True)
            many = limit
        while True:
            headers = _newest_first(self._of(index, names[:many]))
            pinned = [header for header in headers if header.pinned]
            others = [header for header in headers if not header.pinned][:limit]
            if many == len(names):
                return [*pinned, *others]
            next_at = self._found[names[many]].mtime_ns / 1e9
            if len(others) == limit and (not others or next_at < others[-1].changed):
                return [*pinned, *others]
            many = min(2 * many + 1, len(names))

    def _of(self, index: sqlite3.Connection | None, wanted: list[str]) -> list[Header]:
        """The headers of those that are wanted, and of all that are known to be pinned."""
        if index is None:
            return self.read(wanted)
        wanted = list(dict.fromkeys([*wanted, *self._pinned(index)]))
        headers = self._known(index, wanted)
        missing = [session_id for session_id in wanted if session_id not in headers]
        if missing:
            headers |= self.take_in(index, missing)
        return [headers[session_id] for session_id in wanted if session_id in headers]

    def read(self, wanted: Iterable[str]) -> list[Header]:
        """The headers, read from the files; those that have gone are left out."""
        return [header for name in wanted if (header := self._read(name)) is not None]

    def take_in(self, index: sqlite3.Connection, changed: Iterable[str]) -> dict[str, Header]:
        """Read headers and put them into the index, unless others hold it."""
        import sqlite3

        before = time.time_ns() - SETTLED_NS
        headers = {header.id: header for header in self.read(changed)}
        with suppress(sqlite3.OperationalError), writing(index):
            index.executemany(
                _KEEP, (self._row(h, before) for h in headers.values() if _can_be_kept(h.id))
            )
        return headers

    def _known(self, index: sqlite3.Connection, wanted: list[str]) -> dict[str, Header]:
        """By id: what the index knows for certain, of those that are wanted at least."""
        query = f"SELECT {_COLUMNS} FROM session WHERE place = ?1 AND sure"  # noqa: S608 (no text from outside)
        if len(wanted) > _AT_ONCE:
            rows = index.execute(query, (self._place,))
        else:
            query += " AND id IN (SELECT value FROM json_each(?2))"
            rows = index.execute(query, (self._place, json.dumps(wanted)))
        known = {}
        for session_id, mtime_ns, size, inode, title, created, changed, pinned, tags in rows:
            if self._found.get(session_id) == (mtime_ns, size, inode):
                known[session_id] = Header(
                    session_id,
                    title,
                    datetime.fromisoformat(created),
                    changed,
                    pinned=bool(pinned),
                    tags=tuple(json.loads(tags)) if tags != "[]" else (),
                    place=self._place,
                )
        return known

    def _pinned(self, index: sqlite3.Connection) -> list[str]:
        query = "SELECT id FROM session WHERE place = ? AND pinned"
        return [name for (name,) in index.execute(query, (self._place,)) if name in self._found]

    def _row(self, header: Header, before: int) -> tuple[object, ...]:
        state = self._found[header.id]
        return (
            self._place,
            header.id,
            *state,
            state.mtime_ns < before and header.problem is None,
            header.title,
            header.created.isoformat(),
            header.changed,
            header.pinned,
            json.dumps(header.tags),
        )

    def _read(self, session_id: str) -> Header | None:
        path = self._folder / f"{session_id}{SUFFIX}"
        changed = self._found[session_id].mtime_ns / 1e9
        try:
            header = heads.read_header(path, changed)
        except FileNotFoundError:
            return None
        except OSError as error:
            header = heads.unreadable(path, changed, error)
        return replace(header, place=self._place) if self._place else header


def _newest_first(headers: list[Header]) -> list[Header]:
    """By what was said last; of what is of one moment, what began last comes first."""
    return sorted(headers, key=attrgetter("changed", "id"), reverse=True)


def _can_be_kept(session_id: str) -> bool:
    """Whether an id is text; a file's name may be anything."""
    try:
        session_id.encode()
    except UnicodeEncodeError:
        return False
    return True
