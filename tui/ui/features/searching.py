"""Searching in all chats, and keeping the index for it up to date in the background."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.ui.features.feature import Feature
from tui.ui.features.models import Models

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.search import Found, Query
    from tui.core.session import Session
    from tui.ui.desk import Desk
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Taking
    from tui.ui.screens.search import Scope, SearchScreen

INDEX_AFTER_S = 4.0
"""Seconds after the start until the index is brought up to date: nobody's first keys wait for it."""

TOLD_FROM = 300
"""From so many chats on that have to be taken in, the status line tells of it."""


class Searching(Feature):
    """The screen for it, and the index behind it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._screen: SearchScreen | None = None

    def taking(self) -> Mapping[str, Taking]:
        """The search, for words that may be given."""
        return {"search.show": self.show}

    def begin(self) -> None:
        """See to the index once there is one."""
        self.ctx.hooks.desk_opened.add(self._join)
        self.ctx.stage.status_parts.append(self._in_status_line)

    def _join(self, desk: Desk) -> None:
        if desk.drawer.search is None:
            return
        from tui.chat.indexing import Indexing

        desk.drawer.indexing = Indexing(desk.drawer.search, self._progressed)
        self.ctx.screen.set_timer(INDEX_AFTER_S, desk.drawer.indexing.ask)

    # -- the screen

    async def show(self, words: str) -> None:
        """Search, for these words at first."""
        desk = self.ctx.need_desk()
        if desk.drawer.search is None:
            raise Failure(FailureKind.CONFIG, "Chats that are not kept can't be searched")
        if desk.drawer.indexing is not None:
            desk.drawer.indexing.ask()
        from tui.ui.features.switching import Switching
        from tui.ui.screens.search import SearchScreen

        self._screen = SearchScreen(
            self._search,
            self._scope(),
            query=words,
            before=self._screen,
            keymap=self.ctx.keymap,
            told=self._told,
        )
        await self.ctx.push(self._screen, self.ctx.features.one(Switching).go)

    async def _search(self, query: Query) -> Found:
        search = self.ctx.need_desk().drawer.search
        if search is None:
            raise Failure(FailureKind.CONFIG, "Chats that are not kept can't be searched")
        from tui.ui.screens.search import HITS

        return await asyncio.to_thread(search.search, query, HITS)

    def _scope(self) -> Scope:
        from tui.ui.features.filing import tags_of
        from tui.ui.screens.search import Scope

        desk, session = self.ctx.need_desk(), self.ctx.stage.session
        providers = desk.conductor.providers
        here = providers.get(session.provider or "") if session is not None else None
        models = [
            session.parameters.model if session is not None else None,
            here.model if here is not None else None,
            *self.ctx.features.one(Models).used,
            *(provider.model for provider in providers.values()),
        ]
        chat = session.id if session is not None and session.messages else ""
        known = tuple(dict.fromkeys(model for model in models if model))
        return Scope(chat, known, tags_of(self.ctx.stage.chats.chats))

    # -- the index

    @property
    def _progress(self) -> tuple[int, int] | None:
        indexing = self.ctx.desk.drawer.indexing if self.ctx.desk is not None else None
        return indexing.progress if indexing is not None else None

    def _told(self) -> str:
        progress = self._progress
        return "" if progress is None else f"taking in {progress[0]:,} of {progress[1]:,} chats"

    def _in_status_line(self, _session: Session) -> str:
        progress = self._progress
        if progress is None or progress[1] < TOLD_FROM:
            return ""
        return f"search index {100 * progress[0] // progress[1]} %"

    def _progressed(self) -> None:
        self.ctx.stage.tick()
        if self._screen is not None and self._screen.is_current:
            if self._progress is None:
                self._screen.search_again()
            self._screen.tell()
