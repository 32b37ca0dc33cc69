"""Ports to sessions: kept, filed away, searched, with what their messages refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tui.core.words import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from tui.core.listing import Listing
    from tui.core.merging import Base, Stamp
    from tui.core.message import Message
    from tui.core.search import Found, Query
    from tui.core.session import Session
    from tui.core.usage import Used


class SessionStore(Protocol):
    """Keeps sessions. Methods block on the disk: call them in a thread. They raise `Failure`.

    `session.base` tells what a session in memory and its file last had in common. What others have
    changed in the file since is never overwritten; methods that write bring the base up to date.
    """

    def listing(self, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
        """The newest `limit` sessions (all if None) of a place, with no message read.

        Those that are known to be pinned come first and don't count.
        """
        ...

    def recall(self, limit: int, place: Place = Place.OPEN) -> Listing:
        """About the same as `listing`, in a few milliseconds, however many sessions there are.

        What is listed is as it is now, but a session that was made or written to since the last
        `listing` may be missing or stand too low: ask for that next.
        """
        ...

    def load(self, session_id: str) -> Session:
        """One session, with all its messages."""
        ...

    def create(self, session: Session) -> None:
        """Write a new session's file, its messages included."""
        ...

    def append(self, session_id: str, message: Message, base: Base | None = None) -> None:
        """Save one more message, at a cost that does not depend on the session's size.

        `base`: of the session in memory that has the message, if there is one.
        """
        ...

    def save_header(self, session: Session) -> None:
        """Save title, provider and parameters; messages stay as they are."""
        ...

    def rewrite(self, session: Session) -> None:
        """Save head and messages whatever was done to them: edited, removed, put in anywhere.

        Messages that others have added or edited meanwhile stay as they are. Costs as much as the
        session is long; a message more is better saved by `append`.
        """
        ...

    def stamp(self, session_id: str) -> Stamp | None:
        """The state of the session's file now, to compare with its base's; None if it can't be had."""
        ...


class Filing(Protocol):
    """Files sessions away and back. Methods block on the disk: call them in a thread. They raise `Failure`.

    What is in memory of a session is not changed by them: title, pin and tags of an open one are
    changed there, and saved by `SessionStore.save_header`. A session in which a reply comes in is
    not moved: the failure's code is then `EBUSY`.
    """

    def place_of(self, session_id: str) -> Place:
        """Where a session is filed."""
        ...

    def archive(self, session_id: str) -> str:
        """Move a session to the archive; gives its id, another if this one was taken there."""
        ...

    def delete(self, session_id: str) -> str:
        """Move a session to the trash; gives its id there."""
        ...

    def restore(self, session_id: str) -> str:
        """Bring a session back from the archive or the trash; gives its id."""
        ...

    def rename(self, session_id: str, title: str) -> str:
        """Give a session a title; gives it as it is kept, on one line."""
        ...

    def pin(self, session_id: str) -> None:
        """Have a session stand first."""
        ...

    def unpin(self, session_id: str) -> None:
        """Have a session stand where its time puts it."""
        ...

    def tag(
        self, session_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> list[str]:
        """Add and remove tags; gives those that it has then."""
        ...

    def duplicate(self, session_id: str) -> str:
        """Make a copy of a session, with all its messages; gives the copy's id."""
        ...


class Exports(Protocol):
    """Writes sessions to files of the user's. Blocks on the disk; raises `Failure`."""

    @property
    def forms(self) -> Sequence[str]:
        """What can be written, by the ending of the file."""
        ...

    def proposed(self, title: str, form: str) -> str:
        """A name for the file of a session with that title."""
        ...

    def target(self, path: str, form: str, title: str) -> tuple[Path, bool]:
        """Which file a path means that was typed, and whether it is there already."""
        ...

    def export(self, session_id: str, form: str, target: Path, *, force: bool) -> list[str]:
        """Write a session as its file is now; without a form, by the file's ending. Gives what is missing, in words.

        Only with `force` it is written over a file that is there.
        """
        ...


class Search(Protocol):
    """Finds words in all sessions. Methods block on the disk: call them in a thread."""

    def search(self, query: Query, limit: int = 50) -> Found:
        """The best `limit` places that match. Any query will do, and none raises."""
        ...

    def refresh(self, progress: Callable[[int, int], bool]) -> bool:
        """Take in what has changed in the files since the last time; whether all of it was.

        `progress` hears sessions done and sessions to do, every few milliseconds, and says whether to
        go on. What was taken in until then is kept.
        """
        ...


class Attachments(Protocol):
    """The images, documents and sounds that messages of saved sessions refer to. It blocks on the disk."""

    def inlined(self, messages: Sequence[Message]) -> tuple[list[Message], list[str]]:
        """The messages with all data in them, as servers want them; and what is missing, in words.

        The messages given are not changed.
        """
        ...


class Usage(Protocol):
    """What all sessions have used. Blocks on the disk: call it in a thread."""

    def used(self, since: date | None = None, until: date | None = None) -> list[Used]:
        """By day, provider and model, oldest first; days in local time, both ends included."""
        ...
