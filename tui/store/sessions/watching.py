"""Looks at what other instances do with the sessions, by the states of files: cheap, and often."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from tui.core.elsewhere import Flight, Sight
from tui.core.failure import Failure
from tui.store.disk import disk_failure
from tui.store.owning import Owned
from tui.store.sessions import whereabouts
from tui.store.sessions.in_common import stamp_of
from tui.store.state.journal import SUFFIX, path_in, records_of, whose

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.core.merging import Stamp
    from tui.core.words import Place
    from tui.store.places import Places
    from tui.store.state.journal import FileJournal


class NoClaim:
    """A session that no other instance knows of; implements `core.ports.Claim`."""

    def release(self) -> None:
        """Nothing."""


class FileWatch:
    """Implements `core.ports.Watch`."""

    def __init__(self, places: Places, journal: FileJournal) -> None:
        self._places = places
        self._journal = journal

    def look(self, session_ids: Iterable[str]) -> Sight:
        """What others do now. The journals are looked at first: what is no longer there is in the session."""
        flights = tuple(self._flights())
        filed = {session_id: self._filed(session_id) for session_id in session_ids}
        sessions = {
            session_id: self._stamp(session_id, place) for session_id, place in filed.items()
        }
        return Sight(flights, sessions, filed, _stamp_at(self._places.sessions))

    def read(self, flight: Flight, start: int) -> tuple[list[dict[str, Any]], int]:
        """The whole records of a journal from an offset on, and the offset behind them.

        Raises `Failure` if it can't be read; it is gone when its reply is saved.
        """
        path = path_in(self._places, flight.session_id, flight.message_id)
        try:
            with path.open("rb") as file:
                file.seek(start)
                data = file.read()
        except OSError as error:
            raise disk_failure(error, path, "read") from error
        whole = data[: data.rfind(b"\n") + 1]
        return records_of(whole), start + len(whole)

    def claim(self, session_id: str) -> Owned | NoClaim | None:
        """Make a session ours as long as replies are made in it; None if it is another instance's.

        Raises `Failure` if there can be no locks.
        """
        if session_id in self._journal.skips:
            return NoClaim()
        whereabouts.check_id(session_id)
        return Owned.take(self._places, f"{session_id}.reply")

    def _flights(self) -> Iterable[Flight]:
        try:
            with os.scandir(self._places.journal) as entries:
                found = [e for e in entries if e.name.endswith(SUFFIX) and e.name[0] != "."]
        except OSError:
            return  # there is none yet
        for entry in sorted(found, key=lambda entry: entry.name):
            if entry.name in self._journal.own:
                continue
            with contextlib.suppress(OSError, Failure):
                size = entry.stat().st_size
                session_id, message_id = whose(entry.name)
                yield Flight(session_id, message_id, size, self._is_alive(entry.name))

    def _is_alive(self, name: str) -> bool:
        """Whether the process that writes a journal still runs."""
        owned = Owned.take(self._places, name)
        if owned is None:
            return True
        owned.release()
        return False

    def _filed(self, session_id: str) -> Place | None:
        try:
            return whereabouts.place_of(self._places, session_id)
        except Failure:
            return None  # it can't be the id of one

    def _stamp(self, session_id: str, place: Place | None) -> Stamp | None:
        if place is None:
            return None
        return _stamp_at(whereabouts.path_in(self._places, place, session_id))


def _stamp_at(path: Path) -> Stamp | None:
    try:
        return stamp_of(path.stat())
    except OSError:
        return None
