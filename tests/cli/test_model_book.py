from __future__ import annotations

from pathlib import Path

from tui.cli.model_book import FREE, KnownModels
from tui.core.costs import UNKNOWN, Prices
from tui.core.models import ModelCard
from tui.core.provider import LOCAL, Provider
from tui.core.settings import ModelFacts, Settings
from tui.store.cache.model_cache import ModelCache
from tui.store.places import Places


def a_book(folder: Path, **models: ModelFacts) -> tuple[KnownModels, ModelCache, Provider]:
    places = Places(folder / "config", folder / "data", folder / "state", folder / "cache")
    settings = Settings(models=models)
    mine = Provider(name="mine", base_url="http://localhost:1/v1", model="big")
    providers = settings.all_providers() | {"mine": mine}
    return KnownModels(places, settings, providers), ModelCache(places), mine


def test_nothing_is_known_of_what_nobody_knows(tmp_path: Path) -> None:
    book, _, _ = a_book(tmp_path)
    assert book.card("mine", "odd") is None
    assert book.card("gone", "odd") is None
    assert book.card(None, None) is None
    assert book.prices("mine", "odd") == UNKNOWN


def test_a_servers_list_is_read_once_until_it_is_renewed(tmp_path: Path) -> None:
    book, cache, mine = a_book(tmp_path)
    card = ModelCard("big", aliases=("latest",), context=1000, input_price=1.0, output_price=2.0)
    assert book.card("mine", None) is None
    cache.keep(mine, [card], 0.0)
    assert book.card("mine", None) is None
    book.renew()
    assert book.card("mine", None) == card
    assert book.card("mine", "latest") == card
    assert book.prices("mine", "latest") == Prices(1.0, 2.0)


def test_the_user_knows_better(tmp_path: Path) -> None:
    book, cache, mine = a_book(tmp_path, big=ModelFacts(context=7, input=3))
    cache.keep(mine, [ModelCard("big", context=1000, input_price=1.0)], 0.0)
    card = book.card("mine", "big")
    assert card is not None
    assert (card.context, card.input_price, card.output_price) == (7, 3, None)


def test_models_of_mistral_are_known_without_a_list(tmp_path: Path) -> None:
    book, _, _ = a_book(tmp_path)
    card = book.card("mistral", "mistral-large-2512")
    assert card is not None
    assert (card.context, card.input_price) == (262_144, 0.5)
    assert book.card("mine", "mistral-large-2512") is None


def test_the_embedded_model_costs_nothing(tmp_path: Path) -> None:
    book, _, _ = a_book(tmp_path)
    card = book.card(LOCAL, "any")
    assert card is not None
    assert card.context == 4096
    assert book.prices(LOCAL, "any") == FREE
