"""Switching between chats: by title, slot or words in them, to the next unread one, to a message."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui.core.text import one_line
from tui.core.words import Place
from tui.ui.chats import Mark
from tui.ui.features.chats import Chats
from tui.ui.features.feature import Feature
from tui.ui.listed import SLOTS
from tui.ui.widgets.rowlist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tui.core.search import Found
    from tui.core.session import Session
    from tui.ui.chats import Chat
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Completer, Plain, Suggestion, Taking
    from tui.ui.found import Target

HITS = 30
"""So many chats are listed for what was said in them."""

TITLES = 12
"""So many titles are listed for what is typed, so that what was said stands below them in view."""

RECENT = 500
"""So many are listed as long as nothing is typed."""

IN_PALETTE = 12
"""So many chats the palette lists."""

_LONGEST = 200


class Switching(Feature):
    """Remembers which chats were looked at, and where one is to be opened."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._seen: dict[str, None] = {}
        """The chats that were on the screen, the last one last."""
        self._going: Target | None = None
        """The message that is gone to once its chat is there."""

    def commands(self) -> Mapping[str, Plain]:
        """To another chat."""
        return {"chat.unread": self.unread, "sidebar.open": self.open_chosen}

    def taking(self) -> Mapping[str, Taking]:
        """The list of chats, or one of them by its title."""
        return {"chat.switch": self.switch}

    def completions(self) -> Mapping[str, Completer]:
        """Titles."""
        return {"chat.switch": self._complete}

    def begin(self) -> None:
        """Note which chats are seen and how they are left; offer chats in the palette."""
        self.ctx.hooks.chat_shown.add(self._shown)
        self.ctx.hooks.chat_left.add(self._left)
        self.ctx.palette_rows.append(self._palette_rows)

    # -- from the list

    def open_chosen(self) -> None:
        """Open the chat under the cursor of the list."""
        chat = self.ctx.sidebar.chat
        if chat is not None:
            self.ctx.features.one(Chats).open(chat.id)
            self.ctx.sidebar.clear_filter()
            self.ctx.focus(self.ctx.composer)

    def unread(self) -> None:
        """Open the next chat that is unread. Raises `ValueError` if there is none."""
        stage = self.ctx.stage
        unseen = set(stage.unseen.chats)
        chat = stage.chats.next_that(
            lambda chat: chat.mark is Mark.UNREAD or chat.id in unseen,
            self.ctx.features.one(Chats).wanted,
        )
        if chat is None:
            raise ValueError("No chat is unread")
        self.ctx.features.one(Chats).open(chat.id)

    # -- the switcher

    async def switch(self, title: str) -> None:
        """Open the chat that fits a title best; without one, show the list of all."""
        if title:
            self._open_titled(title)
            return
        from tui.ui.screens.switcher import Switcher

        desk = self.ctx.need_desk()
        slots = [chat.id for chat in self.ctx.stage.chats.chats[:SLOTS]]
        search = self._search if desk.drawer.search is not None else None
        await self.ctx.push(Switcher(self._titles(), slots, search, self.ctx.keymap), self.go)

    def _open_titled(self, title: str) -> None:
        chats = self._recent()
        exact = next((chat for chat in chats if _title(chat) == title), None)
        fitting = [exact] if exact is not None else _fitting(chats, title)
        if not fitting:
            raise ValueError(f"No chat has a title like “{one_line(title, 40)}”")
        self.ctx.features.one(Chats).open(fitting[0].id)

    def _titles(self) -> Callable[[str], Sequence[Row[Target]]]:
        """The rows by title, for what is typed: the last seen first, the open chat left out."""
        from tui.core.fuzzy import Haystack

        chats, row = self._recent(), self._row
        haystack: list[Haystack] = []

        def rows(query: str) -> Sequence[Row[Target]]:
            if not query.strip():
                return [row(chat) for chat in chats[:RECENT]]
            if not haystack:
                haystack.append(Haystack(_title(chat) for chat in chats))
            return [row(chats[index], "Titles") for index in haystack[0].search(query)[:TITLES]]

        return rows

    def _recent(self) -> list[Chat]:
        """All chats but the open one, those first that were seen last."""
        seen = {chat_id: at for at, chat_id in enumerate(self._seen)}
        chats = [chat for chat in self.ctx.stage.chats.recent() if chat.id != self.ctx.stage.shown]
        return sorted(chats, key=lambda chat: seen.get(chat.id, -1), reverse=True)

    def _row(self, chat: Chat, group: str = "") -> Row[Target]:
        from tui.ui.found import Target

        slot = self.ctx.stage.listed.slot(chat)
        tags = " ".join(f"#{tag}" for tag in chat.tags)
        detail = "  ".join(filter(None, (tags, chat.mark.strip(), slot)))
        return Row(Target(chat.id), _title(chat), detail, group)

    async def _search(self, typed: str) -> Found:
        from tui.core.search import Found, Query

        search = self.ctx.need_desk().drawer.search
        if search is None:
            return Found()
        query = replace(Query.parse(typed).as_typed(), each=1, places=(Place.OPEN,))
        return await asyncio.to_thread(search.search, query, HITS)

    # -- to a message

    def go(self, target: Target | None) -> None:
        """Open a chat, at one of its messages if the target names one."""
        if target is None:
            return
        opener, stage = self.ctx.features.one(Chats), self.ctx.stage
        self._going = target if target.message_id else None
        opener.open(target.chat_id)
        self.ctx.focus(self.ctx.transcript if target.message_id else self.ctx.composer)
        if stage.session is not None and stage.session.id == target.chat_id:
            self._arrive(stage.session)

    def _arrive(self, session: Session) -> None:
        target = self._going
        if target is None or target.chat_id != session.id:
            return
        self._going = None
        stage, transcript = self.ctx.stage, self.ctx.transcript
        if not transcript.go_to(target.message_id):
            self.ctx.need_desk().conductor.changes.show(session, target.message_id)
            stage.show_again()
            if not transcript.go_to(target.message_id):
                self.ctx.note("That message is not shown: a reply is coming in another branch")
                return
        if target.words:
            transcript.find_in(target.message_id, target.words)

    # -- how chats are left

    def _shown(self, session: Session) -> None:
        self._seen.pop(session.id, None)
        self._seen[session.id] = None
        view = self.ctx.stage.views.of(session.id)
        if view.was_left:
            self.ctx.pane.bring_back(view.pane)
        self._arrive(session)

    def _left(self, chat_id: str) -> None:
        view, pane = self.ctx.stage.views.of(chat_id), self.ctx.pane
        view.was_left = True
        view.pane = pane.content if pane.is_open else None

    # -- offers

    def _complete(self, typed: str) -> Iterable[Suggestion]:
        chats = _fitting(self._recent(), typed) if typed.strip() else self._recent()
        return [(_title(chat), chat.mark.strip()) for chat in chats[:IN_PALETTE]]

    def _palette_rows(self, query: str) -> Iterable[Row[Callable[[], object]]]:
        from tui.ui.found import Target

        for chat in _fitting(self._recent(), query)[:IN_PALETTE]:
            yield Row(partial(self.go, Target(chat.id)), _title(chat), "chat")


def _title(chat: Chat) -> str:
    return one_line(chat.title, _LONGEST) or "New chat"


def _fitting(chats: Sequence[Chat], typed: str) -> list[Chat]:
    from tui.core.fuzzy import Haystack

    found = Haystack(chat.title[:_LONGEST] for chat in chats).search(typed)
    return [chats[index] for index in found]
