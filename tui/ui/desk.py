"""What the application is given to work with. The command line fills it in, behind the first frame."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.ui.services import Bench, Drawer, House
from tui.ui.unseen import Unseen

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.chat.conductor import Conductor
    from tui.chat.drafting import Drafting
    from tui.core.listing import Draft
    from tui.core.ports import SessionStore, Setup


@dataclass
class Desk:
    """The services behind the screen."""

    conductor: Conductor
    store: SessionStore
    setup: Setup
    provider: str | None
    """The provider of new chats; None when none is ready and the first-start screen is due."""
    model: str | None = None
    """The model of new chats, if another than the provider's own was asked for."""
    open_session: str | None = None
    """The session that was asked for."""
    problems: list[str] = field(default_factory=list)
    """What is wrong with the user's files, in words."""
    drafting: Drafting | None = None
    """Keeps on disk what is typed; None if that is not wanted."""
    drafts: list[Draft] = field(default_factory=list)
    """What was typed and not sent before the start, the newest last."""
    unseen: Unseen = field(default_factory=Unseen)
    """What came in chats since somebody looked at them, before the start too."""
    is_kept: bool = True
    """Whether chats outlive the program; if not, the status line says so."""
    passing_ids: set[str] = field(default_factory=set)
    """The chats that do not, though the others do. One is put in before anything is said in it."""
    remember: Callable[[tuple[str, ...], object], None] = lambda _path, _value: None
    """Saves one setting by its path. Blocks; raises `Failure`."""
    drawer: Drawer = field(default_factory=Drawer)
    """What works on many chats: search, filing, history, usage."""
    bench: Bench = field(default_factory=Bench)
    """What works on parameters: presets, prompts, models, the request's preview."""
    house: House = field(default_factory=House)
    """What works on the program itself: settings, themes, keys, providers."""

    def keeps(self, chat_id: str) -> bool:
        """Whether what is said in a chat, or typed for it, may be written anywhere."""
        return self.is_kept and chat_id not in self.passing_ids

    async def close(self) -> None:
        """Save drafts and replies in the making, and end what was started."""
        drafts = self.drafting.flush() if self.drafting is not None else asyncio.sleep(0)
        recalling = self.drawer.recalling
        prompts = recalling.flush() if recalling is not None else asyncio.sleep(0)
        indexing = self.drawer.indexing
        index = indexing.close() if indexing is not None else asyncio.sleep(0)
        await asyncio.gather(self.conductor.close(), drafts, prompts, index)
        await self.unseen.flush()  # behind the replies that have just been broken off
