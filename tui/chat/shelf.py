"""The conversations that are in memory: new ones, and those read from their files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.chat.recovery import recover
from tui.core.provider import LOCAL
from tui.core.session import Session

if TYPE_CHECKING:
    from tui.chat.recovery import Recovered
    from tui.chat.saver import Saver
    from tui.chat.turns import Turns
    from tui.core.parameters import Parameters
    from tui.core.ports import Journal, SessionStore

KEPT = 12
"""So many sessions are kept in memory at least."""

LOCAL_MAX_TOKENS = 1024
"""New chats with the embedded model ask for at most so many tokens: it may well never end by itself."""


class Shelf:
    """Holds sessions; those that were not looked at for longest, and are saved, are let go."""

    def __init__(
        self, store: SessionStore, saver: Saver, turns: Turns, journal: Journal | None
    ) -> None:
        self._store = store
        self._saver = saver
        self._turns = turns
        self._journal = journal
        self._sessions: dict[str, Session] = {}
        """The most recent is the last."""

    def new(self, provider: str, parameters: Parameters, session_id: str | None = None) -> Session:
        """A new conversation, which begins with these parameters. It has no file before its first message."""
        session = Session(provider=provider, parameters=parameters)
        if session_id is not None:
            session.id = session_id
        if provider == LOCAL and session.parameters.max_tokens is None:
            session.parameters.max_tokens = LOCAL_MAX_TOKENS
        return self.put(session)

    def put(self, session: Session) -> Session:
        """Hold a session that was made elsewhere."""
        self._sessions[session.id] = session
        return session

    @property
    def sessions(self) -> list[Session]:
        """All that are in memory."""
        return list(self._sessions.values())

    def get(self, session_id: str) -> Session | None:
        """A conversation, if it is in memory."""
        return self._sessions.get(session_id)

    def drop(self, session_id: str) -> None:
        """Let a session go: it is read again when it is opened again."""
        self._sessions.pop(session_id, None)
        self._turns.forget(session_id)

    async def open(self, session_id: str) -> Session:
        """A conversation, read from its file if it is not open yet. Raises `Failure`.

        If another process was killed while it made a reply in here, that is kept and read too.
        """
        cut = await self.recover(session_id) if self._is_at_rest(session_id) else []
        if cut and self._is_at_rest(session_id):
            del self._sessions[session_id]
        if session_id not in self._sessions:
            session = await asyncio.to_thread(self._load, session_id)
            self._saver.loaded(session)
            self._sessions.setdefault(session_id, session)
        session = self._sessions.pop(session_id)
        self._sessions[session_id] = session
        self._let_go()
        return session

    async def recover(self, session_id: str | None = None) -> list[Recovered]:
        """Keep the replies that were in the making when a bise was killed, and tell of them.

        In one session, or in all.
        """
        if self._journal is None:
            return []
        return await asyncio.to_thread(recover, self._store, self._journal, session_id)

    def _load(self, session_id: str) -> Session:
        if self._journal is not None:
            recover(self._store, self._journal, session_id)
        return self._store.load(session_id)

    def _is_at_rest(self, session_id: str) -> bool:
        """Whether a session is open, and the same here and on disk as far as we know."""
        session = self._sessions.get(session_id)
        return (
            session is not None
            and not self._turns.is_busy(session_id)
            and self._saver.is_saved(session)
        )

    def _let_go(self) -> None:
        if len(self._sessions) <= KEPT:
            return
        idle = [session_id for session_id in self._sessions if self._is_at_rest(session_id)]
        for session_id in idle[: len(self._sessions) - KEPT]:
            self.drop(session_id)
