"""Chats that are not kept: nothing of them touches the disk, and they end with the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.features.chats import Chats
from tui.ui.features.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.ui.features.feature import Plain


class Passing(Feature):
    """Begins such chats."""

    def commands(self) -> Mapping[str, Plain]:
        """A new one."""
        return {"chat.ephemeral": self.new}

    def new(self) -> None:
        """Begin a chat that is not kept; the status line says that it is not."""
        desk, chats = self.ctx.need_desk(), self.ctx.features.one(Chats)
        if desk.provider is None:
            chats.first_start(desk)
            return
        session = desk.conductor.new_session(desk.provider, desk.model)
        desk.passing_ids.add(session.id)
        chats.wanted = session.id
        self.ctx.stage.show(session)
        self.ctx.focus(self.ctx.composer)
