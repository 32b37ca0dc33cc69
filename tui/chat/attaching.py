"""Puts the files that messages refer to into requests: sessions hold references, servers want the data."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.core.events import Finished, Opened

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from tui.core.completion import CompletionRequest
    from tui.core.events import ReplyEvent
    from tui.core.models import ModelCard
    from tui.core.ports import Attachments, Backend, Backends
    from tui.core.provider import Provider


class AttachingBackends:
    """Backends (`core.ports.Backends`) whose requests get their files."""

    def __init__(self, backends: Backends, attachments: Attachments) -> None:
        self._backends = backends
        self._attachments = attachments

    async def backend(self, provider: Provider, told: Callable[[str], None]) -> AttachingBackend:
        """The backend of a provider. Raises `Failure` if it can't be had."""
        return AttachingBackend(await self._backends.backend(provider, told), self._attachments)

    async def aclose(self) -> None:
        """Close all backends and end what was started."""
        await self._backends.aclose()


class AttachingBackend:
    """A backend whose requests get their files; what is missing is told in the reply's notes."""

    def __init__(self, backend: Backend, attachments: Attachments) -> None:
        self._backend = backend
        self._attachments = attachments

    def stream(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent, None]:
        """As the backend's."""
        if all(isinstance(message.content, str) for message in request.messages):
            return self._backend.stream(request)
        return self._stream(request)

    async def _stream(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent, None]:
        messages, notes = await asyncio.to_thread(self._attachments.inlined, request.messages)
        events = self._backend.stream(replace(request, messages=messages))
        try:
            async for event in events:
                yield _with_notes(event, notes)
        finally:
            await events.aclose()

    async def models(self) -> list[ModelCard]:
        """As the backend's."""
        return await self._backend.models()

    async def aclose(self) -> None:
        """As the backend's."""
        await self._backend.aclose()


def _with_notes(event: ReplyEvent, notes: list[str]) -> ReplyEvent:
    if notes and isinstance(event, Opened):
        return replace(event, notes=(*event.notes, *notes))
    if notes and isinstance(event, Finished):
        event.reply.notes.extend(notes)
    return event
