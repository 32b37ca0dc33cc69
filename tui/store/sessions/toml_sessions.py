"""Sessions as TOML files, one each, that people can read and edit while the program runs.

What a message costs to save does not depend on the session's size: it is one append. Before it, the
end of the file is looked at: not at all if it is as this process left it, else from the last line
that begins a message. If the end is torn, the damaged file is copied first, then mended.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.words import Place
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.sessions import whereabouts
from tui.store.sessions.in_common import all_in_common, head_written, moved_on, stamp_of
from tui.store.sessions.locking import locked
from tui.store.sessions.tail import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tui.core.listing import Listing
    from tui.core.merging import Base, Stamp
    from tui.core.message import Message
    from tui.core.session import Session
    from tui.store.places import Places

SUFFIX = whereabouts.SUFFIX
LOCK_WAIT_S = 10.0
"""How long another process may hold a session before giving up, in seconds."""


@dataclass(slots=True)
class _Known:
    """What this process knows of a file."""

    end: Stamp | None = None
    """Its state when its end was last seen to be whole."""
    has_messages: bool = False
    failed: str | None = None
    """The message whose append failed: a part of it may be there."""


class TomlSessions:
    """The sessions in the data folder; implements `core.ports.SessionStore`.

    Safe to use from several threads and processes at once.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._known: dict[str, _Known] = {}

    def path_of(self, session_id: str) -> Path:
        """Where a session's file lies, or would lie if it had one.

        Raises `Failure` if that can't be the id of one.
        """
        return whereabouts.path_of(self._places, session_id)

    def listing(self, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
        """The newest `limit` sessions (all if None) of a place, by the time of their last change.

        Those that are known to be pinned come first and don't count. No message is read.
        """
        from tui.store.search.index_heads import listing

        return listing(self._places, limit, place)

    def recall(self, limit: int, place: Place = Place.OPEN) -> Listing:
        """What the last `listing` found, as far as it is still there, in a few milliseconds."""
        from tui.store.search.index_heads import recall

        return recall(self._places, limit, place)

    def load(self, session_id: str) -> Session:
        """One session with all its messages; what is wrong with its file stands in `problems`.

        Raises `Failure` if nothing of it can be read. The file is never changed.
        """
        from tui.store.sessions import migrations
        from tui.store.sessions.read import read_session

        path, data, state = self._found(session_id)
        if migrations.is_old(data):
            return migrations.load_old(self, self._places, session_id)
        session = read_session(path, data, state.st_mtime)
        if session.problems:  # perhaps somebody is just writing a message
            with contextlib.suppress(Failure), self._locked(session_id):
                again, state = _read(path)
                if again != data:
                    session, data = read_session(path, again, state.st_mtime), again
        known = _Known(has_messages=bool(session.messages))
        usual = known.has_messages == bool(MARK.search(data)) and data.endswith(b"\n")
        if usual and not session.problems and state.st_size == len(data):
            known.end = stamp_of(state)
        self._known[session_id] = known
        all_in_common(session, stamp_of(state))
        return session

    def stamp(self, session_id: str) -> Stamp | None:
        """The state of the session's file now; None if there is none, or it can't be had."""
        try:
            return stamp_of(self.path_of(session_id).stat())
        except (OSError, Failure):
            return None

    def create(self, session: Session) -> None:
        """Write a new session's file, its messages included; raises `Failure` if there is one already."""
        from tui.store.sessions.attachments import put_beside
        from tui.store.sessions.text import session_text

        self._places.ensure(self._places.sessions)
        put_beside(self._places, session.messages)
        with self._writing(session.id, "save") as path:
            atomic.create(path, session_text(session).encode())
            after = stamp_of(path.stat())
        self._known[session.id] = _Known(after, bool(session.messages))
        all_in_common(session, after)

    def append(self, session_id: str, message: Message, base: Base | None = None) -> None:
        """Save one more message, at a cost that does not depend on the session's size.

        Raises `Failure` if it can't be saved; the file is then as it was. A file of a newer version
        of the program is not added to: nobody here knows what that would break in it. `base` is
        brought up to date, if nobody else has changed the file since. Images and the like in the
        message are put beside the session, here and in `create` and `rewrite`; it then refers to them.
        """
        from tui.store.sessions import migrations
        from tui.store.sessions.attachments import put_beside
        from tui.store.sessions.ends import make_ready, take_back
        from tui.store.sessions.text import message_text

        put_beside(self._places, [message])
        with self._writing(session_id, "save the message in") as path:
            known = self._known.setdefault(session_id, _Known())
            joint = ""
            before = stamp_of(_plain(path.stat()))
            if known.end != before:
                migrations.prepare(self._places, path)
                joint, known.has_messages = make_ready(path)
                if known.failed is not None:
                    known.has_messages = take_back(path, known.failed)
                if stamp_of(path.stat()) != before:
                    before = ()  # it was mended, and is to be read anew
            block = joint + message_text(message, after=known.has_messages)
            known.end, known.failed = None, message.id  # until it has come to its end
            known.end = stamp_of(atomic.append(path, block.encode()))
            known.has_messages, known.failed = True, None
            if base is not None:
                base.note(message)
                moved_on(base, before, known.end)

    def save_header(self, session: Session) -> None:
        """Save title, provider, parameters and the like; messages stay as they are, byte for byte.

        Only members that were changed since the session and the file were last in common are
        touched, so that edits by other hands stay, as do comments and order. Of a member that both
        changed, the file's value stays and ours is put beside it as a comment. Raises `Failure` if
        the head on disk can't be parsed; the file is then left as it is.
        """
        from tui.store.sessions import migrations
        from tui.store.sessions.in_common import with_head

        with self._writing(session.id, "save") as path:
            known = self._known.setdefault(session.id, _Known())
            data, state = _read(path)
            before = stamp_of(state)
            data = migrations.ready(self._places, path, data)
            changed, theirs = with_head(path, data, state.st_mtime, session)
            if changed != data:
                atomic.replace(path, changed)
            after = stamp_of(path.stat())
            known.end = after if known.end == before else None
            head_written(session, theirs, before)
            moved_on(session.base, before, after)

    def rewrite(self, session: Session) -> None:
        """Save head and messages, whatever was done to them, in one atomic replacement of the file.

        What others changed in the file meanwhile stays. A message that both changed is kept twice:
        the file's where it stands, ours behind it as another version. Messages that are as they
        were keep every byte, comments too. Raises `Failure`; the file is then as it was.
        """
        from tui.store.sessions import migrations
        from tui.store.sessions.attachments import put_beside
        from tui.store.sessions.body_edit import rewritten
        from tui.store.sessions.ends import make_ready
        from tui.store.sessions.in_common import with_head

        ours = list(session.messages)  # more may be added while this is written
        put_beside(self._places, ours)
        with self._writing(session.id, "save") as path:
            migrations.prepare(self._places, path)
            make_ready(path)
            data, state = _read(path)
            before = stamp_of(state)
            changed, theirs = with_head(path, data, state.st_mtime, session)
            changed, merged = rewritten(path, changed, session.base, ours, before)
            if changed != data:
                atomic.replace(path, changed)
            after = stamp_of(path.stat())
            self._known[session.id] = _Known(after, bool(merged.messages))
            head_written(session, theirs, before)
            merged.rebase(session.base)
            if not merged.is_others:
                moved_on(session.base, before, after)

    def _found(self, session_id: str) -> tuple[Path, bytes, os.stat_result]:
        """A session's file and what stands in it; it may be moved while we look for it."""
        path = self.path_of(session_id)
        try:
            return path, *_read(path)
        except Failure:
            elsewhere = self.path_of(session_id)
            if elsewhere == path:
                raise
            return elsewhere, *_read(elsewhere)

    def _locked(self, session_id: str) -> contextlib.AbstractContextManager[None]:
        return locked(self._places, session_id, LOCK_WAIT_S)

    @contextlib.contextmanager
    def _writing(self, session_id: str, doing: str) -> Iterator[Path]:
        """Hold a session, and give the place of its file, which nobody moves meanwhile.

        A chat in the trash that is gone on with is no longer thrown away.
        """
        whereabouts.check_id(session_id)
        with self._locked(session_id):
            path = whereabouts.out_of_trash(self._places, session_id)
            with _told(path, doing):
                yield path


@contextlib.contextmanager
def _told(path: Path, doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise disk_failure(error, path, doing) from error


def _read(path: Path) -> tuple[bytes, os.stat_result]:
    with _told(path, "read"):
        _plain(path.stat())  # opening a pipe would wait for ever
        with path.open("rb") as file:
            return file.read(), os.fstat(file.fileno())


def _plain(state: os.stat_result) -> os.stat_result:
    if stat.S_ISDIR(state.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(state.st_mode):
        raise OSError(errno.EINVAL, "it is no plain file")
    return state
