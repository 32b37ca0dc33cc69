"""Which chats nobody has looked at since something came in them: at hand at once, and kept across runs."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.ports import NewsKeeper
    from tui.core.words import News

WITHIN_S = 0.5
"""How long after a look it is noted, in seconds: many chats may be gone through quickly."""

log = logging.getLogger("bise")


class Unseen:
    """News by chat. Changes are written off the event loop; without a keeper they end with the program."""

    def __init__(
        self, keeper: NewsKeeper | None = None, found: Mapping[str, News] | None = None
    ) -> None:
        """`found`: what was kept before the start."""
        self._keeper = keeper
        self._news = dict(found or {})
        self._changes: dict[str, News | None] = {}
        self._task: asyncio.Task[None] | None = None

    @property
    def chats(self) -> list[str]:
        """The chats in which something came."""
        return list(self._news)

    def of(self, chat_id: str) -> News | None:
        """What came in a chat since somebody looked; None for nothing."""
        return self._news.get(chat_id)

    def note(self, chat_id: str, news: News | None) -> None:
        """Something came in a chat, or (None) somebody has looked at it."""
        if self._news.get(chat_id) is news:
            return
        if news is None:
            del self._news[chat_id]
        else:
            self._news[chat_id] = news
        self._changes[chat_id] = news
        self._write_in(0)

    def looked(self, chat_id: str) -> None:
        """Somebody looks at a chat: what another instance has noted of it is old, too."""
        if self._keeper is not None and chat_id not in self._news:
            self._changes.setdefault(chat_id, None)
            self._write_in(WITHIN_S)

    def _write_in(self, seconds: float) -> None:
        if self._keeper is not None and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._later(seconds), name="unseen")

    async def _later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self.flush()

    async def flush(self) -> None:
        """Write what has changed. What can't be written is noted in the log."""
        while self._keeper is not None and self._changes:
            changes, self._changes = self._changes, {}
            try:
                await asyncio.to_thread(self._keeper.keep, changes)
            except Failure as failure:
                log.warning("which chats are unread is not kept: %s", failure.sentence)
