"""Does what the first-start screen asks for: checks keys and servers, fetches the model, keeps what works."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tui.core.failure import Failure, FailureKind
from tui.core.hosts import with_scheme
from tui.core.provider import LOCAL, Provider
from tui.local import diagnosis, machine
from tui.local.setup import fetch
from tui.local.weights import SMOLLM2
from tui.wire.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui.cli.parts import Parts
    from tui.core.models import ModelCard
    from tui.core.words import Kind


class FirstSteps:
    """Fills in `core.ports.Setup`."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    @property
    def model_facts(self) -> str:
        """Name, sizes and licence of the embedded model."""
        return f"{SMOLLM2.description} Its facts are often wrong."

    async def try_key(self, key: str) -> Provider:
        """Ask Mistral for its models with this key; keep it in the keys file if that works."""
        provider = self._parts.providers["mistral"]
        await _models(provider, key)
        await asyncio.to_thread(self._parts.keys.store, provider.name, key)
        return provider

    async def fetch_model(self, progress: Callable[[int, int], None]) -> Provider:
        """Fetch the embedded model and start it once, so that a missing library shows now."""
        if machine.engine_version() is None:
            raise diagnosis.engine_missing()
        folder = await asyncio.to_thread(self._parts.places.ensure, self._parts.places.local_model)
        await fetch(folder, progress)
        provider = self._parts.providers[LOCAL]
        await self._parts.servers.backend(provider, lambda _words: None)
        return provider

    async def try_server(self, url: str, kind: Kind, key: str, model: str) -> Provider:
        """Ask a server for its models; keep it in the settings, and its key in the keys file, if that works."""
        url = with_scheme(url)
        provider = Provider(name=self._name(url), kind=kind, base_url=url, model=model or None)
        cards = await _models(provider, key or None)
        if not cards:
            raise Failure(
                FailureKind.NOT_FOUND,
                f"{url} offers no model for chats",
                advice="Load one there, then try again.",
            )
        provider = provider.model_copy(update={"model": model or cards[0].id})
        await asyncio.to_thread(self._keep, provider, key)
        return provider

    def _name(self, url: str) -> str:
        """The server's host, made distinct from the names of other servers."""
        name = "server"
        with contextlib.suppress(ValueError):  # half an address: the client says so
            name = urlsplit(url).hostname or name
        known = self._parts.providers
        same = (
            n for n in (name, *(f"{name}-{i}" for i in range(2, 100))) if _is_free(known, n, url)
        )
        return next(same, name)

    def _keep(self, provider: Provider, key: str) -> None:
        if key:
            self._parts.keys.store(provider.name, key)
        table = provider.model_dump(exclude_defaults=True, exclude={"name"}, mode="json")
        self._parts.settings_file.set(("providers", provider.name), table)
        self._parts.settings_file.set(("provider",), provider.name)


def _is_free(known: Mapping[str, Provider], name: str, url: str) -> bool:
    return name not in known or known[name].base_url == url


async def _models(provider: Provider, key: str | None) -> list[ModelCard]:
    client = Client(provider, key)
    try:
        return await client.models()
    finally:
        await client.aclose()
