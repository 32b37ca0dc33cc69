"""Conversations with the real embedded model: two at once, versions, a continued reply."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.chat.desk import Heard
from tui.chat.conductor import Conductor, Variant
from tui.cli.servers import Servers
from tui.core.context import Meter
from tui.core.costs import numbers_of
from tui.core.parameters import Parameters
from tui.core.provider import LOCAL
from tui.core.settings import Settings
from tui.core.tree import Tree
from tui.store.config.keys import KeyRing
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions

pytestmark = pytest.mark.model


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
async def conductor(weights: Path) -> AsyncIterator[Conductor]:
    places = Places.from_environment()
    places.local_model.mkdir(parents=True, exist_ok=True)
    shutil.copy(weights, places.local_model)
    settings = Settings(parameters=Parameters(temperature=0.0, max_tokens=24))
    servers = Servers(places, settings, KeyRing(places, {}))
    store = TomlSessions(places)
    conductor = Conductor(store, servers, settings, settings.all_providers(), Heard())
    yield conductor
    await conductor.close()


async def test_two_chats_stream_at_once(conductor: Conductor) -> None:
    chats = [conductor.new_session(LOCAL) for _ in range(2)]
    turns = [conductor.send(chat, f"Count to {20 + at}.") for at, chat in enumerate(chats)]
    await until(lambda: all(turn.deltas for turn in turns))
    await conductor.settled()
    assert all(chat.branch()[-1].text for chat in chats)


async def test_versions_are_turned_through_and_one_is_continued(conductor: Conductor) -> None:
    chat = conductor.new_session(LOCAL)
    conductor.compare(
        chat, [Variant(Parameters(max_tokens=n, temperature=0.0)) for n in (4, 8)], "Tell a story."
    )
    await conductor.settled()
    short, long = Tree(chat.messages).versions(chat.branch()[-1].id)
    assert {len(chat.path_to(one)) for one in (short, long)} == {2}
    first = chat.branch()[-1]
    conductor.carry_on(chat, first)
    await conductor.settled()
    continued = chat.branch()[-1]
    assert continued.text.startswith(first.text)
    assert len(continued.text) > len(first.text)
    assert conductor.changes.turn_version(chat, continued.id, -1)
    facts = continued.completion
    assert facts is not None
    assert numbers_of(facts).per_second
    assert isinstance(conductor.context.meter(chat), Meter)
