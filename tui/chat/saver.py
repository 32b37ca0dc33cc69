"""Saves sessions in the order in which they grow, off the event loop, and forgets nothing that failed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tui.chat.listener import Listener
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

    It knows how many messages of each session are on disk. What could not be written is written
    by the next save of the same session, in order, and tried again from time to time.
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
        self._on_disk: dict[str, int] = {}
        self._edited: set[str] = set()
        """Sessions of which earlier messages were changed: they are to be written anew."""
        self._failed: dict[str, tuple[Session, set[Write]]] = {}
        """By session: what of it could not be written."""
        self._locks: dict[str, asyncio.Lock] = {}
        self._writes: set[asyncio.Task[bool]] = set()

    def loaded(self, session: Session) -> None:
        """All messages of this session are on disk already."""
        self._on_disk[session.id] = len(session.messages)

    def is_saved(self, session: Session) -> bool:
        """Whether all that was said in it is on disk."""
        is_long = self._on_disk.get(session.id) == len(session.messages)
        return is_long and session.id not in self._edited

    def unsaved(self, session: Session) -> list[Message]:
        """The messages of a session that are not on disk yet."""
        return session.messages[self._on_disk.get(session.id, 0) :]

    async def save(self, session: Session) -> bool:
        """Write the messages that are not on disk yet. False, and the listener told, if that failed.

        Cancelling the caller does not break off the write.
        """
        return await self._shielded(session, self._write)

    async def rewrite(self, session: Session) -> bool:
        """Write the whole session, since earlier messages of it were changed; else as `save`."""
        self._edited.add(session.id)
        return await self.save(session)

    async def save_header(self, session: Session) -> bool:
        """Write title, provider and parameters, if the session has a file; else as `save`."""
        if session.id not in self._on_disk:
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
        await self._try_again()

    async def _try_again(self) -> None:
        for session, writes in list(self._failed.values()):
            for write in list(writes):
                await self._shielded(session, write)

    async def _retry(self) -> None:
        while self._failed:
            await asyncio.sleep(self._retry_s)
            await self._try_again()
        self._retrying = None

    async def _shielded(self, session: Session, write: Write) -> bool:
        task = asyncio.create_task(self._locked(session, write), name=f"save {session.id}")
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        return await asyncio.shield(task)

    async def _locked(self, session: Session, write: Write) -> bool:
        async with self._locks.setdefault(session.id, asyncio.Lock()):
            try:
                await asyncio.to_thread(write, session)
            except Failure as failure:
                self._note_failed(session, write)
                self._listener.save_failed(session, failure)
                return False
            self._note_done(session, write)
            if self.is_saved(session):
                await self._saved(session)
            return True

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
        if session.id not in self._on_disk:
            self._create(session)
        try:
            if session.id in self._edited:
                self._rewrite(session)
            for message in self.unsaved(session):
                self._store.append(session.id, message)
                self._on_disk[session.id] += 1
        except Failure as failure:
            if failure.code != GONE:
                raise
            self._create(session)

    def _rewrite(self, session: Session) -> None:
        """Write everything. What is changed meanwhile is written by the next save."""
        self._edited.discard(session.id)
        messages = list(session.messages)
        try:
            self._store.rewrite(session.model_copy(update={"messages": messages}))
        except Failure:
            self._edited.add(session.id)
            raise
        self._on_disk[session.id] = len(messages)

    def _write_header(self, session: Session) -> None:
        try:
            self._store.save_header(session)
        except Failure as failure:
            if failure.code != GONE:
                raise
            self._create(session)

    def _create(self, session: Session) -> None:
        """Write the whole session: it is new, or its file has vanished and memory holds all of it."""
        self._edited.discard(session.id)
        messages = list(session.messages)  # more may be added while this is written
        self._store.create(session.model_copy(update={"messages": messages}))
        self._on_disk[session.id] = len(messages)
