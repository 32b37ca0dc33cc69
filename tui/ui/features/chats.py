"""Beginning chats and going from one to another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.ui.features.feature import Feature
from tui.ui.latest import Latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.session import Session
    from tui.ui.desk import Desk
    from tui.ui.features.context import Context
    from tui.ui.features.feature import Plain


class Chats(Feature):
    """Which chat is on the screen."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._blank: Session | None = None
        """The chat that was begun last; as long as nothing was said in it, it is the new chat."""
        self.wanted = ""
        """The chat that was asked for last: opening one may take longer than asking for another."""
        self._reading = Latest(self._read, partial(context.work, group="open"))

    @property
    def blank(self) -> Session | None:
        """The chat that was begun last, if nothing was said in it yet."""
        return self._blank if self._blank is not None and not self._blank.messages else None

    def commands(self) -> Mapping[str, Plain]:
        """To another chat."""
        return {
            "chat.new": self.new,
            "chat.previous": lambda: self.step(-1),
            "chat.next": lambda: self.step(1),
            "chat.back": self.back,
        }

    def new(self) -> None:
        """Begin a new chat; one in which nothing was said yet will do, with its draft."""
        if self.ctx.desk is not None:
            self.begin_chat(self.ctx.desk)

    def begin_chat(self, desk: Desk) -> None:
        """The same; if nobody is there to answer, the first-start screen comes up."""
        if desk.provider is None:
            self.first_start(desk)
            return
        session = self._blank
        if session is None or session.messages or session.provider != desk.provider:
            unsent = [draft.chat_id for draft in desk.drafts if not draft.has_chat]
            taken_up = unsent[-1] if unsent and session is None else None
            session = desk.conductor.new_session(desk.provider, desk.model, taken_up)
        self._blank = session
        self.wanted = session.id
        self.ctx.stage.show(session)
        self.ctx.focus(self.ctx.composer)

    def first_start(self, desk: Desk) -> None:
        """Ask who shall answer, then begin a chat."""
        self.ctx.work(self._first_start(desk), group="start")

    async def _first_start(self, desk: Desk) -> None:
        from tui.ui.features.replies import Replies
        from tui.ui.screens.start import StartScreen

        provider = await self.ctx.ask(StartScreen(desk.setup))
        if provider is not None:
            desk.conductor.providers[provider.name] = provider
            desk.provider = provider.name
            self.begin_chat(desk)
            self.ctx.features.one(Replies).send_early()

    def open(self, chat_id: str) -> None:
        """Put a chat on the screen, reading its file if need be."""
        if self.ctx.desk is None:
            return
        self.wanted = chat_id
        known = self.ctx.desk.conductor.opened(chat_id)
        if known is None:
            self.ctx.stage.open_soon(chat_id)
        elif known is not self.ctx.stage.session:
            self.ctx.stage.show(known)  # at once, so that keys that are there already go to it
        self._reading.ask(chat_id)

    async def _read(self, chat_id: str) -> None:
        await self.open_from_disk(self.ctx.need_desk(), chat_id)

    async def open_from_disk(self, desk: Desk, chat_id: str) -> None:
        """Read a chat, take in what others have written to it, and show it if it is still wanted."""
        try:
            session = await desk.conductor.open(chat_id)
        except Failure as failure:
            if self.wanted == chat_id:
                self.ctx.stage.show_broken(chat_id, failure)
            return
        if self.wanted == chat_id and session is not self.ctx.stage.session:
            self.ctx.stage.show(session)

    def step(self, step: int) -> None:
        """Open the chat so many rows further down in the list; up if negative."""
        chat = self.ctx.stage.chats.neighbour(
            self.wanted, step
        )  # which is perhaps still being read
        if chat is not None:
            self.open(chat.id)

    def back(self) -> None:
        """Open the chat that was open before this one."""
        if self.ctx.stage.before:
            self.open(self.ctx.stage.before)
