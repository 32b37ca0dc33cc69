"""Opens other programs' SQLite databases to read, without trust in what is in them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from tui.store.importing.shelf import refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from sqlite3 import Connection

_STEPS = 10_000_000
"""So many steps of SQLite's may go by without a row."""
_LONGEST = 64 << 20

Row = dict[str, Any]


class Database:
    """A database, opened to read only."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection, self._path = connection, path
        self._ticks = 0
        connection.set_progress_handler(self._tick, _STEPS // 100)
        self.tables = {
            row[0]: self._columns(row[0])
            for row in self._run("SELECT name FROM sqlite_master WHERE type = 'table' LIMIT 500")
            if isinstance(row[0], str)
        }
        """The columns of each table; views are none, since they could be anything."""

    def rows(self, table: str, wanted: Sequence[str], order: str) -> Iterator[Row]:
        """The rows of a table, those columns of them that there are; the others are None.

        `order` is text of ours. Raises `Failure` if the database is damaged.
        """
        have = self.tables.get(table, set())
        if not have:
            return
        columns = ", ".join(f'"{name}"' if name in have else f'NULL AS "{name}"' for name in wanted)
        for row in self._run(f'SELECT {columns} FROM "{table}" ORDER BY {order}'):  # noqa: S608 - names of ours
            yield dict(zip(wanted, row, strict=True))

    def find(
        self, table: str, key: str, value: object, wanted: Sequence[str], order: str = "1"
    ) -> list[Row]:
        """The rows of a table in which a column has that value."""
        have = self.tables.get(table, set())
        if key not in have:
            return []
        columns = ", ".join(f'"{name}"' if name in have else f'NULL AS "{name}"' for name in wanted)
        found = self._run(
            f'SELECT {columns} FROM "{table}" WHERE "{key}" = ? ORDER BY {order} LIMIT 100000',  # noqa: S608 - names of ours
            [value],
        )
        return [dict(zip(wanted, row, strict=True)) for row in found]

    def _columns(self, table: str) -> set[str]:
        quoted = table.replace('"', '""')
        return {str(row[1]) for row in self._run(f'PRAGMA table_info("{quoted}")')}

    def _run(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        import sqlite3

        try:
            self._ticks = 0
            for row in self._connection.execute(query, values):
                self._ticks = 0
                yield row
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            raise refused(f"{self._path} can't be read: {error}") from error

    def _tick(self) -> int:
        self._ticks += 1
        return self._ticks > 100


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Database]:
    """A database to read; it is not changed, and what another program writes meanwhile is seen.

    Raises `Failure` if it is none, is damaged, or Python has no SQLite.
    """
    try:
        import sqlite3
    except ImportError as error:
        raise refused("This Python has no SQLite, which is needed to read a database") from error
    address = path.absolute().as_uri()
    try:
        connection = _connected(address)
    except sqlite3.Error as error:
        raise refused(f"{path} can't be read: {error}") from error
    try:
        yield Database(connection, path)
    finally:
        connection.close()


def _connected(address: str) -> Connection:
    import sqlite3

    for more in ("", "&immutable=1"):  # without a place for its journals it must not change
        connection = sqlite3.connect(f"{address}?mode=ro{more}", uri=True, timeout=2)
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        try:
            if hasattr(connection, "setlimit"):
                connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            connection.close()
            if more:
                raise
        except sqlite3.Error:
            connection.close()
            raise
        else:
            return connection
    raise AssertionError("unreachable")
