"""Files sessions away and back: archive, trash, and what is noted in their heads.

Every move is one rename under the session's lock, made durable. Nothing is removed that has no way
back, but for what has lain in the trash for long: see `purging`.
"""

from __future__ import annotations

import glob
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure, FailureKind
from tui.core.message import utc_now
from tui.core.session import new_session_id
from tui.core.tags import tagged
from tui.core.text import scrub
from tui.core.words import Place
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.filing import trash_mark
from tui.store.owning import Owned
from tui.store.sessions import whereabouts
from tui.store.sessions.duplicating import duplicated
from tui.store.sessions.head_change import change_head
from tui.store.sessions.locking import locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tui.store.places import Places


class TomlFiling:
    """Files the sessions in the data folder; implements `core.ports.Filing`."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def place_of(self, session_id: str) -> Place:
        """Where a session is filed. Raises `Failure` if it has no file."""
        place = whereabouts.place_of(self._places, session_id)
        if place is None:
            raise whereabouts.no_session(session_id)
        return place

    # -- moves

    def archive(self, session_id: str) -> str:
        """Move a session to the archive; gives the id that it has there. Raises `Failure`."""
        return self._move(session_id, Place.ARCHIVE)

    def delete(self, session_id: str) -> str:
        """Move a session to the trash; gives the id that it has there. Raises `Failure`."""
        return self._move(session_id, Place.TRASH)

    def restore(self, session_id: str) -> str:
        """Bring a session back from the archive or the trash; gives the id that it has then.

        Raises `Failure`.
        """
        return self._move(session_id, Place.OPEN)

    def _move(self, session_id: str, place: Place) -> str:
        """Move a session's file; if its name is taken there, it gets a number at its end."""
        self.place_of(session_id)
        folder = self._places.ensure(whereabouts.folder_of(self._places, place))
        with locked(self._places, session_id):
            here = self.place_of(session_id)
            if here is place:
                return session_id
            path = whereabouts.path_in(self._places, here, session_id)
            self._refuse_busy(session_id, path)
            target = _free_name(folder, session_id)
            try:
                if place is Place.TRASH:
                    trash_mark.mark(path, utc_now())
                whereabouts.move(path, target)
                if here is Place.TRASH:
                    trash_mark.unmark(target)
            except OSError as error:
                raise disk_failure(error, path, "move") from error
        return target.name.removesuffix(whereabouts.SUFFIX)

    def _refuse_busy(self, session_id: str, path: Path) -> None:
        """Raise `Failure` if a reply comes in there, or if the file is none of ours."""
        if not (path.is_file() or path.is_symlink()):
            raise Failure(FailureKind.DISK, f"{path} is no plain file", advice="Move it by hand.")
        if path.is_symlink():
            raise Failure(
                FailureKind.DISK,
                f"{path} is a link to another file, which bise does not move",
                advice="Move it by hand.",
            )
        if is_streaming(self._places, session_id):
            raise Failure(
                FailureKind.DISK,
                f"A reply is still coming in in the chat {session_id}",
                advice="Stop it with Esc, or wait for its end.",
                code=BUSY,
                retryable=True,
            )

    # -- heads

    def rename(self, session_id: str, title: str) -> str:
        """Give a session a title; gives it as it is kept, on one line. Raises `Failure`."""
        words = " ".join(scrub(title).split())
        if not words:
            raise Failure(FailureKind.CONFIG, "A title needs a word", advice="Give it one.")
        change_head(self._places, session_id, lambda _head: {"title": words})
        return words

    def pin(self, session_id: str) -> None:
        """Have a session stand first. Raises `Failure`."""
        change_head(self._places, session_id, lambda _head: {"pinned": True})

    def unpin(self, session_id: str) -> None:
        """Have a session stand where its time puts it. Raises `Failure`."""
        change_head(self._places, session_id, lambda _head: {"pinned": None})

    def tag(
        self, session_id: str, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> list[str]:
        """Add and remove tags; gives those that it has then. Raises `Failure`."""
        add, remove = list(add), list(remove)

        def change(head: Mapping[str, Any]) -> dict[str, Any]:
            return {"tags": tagged(tags_in(head), add, remove) or None}

        return list(change_head(self._places, session_id, change)["tags"] or [])

    def duplicate(self, session_id: str) -> str:
        """Make a copy of a session, with all its messages; gives the copy's id. Raises `Failure`."""
        new_id = new_session_id()
        target = whereabouts.path_in(self._places, Place.OPEN, new_id)
        self.place_of(session_id)
        with locked(self._places, session_id):
            path = whereabouts.path_of(self._places, session_id)
            try:
                data = whereabouts.read_plain(path)
            except OSError as error:
                raise disk_failure(error, path, "read") from error
        try:
            atomic.create(target, duplicated(path, data, new_id))
        except OSError as error:
            raise disk_failure(error, target, "save") from error
        return new_id


BUSY = "EBUSY"
"""The code of a failure whose cause is that a reply comes in."""


def is_streaming(places: Places, session_id: str) -> bool:
    """Whether a reply comes in in that session, here or in another instance.

    A journal that nobody owns is no sign of it. Raises `Failure` if locks can't be had.
    """
    from tui.store.state.journal import SUFFIX

    claim = Owned.take(places, f"{session_id}.reply")
    if claim is None:
        return True
    claim.release()

    for path in places.journal.glob(f"{glob.escape(session_id)}.*{SUFFIX}"):
        if path.name.removesuffix(SUFFIX).rpartition(".")[0] != session_id:
            continue
        owned = Owned.take(places, path.name)
        if owned is None:
            return True
        owned.release()
    return False


def tags_in(head: Mapping[str, Any]) -> list[str]:
    """The tags in a head as it was read; what is no tag there counts for nothing."""
    tags = head.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []


def _free_name(folder: Path, session_id: str) -> Path:
    """A name in a folder that nothing bears yet."""
    target, number = folder / f"{session_id}{whereabouts.SUFFIX}", 2
    while target.exists() or target.is_symlink():
        target = folder / f"{session_id}-{number}{whereabouts.SUFFIX}"
        number += 1
    return target
