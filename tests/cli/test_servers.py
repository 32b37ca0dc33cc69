from __future__ import annotations

from pathlib import Path

from tui.cli.servers import Servers
from tui.core.provider import Provider
from tui.core.settings import Settings
from tui.core.words import Kind
from tui.store.config.keys import KeyRing
from tui.store.places import Places


async def test_a_server_that_was_changed_gets_another_client(tmp_path: Path) -> None:
    folders = (tmp_path / name for name in ("config", "data", "state", "cache"))
    places = Places(*folders)
    servers = Servers(places, Settings(), KeyRing(places, {}))
    provider = Provider(name="x", kind=Kind.VLLM, base_url="http://127.0.0.1:9/v1")

    async def client(**changes: object) -> object:
        return await servers.backend(provider.model_copy(update=changes), lambda _words: None)

    first = await client()
    assert await client() is first
    assert await client(model="another") is first
    assert await client(idle_timeout_s=5.0) is not first
    await servers.aclose()
