"""Keeps what is typed and not sent on disk, at most a second behind, off the event loop."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core.listing import Draft
    from tui.core.ports import Drafts

WITHIN_S = 1.0
"""How long after a change a draft is written, in seconds."""

log = logging.getLogger("bise")


class Drafting:
    """The drafts of all chats. A key costs no more than noting which chat it was typed in."""

    def __init__(self, drafts: Drafts, within_s: float = WITHIN_S) -> None:
        self._drafts = drafts
        self._within_s = within_s
        self._on_disk: dict[str, str] = {}
        self._stirred: dict[str, Callable[[], str]] = {}
        self._failed: dict[str, Callable[[], str]] = {}
        """Those that could not be written; they are tried again with the next ones, and at the end."""
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    def load(self) -> list[Draft]:
        """The drafts on disk, the newest last. Blocks; raises `Failure`."""
        found = self._drafts.load()
        self._on_disk |= {draft.chat_id: draft.text for draft in found}
        return found

    def stir(self, chat_id: str, take: Callable[[], str]) -> None:
        """A chat's draft has changed; `take` gives it when it is to be written."""
        self._stirred[chat_id] = take
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._later(), name="drafts")

    async def flush(self) -> None:
        """Write what has changed now."""
        async with self._lock:
            stirred, self._stirred, self._failed = self._failed | self._stirred, {}, {}
            texts = {chat_id: take() for chat_id, take in stirred.items()}
            for chat_id, text in texts.items():
                if text != self._on_disk.get(chat_id, "") and not await self._save(chat_id, text):
                    self._failed[chat_id] = stirred[chat_id]

    async def _save(self, chat_id: str, text: str) -> bool:
        """Write a draft; whether it is on disk now."""
        try:
            await asyncio.to_thread(self._drafts.save, chat_id, text)
        except Failure as failure:
            log.warning("a draft was not kept: %s", failure.sentence)
            return False
        self._on_disk[chat_id] = text
        return True

    async def _later(self) -> None:
        while self._stirred:
            await asyncio.sleep(self._within_s)
            await self.flush()
