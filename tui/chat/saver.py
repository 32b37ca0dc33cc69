"""Saves sessions in the order in which they grow, off the event loop, and forgets nothing that failed."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from tui.chat.taking import take_over
from tui.core.failure import Failure
from tui.core.merging import digests, head_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tui.chat.listener import Listener
    from tui.chat.taking import Taken
    from tui.core.message import Message
    from tui.core.ports import SessionStore
    from tui.core.session import Session

    Write = Callable[[Session], None]

RETRY_S = 30.0
"""Seconds after which what could not be saved is tried again."""

GONE = "ENOENT"
"""The code of a failure whose cause is that the session's file has vanished."""


class Saver:
    """Brings a session's file up to date with its messages.

    `session.base` tells what of it is on disk. What could not be written is written by the next
    save of the same session, in order, and tried again from time to time.
    """

    def __init__(
        self,
        store: SessionStore,
        listener: Listener,
        saved: Callable[[Session], Awaitable[object]],
        retry_s: float = RETRY_S,
    ) -> None:
        """`saved` is awaited whenever all of a session has come to be on disk."""
        self._store = store
        self._listener = listener
        self._saved = saved
        self._retry_s = retry_s
        self._retrying: asyncio.Task[None] | None = None
        self._is_closed = False
        self._has_file: set[str] = set()
        self._edited: set[str] = set()
        """Sessions of which earlier messages were changed: they are to be written anew."""
        self._rewriting: set[str] = set()
        """Those of them that are being written."""
        self._failed: dict[str, tuple[Session, set[Write]]] = {}
        """By session: what of it could not be written."""
        self._locks: dict[str, asyncio.Lock] = {}
        self._writes: set[asyncio.Task[bool]] = set()

    def loaded(self, session: Session) -> None:
        """All messages of this session are on disk already."""
        self._has_file.add(session.id)
        if session.base.messages is None:
            session.base.messages = digests(session.messages)

    def is_saved(self, session: Session) -> bool:
        """Whether all that was said and done in it is on disk."""
        edited = session.id in self._edited or session.id in self._rewriting
        return session.id in self._has_file and not edited and not self.unsaved(session)

    def unsaved(self, session: Session) -> list[Message]:
        """The messages of a session that are not on disk yet."""
        known = session.base.messages or {}
        return [message for message in session.messages if message.id not in known]

    async def save(self, session: Session) -> bool:
        """Write the messages that are not on disk yet. False, and the listener told, if that failed.

        Cancelling the caller does not break off the write.
        """
        return await self._shielded(session, self._write)

    def save_soon(self, session: Session) -> None:
        """The same, behind what goes on; `drain` waits for it."""
        self._start(session, self._write)

    async def rewrite(self, session: Session) -> bool:
        """Write head and messages, whatever was done to them; else as `save`."""
        self._edited.add(session.id)
        return await self._shielded(session, self._write)

    async def refresh(self, session: Session) -> Taken | None:
        """Take over what other hands have changed in the session's file, if it has changed.

        What was changed here is written first, if it can be. None if there is nothing to take over.
        Raises `Failure` if the file can't be read.
        """
        async with self._locks.setdefault(session.id, asyncio.Lock()):
            stamp = await asyncio.to_thread(self._store.stamp, session.id)
            if session.id not in self._has_file or stamp in {None, session.base.stamp}:
                return None
            with contextlib.suppress(Failure):  # it is tried again, and told, by the next save
                await self._flush(session)
            taken = take_over(session, await asyncio.to_thread(self._store.load, session.id))
        if taken.kept_twice or self.unsaved(session):
            await self.save(session)
        return taken

    async def _flush(self, session: Session) -> None:
        """Write what was changed here. The caller holds the session's lock."""
        if session.id in self._edited:
            await self._apply(session, self._write)
        elif session.base.head not in (None, head_of(session)):
            await self._apply(session, self._write_header)

    async def save_header(self, session: Session) -> bool:
        """Write title, provider and parameters, if the session has a file; else as `save`."""
        if session.id not in self._has_file:
            return True
        return await self._shielded(session, self._write_header)

    async def drain(self) -> None:
        """Wait until nothing is being written."""
        while self._writes:
            await asyncio.wait(self._writes)

    async def close(self) -> None:
        """Try for the last time to save what could not be saved, and try no more."""
        self._is_closed = True
        if self._retrying is not None:
            self._retrying.cancel()
        await self.drain()
        await self.try_again()

    @property
    def failed(self) -> list[Session]:
        """The sessions of which something could not be written, and is lost if the program ends."""
        return [session for session, _ in self._failed.values()]

    async def try_again(self) -> None:
        """Try now to save what could not be saved."""
        for session, writes in list(self._failed.values()):
            for write in list(writes):
                await self._shielded(session, write)

    async def _retry(self) -> None:
        while self._failed:
            await asyncio.sleep(self._retry_s)
            await self.try_again()
        self._retrying = None

    async def _shielded(self, session: Session, write: Write) -> bool:
        return await asyncio.shield(self._start(session, write))

    def _start(self, session: Session, write: Write) -> asyncio.Task[bool]:
        task = asyncio.create_task(self._locked(session, write), name=f"save {session.id}")
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        return task

    async def _locked(self, session: Session, write: Write) -> bool:
        async with self._locks.setdefault(session.id, asyncio.Lock()):
            try:
                await self._apply(session, write)
            except Failure as failure:
                self._note_failed(session, write)
                self._listener.save_failed(session, failure)
                return False
            self._note_done(session, write)
            if self.is_saved(session):
                await self._saved(session)
            return True

    async def _apply(self, session: Session, write: Write) -> None:
        """Write the session as it is now; what is changed meanwhile is for the next time."""
        anew = write == self._write and session.id in self._edited
        if anew:
            self._edited.discard(session.id)
            self._rewriting.add(session.id)
        copy = session.model_copy(update={"messages": list(session.messages)})  # of the same base
        try:
            await asyncio.to_thread(write, copy)
        except Failure:
            if anew:
                self._edited.add(session.id)
            raise
        finally:
            self._rewriting.discard(session.id)

    def _note_failed(self, session: Session, write: Write) -> None:
        self._failed.setdefault(session.id, (session, set()))[1].add(write)
        if self._retrying is None and not self._is_closed:
            self._retrying = asyncio.create_task(self._retry(), name="save again")

    def _note_done(self, session: Session, write: Write) -> None:
        if session.id in self._failed:
            writes = self._failed[session.id][1]
            writes.discard(write)
            if not writes:
                del self._failed[session.id]
                self._listener.save_recovered(session)

    def _write(self, session: Session) -> None:
        if session.id not in self._has_file:
            self._create(session)
            return
        try:
            if session.id in self._rewriting:
                self._store.rewrite(session)
            for message in self.unsaved(session):
                self._store.append(session.id, message, session.base)
                session.base.note(message)
        except Failure as failure:
            if failure.code != GONE:
                raise
            self._create(session)

    def _write_header(self, session: Session) -> None:
        try:
            self._store.save_header(session)
        except Failure as failure:
            if failure.code != GONE:
                raise
            self._create(session)

    def _create(self, session: Session) -> None:
        """Write the whole session: it is new, or its file has vanished and memory holds all of it."""
        self._store.create(session)
        self._has_file.add(session.id)
        session.base.messages = digests(session.messages)
