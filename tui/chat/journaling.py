"""Keeps what has come of a reply in a journal, at most a second behind, until the reply is saved.

A piece costs an append to a list. Once in a while all that came since is joined and written, in a
thread. While nothing comes, nothing runs.
"""

from __future__ import annotations

import asyncio
import logging
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tui.core.events import TextDelta, ThinkingDelta
from tui.core.failure import Failure
from tui.core.message import utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.core.events import ReplyEvent
    from tui.core.message import Message
    from tui.core.ports import Diary, Journal
    from tui.core.session import Session
    from tui.core.turn import Turn

WITHIN_S = 0.5
"""The shortest time between two writes of one journal, in seconds."""

FORMAT = 1
"""The version of what the records mean."""

log = logging.getLogger("bise")


class Journaling:
    """The journal of one turn."""

    def __init__(
        self, journal: Journal, session: Session, turn: Turn, unsaved: Sequence[Message]
    ) -> None:
        """`unsaved`: messages before the reply that are not on disk either."""
        self._journal = journal
        self._session = session
        self._turn = turn
        self._unsaved = list(unsaved)
        self._pieces: list[tuple[str, str]] = []
        self._at = 0.0
        self._begun = utc_now().isoformat()
        self._news = asyncio.Event()
        self._diary: Diary | None = None
        self._task = asyncio.create_task(self._keep(), name=f"journal {session.id}")

    def take(self, event: ReplyEvent, now: float) -> None:
        """An event has come in. `now` is of the turn's clock."""
        match event:
            case TextDelta(text=text, choice=0) if text:
                self._pieces.append(("text", text))
            case ThinkingDelta(text=text, choice=0) if text:
                self._pieces.append(("thinking", text))
            case _:
                return
        self._at = now
        self._news.set()

    async def saved(self) -> None:
        """The reply is on disk, or there is nothing of it: the journal goes."""
        await self._stop()
        if self._diary is not None:
            await asyncio.to_thread(self._diary.discard)
            self._diary = None

    async def unsaved(self, kept: Sequence[Message]) -> None:
        """The reply could not be saved: note it whole, as it is to be kept, until it is `saved`."""
        await self._stop()
        self._pieces.clear()
        await self._write([{"kept": [message.model_dump(mode="json") for message in kept]}])

    async def _stop(self) -> None:
        """Write nothing more by itself; a write that is going on comes to its end."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _keep(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            pieces, self._pieces = self._pieces, []
            if not await _to_its_end(self._write(self._records(pieces))):
                self._pieces[:0] = pieces
            await asyncio.sleep(WITHIN_S)

    def _records(self, pieces: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
        at = round(self._turn.seconds(self._at), 3)
        first = self._turn.first_token_s
        if self._diary is None and first is not None:
            at = round(first, 3)
        return [
            {"at": at, kind: "".join(text for _, text in group)}
            for kind, group in groupby(pieces, lambda piece: piece[0])
        ]

    async def _write(self, records: list[dict[str, Any]]) -> bool:
        try:
            await asyncio.to_thread(self._write_blocking, records)
        except Failure as failure:
            log.warning("no journal: %s", failure.sentence)
            return False
        return True

    def _write_blocking(self, records: list[dict[str, Any]]) -> None:
        if self._diary is not None:
            self._diary.write(records)
            return
        diary = self._journal.begin(self._turn.session_id, self._turn.message_id)
        try:
            diary.write([self._head(), *records])
        except Failure:
            diary.release()
            raise
        self._diary = diary

    def _head(self) -> dict[str, Any]:
        """All that is needed to make the message again, and the session if it has no file."""
        session, turn = self._session, self._turn
        return {
            "journal": FORMAT,
            "session": session.id,
            "title": session.title,
            "provider": turn.provider or session.provider,
            "message": turn.message_id,
            "begun": self._begun,
            "parent": turn.parent,
            "parameters": turn.request.parameters.model_dump(mode="json", exclude_none=True),
            "unsaved": [message.model_dump(mode="json") for message in self._unsaved],
        }


async def _to_its_end(write: Any) -> bool:
    """Await a write; if we are cancelled meanwhile, the write is awaited all the same."""
    task: asyncio.Task[bool] = asyncio.ensure_future(write)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
