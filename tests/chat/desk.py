"""A conductor with its fakes, and a listener that notes what it hears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.fakes.backend import FakeBackend, FakeBackends, FakeStore
from tui.chat.conductor import Conductor
from tui.chat.watcher import Watcher
from tui.core.events import ReplyEvent
from tui.core.failure import Failure
from tui.core.listing import Draft
from tui.core.message import Message
from tui.core.ports import Drafts, ModelBook
from tui.core.provider import Provider
from tui.core.session import Session
from tui.core.settings import Settings
from tui.core.turn import Turn


class Heard:
    """A listener that notes what it hears."""

    def __init__(self) -> None:
        self.states: list[tuple[str, str]] = []
        self.text: dict[str, str] = {}
        self.told: list[str] = []
        self.prompts: list[str] = []
        self.failed: list[Failure] = []
        self.recovered = 0
        self.changes = 0

    def turn_changed(self, turn: Turn) -> None:
        self.states.append((turn.session_id, turn.state.value))

    def turn_grew(self, turn: Turn, event: ReplyEvent) -> None:
        self.text[turn.session_id] = self.text.get(turn.session_id, "") + getattr(event, "text", "")

    def turn_told(self, turn: Turn, words: str) -> None:
        self.told.append(words)

    def prompt_added(self, session: Session, message: Message) -> None:
        self.prompts.append(message.text)

    def session_changed(self, session: Session) -> None:
        self.changes += 1

    def save_failed(self, session: Session, failure: Failure) -> None:
        self.failed.append(failure)

    def save_recovered(self, session: Session) -> None:
        self.recovered += 1


class Seen(Watcher):
    """A watcher that counts."""

    def __init__(self) -> None:
        self.branches: list[list[str]] = []
        self.heads = 0
        self.waiting = 0
        self.ended: list[Turn] = []
        self.lines = 0

    def branch_changed(self, session: Session) -> None:
        self.branches.append([message.text for message in session.branch()])

    def header_changed(self, session: Session) -> None:
        self.heads += 1

    def waiting_changed(self, session_id: str) -> None:
        self.waiting += 1

    def turn_ended(self, turn: Turn) -> None:
        self.ended.append(turn)

    def line_changed(self) -> None:
        self.lines += 1


class MemoryDrafts:
    """Drafts in a dict."""

    def __init__(self, **texts: str) -> None:
        self.texts = dict(texts)

    def load(self) -> list[Draft]:
        return [Draft(chat_id, text) for chat_id, text in self.texts.items()]

    def save(self, chat_id: str, text: str) -> None:
        self.texts[chat_id] = text


class Desk:
    """A conductor with its fakes."""

    def __init__(
        self, waiting: Drafts | None = None, book: ModelBook | None = None, **settings: object
    ) -> None:
        self.backend = FakeBackend()
        self.backends = FakeBackends(self.backend)
        self.store = FakeStore()
        self.heard = Heard()
        self.seen = Seen()
        self.now = 0.0
        self.conductor = Conductor(
            self.store,
            self.backends,
            Settings.model_validate(settings),
            {
                "fake": Provider(name="fake", model="fake-model"),
                "other": Provider(name="other", model="other-model"),
                "local": Provider(name="local"),
            },
            self.heard,
            clock=lambda: self.now,
            waiting=waiting,
            book=book,
        )
        self.conductor.watchers.join(self.seen)

    def states(self, session: Session) -> list[str]:
        return [state for session_id, state in self.heard.states if session_id == session.id]

    def saved(self, session: Session) -> list[str]:
        """The texts on disk that were not removed."""
        return [m.text for m in self.store.messages[session.id] if m.is_there]

    async def talk(self, session: Session, *lines: str) -> None:
        """Prompts and replies in turn."""
        for prompt, reply in zip(lines[::2], lines[1::2], strict=True):
            asked = len(self.backend.requests)
            self.conductor.send(session, prompt)
            await until(lambda: len(self.backend.requests) > asked)  # noqa: B023 (awaited at once)
            self.backend.end(reply)
            await self.conductor.settled()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)
