"""What bise itself adds to every request: the system prompt, filled in, and the cut at stop sequences.

It stands between the conversations and their servers, as backends that wrap others.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tui.chat.cutting import cut
from tui.core.events import Finished, Opened
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.prompts import system_prompt
from tui.core.text import scrub
from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from tui.core.completion import CompletionRequest
    from tui.core.events import ReplyEvent
    from tui.core.models import ModelCard
    from tui.core.ports import Backend, Backends, Prompts
    from tui.core.provider import Provider


def prepared(
    request: CompletionRequest, library: Prompts, today: Callable[[], date] = date.today
) -> tuple[CompletionRequest, tuple[str, ...]]:
    """The request with its system prompt in front, and in words what was filled into that.

    Blocks on the disk. Raises `Failure` if a prompt or a file that it names can't be read.
    """
    parameters = request.parameters
    filled = system_prompt(
        parameters.system_prompt, parameters.prompt, library, today(), parameters.model
    )
    if filled is None:
        return request, ()
    for filling in filled.fillings:
        if filling.is_fatal:
            raise Failure(
                FailureKind.CONFIG,
                f"The system prompt is not complete: {filling.problem}",
                advice="Mend the prompt or the file; nothing was sent.",
            )
    message = Message(role=Role.SYSTEM, content=scrub(filled.text))
    notes = tuple(f"system prompt, {filling.words}" for filling in filled.fillings)
    return replace(request, messages=[message, *request.messages]), notes


class PreparedBackends:
    """Backends (`core.ports.Backends`) whose requests are prepared, and whose replies are cut if that is wanted."""

    def __init__(self, backends: Backends, library: Prompts) -> None:
        self._backends = backends
        self._library = library

    async def backend(self, provider: Provider, told: Callable[[str], None]) -> PreparedBackend:
        """The backend of a provider. Raises `Failure` if it can't be had."""
        return PreparedBackend(await self._backends.backend(provider, told), self._library)

    async def aclose(self) -> None:
        """Close all backends and end what was started."""
        await self._backends.aclose()


class PreparedBackend:
    """One of them."""

    def __init__(self, backend: Backend, library: Prompts) -> None:
        self._backend = backend
        self._library = library

    def stream(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent, None]:
        """The events of one reply; raises `Failure`."""
        if request.parameters.system_prompt or request.parameters.prompt:
            return self._with_prompt(request)
        return self._events(request)

    async def _with_prompt(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent, None]:
        request, notes = await asyncio.to_thread(prepared, request, self._library)
        async with aclosing(self._events(request)) as events:
            async for event in events:
                yield _with_notes(event, notes) if notes else event

    def _events(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent, None]:
        parameters = request.parameters
        events = self._backend.stream(request)
        if parameters.cut_here and parameters.stop:
            return cut(events, parameters.stop, parameters.prefix or "", parameters.n or 1)
        return events

    async def models(self) -> list[ModelCard]:
        """The models on offer for chats; raises `Failure`."""
        return await self._backend.models()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._backend.aclose()


def _with_notes(event: ReplyEvent, notes: tuple[str, ...]) -> ReplyEvent:
    match event:
        case Opened():
            return replace(event, notes=(*notes, *event.notes))
        case Finished():
            return Finished(replace(event.reply, notes=[*notes, *event.reply.notes]))
        case _:
            return event
