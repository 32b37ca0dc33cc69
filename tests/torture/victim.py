"""A busy bise without a screen, to be killed at any moment; it tells what a user would have seen.

As a program it loads everything once, and for each line `ROOT SEED URL` on its standard input forks
a child that works there until it is killed; it prints the child's process id. The child appends to
`ROOT/told.jsonl` a list for each thing that is seen: moment, word, and what it is about.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import sys
import time
from pathlib import Path

from tests.chat.desk import Heard
from tui.chat.conductor import Conductor
from tui.cli.servers import Servers
from tui.core.events import ReplyEvent
from tui.core.failure import Failure
from tui.core.provider import Provider
from tui.core.search import Query
from tui.core.session import Session
from tui.core.settings import Settings
from tui.core.turn import Turn
from tui.core.words import Kind, Place, Role
from tui.store.config.keys import KeyRing
from tui.store.filing.filing import TomlFiling
from tui.store.places import Places
from tui.store.search.search import SessionSearch
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.sessions.watching import FileWatch
from tui.store.state.journal import FileJournal

TOLD = "told.jsonl"
SESSIONS = 5
STREAMS = 2
WORDS = 40
LONG, LONG_ONE_IN = 1200, 12
"""Words of the prompts whose replies take seconds, and one in how many is such."""
BEAT_S = 0.05
EVERY_S = 0.01
"""The shortest time between two reports of one reply's growth."""


def places_in(root: Path) -> Places:
    """The folders of a run."""
    return Places(*(root / name for name in ("config", "data", "state", "cache")))


class Telling(Heard):
    """A listener that tells what comes on the screen."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._file = os.open(root / TOLD, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._grown: dict[str, float] = {}

    def tell(self, word: str, *about: object) -> None:
        line = json.dumps([time.monotonic(), word, *about])
        os.write(self._file, f"{line}\n".encode())

    def turn_grew(self, turn: Turn, event: ReplyEvent) -> None:
        if time.monotonic() - self._grown.get(turn.message_id, 0.0) > EVERY_S:
            self._grown[turn.message_id] = time.monotonic()
            self.tell("grew", turn.session_id, turn.message_id, len(turn.text))

    def turn_changed(self, turn: Turn) -> None:
        if turn.state.is_over and turn.text:
            self.tell("grew", turn.session_id, turn.message_id, len(turn.text))

    def save_failed(self, session: Session, failure: Failure) -> None:
        self.tell("trouble", session.id, failure.sentence)


class Victim:
    """Does this and that, as fast as it can."""

    def __init__(self, root: Path, seed: int, url: str) -> None:
        self.places = places_in(root)
        self.seed, self.count = seed, 0
        self.chance = random.Random(seed)
        self.telling = Telling(root)
        self.tell = self.telling.tell
        self.store = TomlSessions(self.places)
        self.filing = TomlFiling(self.places)
        self.search = SessionSearch(self.places)
        journal = FileJournal(self.places)
        settings = Settings()
        provider = Provider(name="fake", kind=Kind.MISTRAL, base_url=url, model="fake-model")
        self.conductor = Conductor(
            self.store,
            Servers(self.places, settings, KeyRing(self.places, {})),
            settings,
            {"fake": provider},
            self.telling,
            journal=journal,
            watch=FileWatch(self.places, journal),
        )
        self.ids: list[str] = []
        self.trashed: list[str] = []

    async def live(self) -> None:
        """Start up, and work until the end."""
        await self.conductor.recover()
        self.ids = [header.id for header in self.store.listing().headers]
        self.trashed = [header.id for header in self.store.listing(None, Place.TRASH).headers]
        self.tell("up")
        self.beating = asyncio.create_task(self.beat())
        works = [self.ask] * 6 + [self.edit] * 3 + [self.undo, self.stop, self.remove]
        works += [self.rename, self.rename, self.delete, self.restore, self.look_for]
        pause = self.chance.choice(
            [0.01, 0.01, 0.4]
        )  # some are slow: what they do is not soon written over
        while True:
            work = self.chance.choice(works)
            try:
                await work()
            except Failure as failure:
                self.tell("refused", work.__name__, failure.sentence)
            await asyncio.sleep(self.chance.random() * pause)

    async def beat(self) -> None:
        """Tell for how long this process was not let run: nobody can save anything meanwhile."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(BEAT_S)
            self.tell("beat", time.monotonic() - before - BEAT_S)

    def text(self, letter: str) -> str:
        self.count += 1
        name = f"{letter}{self.seed}-{self.count}"
        most = LONG if letter == "p" and not self.chance.randrange(LONG_ONE_IN) else WORDS
        return " ".join([name, *(f"w{n}" for n in range(self.chance.randrange(most)))])

    async def idle(self) -> Session | None:
        """An open session in which nothing is made."""
        fitting = [one for one in self.ids if one not in self.conductor.busy]
        if not fitting:
            return None
        return await self.conductor.open(self.chance.choice(fitting))

    async def ask(self) -> None:
        if len(self.conductor.busy) >= STREAMS:
            return
        session = await self.idle() if len(self.ids) >= SESSIONS else None
        if session is None:
            session = self.conductor.new_session("fake")
            self.ids.append(session.id)
        text = self.text("p")
        turn = self.conductor.send(session, text)
        self.tell("said", session.id, session.messages[-1].id, text)
        self.tell("begun", session.id, turn.message_id, f"You said: {text}")

    async def stop(self) -> None:
        if self.conductor.busy and self.chance.random() < 0.3:
            self.conductor.stop(self.chance.choice(self.conductor.busy))

    async def edit(self) -> None:
        session = await self.idle()
        asked = [m for m in session.branch() if m.role is Role.USER] if session else []
        if session is not None and asked:
            message, text = self.chance.choice(asked), self.text("e")
            self.conductor.changes.edit(session, message.id, text)
            self.tell("said", session.id, message.id, text)

    async def remove(self) -> None:
        session = await self.idle()
        if session is not None and (branch := session.branch()):
            self.conductor.changes.remove(session, self.chance.choice(branch).id)
            self.tell("removed", session.id)

    async def undo(self) -> None:
        session = await self.idle()
        before = {message.id for message in session.messages} if session is not None else set()
        if session is not None and self.conductor.changes.undo(session) is not None:
            gone = before.difference(message.id for message in session.messages)
            self.tell("undone", session.id, sorted(gone))
            for message in session.messages:
                if message.role is Role.USER:
                    self.tell("said", session.id, message.id, message.text)

    async def rename(self) -> None:
        session = await self.idle()
        if session is not None:
            title = self.text("t")
            self.conductor.changes.rename(session, title)
            self.tell("title", session.id, title)

    async def delete(self) -> None:
        if len(self.trashed) < 2 and (session := await self.idle()):
            await self.conductor.put_away(session.id)
            await asyncio.to_thread(self.filing.delete, session.id)
            self.ids.remove(session.id)
            self.trashed.append(session.id)
            self.tell("deleted", session.id)

    async def restore(self) -> None:
        if self.trashed:
            session_id = self.trashed.pop()
            await asyncio.to_thread(self.filing.restore, session_id)
            self.ids.append(session_id)
            self.tell("restored", session_id)

    async def look_for(self) -> None:
        await asyncio.to_thread(self.search.refresh, lambda done, total: True)
        found = await asyncio.to_thread(self.search.search, Query.parse(f"p{self.seed}-1"))
        self.tell("searched", len(found.hits))


def main() -> None:
    """Fork a child for each line."""
    for line in sys.stdin:
        root, seed, url = line.split()
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(Victim(Path(root), int(seed), url).live())
            os._exit(1)
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("gone", flush=True)


if __name__ == "__main__":
    main()
