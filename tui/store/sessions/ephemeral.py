"""Sessions that touch no disk: they last as long as the program runs, and nobody else sees them."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.listing import Header, Listing
from tui.core.message import utc_now
from tui.core.session import Fork, Session, new_session_id
from tui.core.tags import tagged
from tui.core.words import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.core.merging import Base, Stamp
    from tui.core.message import Message


@dataclass(slots=True)
class _Kept:
    """A session as it was last saved: a copy, that nobody else changes."""

    session: Session
    place: Place = Place.OPEN
    changed: float = field(default_factory=time.time)

    def header(self) -> Header:
        one = self.session
        return Header(
            id=one.id,
            title=one.title,
            created=one.created,
            changed=self.changed,
            pinned=one.pinned,
            tags=tuple(one.tags),
            place=self.place,
        )


class PassingSessions:
    """Sessions in memory; implements `core.ports.SessionStore`. Safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def listing(self, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
        """The newest `limit` sessions (all if None) of a place; pinned ones come first and don't count."""
        with self._lock:
            headers = [one.header() for one in self._kept.values() if one.place is place]
        headers.sort(key=lambda header: header.changed, reverse=True)
        pinned = [header for header in headers if header.pinned]
        others = [header for header in headers if not header.pinned]
        return Listing([*pinned, *others[:limit]])

    def recall(self, limit: int, place: Place = Place.OPEN) -> Listing:
        """As `listing`, which costs nothing here."""
        return self.listing(limit, place)

    def load(self, session_id: str) -> Session:
        """One session, with all its messages. Raises `Failure` if there is none."""
        with self._lock:
            return _copy(self._of(session_id).session)

    def create(self, session: Session) -> None:
        """Take a new session in. Raises `Failure` if there is one of that id."""
        with self._lock:
            if session.id in self._kept:
                raise Failure(
                    FailureKind.DISK, f"There is a chat with the id {session.id!r} already"
                )
            self._kept[session.id] = _Kept(_copy(session))

    def append(self, session_id: str, message: Message, base: Base | None = None) -> None:
        """Keep one more message. Raises `Failure` if there is no such session."""
        with self._lock:
            kept = self._of(session_id)
            kept.session.messages.append(message.model_copy(deep=True))
            kept.changed = time.time()
        if base is not None:
            base.note(message)

    def save_header(self, session: Session) -> None:
        """Keep title, provider and parameters. Raises `Failure` if there is no such session."""
        with self._lock:
            kept = self._of(session.id)
            messages, kept.session = kept.session.messages, _copy(session, messages=False)
            kept.session.messages = messages

    def rewrite(self, session: Session) -> None:
        """Keep all of a session. Raises `Failure` if there is none of that id."""
        from tui.core.merging import digests

        with self._lock:
            kept = self._of(session.id)
            kept.session, kept.changed = _copy(session), time.time()
        session.base.messages = digests(session.messages)

    def stamp(self, session_id: str) -> Stamp | None:  # noqa: ARG002 (the port's signature)
        """None: nobody else changes anything here."""
        return None

    def place_of(self, session_id: str) -> Place:
        """Where a session is filed. Raises `Failure` if there is none of that id."""
        with self._lock:
            return self._of(session_id).place

    def move(self, session_id: str, place: Place) -> None:
        """File a session elsewhere. Raises `Failure` if there is none of that id."""
        with self._lock:
            self._of(session_id).place = place

    def change(self, session_id: str, change: Callable[[Session], None]) -> Session:
        """Change a session as it is kept, and give a copy. Raises `Failure` if there is none of that id."""
        with self._lock:
            kept = self._of(session_id)
            change(kept.session)
            return _copy(kept.session)

    def _of(self, session_id: str) -> _Kept:
        if session_id not in self._kept:
            words = f"There is no chat with the id {session_id!r}"
            raise Failure(FailureKind.DISK, words, code="ENOENT")
        return self._kept[session_id]


class PassingFiling:
    """Files sessions in memory; implements `core.ports.Filing`. All methods raise `Failure`."""

    def __init__(self, sessions: PassingSessions) -> None:
        self._sessions = sessions

    def place_of(self, session_id: str) -> Place:
        """Where a session is filed."""
        return self._sessions.place_of(session_id)

    def archive(self, session_id: str) -> str:
        """Move a session to the archive; gives its id."""
        self._sessions.move(session_id, Place.ARCHIVE)
        return session_id

    def delete(self, session_id: str) -> str:
        """Move a session to the trash; gives its id."""
        self._sessions.move(session_id, Place.TRASH)
        return session_id

    def restore(self, session_id: str) -> str:
        """Bring a session back; gives its id."""
        self._sessions.move(session_id, Place.OPEN)
        return session_id

    def rename(self, session_id: str, title: str) -> str:
        """Give a session a title; gives it as it is kept, on one line."""
        words = " ".join(title.split())
        if not words:
            raise Failure(FailureKind.CONFIG, "A title needs a word", advice="Give it one.")

        def change(session: Session) -> None:
            session.title = words

        self._sessions.change(session_id, change)
        return words

    def pin(self, session_id: str) -> None:
        """Have a session stand first."""
        self._sessions.change(session_id, lambda session: setattr(session, "pinned", True))

    def unpin(self, session_id: str) -> None:
        """Have a session stand where its time puts it."""
        self._sessions.change(session_id, lambda session: setattr(session, "pinned", False))

    def tag(
        self, session_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> list[str]:
        """Add and remove tags; gives those that it has then."""
        add, remove = list(add), list(remove)

        def change(session: Session) -> None:
            session.tags = tagged(session.tags, add, remove)

        return self._sessions.change(session_id, change).tags

    def duplicate(self, session_id: str) -> str:
        """Make a copy of a session; gives the copy's id."""
        copy = self._sessions.load(session_id)
        copy.id, copy.created, copy.pinned = new_session_id(), utc_now(), False
        copy.title = f"{copy.title} (copy)" if copy.title else ""
        copy.forked_from, copy.asides = Fork(session=session_id), []
        for message in copy.messages:
            message.copied_from = message.copied_from or session_id
        self._sessions.create(copy)
        return copy.id


def _copy(session: Session, *, messages: bool = True) -> Session:
    """A session of its own, with no more in common with the one that it is copied from."""
    kept = [m.model_copy(deep=True) for m in session.messages] if messages else []
    copy = Session.model_validate(session.model_dump(by_alias=True))
    copy.messages = kept
    return copy
