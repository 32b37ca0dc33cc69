from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.chat.desk import Heard
from tests.fakes.backend import FakeBackend, FakeBackends
from tui.chat import journaling
from tui.chat.conductor import Conductor
from tui.chat.taking import Taken
from tui.chat.watcher import Watcher
from tui.core.elsewhere import ReplyElsewhere
from tui.core.failure import Failure
from tui.core.provider import Provider
from tui.core.session import Session
from tui.core.settings import Settings
from tui.core.words import Place
from tui.store.filing.filing import TomlFiling
from tui.store.filing.purging import purge
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.sessions.watching import FileWatch
from tui.store.state.journal import FileJournal


class Others(Watcher):
    """Notes what others do."""

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self.replies: list[tuple[str, bool]] = []
        self.cut = 0
        self.folders = 0
        self.filed: list[Place | None] = []
        self.redrawn: list[str] = []

    def branch_changed(self, session: Session) -> None:
        self.redrawn.append("branch")

    def header_changed(self, session: Session) -> None:
        self.redrawn.append("head")

    def filed_elsewhere(self, session: Session, place: Place | None) -> None:
        self.filed.append(place)

    def grown_elsewhere(self, session: Session, taken: Taken) -> None:
        self.taken.append(taken)

    def reply_elsewhere(self, reply: ReplyElsewhere) -> None:
        self.replies.append((reply.text, reply.is_over))
        self.cut += reply.was_cut

    def folder_changed(self) -> None:
        self.folders += 1


class Instance:
    """One of several running on the same folders, which looks at the others when it is told to."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.store = TomlSessions(places)
        self.journal = FileJournal(places)
        self.backend = FakeBackend()
        self.heard = Heard()
        self.others = Others()
        self.conductor = Conductor(
            self.store,
            FakeBackends(self.backend),
            Settings(),
            {"fake": Provider(name="fake", model="fake-model")},
            self.heard,
            journal=self.journal,
            watch=FileWatch(places, self.journal),
        )
        self.conductor.watchers.join(self.others)
        assert self.conductor.following is not None
        self.following = self.conductor.following
        self.following.start = lambda: None  # type: ignore[method-assign]  # only when told to

    async def look(self) -> None:
        await self.following.look()

    async def talk(self, session: Session, prompt: str, reply: str) -> None:
        await self.begin(session, prompt)
        self.backend.end(reply)
        await self.conductor.settled()

    async def begin(self, session: Session, prompt: str) -> None:
        count = len(self.backend.requests)
        self.conductor.send(session, prompt)
        await until(lambda: len(self.backend.requests) > count)

    async def see(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not condition():
                await self.look()
                await asyncio.sleep(0.002)

    def file(self, session: Session) -> Path:
        return self.store.path_of(session.id)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.002)


def texts(session: Session) -> list[str]:
    return [message.text for message in session.branch()]


@pytest.fixture
async def two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Instance, Instance]]:
    monkeypatch.setattr(journaling, "WITHIN_S", 0.002)
    places = Places(tmp_path / "c", tmp_path / "d", tmp_path / "s", tmp_path / "k")
    instances = Instance(places), Instance(places)
    yield instances
    for instance in instances:
        await instance.conductor.close()


async def shared(two: tuple[Instance, Instance]) -> tuple[Session, Session]:
    """A conversation of two messages, open in both."""
    first, second = two
    ours = first.conductor.new_session("fake")
    await first.talk(ours, "One", "Two")
    theirs = await second.conductor.open(ours.id)
    for instance in two:
        await instance.look()
    return ours, theirs


async def test_both_see_each_others_messages(two):
    first, second = two
    ours, theirs = await shared(two)
    await second.talk(theirs, "Three", "Four")
    await first.look()
    assert texts(ours) == ["One", "Two", "Three", "Four"]
    assert [m.text for m in first.others.taken[0].new] == ["Three", "Four"]
    await first.talk(ours, "Five", "Six")
    await second.look()
    assert texts(theirs) == texts(ours) == ["One", "Two", "Three", "Four", "Five", "Six"]


async def test_nothing_is_read_while_nothing_changes(two, monkeypatch):
    first, _ = two
    ours, _ = await shared(two)
    await first.talk(ours, "Three", "Four")

    def read(session_id: str) -> Session:
        raise AssertionError("it was read")

    monkeypatch.setattr(first.store, "load", read)
    for _ in range(3):
        await first.look()
    assert first.others.taken == []


async def test_a_reply_of_another_instance_is_followed_live_and_refused_meanwhile(two):
    first, second = two
    ours, theirs = await shared(two)
    await second.begin(theirs, "Go")
    second.backend.say("First ")
    await first.see(lambda: first.following.reply(ours.id))
    second.backend.say("second.")
    await first.see(lambda: first.following.reply(ours.id).text == "First second.")
    assert texts(ours) == ["One", "Two", "Go"]
    reply = first.following.reply(ours.id)
    assert (reply.parent, reply.model) == (ours.messages[-1].id, "fake-model")
    assert first.following.busy == {ours.id}
    with pytest.raises(Failure, match="another window"):
        first.conductor.send(ours, "Me too")
    assert texts(ours) == ["One", "Two", "Go"]
    second.backend.end("First second.")
    await second.conductor.settled()
    await first.look()
    assert texts(ours) == ["One", "Two", "Go", "First second."]
    assert first.others.replies[-1] == ("First second.", True)
    assert first.following.reply(ours.id) is None
    assert first.others.cut == 0
    await first.talk(ours, "Now", "yes")


async def test_an_own_reply_is_no_others(two):
    first, _ = two
    ours, _ = await shared(two)
    await first.begin(ours, "Go")
    first.backend.say("First")
    await until(lambda: first.journal.own)
    await first.look()
    assert first.following.busy == set()
    assert first.others.replies == []
    first.backend.end("First")
    await first.conductor.settled()


async def test_two_that_ask_in_one_moment_do_not_both_stream(two):
    first, second = two
    ours, theirs = await shared(two)
    await first.begin(ours, "Mine")
    turn = second.conductor.send(theirs, "Theirs")
    await second.conductor.settled()
    assert turn.failure is not None
    assert "another window" in turn.failure.sentence
    assert second.backend.requests == []
    first.backend.end("Reply")
    await first.conductor.settled()
    await second.talk(theirs, "Again", "fine")
    await first.look()
    said = {message.text for message in ours.messages}
    assert said == {"One", "Two", "Mine", "Reply", "Theirs", "Again", "fine"}


async def test_a_reply_whose_process_died_becomes_a_message(two):
    first, second = two
    ours, theirs = await shared(two)
    await second.begin(theirs, "Go")
    second.backend.say("Cut he")
    await first.see(lambda: first.following.reply(ours.id))
    await until(lambda: list(first.places.journal.glob("*.jsonl")))
    [path] = first.places.journal.glob("*.jsonl")
    await first.see(lambda: first.following.reply(ours.id).text)
    [running] = second.conductor.turns._running.values()
    running.journal._diary._owned.release()  # as the kernel does for the dead
    await first.look()
    assert texts(ours) == ["One", "Two", "Go", "Cut he"]
    assert ours.messages[-1].ended == "interrupted"
    assert first.others.cut == 1
    assert not path.exists()


async def test_a_hand_edit_is_taken_over_within_a_look(two):
    first, _ = two
    ours, _ = await shared(two)
    path = first.file(ours)
    path.write_text(
        path.read_text().replace('"Two"', '"By hand"').replace('"One"\n', '"One"\n#x\n')
    )
    await first.look()
    assert texts(ours) == ["One", "By hand"]
    assert [m.text for m in first.others.taken[0].changed] == ["By hand"]
    assert first.others.redrawn == ["branch"]
    assert "#x" in path.read_text()


async def test_a_hand_edit_while_a_reply_streams_stays_and_so_does_the_reply(two):
    first, _ = two
    ours, _ = await shared(two)
    await first.begin(ours, "Go")
    first.backend.say("First ")
    path = first.file(ours)
    path.write_text(path.read_text().replace('"Two"', '"By hand"').replace('= "One"', '= "Eins"'))
    first.backend.say("second.")
    await first.look()
    first.backend.end("First second.")
    await first.conductor.settled()
    assert texts(ours) == ["Eins", "By hand", "Go", "First second."]
    assert texts(first.store.load(ours.id)) == texts(ours)


async def test_a_title_by_hand_reaches_the_memory(two):
    first, _ = two
    ours, _ = await shared(two)
    path = first.file(ours)
    path.write_text("mine = 5  # five\n" + path.read_text().replace('title = "One"', 'title = "X"'))
    ours.parameters.temperature = 0.5
    await first.look()
    assert (ours.title, ours.parameters.temperature) == ("X", 0.5)
    assert "title" in first.others.taken[0].head
    assert first.others.redrawn == ["head"]
    assert ours.model_extra == {"mine": 5}
    text = path.read_text()
    assert "mine = 5  # five" in text
    assert "temperature = 0.5" in text


async def test_what_both_changed_is_kept_twice_and_told(two):
    first, _ = two
    ours, _ = await shared(two)
    path = first.file(ours)
    path.write_text(path.read_text().replace('"Two"', '"By hand"').replace('"One"', '"Uno"'))
    ours.title = "Mine"
    ours.messages[1] = ours.messages[1].model_copy(update={"content": "Ours"})
    first.conductor._saver._edited.add(ours.id)
    await first.look()
    assert [m.text for m in ours.messages] == ["Uno", "By hand", "Ours"]
    assert ours.title == "Uno"
    [taken] = first.others.taken
    told = " ".join(str(problem) for problem in taken.problems)
    assert "“Mine”" in told
    loaded = first.store.load(ours.id)
    assert [m.text for m in loaded.messages] == ["Uno", "By hand", "Ours"]
    assert 'title = "Mine"' in path.read_text()
    await first.look()
    assert len(first.others.taken) == 1


async def test_a_clash_that_could_not_be_written_first_is_told_too(two, monkeypatch):
    first, _ = two
    ours, _ = await shared(two)
    path = first.file(ours)
    path.write_text(path.read_text().replace('"Two"', '"By hand"'))
    ours.messages[1] = ours.messages[1].model_copy(update={"content": "Ours"})
    await first.look()
    assert [m.text for m in ours.messages] == ["One", "By hand", "Ours"]
    [taken] = first.others.taken
    assert "“Ours” was edited in the file and here at once" in str(taken.problems[0])
    assert [m.text for m in first.store.load(ours.id).messages] == ["One", "By hand", "Ours"]


async def test_a_file_that_can_not_be_read_is_left_and_read_when_it_can(two):
    first, _ = two
    ours, _ = await shared(two)
    path = first.file(ours)
    good = path.read_text()
    path.write_text("= no head\n")
    for _ in range(2):
        await first.look()
    assert texts(ours) == ["One", "Two"]
    path.write_text(good.replace('"Two"', '"Zwei"'))
    await first.look()
    assert texts(ours) == ["One", "Zwei"]


async def test_a_new_session_elsewhere_is_told_as_a_change_of_the_folder(two):
    first, second = two
    await shared(two)
    before = first.others.folders
    await second.talk(second.conductor.new_session("fake"), "Hello", "World")
    await first.look()
    assert first.others.folders > before


async def test_a_file_that_vanished_takes_nothing_along(two):
    first, _ = two
    ours, _ = await shared(two)
    os.unlink(first.file(ours))
    await first.look()
    assert texts(ours) == ["One", "Two"]
    await first.talk(ours, "Three", "Four")
    assert texts(first.store.load(ours.id)) == ["One", "Two", "Three", "Four"]


async def test_it_looks_by_itself_and_ends_when_told(two, monkeypatch):
    first, second = two
    ours, theirs = await shared(two)
    monkeypatch.setattr("tui.chat.following.EVERY_S", 0.005)
    type(first.following).start(first.following)
    await second.talk(theirs, "Three", "Four")
    await until(lambda: len(texts(ours)) == 4)
    await first.following.close()
    assert not [t for t in asyncio.all_tasks() if t.get_name() == "follow others"]


async def test_a_chat_that_is_filed_away_under_the_feet_of_another_is_told_and_gone_on_with(
    two: tuple[Instance, Instance],
) -> None:
    one, other = two
    session = one.conductor.new_session("fake")
    await one.look()
    await one.talk(session, "First", "1.")
    theirs = await other.conductor.open(session.id)
    await other.look()
    filing = TomlFiling(one.places)
    for move in (filing.archive, filing.delete, filing.restore, filing.delete):
        move(session.id)
        await other.look()
    await other.look()
    places = [Place.ARCHIVE, Place.TRASH, Place.OPEN, Place.TRASH]
    assert other.others.filed == places
    await other.talk(theirs, "Second", "2.")
    await other.look()
    assert other.others.filed == [*places, Place.OPEN]
    assert texts(one.store.load(session.id)) == ["First", "1.", "Second", "2."]
    filing.delete(session.id)
    purge(one.places, session.id)
    await other.look()
    assert other.others.filed[-1:] == [None]
    await other.talk(theirs, "Third", "3.")
    assert texts(one.store.load(session.id))[-2:] == ["Third", "3."]
    assert len(texts(one.store.load(session.id))) == 6
