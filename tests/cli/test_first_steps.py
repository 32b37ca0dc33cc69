from __future__ import annotations

import pytest

from tests.fakes.server import FakeServer
from tui.cli.first_steps import FirstSteps
from tui.cli.options import Wanted
from tui.cli.parts import Parts
from tui.core.failure import Failure
from tui.core.words import Kind
from tui.store.places import Places


@pytest.fixture
def steps() -> FirstSteps:
    return FirstSteps(Parts.of(Wanted(), Places.from_environment()))


async def test_a_server_is_found_without_a_scheme(steps: FirstSteps, server: FakeServer) -> None:
    server.key = None
    provider = await steps.try_server(f" 127.0.0.1:{server.port}", Kind.OPENAI, "", "")
    assert provider.base_url == f"http://127.0.0.1:{server.port}"
    assert (provider.name, provider.model) == ("127.0.0.1", "fake-model")


async def test_half_an_address_is_told(steps: FirstSteps) -> None:
    with pytest.raises(Failure, match="is no URL"):
        await steps.try_server("http://[::1", Kind.OPENAI, "", "")
