"""Requests for a session that are no part of its conversation: for a title, for a summary.

They can be seen while they run, and what they cost is kept with the session.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.chat.outcome import messages_of
from tui.core.completion import CompletionRequest
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message, new_id
from tui.core.provider import not_configured
from tui.core.session import Aside
from tui.core.turn import Turn
from tui.core.words import Role

if TYPE_CHECKING:
    from tui.chat.changes import Changes
    from tui.chat.watcher import Watchers
    from tui.core.parameters import Parameters
    from tui.core.ports import Backends, Clock
    from tui.core.provider import Provider
    from tui.core.session import Session
    from tui.core.settings import Settings

AT_ONCE = 2
"""So many of them run at once; they take no place of a reply."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One that runs, or waits to."""

    session_id: str
    purpose: str
    """In a word: "title", "summary"."""
    turn: Turn


class Asides:
    """Asks beside the conversations."""

    def __init__(
        self,
        backends: Backends,
        providers: dict[str, Provider],
        settings: Settings,
        changes: Changes,
        watchers: Watchers,
        clock: Clock,
    ) -> None:
        self._backends = backends
        self._providers = providers
        self._settings = settings
        self._changes = changes
        self._watchers = watchers
        self._clock = clock
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._asking: list[Asking] = []

    @property
    def running(self) -> tuple[Asking, ...]:
        """What is being asked for, in the order in which it was asked."""
        return tuple(self._asking)

    async def ask(
        self, session: Session, purpose: str, prompt: str, parameters: Parameters, provider: str
    ) -> str:
        """The text of the answer to a prompt. Raises `Failure`; cancelling it ends the request.

        What it cost is noted in the session, also if nothing came of it.
        """
        server = self._providers.get(provider)
        if server is None:
            raise not_configured(provider)
        model = parameters.model or server.model
        request = CompletionRequest(
            [Message(role=Role.USER, content=prompt)],
            parameters.model_copy(update={"model": model}),
            self._settings.retries,
            self._settings.longest_wait_s,
        )
        turn = Turn(session.id, new_id(), request, self._clock(), provider=provider)
        asking = Asking(session.id, purpose, turn)
        self._asking.append(asking)
        self._watchers.asides_changed()
        try:
            async with self._slots:
                await self._stream(turn, server)
        except asyncio.CancelledError:
            turn.stop(self._clock())
            raise
        except Failure as failure:
            turn.fail(failure, self._clock())
            raise
        finally:
            self._asking.remove(asking)
            self._note(session, purpose, turn)
            self._watchers.asides_changed()
        choices = turn.reply.choices if turn.reply is not None else []
        if not choices or not choices[0].text.strip():
            raise Failure(FailureKind.SERVER, "The server sent an empty reply", retryable=True)
        return choices[0].text

    async def _stream(self, turn: Turn, server: Provider) -> None:
        backend = await self._backends.backend(server, lambda _: None)
        turn.connect(self._clock())
        events = backend.stream(turn.request)
        try:
            async for event in events:
                turn.receive(event, self._clock())
        finally:
            await events.aclose()
        if not turn.state.is_over:
            raise Failure(FailureKind.TRUNCATED, "The reply ended without an end", retryable=True)

    def _note(self, session: Session, purpose: str, turn: Turn) -> None:
        kept = messages_of(turn, turn.provider) if turn.state.is_over else []
        facts = kept[-1].completion if kept else None
        if facts is not None:
            session.asides.append(Aside(purpose=purpose, completion=facts))
            self._changes.head_changed(session)
