"""What keeping conversations costs: `python -m tests.benchmarks.storage`, about half a minute.

Prints times and ratios; nothing passes or fails here.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from tests.chat.desk import Heard
from tests.fakes.backend import FakeBackend, FakeBackends
from tui.chat.conductor import Conductor
from tui.core.message import Message
from tui.core.provider import Provider
from tui.core.session import Session
from tui.core.settings import Settings
from tui.core.words import Role
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.sessions.watching import FileWatch
from tui.store.state.journal import FileJournal

APPENDS = 300
TOKENS, RATE = 4_000, 1_000
IDLE_S = 10.0
MEGABYTES = 5


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        places = Places(*(Path(folder) / name for name in ("c", "d", "s", "k")))
        store = TomlSessions(places)
        short, long = appends(store)
        print(f"append to 10 messages      {short * 1e6:8.0f} µs")
        print(f"append to 10,000 messages  {long * 1e6:8.0f} µs   ratio {long / short:.2f}")
        for count in (10, 400, 5_000):
            size, seconds, stall = asyncio.run(opening(store, count))
            words = f"{size / 1e6:.1f} MB in {count:,} messages"
            print(
                f"opening {words}: {seconds:.2f} s, the loop stood still for {stall * 1e3:.0f} ms"
            )
        print(f"rewriting 10,000 messages  {rewriting(store):8.2f} s")
        said, written = asyncio.run(streaming(places))
        print(f"a reply of {said:,} bytes writes {written:,}: {written / said:.2f} times its size")
        cpu = asyncio.run(following(places))
        print(f"following 12 chats while nothing happens: {cpu:.3f} s of CPU a minute")


def _filled(store: TomlSessions, count: int, words: int) -> Session:
    chance = random.Random(count)
    session = Session(title=f"{count} messages")
    for number in range(count):
        role = Role.ASSISTANT if number % 2 else Role.USER
        lines = (
            " ".join(f"word{chance.randrange(999)}" for _ in range(min(12, words)))
            for _ in range(max(1, words // 12))
        )
        session.add(Message(role=role, content="\n".join(lines)))
    store.create(session)
    return session


def appends(store: TomlSessions) -> tuple[float, float]:
    """Median seconds of an append to a short and to a long session, in turn."""
    sessions = _filled(store, 10, 60), _filled(store, 10_000, 60)
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(APPENDS):
        for session, taken in zip(sessions, times, strict=True):
            message = session.add(Message(role=Role.USER, content=f"message {number} " * 10))
            began = time.perf_counter()
            store.append(session.id, message, session.base)
            taken.append(time.perf_counter() - began)
    return statistics.median(times[0]), statistics.median(times[1])


async def opening(store: TomlSessions, count: int) -> tuple[int, float, float]:
    """Bytes of a session, seconds that opening it takes, and the longest that the loop stood still."""
    session = _filled(store, count, MEGABYTES * 1_000_000 // count // 8)
    size = store.path_of(session.id).stat().st_size
    conductor = Conductor(store, FakeBackends(FakeBackend()), Settings(), {}, Heard())
    stalls = []
    began = time.perf_counter()
    task = asyncio.create_task(conductor.open(session.id))
    while not task.done():
        before = time.perf_counter()
        await asyncio.sleep(0.001)
        stalls.append(time.perf_counter() - before)
    seconds = time.perf_counter() - began
    await conductor.close()
    return size, seconds, max(stalls)


def rewriting(store: TomlSessions) -> float:
    """Seconds that it takes to save an edit in the middle of a long session."""
    session = _filled(store, 10_000, 60)
    session.messages[5_000] = session.messages[5_000].model_copy(update={"content": "edited"})
    began = time.perf_counter()
    store.rewrite(session)
    return time.perf_counter() - began


def _conductor(places: Places, backend: FakeBackend) -> Conductor:
    journal = FileJournal(places)
    return Conductor(
        TomlSessions(places),
        FakeBackends(backend),
        Settings(),
        {"fake": Provider(name="fake", model="fake-model")},
        Heard(),
        journal=journal,
        watch=FileWatch(places, journal),
    )


async def streaming(places: Places) -> tuple[int, int]:
    """Bytes of a streamed reply, and bytes written meanwhile."""
    backend = FakeBackend()
    conductor = _conductor(places, backend)
    session = conductor.new_session("fake")
    before = _written()
    conductor.send(session, "Go")
    while not backend.requests:
        await asyncio.sleep(0.001)
    said = []
    for number in range(TOKENS):
        said.append(f"token{number} ")
        backend.say(said[-1])
        if number % 10 == 9:
            await asyncio.sleep(10 / RATE)
    backend.end("".join(said))
    await conductor.settled()
    written = _written() - before
    await conductor.close()
    return len("".join(said)), written


def _written() -> int:
    lines = Path("/proc/self/io").read_text("ascii").split("\n")
    return int(next(line for line in lines if line.startswith("wchar")).split()[1])


async def following(places: Places) -> float:
    """Seconds of CPU in a minute while sessions are open and nobody does anything."""
    conductor = _conductor(places, FakeBackend())
    store = TomlSessions(places)
    for _ in range(12):
        await conductor.open(_filled(store, 10, 60).id)
    await asyncio.sleep(2)
    before = sum(os.times()[:2])
    await asyncio.sleep(IDLE_S)
    used = sum(os.times()[:2]) - before
    await conductor.close()
    return used * 60 / IDLE_S


if __name__ == "__main__":
    main()
