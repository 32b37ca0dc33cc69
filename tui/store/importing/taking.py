"""Saves conversations that were found as sessions, each as a whole or not at all, and none twice."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from tui.core.attached import references_in
from tui.core.failure import Failure, FailureKind
from tui.core.message import new_id, utc_now
from tui.core.session import Origin
from tui.core.words import Place
from tui.store.filing.filing import TomlFiling
from tui.store.importing.bise import SOURCE as BISE
from tui.store.sessions.head_change import head_of
from tui.store.sessions.locking import locked
from tui.store.sessions.tail import MARK
from tui.store.sessions.whereabouts import SUFFIX, folder_of, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.core.message import Message
    from tui.store.importing.making import Found
    from tui.store.places import Places
    from tui.store.sessions.toml_sessions import TomlSessions

MEMBER = "imported"
"""The member of a session's head that says where it comes from: `{from, id, at}`."""
LOCK = "importing"
LOCK_WAIT_S = 1.0

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-z]{1,12}")
_MOST = 1 << 20


class Outcome(StrEnum):
    """What became of a conversation."""

    NEW = "new"
    GROWN = "grown"
    """It was there; messages were added."""
    THERE = "there"
    """It was there, with all its messages."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a conversation that was found."""

    outcome: Outcome
    session_id: str
    title: str
    place: Place
    added: int
    """Messages that are new here."""
    notes: list[str]


class Importer:
    """Takes conversations over. Raises `Failure` where one can't be saved; those before it stay.

    As a context it keeps other imports out, which could take the same ones over meanwhile.
    """

    def __init__(self, places: Places, store: TomlSessions) -> None:
        self._places, self._store = places, store
        self._there: dict[tuple[str, str], str] | None = None
        self._alone = ExitStack()

    def __enter__(self) -> Importer:
        try:
            self._alone.enter_context(locked(self._places, LOCK, LOCK_WAIT_S))
        except Failure as failure:
            if not failure.retryable:
                raise
            raise Failure(
                FailureKind.DISK,
                "Another bise is importing now",
                advice="Wait for it, then import again.",
                retryable=True,
            ) from failure
        return self

    def __exit__(self, *_: object) -> None:
        self._alone.close()

    def take(self, found: Found) -> Taken:
        """Save a conversation, unless it is there; then what is new of it."""
        there = self._known(found)
        return self._create(found) if there is None else self._grow(found, there)

    def _known(self, found: Found) -> str | None:
        """The session that it was taken over as, or that it is."""
        is_ours = found.source == BISE and _ID.fullmatch(found.id)
        if is_ours and place_of(self._places, found.id) is not None:
            return found.id
        if self._there is None:
            self._there = dict(_imported(self._places))
        origins = [(found.source, found.id)]
        if found.session.imported is not None:
            origins.insert(0, (found.session.imported.source, found.session.imported.id))
        for origin in origins:
            known = self._there.get(origin)
            if known is not None and place_of(self._places, known) is not None:
                return known
        return None

    def _create(self, found: Found) -> Taken:
        session = found.session
        if found.source != BISE or not _ID.fullmatch(session.id):
            session.id = self._free_id(session.created)
        if session.imported is None:  # else it was taken over once more, through bise
            session.imported = Origin(source=found.source, id=found.id, at=utc_now())
        _drop_foreign(session.messages, self._places, found.notes)
        self._store.create(session)
        if self._there is not None:
            self._there[session.imported.source, session.imported.id] = session.id
            self._there[found.source, found.id] = session.id
        place = Place.OPEN
        if found.is_archived:
            TomlFiling(self._places).archive(session.id)
            place = Place.ARCHIVE
        self._date_back(session.id, session.messages)
        return Taken(
            Outcome.NEW, session.id, session.title, place, len(session.messages), found.notes
        )

    def _grow(self, found: Found, there: str) -> Taken:
        place = place_of(self._places, there) or Place.OPEN
        session = self._store.load(there)
        have = {message.id for message in session.messages}
        new = [message for message in found.session.messages if message.id not in have]
        if not new or place is Place.TRASH or session.is_newer:
            notes = (
                ["it lies in the trash: bise sessions restore brings it back"]
                if place is Place.TRASH
                else []
            )
            return Taken(Outcome.THERE, there, session.title, place, 0, notes)
        _drop_foreign(new, self._places, found.notes)
        session.messages.extend(new)
        session.shown = None
        self._store.rewrite(session)
        return Taken(Outcome.GROWN, there, session.title, place, len(new), found.notes)

    def _free_id(self, created: datetime) -> str:
        while True:
            session_id = f"{created.astimezone(UTC):%Y%m%d-%H%M%S}-{new_id(4)}"
            if place_of(self._places, session_id) is None:
                return session_id

    def _date_back(self, session_id: str, messages: list[Message]) -> None:
        """Have the list of chats show it where its last message puts it, not as changed just now."""
        last = max((m.created for m in messages if m.created), default=None)
        if last is None or not 0 < last.timestamp() < utc_now().timestamp():
            return
        path = self._store.path_of(session_id)
        try:
            os.utime(path, (last.timestamp(), last.timestamp()))
        except OSError:  # it then stands at the top
            return


def _drop_foreign(messages: list[Message], places: Places, notes: list[str]) -> None:
    """Tell of what messages refer to and what is not here."""
    for reference in {ref: None for message in messages for ref in references_in(message)}:
        words = f"the {reference.what} {reference.name} is not here"
        if not (places.files / reference.name).exists() and words not in notes:
            notes.append(words)


def _imported(places: Places) -> Iterator[tuple[tuple[str, str], str]]:
    """All sessions that were taken over, by where they come from; those in the trash first, since others count more."""
    for place in (Place.TRASH, Place.ARCHIVE, Place.OPEN):
        folder = folder_of(places, place)
        for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
            origin = _origin(path)
            if origin is not None:
                yield origin, path.stem


def _origin(path: Path) -> tuple[str, str] | None:
    try:
        with path.open("rb", buffering=0) as file:
            data = file.read(1 << 13) or b""
            while len(data) < _MOST and not MARK.search(data) and (more := file.read(len(data))):
                data += more
    except OSError:
        return None
    if MEMBER.encode() not in data:
        return None
    origin = head_of(data).get(MEMBER)
    if not isinstance(origin, dict):
        return None
    source, source_id = origin.get("from"), origin.get("id")
    return (source, source_id) if isinstance(source, str) and isinstance(source_id, str) else None
