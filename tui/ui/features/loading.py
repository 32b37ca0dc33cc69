"""Loads the services and the list of chats behind the first frame."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.text import one_line
from tui.ui.features.chats import Chats
from tui.ui.features.feature import Feature
from tui.ui.features.replies import Replies

if TYPE_CHECKING:
    from tui.chat.listener import Listener
    from tui.ui.desk import Desk

FIRST_ROWS = 100
"""So many chats are listed at once; the rest is read after the first frames."""

REST_AFTER_S = 1.0
"""Seconds to wait before the rest of a long list is read, so that nobody's first keys wait for it."""


class Loading(Feature):
    """What happens once, after the first frame."""

    def load(self, listener: Listener) -> None:
        """Begin to load; what happens in conversations is told to `listener` from then on."""
        self.ctx.work(self._load(listener), group="load")

    async def _load(self, listener: Listener) -> None:
        stage = self.ctx.stage
        try:
            desk = await asyncio.to_thread(self.ctx.launch.open_desk, listener)
        except Failure as failure:
            stage.warn(failure.sentence)
            return
        self.ctx.desk = desk
        self.ctx.features.add_late()
        stage.begin(desk)
        await self._tell_problems(desk)
        await self._list(desk, FIRST_ROWS)
        chats = self.ctx.features.one(Chats)
        if desk.open_session is not None:
            chats.wanted = desk.open_session
            await chats.open_from_disk(desk, desk.open_session)
        elif not chats.wanted:  # a chat may have been chosen from the list meanwhile
            chats.begin_chat(desk)
        if stage.shown:
            self.ctx.features.one(Replies).send_early()
        gc.freeze()  # what is imported stays: the collector need not look at it again, which takes 30 ms
        if not stage.listed_all:
            self.ctx.screen.set_timer(REST_AFTER_S, self.list_all)

    async def _tell_problems(self, desk: Desk) -> None:
        cut = await desk.conductor.recover()
        words = [
            *self.ctx.screen.problems,
            *desk.problems,
            *(f"A reply that was cut off is kept in “{c.title}”." for c in cut),
        ]
        if words:
            more = f" (and {len(words) - 1} more)" if len(words) > 1 else ""
            self.ctx.stage.warn(one_line(words[0]) + more)

    def list_all(self) -> None:
        """Read the headers of all chats."""
        self.ctx.work(self._list(self.ctx.need_desk(), None), group="list")

    async def _list(self, desk: Desk, limit: int | None) -> None:
        stage = self.ctx.stage
        try:
            listing = await asyncio.to_thread(desk.store.listing, limit)
        except Failure as failure:
            stage.warn(failure.sentence)
            return
        stage.listed_all = limit is None or len(listing.headers) < limit
        stage.chats.extend(listing.headers)
        stage.list_chats()
        stage.mark_drafts()
        for problem in listing.problems[:1]:
            stage.warn(str(problem))
