"""What is done to conversations, with real files: after every few steps they are read again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chat.desk import Heard, Seen
from tests.fakes.backend import FakeBackend, FakeBackends
from tui.chat.conductor import Conductor, Variant
from tui.core.editing import removed_messages
from tui.core.message import Completion, Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.session import Aside, Session
from tui.core.settings import Settings
from tui.core.tree import Tree
from tui.core.words import Role
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions


def a_conductor(folder: Path) -> tuple[Conductor, TomlSessions, Heard]:
    places = Places(folder / "config", folder / "data", folder / "state", folder / "cache")
    store, heard = TomlSessions(places), Heard()
    providers = {"fake": Provider(name="fake", model="m")}
    backends = FakeBackends(FakeBackend())
    conductor = Conductor(store, backends, Settings(), providers, heard)
    conductor.watchers.join(Seen())
    return conductor, store, heard


def as_told(session: Session) -> object:
    """All that matters of a session."""
    tree = Tree(session.messages)
    return (
        session.title,
        session.parameters.given(),
        [aside.model_dump() for aside in session.asides],
        [m.model_dump() for m in session.branch()],
        [m.id for m in session.sent()],
        {m.id: (m.text, m.role) for m in session.messages},
        {m.id for m in removed_messages(session)},
        {m.id: tree.versions(m.id) for m in session.messages if m.id in tree},
    )


class Hand:
    """Does something to a session, by chance."""

    def __init__(self, conductor: Conductor, session: Session, seed: int) -> None:
        self.conductor = conductor
        self.session = session
        self.chance = random.Random(seed)
        self.count = 0
        self.saves: list[asyncio.Future[bool]] = []

    def act(self) -> None:
        there = [message for message in self.session.messages if message.is_there]
        acts: list[Callable[[], object]] = [self.say, self.insert, self.undo, self.head]
        if there:
            some = self.chance.choice(there)
            changes, session = self.conductor.changes, self.session
            acts += [
                lambda: changes.edit(session, some.id, self.words()),
                lambda: changes.set_role(session, some.id, self.chance.choice(list(Role))),
                lambda: changes.remove(session, some.id),
                lambda: changes.prune(session, some.id),
                lambda: changes.keep_alone(session, some.id),
                lambda: changes.exclude(session, {some.id}),
                lambda: changes.include(session, {m.id for m in there}),
                lambda: changes.branch(session, some.id, self.words()),
                lambda: changes.show(session, some.id),
                lambda: changes.turn_version(session, some.id, self.chance.choice([-1, 1])),
                lambda: changes.restore(session, {m.id for m in removed_messages(session)}),
            ]
        self.chance.choice(acts)()

    def words(self) -> str:
        self.count += 1
        odd = self.chance.choice(["", "\n[[message]]\n", ' """ ', "\\", "\u2028 ü\r\n"])
        return f"text {self.count}{odd}"

    def say(self) -> None:
        role = self.chance.choice([Role.USER, Role.ASSISTANT])
        self.session.add(Message(role=role, content=self.words()))
        self.conductor.changes.head_changed(self.session)
        self.saves.append(asyncio.ensure_future(self.conductor._saver.save(self.session)))

    def insert(self) -> None:
        there = [None, *(m.id for m in self.session.messages if m.is_there)]
        after = self.chance.choice(there)
        self.conductor.changes.insert(
            self.session, after, self.chance.choice(list(Role)), self.words()
        )

    def undo(self) -> None:
        if self.chance.random() < 0.7:
            self.conductor.changes.undo(self.session)
        else:
            self.conductor.changes.redo(self.session)

    def head(self) -> None:
        self.conductor.changes.rename(self.session, self.words())
        parameters = Parameters(temperature=self.chance.random())
        self.conductor.changes.set_parameters(self.session, parameters)
        if self.chance.random() < 0.3:
            facts = Completion(model=self.words(), prompt_tokens=3, provider="fake")
            self.session.asides.append(Aside(purpose="title", completion=facts))


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_is_done_is_read_back_as_it_was(tmp_path: Path, seed: int) -> None:
    conductor, store, heard = a_conductor(tmp_path)
    session = conductor.new_session("fake")
    hand = Hand(conductor, session, seed)
    hand.say()
    for _ in range(12):
        for _ in range(hand.chance.randrange(1, 6)):
            hand.act()
        await asyncio.gather(*hand.saves)
        await conductor.settled()
        assert heard.failed == []
        assert as_told(store.load(session.id)) == as_told(session)
        assert store.load(session.id).problems == []
        turn = Variant(session.parameters).turn(session, session.branch(), Settings(), {}, 0.0)
        assert turn.request.messages == store.load(session.id).sent()
    await conductor.close()


async def test_comments_in_a_file_outlive_edits(tmp_path: Path) -> None:
    conductor, store, _ = a_conductor(tmp_path)
    session = conductor.new_session("fake")
    for role, text in ((Role.USER, "one"), (Role.ASSISTANT, "eins"), (Role.USER, "two")):
        session.add(Message(role=role, content=text))
    conductor.changes.rename(session, "Numbers")
    await conductor._saver.save(session)
    path = store.path_of(session.id)
    path.write_text(
        path.read_text()
        .replace("title", "# my note\ncolour = 'red'\ntitle")
        .replace('content = "two"', 'content = "two" # really?\nmood = "good"')
    )
    conductor.changes.edit(session, session.branch()[1].id, "uno")
    conductor.changes.exclude(session, {session.branch()[0].id})
    await conductor.settled()
    text = path.read_text()
    assert "# my note\ncolour = 'red'" in text
    assert 'content = "two" # really?\nmood = "good"' in text
    assert [m.text for m in store.load(session.id).sent()] == ["uno", "two"]
    await conductor.close()
