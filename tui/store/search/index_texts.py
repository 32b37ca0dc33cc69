"""Keeps the texts of sessions in the index: those of files that have changed are taken in anew."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from tui.core.words import Place
from tui.store.search.index import packed, unpacked, writing
from tui.store.search.index_heads import SETTLED_NS, Known
from tui.store.search.texts import Mark, Reading, Text, read_texts
from tui.store.search.words import index_form
from tui.store.sessions.scanning import State
from tui.store.sessions.whereabouts import path_in

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tui.store.places import Places

    Found = Mapping[Place, Mapping[str, State]]
    """What lies in each place."""

_STALE = """
SELECT s.key, s.place, s.id, s.title, t.title, t.mtime_ns, t.size, t.inode, t.end, t.proof
FROM session AS s LEFT JOIN taken AS t ON t.session = s.key
WHERE t.session IS NULL OR NOT t.sure OR t.title <> s.title
    OR t.mtime_ns <> s.mtime_ns OR t.size <> s.size OR t.inode <> s.inode
ORDER BY s.mtime_ns
"""
_TAKE = "INSERT OR REPLACE INTO taken VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TAKE_MORE = """
UPDATE taken SET mtime_ns = ?, size = ?, inode = ?, sure = ?, end = ?, proof = ? WHERE session = ?
"""
_ADD = "INSERT INTO message (session, id, role, at, model, provider, body) VALUES (?, ?, ?, ?, ?, ?, ?)"
_FORGET_WORDS = """
INSERT INTO words (words, rowid, text)
SELECT 'delete', key, packed_form(body) FROM message WHERE {column} = ?
"""


class Stale(NamedTuple):
    """A session whose texts in the index are not, or may not be, those of its file."""

    key: int
    path: Path
    title: str
    has_title: bool
    """Whether the index has this title."""
    before: Mark | None
    """How far its file was read before."""


def drop_gone(index: sqlite3.Connection, found: Found, known: Iterable[Known]) -> None:
    """Forget what is no longer there; what was only moved is kept for its new place."""
    gone = [one for one in known if one.id not in found[one.place]]
    if not gone:
        return
    with writing(index):
        for one in gone:
            places = (p for p in Place if found[p].get(one.id) == one.state)
            if not _move(index, one, next(places, None)):
                _forget(index, one.key)
                index.execute("DELETE FROM session WHERE key = ?", (one.key,))


def _move(index: sqlite3.Connection, one: Known, place: Place | None) -> bool:
    """Whether what is known of a session could be kept for the place to which it has moved."""
    if place is None:
        return False
    query = "SELECT key FROM session WHERE place = ? AND id = ?"
    here = index.execute(query, (place, one.id)).fetchone()
    if here is not None:
        if index.execute("SELECT 1 FROM taken WHERE session = ?", here).fetchone():
            return False
        index.execute("DELETE FROM session WHERE key = ?", here)
    index.execute("UPDATE session SET place = ? WHERE key = ?", (place, one.key))
    return True


def stale(index: sqlite3.Connection, places: Places, found: Found) -> list[Stale]:
    """The sessions to read, the one that has not changed for longest first."""
    result = []
    for key, place, session_id, title, title_before, *taken in index.execute(_STALE):
        if session_id in found[Place(place)]:
            *state, end, proof = taken
            before = Mark(State(*state), end, proof) if end is not None else None
            path = path_in(places, Place(place), session_id)
            result.append(Stale(key, path, title, title == title_before, before))
    return result


def take_in(index: sqlite3.Connection, changed: Iterable[Stale], for_s: float) -> int:
    """Read files for so many seconds and put their texts into the index; gives how many were done with."""
    until = time.monotonic() + for_s
    settled = time.time_ns() - SETTLED_NS
    done = 0
    readings = []
    for one in changed:
        done += 1
        with suppress(OSError):  # it has gone, or may not be read: the list of chats tells
            readings.append((one, read_texts(one.path, one.before)))
        if time.monotonic() > until:
            break
    with writing(index):
        for one, reading in readings:
            _take(index, one, reading, settled)
    return done


def _take(index: sqlite3.Connection, one: Stale, reading: Reading, settled: int) -> None:
    if not reading.is_all and (not one.has_title or _clash(index, one.key, reading.texts)):
        try:
            reading = read_texts(one.path)
        except OSError:
            return  # as above
    state = reading.mark.state
    mark = (*state, state.mtime_ns < settled, reading.mark.end, reading.mark.proof)
    texts = [text for text in reading.texts if text.text]
    if reading.is_all:
        index.execute(_TAKE, (one.key, *mark, one.title, reading.model, reading.provider))
        texts = _drop_others(index, one.key, [Text("", "", None, "", "", one.title), *texts])
    else:
        index.execute(_TAKE_MORE, (*mark, one.key))
    for text in texts:
        _add(index, one.key, text)


def _drop_others(index: sqlite3.Connection, key: int, texts: list[Text]) -> list[Text]:
    """Forget what a session no longer says; gives what is not there yet."""
    new = {text.id: text for text in texts}
    query = "SELECT key, id, role, at, model, provider, body FROM message WHERE session = ?"
    for message, name, role, at, model, provider, body in index.execute(query, (key,)).fetchall():
        if new.get(name) == Text(name, role, at, model, provider, unpacked(body)):
            del new[name]
        else:
            index.execute(_FORGET_WORDS.format(column="key"), (message,))
            index.execute("DELETE FROM message WHERE key = ?", (message,))
    return list(new.values())


def _clash(index: sqlite3.Connection, key: int, texts: Iterable[Text]) -> bool:
    rows = index.execute("SELECT id FROM message WHERE session = ?", (key,))
    known = {message_id for (message_id,) in rows}
    return any(text.id in known for text in texts)


def _add(index: sqlite3.Connection, key: int, text: Text) -> None:
    row = (key, text.id, text.role, text.at, text.model, text.provider, packed(text.text))
    rowid = index.execute(_ADD, row).lastrowid
    index.execute("INSERT INTO words (rowid, text) VALUES (?, ?)", (rowid, index_form(text.text)))


def _forget(index: sqlite3.Connection, key: int) -> None:
    index.execute(_FORGET_WORDS.format(column="session"), (key,))
    index.execute("DELETE FROM message WHERE session = ?", (key,))
    index.execute("DELETE FROM taken WHERE session = ?", (key,))
