"""Loads the services and the list of chats behind the first frame."""

from __future__ import annotations

import asyncio
import gc
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.text import one_line
from tui.core.words import News, Place
from tui.ui.features.chats import Chats
from tui.ui.features.feature import Feature
from tui.ui.features.replies import Replies
from tui.ui.latest import Latest

if TYPE_CHECKING:
    from tui.chat.listener import Listener
    from tui.ui.desk import Desk
    from tui.ui.features.context import Context

FIRST_ROWS = 100
"""So many chats are listed at once; the rest is read after the first frames."""

REST_AFTER_S = 1.0
"""Seconds to wait before the rest of a long list is read, so that nobody's first keys wait for it."""


class Loading(Feature):
    """What happens once, after the first frame; and reading the list of chats again."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._again = {
            place: Latest(self._list, partial(context.work, group="list")) for place in Place
        }
        self._told: set[str] = set()
        """Problems that were shown."""

    def load(self, listener: Listener) -> None:
        """Begin to load; what happens in conversations is told to `listener` from then on."""
        self.ctx.work(self._begin(listener), group="load")

    async def _begin(self, listener: Listener) -> None:
        try:
            await self._load(listener)
            self.ctx.features.one(Replies).send_early()
        finally:
            # What is imported stays: the collector, which was off, need never look at it, which takes 30 ms
            gc.freeze()
            gc.enable()

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
        await self._list_some(desk)
        chats = self.ctx.features.one(Chats)
        if desk.open_session is not None:
            chats.wanted = desk.open_session
            await chats.open_from_disk(desk, desk.open_session)
        elif not chats.wanted:  # a chat may have been chosen from the list meanwhile
            chats.begin_chat(desk)
        self.ctx.screen.set_timer(REST_AFTER_S, self.list_all)

    async def _tell_problems(self, desk: Desk) -> None:
        cut = await desk.conductor.recover()
        for one in cut:
            self.ctx.stage.unseen.note(one.session_id, News.CUT)
        words = [
            *self.ctx.screen.problems,
            *desk.problems,
            *(f"A reply that was cut off is kept in “{c.title}”." for c in cut),
        ]
        if words:
            more = f" (and {len(words) - 1} more)" if len(words) > 1 else ""
            self.ctx.stage.warn(one_line(words[0]) + more)

    async def _list_some(self, desk: Desk) -> None:
        """List the newest as far as that is quickly known."""
        with suppress(Failure):  # it is told when all are listed
            listing = await asyncio.to_thread(desk.store.recall, FIRST_ROWS)
            self.ctx.stage.chats.extend(listing.headers)
            self.ctx.stage.list_chats()
            self.ctx.stage.settle_all_marks()

    def list_all(self, place: Place = Place.OPEN) -> None:
        """Read the heads of all chats of a place, and list what is there now."""
        self._again[place].ask(place)

    async def _list(self, place: Place) -> None:
        stage, desk = self.ctx.stage, self.ctx.need_desk()
        try:
            listing = await asyncio.to_thread(desk.store.listing, None, place)
        except Failure as failure:
            stage.warn(failure.sentence)
            return
        is_open = place is Place.OPEN
        stage.listed.places[place].merge(
            listing.headers, lambda chat_id: is_open and desk.conductor.opened(chat_id) is not None
        )
        if place not in stage.listed.complete:
            gc.freeze()  # ten thousand heads stay, like what is imported
        stage.listed.complete.add(place)
        stage.list_chats()
        if is_open:
            stage.settle_all_marks()
        for problem in listing.problems[:1]:
            if str(problem) not in self._told:
                stage.warn(str(problem))
                self._told.add(str(problem))
