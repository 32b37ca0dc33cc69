"""What is known of models, from the user's settings, the lists that servers gave and our own table."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.core.costs import UNKNOWN, Prices
from tui.core.models import ModelCard
from tui.core.provider import LOCAL
from tui.core.words import Kind
from tui.store.cache.model_cache import ModelCache
from tui.wire.known import with_known

if TYPE_CHECKING:
    from tui.core.provider import Provider
    from tui.core.settings import Settings
    from tui.store.places import Places

FREE = Prices(0.0, 0.0)
"""What a model on one's own computer costs."""


class KnownModels:
    """Implements `core.ports.ModelBook`."""

    def __init__(self, places: Places, settings: Settings, providers: dict[str, Provider]) -> None:
        self._cache = ModelCache(places)
        self._settings = settings
        self._providers = providers
        self._cards: dict[str, dict[str, ModelCard]] = {}

    def card(self, provider: str | None, model: str | None) -> ModelCard | None:
        """The model of a provider, by their names; None if nothing is known of it."""
        server = self._providers.get(provider or "")
        name = model or (server.model if server else None)
        if name is None:
            return None
        if server is not None and server.is_local:
            return self._local(name)
        listed = self._listed(server) if server is not None else {}
        if name in listed:
            return listed[name]
        is_mistral = server is not None and server.kind is Kind.MISTRAL
        (card,) = with_known([ModelCard(name)], self._settings.models, mistral=is_mistral)
        return None if card == ModelCard(name) else card

    def prices(self, provider: str | None, model: str | None) -> Prices:
        """What it costs, as far as is known."""
        if provider == LOCAL:
            return FREE
        card = self.card(provider, model)
        return UNKNOWN if card is None else Prices(card.input_price, card.output_price)

    def renew(self) -> None:
        """A server's list was fetched anew, or the settings were changed: read them again."""
        self._cards.clear()

    def _local(self, name: str) -> ModelCard:
        card = ModelCard(name, context=self._settings.local.context)
        (card,) = with_known([card], self._settings.models, mistral=False)
        return replace(card, input_price=0.0, output_price=0.0)

    def _listed(self, server: Provider) -> dict[str, ModelCard]:
        """The models of a server's list, by id and alias."""
        if server.name in self._cards:
            return self._cards[server.name]
        found = self._cache.look_up(server, time.time())
        cards = with_known(
            found[0] if found else [], self._settings.models, mistral=server.kind is Kind.MISTRAL
        )
        by_name = {alias: card for card in cards for alias in card.aliases}
        by_name |= {card.id: card for card in cards}
        self._cards[server.name] = by_name
        return by_name
