"""The whole application on fakes, with what tests look at and press."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tests.fakes.desk import FakeDesk
from tui.core.message import Message
from tui.ui.app import BiseApp
from tui.ui.features.context import Context
from tui.ui.stage import Stage
from tui.ui.widgets.composer import Composer
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.transcript.widget import Transcript

SIZE = (120, 40)
Part = Transcript | Sidebar


class Session:
    """One running app, with what a test looks at."""

    def __init__(self, desk: FakeDesk, app: BiseApp, pilot: Pilot[None]) -> None:
        self.desk, self.app, self.pilot = desk, app, pilot

    @property
    def stage(self) -> Stage:
        return self.app.chat_screen.stage

    @property
    def ctx(self) -> Context:
        return self.app.chat_screen.ctx

    @property
    def composer(self) -> Composer:
        return self.app.chat_screen.query_one(Composer)

    def lines(self, of: type[Part] = Transcript) -> list[str]:
        widget: Part = self.app.chat_screen.query_one(of)
        return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]

    def shows(self, text: str, of: type[Part] = Transcript) -> bool:
        return any(text in line for line in self.lines(of))

    def focus(self) -> object:
        """What has the focus now; a call, since a type checker takes an attribute to stay what it was."""
        return self.app.focused

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not condition():
                await self.pilot.pause()

    async def sees(self, text: str, of: type[Part] = Transcript) -> None:
        try:
            await self.until(lambda: self.shows(text, of))
        except TimeoutError:
            pytest.fail(f"{text!r} is not on the screen:\n" + "\n".join(self.lines(of)))

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    def burst(self, *keys: str) -> None:
        """Keys that come in one piece, as over a slow line."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            self.app.post_message(events.Key(name, key if len(key) == 1 else None))

    async def say(self, text: str) -> None:
        """Type a prompt and send it; wait until the backend was asked."""
        asked = len(self.desk.backend.requests)
        self.composer.insert(text)
        await self.pilot.press("enter")
        await self.until(lambda: len(self.desk.backend.requests) > asked)

    @property
    def mark(self) -> str:
        """The mark of the first chat in the list."""
        return self.stage.chats.chats[0].mark.value

    @property
    def busy(self) -> list[str]:
        assert self.app.chat_screen.desk is not None
        return self.app.chat_screen.desk.conductor.busy

    def saved(self, title: str) -> list[Message]:
        session_id = next(i for i, t in self.desk.store.titles.items() if t == title)
        return self.desk.store.messages[session_id]


Maker = Callable[..., Awaitable[Session]]
"""Starts an app on a desk, in a size, with keys by binding id."""
