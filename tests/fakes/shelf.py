"""Servers that a test decides on: what a look at them shows, what is saved and removed."""

from __future__ import annotations

from tui.core.checks import Report, Step
from tui.core.failure import Failure
from tui.core.models import ModelCard
from tui.core.provider import Provider
from tui.core.words import Kind


class FakeShelf:
    """Fills in `core.ports.ProviderShelf`: the key `right` is right."""

    def __init__(self) -> None:
        self.providers: dict[str, Provider] = {}
        self.asked: list[tuple[Provider, str | None]] = []
        self.saved: list[tuple[Provider | None, Provider, str | None]] = []
        self.removed: list[str] = []
        self._gone: dict[str, Provider] = {}
        self.trouble: Failure | None = None

    async def check(self, provider: Provider, key: str | None = None) -> Report:
        self.asked.append((provider, key))
        if key != "right":
            return Report((Step("key", is_right=False, words="It did not accept the key."),))
        steps = (
            Step("key", is_right=True, words="it takes the key"),
            Step("model", is_right=None, words="it offers 2 models"),
        )
        return Report(steps, Kind.VLLM, (ModelCard("one"), ModelCard("two")))

    def key_words(self, provider: Provider) -> str:
        return "none"

    def save(self, before: Provider | None, provider: Provider, key: str | None = None) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.saved.append((before, provider, key))
        self.providers[provider.name] = provider

    def remove(self, name: str) -> None:
        self.removed.append(name)
        self._gone[name] = self.providers.pop(name)

    def restore(self, name: str) -> None:
        self.removed.remove(name)
        self.providers[name] = self._gone.pop(name)
