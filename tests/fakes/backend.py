"""A backend whose reply a test feeds event by event, and a store that remembers in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable
from typing import Any

from tui.core.completion import Choice, CompletionRequest, Reply, Usage
from tui.core.events import Finished, Opened, ReplyEvent, TextDelta, ThinkingDelta
from tui.core.failure import Failure, FailureKind
from tui.core.listing import Header, Listing
from tui.core.merging import Base, Stamp, digests
from tui.core.message import Message
from tui.core.models import ModelCard
from tui.core.provider import Provider
from tui.core.session import Session
from tui.core.words import Place


def arrived(events: Iterable[ReplyEvent]) -> Reply:
    """The reply as it stands after these events."""
    texts: dict[int, str] = {}
    thoughts: dict[int, str] = {}
    for event in events:
        if isinstance(event, TextDelta):
            texts[event.choice] = texts.get(event.choice, "") + event.text
        elif isinstance(event, ThinkingDelta):
            thoughts[event.choice] = thoughts.get(event.choice, "") + event.text
    choices = []
    for index in sorted(texts.keys() | thoughts.keys()):
        text, thought = texts.get(index, ""), thoughts.get(index, "")
        content: str | list[dict[str, Any]] = text
        if thought:
            inner = [{"type": "text", "text": thought}]
            content = [{"type": "thinking", "thinking": inner}, {"type": "text", "text": text}]
        choices.append(Choice(index, text, thought, content))
    return Reply(choices)


class FakeBackend:
    """Streams what `say`, `end` and `break_off` put in; one queue per request, in order."""

    def __init__(self) -> None:
        self.requests: list[CompletionRequest] = []
        self.closed: list[int] = []
        self._queues: list[asyncio.Queue[ReplyEvent | Failure]] = []

    async def stream(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent, None]:
        number = len(self.requests)
        self.requests.append(request)
        queue: asyncio.Queue[ReplyEvent | Failure] = asyncio.Queue()
        self._queues.append(queue)
        past: list[ReplyEvent] = []
        try:
            yield Opened(so_far=lambda: arrived(past))
            while True:
                event = await queue.get()
                if isinstance(event, Failure):
                    raise event
                past.append(event)
                yield event
                if isinstance(event, Finished):
                    return
        finally:
            self.closed.append(number)

    def say(self, text: str, number: int = -1) -> None:
        self._queues[number].put_nowait(TextDelta(text))

    def feed(self, event: ReplyEvent | Failure, number: int = -1) -> None:
        self._queues[number].put_nowait(event)

    def end(self, text: str, number: int = -1, finish_reason: str = "stop") -> None:
        choice = Choice(text=text, content=text, finish_reason=finish_reason)
        usage = Usage(prompt_tokens=5, completion_tokens=7, total_tokens=12)
        self.feed(Finished(Reply(choices=[choice], usage=usage)), number)

    def break_off(self, text: str = "", number: int = -1) -> None:
        reply = Reply(choices=[Choice(text=text, content=text)] if text else [])
        self.feed(
            Failure(FailureKind.TRUNCATED, "The line broke", retryable=True, reply=reply), number
        )

    async def models(self) -> list[ModelCard]:
        return [ModelCard("fake-model")]

    async def aclose(self) -> None:
        pass


class FakeBackends:
    """Gives the same backend for every provider."""

    def __init__(self, backend: FakeBackend) -> None:
        self.one = backend
        self.is_closed = False
        self.trouble: Failure | None = None

    async def backend(self, provider: Provider, told: Callable[[str], None]) -> FakeBackend:
        told(f"asking {provider.name}")
        if self.trouble is not None:
            raise self.trouble
        return self.one

    async def aclose(self) -> None:
        self.is_closed = True


class FakeStore:
    """Sessions in memory, as they would be on disk; `trouble` makes every write fail."""

    def __init__(self) -> None:
        self.messages: dict[str, list[Message]] = {}
        self.titles: dict[str, str] = {}
        self.provider = "fake"
        self.trouble: Failure | None = None

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def listing(self, limit: int | None = None, place: Place = Place.OPEN) -> Listing:
        from tui.core.message import utc_now

        headers = [
            Header(i, t, utc_now(), float(n)) for n, (i, t) in enumerate(self.titles.items())
        ]
        return Listing(headers[::-1][:limit])

    def recall(self, limit: int, place: Place = Place.OPEN) -> Listing:
        return self.listing(limit, place)

    def load(self, session_id: str) -> Session:
        if session_id not in self.messages:
            raise Failure(FailureKind.DISK, f"There is no chat {session_id}")
        session = Session(id=session_id, title=self.titles[session_id], provider=self.provider)
        session.messages = [message.model_copy(deep=True) for message in self.messages[session_id]]
        return session

    def create(self, session: Session) -> None:
        self._check()
        self.messages[session.id] = [m.model_copy(deep=True) for m in session.messages]
        self.titles[session.id] = session.title

    def append(self, session_id: str, message: Message, base: Base | None = None) -> None:
        self._check()
        self.messages[session_id].append(message.model_copy(deep=True))

    def save_header(self, session: Session) -> None:
        self._check()
        self.titles[session.id] = session.title

    def rewrite(self, session: Session) -> None:
        self._check()
        self.messages[session.id] = [m.model_copy(deep=True) for m in session.messages]
        self.titles[session.id] = session.title
        session.base.messages = digests(session.messages)

    def stamp(self, session_id: str) -> Stamp | None:
        return None
