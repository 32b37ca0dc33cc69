"""Sessions of which some are kept in files and some only as long as the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.listing import Listing
from tui.core.words import Place
from tui.store.sessions.ephemeral import PassingFiling, PassingSessions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.core.merging import Base, Stamp
    from tui.core.message import Message
    from tui.core.ports import Filing, SessionStore
    from tui.core.session import Session


class MixedSessions:
    """Both together; implements `core.ports.SessionStore`."""

    def __init__(self, kept: SessionStore, passing_ids: set[str]) -> None:
        """`passing_ids`: the sessions that are not kept. It grows while the program runs."""
        self.passing = PassingSessions()
        self.passing_ids = passing_ids
        self._kept = kept

    def listing(self, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
        """Both lists, those that are not kept with the others in their order."""
        return self._with_passing(self._kept.listing(limit, place), place)

    def recall(self, limit: int, place: Place = Place.OPEN) -> Listing:
        """Both lists, as they are at hand."""
        return self._with_passing(self._kept.recall(limit, place), place)

    def load(self, session_id: str) -> Session:
        """One session, with all its messages. Raises `Failure`."""
        return self._of(session_id).load(session_id)

    def create(self, session: Session) -> None:
        """Take a new session in; one that goes on from one that is not kept is not kept either. Raises `Failure`."""
        if session.forked_from is not None and session.forked_from.session in self.passing_ids:
            self.passing_ids.add(session.id)
        self._of(session.id).create(session)

    def append(self, session_id: str, message: Message, base: Base | None = None) -> None:
        """Keep one more message. Raises `Failure`."""
        self._of(session_id).append(session_id, message, base)

    def save_header(self, session: Session) -> None:
        """Keep title, provider and parameters. Raises `Failure`."""
        self._of(session.id).save_header(session)

    def rewrite(self, session: Session) -> None:
        """Keep all of a session. Raises `Failure`."""
        self._of(session.id).rewrite(session)

    def stamp(self, session_id: str) -> Stamp | None:
        """The state of a session's file; None if it has none."""
        return self._of(session_id).stamp(session_id)

    def _of(self, session_id: str) -> SessionStore:
        return self.passing if session_id in self.passing_ids else self._kept

    def _with_passing(self, kept: Listing, place: Place) -> Listing:
        passing = self.passing.listing(None, place).headers
        if not passing:
            return kept
        headers = sorted(
            [*kept.headers, *passing], key=lambda header: (not header.pinned, -header.changed)
        )
        return Listing(headers, kept.problems)


class MixedFiling:
    """Files both; implements `core.ports.Filing`. All methods raise `Failure`."""

    def __init__(self, kept: Filing, sessions: MixedSessions) -> None:
        self._kept = kept
        self._passing = PassingFiling(sessions.passing)
        self._passing_ids = sessions.passing_ids

    def place_of(self, session_id: str) -> Place:
        """Where a session is filed."""
        return self._of(session_id).place_of(session_id)

    def archive(self, session_id: str) -> str:
        """Move a session to the archive; gives its id."""
        return self._of(session_id).archive(session_id)

    def delete(self, session_id: str) -> str:
        """Move a session to the trash; gives its id."""
        return self._of(session_id).delete(session_id)

    def restore(self, session_id: str) -> str:
        """Bring a session back; gives its id."""
        return self._of(session_id).restore(session_id)

    def rename(self, session_id: str, title: str) -> str:
        """Give a session a title; gives it as it is kept."""
        return self._of(session_id).rename(session_id, title)

    def pin(self, session_id: str) -> None:
        """Have a session stand first."""
        self._of(session_id).pin(session_id)

    def unpin(self, session_id: str) -> None:
        """Have a session stand where its time puts it."""
        self._of(session_id).unpin(session_id)

    def tag(
        self, session_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> list[str]:
        """Add and remove tags; gives those that it has then."""
        return self._of(session_id).tag(session_id, add, remove)

    def duplicate(self, session_id: str) -> str:
        """Make a copy, which is kept if the session is; gives its id."""
        copy = self._of(session_id).duplicate(session_id)
        if session_id in self._passing_ids:
            self._passing_ids.add(copy)
        return copy

    def _of(self, session_id: str) -> Filing:
        return self._passing if session_id in self._passing_ids else self._kept
