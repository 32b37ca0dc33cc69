"""Finds the backend of a provider: looks up its key, starts the embedded model, keeps connections."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.words import Kind
from tui.local.engine import Engine
from tui.local.weights import installed
from tui.wire.client import Client
from tui.wire.recording import Recorder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from tui.core.completion import CompletionRequest
    from tui.core.events import ReplyEvent
    from tui.core.models import ModelCard
    from tui.core.ports import Backend
    from tui.core.provider import Provider
    from tui.core.settings import Settings
    from tui.store.config.keys import KeyRing
    from tui.store.places import Places

_HOSTED = {Kind.MISTRAL, Kind.OPENAI}
"""Kinds whose own service answers nobody without a key."""


class Servers:
    """The backends of this run (`core.ports.Backends`); one client per provider."""

    def __init__(self, places: Places, settings: Settings, keys: KeyRing) -> None:
        self._places = places
        self._settings = settings
        self._keys = keys
        self._clients: dict[tuple[str, str], Client] = {}
        self._engine: Engine | None = None
        self.recorder = Recorder()
        """What came of the last requests."""

    async def backend(self, provider: Provider, told: Callable[[str], None]) -> Backend:
        """The backend of a provider. Raises `Failure` if there is no key, or no embedded model."""
        if provider.is_local:
            return await self._local(provider, told)
        key = await asyncio.to_thread(self._keys.key_for, provider)
        if key is None and _wants_key(provider):
            variable = f" or set {provider.api_key_env}" if provider.api_key_env else ""
            raise Failure(
                FailureKind.AUTH,
                f"There is no key for {provider.name}",
                advice=f"Run bise without options to enter one{variable}.",
            )
        return self._client(provider, key)

    def sends_key(self, provider: Provider) -> bool:
        """Whether a key goes with a request; no command is run for it. Blocks on the disk; raises `Failure`."""
        return provider.is_local or _wants_key(provider) or self._keys.is_set(provider)

    def _client(self, provider: Provider, key: str | None) -> Client:
        settings = provider.model_dump_json(
            exclude={"model"}
        )  # another timeout is for another client
        which = (provider.name, f"{settings} {key}")
        if which not in self._clients:
            self._clients[which] = Client(provider, key, recorder=self.recorder)
        return self._clients[which]

    async def _local(self, provider: Provider, told: Callable[[str], None]) -> Backend:
        if self._engine is None:
            self._engine = Engine(self._model_file(), self._settings.local.context)
        endpoint = await self._engine.start(told)
        there = provider.model_copy(update={"base_url": endpoint.url})
        return LocalBackend(self._client(there, endpoint.token), self._engine)

    def _model_file(self) -> Path:
        own = self._settings.local.gguf
        path = Path(own).expanduser() if own else installed(self._places.local_model)
        if path is None:
            raise Failure(
                FailureKind.LOCAL,
                "The embedded model is not set up",
                advice="Run: bise local setup",
            )
        return path

    async def aclose(self) -> None:
        """Close all connections and end the embedded model."""
        await asyncio.gather(*(client.aclose() for client in self._clients.values()))
        if self._engine is not None:
            await self._engine.stop()


def _wants_key(provider: Provider) -> bool:
    return provider.base_url is None and provider.kind in _HOSTED


class LocalBackend:
    """The embedded model's client; when its engine dies it tells why, not that a line broke."""

    def __init__(self, client: Client, engine: Engine) -> None:
        self._client = client
        self._engine = engine

    async def stream(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent, None]:
        """As the client's."""
        events = self._client.stream(request)
        try:
            async for event in events:
                yield event
        except Failure as failure:
            death = await self._engine.died()
            if death is None:
                raise
            death.reply = failure.reply
            raise death from failure
        finally:
            await events.aclose()

    async def models(self) -> list[ModelCard]:
        """As the client's."""
        return await self._client.models()

    async def aclose(self) -> None:
        """As the client's."""
        await self._client.aclose()
