from __future__ import annotations

import pytest

from tests.fakes.server import FakeServer
from tui.cli.catalogue import ServersModels
from tui.cli.options import Wanted
from tui.cli.parts import Parts
from tui.core.failure import Failure, FailureKind
from tui.store.places import Places


@pytest.fixture
def parts() -> Parts:
    return Parts.of(Wanted(), Places.from_environment())


async def test_a_list_is_fetched_and_kept(parts: Parts) -> None:
    with FakeServer(models=("one", "two")) as server:
        provider = parts.providers["mistral"].model_copy(update={"base_url": server.url})
        catalogue = ServersModels(parts)
        assert catalogue.kept(provider) is None
        fetched = await catalogue.fetch(provider)
        await parts.servers.aclose()
    kept = catalogue.kept(provider)
    assert kept is not None
    assert [card.id for card in kept.cards] == [card.id for card in fetched.cards] == ["one", "two"]
    assert kept.at == pytest.approx(fetched.at, abs=5)
    with pytest.raises(Failure) as caught:
        await catalogue.fetch(provider)
    assert caught.value.kind is FailureKind.CONNECT


async def test_without_a_key_nobody_is_asked(parts: Parts) -> None:
    with pytest.raises(Failure, match="There is no key for mistral"):
        await ServersModels(parts).fetch(parts.providers["mistral"])


async def test_the_embedded_model_is_listed_without_being_started(parts: Parts) -> None:
    catalogue = ServersModels(parts)
    local = parts.providers["local"]
    kept = catalogue.kept(local)
    assert kept is not None
    assert [(card.id, card.input_price) for card in kept.cards] == [("smollm2-135m-instruct", 0.0)]
    with pytest.raises(Failure, match="not set up"):
        await catalogue.fetch(local)
