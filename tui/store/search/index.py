"""The index in the cache folder: a SQLite file that others can do without.

All in it is derived from the session files. It may be deleted at any moment; one that is broken, or of another form,
is replaced by an empty one. Nothing keeps it open: each piece of work opens it anew, which
takes a millisecond, so that a file that was deleted is missed at once. Several processes may
work on it at the same time.
"""

from __future__ import annotations

import os
import unicodedata
import zlib
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from tui.core.failure import Failure
from tui.store.disk import cause_of

try:
    import sqlite3
except ImportError:  # a Python that was built without it
    HAS_SQLITE = False
else:
    HAS_SQLITE = True

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tui.store.places import Places

FORM = 2
"""Goes up with every change of the tables, or of what is put into them."""
WAIT_S = 5.0
"""How long another process may write before we do without the index, in seconds."""

_VERSION = FORM * 1000 + int(unicodedata.unidata_version.partition(".")[0])
_TABLES = """
CREATE TABLE session (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    place TEXT NOT NULL,
    id TEXT NOT NULL,
    mtime_ns INTEGER NOT NULL,
    size INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    sure INTEGER NOT NULL,
    title TEXT NOT NULL,
    created TEXT NOT NULL,
    changed REAL NOT NULL,
    pinned INTEGER NOT NULL,
    tags TEXT NOT NULL,
    UNIQUE (place, id)
);
CREATE INDEX session_newest ON session (place, changed, id);
CREATE INDEX session_pinned ON session (place) WHERE pinned;
"""
_TEXT_TABLES = """
CREATE TABLE taken (
    session INTEGER PRIMARY KEY,
    mtime_ns INTEGER NOT NULL,
    size INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    sure INTEGER NOT NULL,
    end INTEGER NOT NULL,
    proof INTEGER NOT NULL,
    title TEXT NOT NULL,
    model TEXT NOT NULL,
    provider TEXT NOT NULL
);
CREATE TABLE message (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    session INTEGER NOT NULL,
    id TEXT NOT NULL,
    role TEXT NOT NULL,
    at REAL,
    model TEXT NOT NULL,
    provider TEXT NOT NULL,
    body NOT NULL
);
CREATE INDEX message_session ON message (session);
CREATE VIRTUAL TABLE words USING fts5 (
    text, content='', prefix='2 3',
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
"""
_SHORT = 256
"""Characters up to which a text is not worth compressing."""

T = TypeVar("T")


class NoIndex(Exception):
    """The index can't be had; its words say why."""


class IndexFile:
    """The index of one cache folder."""

    def __init__(self, places: Places) -> None:
        self._places = places

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._places.cache / "search.sqlite3"

    def run(self, work: Callable[[sqlite3.Connection], T], wait_s: float = WAIT_S) -> T:
        """What `work` gives, done on the index; once more on an empty one if it turns out to be broken.

        `wait_s` is how long to wait for those who write at the same time. Raises `NoIndex`.
        """
        if not HAS_SQLITE:
            raise NoIndex("this Python has no SQLite")
        try:
            try:
                with self._opened(wait_s) as connection:
                    return work(connection)
            except (sqlite3.DatabaseError, _OtherForm) as error:
                if not _is_broken(error):
                    raise
            self.remove()
            with self._opened(wait_s) as connection:
                return work(connection)
        except (sqlite3.Error, _OtherForm) as error:
            raise NoIndex(str(error)) from error
        except Failure as failure:
            raise NoIndex(failure.message) from failure
        except OSError as error:
            raise NoIndex(cause_of(error)) from error

    def remove(self) -> None:
        """Throw the index away."""
        for end in (
            "-journal",
            "-wal",
            "-shm",
            "",
        ):  # the file last: what is beside it belongs to it
            with suppress(FileNotFoundError):
                self.path.with_name(self.path.name + end).unlink()

    @contextmanager
    def _opened(self, wait_s: float) -> Iterator[sqlite3.Connection]:
        if not self.path.exists():
            self._places.ensure(self._places.cache)
            os.close(os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600))
        connection = sqlite3.connect(self.path, timeout=wait_s, isolation_level=None)
        with closing(connection):
            connection.create_function("packed_form", 1, _packed_form, deterministic=True)
            connection.execute("PRAGMA synchronous = NORMAL")
            if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                self._begin(connection)
            yield connection

    def _begin(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode = WAL")
        with writing(connection):
            if connection.execute("PRAGMA user_version").fetchone()[0] == _VERSION:
                return  # somebody else was faster
            tables = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            ).fetchall()
            if tables:
                raise _OtherForm
            for statement in (_TABLES + _text_tables(connection)).split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {_VERSION}")


class _OtherForm(Exception):
    """It was made by another version of the program."""

    def __str__(self) -> str:
        return "another version of bise works on it"


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction: all that is written in it, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def has_texts(connection: sqlite3.Connection) -> bool:
    """Whether it can find words, which needs FTS5."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone()
    return found is not None


def packed(text: str) -> str | bytes:
    """A text as the index keeps it."""
    return text if len(text) <= _SHORT else zlib.compress(text.encode(), 1)


def unpacked(body: str | bytes) -> str:
    """The text again."""
    return body if isinstance(body, str) else zlib.decompress(body).decode()


def _packed_form(body: str | bytes) -> str:
    from tui.store.search.words import index_form

    return index_form(unpacked(body))


def _text_tables(connection: sqlite3.Connection) -> str:
    """The tables for texts; none where SQLite was built without FTS5."""
    try:
        connection.execute("CREATE VIRTUAL TABLE temp.trial USING fts5 (x)")
    except sqlite3.OperationalError:
        return ""
    connection.execute("DROP TABLE temp.trial")
    return _TEXT_TABLES


def _is_broken(error: Exception) -> bool:
    if isinstance(error, _OtherForm):
        return True
    name = getattr(error, "sqlite_errorname", "")
    missing = str(error).startswith("no such") and "module" not in str(error)
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or missing
