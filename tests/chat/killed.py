"""Talks on real files as fast as it can, and says what the user has seen; to be killed by `test_killed`."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

from tests.chat.desk import Heard, until
from tests.fakes.backend import FakeBackend, FakeBackends
from tui.chat import journaling
from tui.chat.conductor import Conductor
from tui.core.provider import Provider
from tui.core.settings import Settings
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.state.journal import FileJournal


def reply_to(prompt: str) -> str:
    """The whole reply that a prompt gets."""
    return "".join(f"{prompt} {number}\n" for number in range(30))


async def talk(root: Path, seed: int) -> None:
    """Talk for ever in three chats in turn; one reply in four is stopped."""
    places = Places(root / "config", root / "data", root / "state", root / "cache")
    backend, heard, chance = FakeBackend(), Heard(), random.Random(seed)
    conductor = Conductor(
        TomlSessions(places),
        FakeBackends(backend),
        Settings(),
        {"fake": Provider(name="fake", model="fake-model")},
        heard,
        journal=FileJournal(places),
    )
    journaling.WITHIN_S = 0.002
    sessions = [conductor.new_session("fake") for _ in range(3)]
    for number in range(10**6):
        session, prompt = sessions[number % 3], f"p{seed}-{number}"
        conductor.send(session, prompt)
        await until(lambda: len(backend.requests) > number)  # noqa: B023 (awaited here)
        print("asked", prompt, flush=True)
        for line in reply_to(prompt).splitlines(keepends=True):
            backend.say(line)
            await asyncio.sleep(0.0005)
        if chance.random() < 0.25:
            conductor.stop(session.id)
        else:
            backend.end(reply_to(prompt))
        await conductor.settled()
        print("kept", prompt, flush=True)


if __name__ == "__main__":
    asyncio.run(talk(Path(sys.argv[1]), int(sys.argv[2])))
