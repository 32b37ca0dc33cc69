"""The models to choose from: asked of the servers, kept in the cache folder."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.models import ModelCard, ModelList
from tui.core.provider import LOCAL
from tui.core.words import Kind
from tui.local.weights import installed
from tui.store.cache.model_cache import ModelCache
from tui.wire.known import with_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.cli.parts import Parts
    from tui.core.provider import Provider


class ServersModels:
    """Implements `core.ports.Catalogue`. The embedded model is not started to be listed."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._cache = ModelCache(parts.places)

    def kept(self, provider: Provider) -> ModelList | None:
        """What the server offered when it was last asked; None if it never was. Blocks on the disk."""
        if provider.is_local:
            return self._embedded(provider)
        now = time.time()
        found = self._cache.look_up(provider, now)
        return None if found is None else ModelList(self._known(provider, found[0]), now - found[1])

    async def fetch(self, provider: Provider) -> ModelList:
        """What the server offers now; it is kept. Raises `Failure` if it can't be had."""
        if provider.is_local:
            local = self._parts
            if not local.settings.local.gguf and not installed(local.places.local_model):
                raise Failure(
                    FailureKind.LOCAL,
                    "The embedded model is not set up",
                    advice="Run: bise local setup",
                )
            return self._embedded(provider)
        backend = await self._parts.servers.backend(provider, lambda _words: None)
        cards, now = await backend.models(), time.time()
        await asyncio.to_thread(self._keep, provider, cards, now)
        return ModelList(self._known(provider, cards), now)

    def _keep(self, provider: Provider, cards: list[ModelCard], now: float) -> None:
        try:
            self._cache.keep(provider, cards, now)
        except Failure:
            return  # it is asked for again next time
        self._parts.book.renew()

    def _known(self, provider: Provider, cards: Sequence[ModelCard]) -> tuple[ModelCard, ...]:
        own = self._parts.settings.models
        return tuple(with_known(list(cards), own, mistral=provider.kind is Kind.MISTRAL))

    def _embedded(self, provider: Provider) -> ModelList:
        name = provider.model or LOCAL
        card = self._parts.book.card(LOCAL, name)
        return ModelList((card or ModelCard(name),))
