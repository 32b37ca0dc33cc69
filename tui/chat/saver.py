"""Saves sessions in the order in which they grow, off the event loop, and forgets nothing that failed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.chat.listener import Listener
    from tui.core.ports import SessionStore
    from tui.core.session import Session


class Saver:
    """Brings a session's file up to date with its messages.

    It knows how many messages of each session are on disk. What could not be written is written
    by the next save of the same session, in order.
    """

    def __init__(self, store: SessionStore, listener: Listener) -> None:
        self._store = store
        self._listener = listener
        self._on_disk: dict[str, int] = {}
        self._failed: set[str] = set()
        self._locks: dict[str, asyncio.Lock] = {}
        self._writes: set[asyncio.Task[bool]] = set()

    def loaded(self, session: Session) -> None:
        """All messages of this session are on disk already."""
        self._on_disk[session.id] = len(session.messages)

    def is_saved(self, session: Session) -> bool:
        """Whether all that was said in it is on disk."""
        return self._on_disk.get(session.id) == len(session.messages)

    async def save(self, session: Session) -> bool:
        """Write the messages that are not on disk yet. False, and the listener told, if that failed.

        Cancelling the caller does not break off the write.
        """
        return await self._shielded(session, self._write)

    async def save_header(self, session: Session) -> bool:
        """Write title, provider and parameters, if the session has a file; else as `save`."""
        if session.id not in self._on_disk:
            return True
        return await self._shielded(session, self._store.save_header)

    async def drain(self) -> None:
        """Wait until nothing is being written."""
        while self._writes:
            await asyncio.wait(self._writes)

    async def _shielded(self, session: Session, write: Callable[[Session], None]) -> bool:
        task = asyncio.create_task(self._locked(session, write), name=f"save {session.id}")
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        return await asyncio.shield(task)

    async def _locked(self, session: Session, write: Callable[[Session], None]) -> bool:
        async with self._locks.setdefault(session.id, asyncio.Lock()):
            try:
                await asyncio.to_thread(write, session)
            except Failure as failure:
                self._failed.add(session.id)
                self._listener.save_failed(session, failure)
                return False
            if session.id in self._failed:
                self._failed.discard(session.id)
                self._listener.save_recovered(session)
            return True

    def _write(self, session: Session) -> None:
        count = len(session.messages)
        if session.id not in self._on_disk:
            self._store.create(session)
            self._on_disk[session.id] = count
        for message in session.messages[self._on_disk[session.id] : count]:
            self._store.append(session.id, message)
            self._on_disk[session.id] += 1
