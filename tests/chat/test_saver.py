from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chat.desk import Heard
from tests.fakes.backend import FakeStore
from tui.chat.saver import Saver
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Role
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions


class Desk:
    """A saver with what it works on."""

    def __init__(self, retry_s: float = 0.01) -> None:
        self.store = FakeStore()
        self.heard = Heard()
        self.done: list[str] = []
        self.saver = Saver(self.store, self.heard, self.saved, retry_s)
        self.session = Session(title="t")

    async def saved(self, session: Session) -> None:
        self.done.append(session.id)

    def say(self, text: str) -> None:
        self.session.add(Message(role=Role.USER, content=text))

    @property
    def on_disk(self) -> list[str]:
        return [m.text for m in self.store.messages.get(self.session.id, [])]


async def until_true(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


async def test_what_failed_is_tried_again_by_itself_until_it_is_saved() -> None:
    desk = Desk()
    desk.say("one")
    desk.store.trouble = Failure(FailureKind.DISK, "full")
    assert not await desk.saver.save(desk.session)
    await until_true(lambda: len(desk.heard.failed) >= 3)
    assert desk.done == []
    desk.store.trouble = None
    await until_true(lambda: desk.heard.recovered)
    assert desk.on_disk == ["one"]
    assert desk.done == [desk.session.id]
    await until_true(lambda: not [t for t in asyncio.all_tasks() if t.get_name() == "save again"])


async def test_nothing_is_tried_again_when_nothing_failed() -> None:
    desk = Desk()
    desk.say("one")
    assert await desk.saver.save(desk.session)
    assert not [t for t in asyncio.all_tasks() if t.get_name() == "save again"]


async def test_closing_tries_for_the_last_time() -> None:
    desk = Desk(retry_s=3600)
    desk.say("one")
    desk.store.trouble = Failure(FailureKind.DISK, "full")
    await desk.saver.save(desk.session)
    desk.store.trouble = None
    await desk.saver.close()
    assert desk.on_disk == ["one"]


async def test_closing_on_a_disk_that_stays_full_ends() -> None:
    desk = Desk(retry_s=3600)
    desk.say("one")
    desk.store.trouble = Failure(FailureKind.DISK, "full")
    await desk.saver.save(desk.session)
    await desk.saver.close()
    assert len(desk.heard.failed) == 2
    assert desk.saver.unsaved(desk.session) == desk.session.messages


@pytest.mark.parametrize("gone", ["the file", "its folder"])
async def test_a_session_whose_file_vanished_is_written_anew_with_all_it_had(
    tmp_path: Path, gone: str
) -> None:
    places = Places(tmp_path / "c", tmp_path / "d", tmp_path / "s", tmp_path / "k")
    store = TomlSessions(places)
    desk = Desk()
    saver = Saver(store, desk.heard, desk.saved)
    desk.say("one")
    assert await saver.save(desk.session)
    store.path_of(desk.session.id).unlink()
    if gone == "its folder":
        places.sessions.rmdir()
    desk.say("two")
    assert await saver.save(desk.session)
    desk.say("three")
    assert await saver.save(desk.session)
    assert [m.text for m in store.load(desk.session.id).messages] == ["one", "two", "three"]
    assert desk.heard.failed == []


async def test_a_title_of_a_session_whose_file_vanished_brings_it_back(tmp_path: Path) -> None:
    places = Places(tmp_path / "c", tmp_path / "d", tmp_path / "s", tmp_path / "k")
    store = TomlSessions(places)
    desk = Desk()
    saver = Saver(store, desk.heard, desk.saved)
    desk.say("one")
    await saver.save(desk.session)
    store.path_of(desk.session.id).unlink()
    desk.session.title = "new"
    assert await saver.save_header(desk.session)
    again = store.load(desk.session.id)
    assert (again.title, len(again.messages)) == ("new", 1)


async def test_a_title_that_could_not_be_saved_is_not_forgotten_for_a_message_that_could() -> None:
    desk = Desk(retry_s=3600)
    desk.say("one")
    await desk.saver.save(desk.session)
    desk.session.title = "new"
    desk.store.trouble = Failure(FailureKind.DISK, "full")
    assert not await desk.saver.save_header(desk.session)
    desk.store.trouble = None
    desk.say("two")
    assert await desk.saver.save(desk.session)
    assert desk.heard.recovered == 0
    await desk.saver.close()
    assert desk.store.titles[desk.session.id] == "new"
    assert desk.heard.recovered == 1


class Gate(TomlSessions):
    """Sessions whose rewriting waits for a word."""

    def __init__(self, places: Places) -> None:
        super().__init__(places)
        self.began, self.go = threading.Event(), threading.Event()
        self.go.set()
        self.is_full = False

    def rewrite(self, session: Session) -> None:
        if self.is_full:
            raise Failure(FailureKind.DISK, "the disk is full", code="ENOSPC")
        self.began.set()
        assert self.go.wait(10)
        super().rewrite(session)


def edited(session: Session, at: int, text: str) -> None:
    session.messages[at] = session.messages[at].model_copy(update={"content": text})


async def gated(tmp_path: Path) -> tuple[Desk, Gate, Saver]:
    desk = Desk()
    store = Gate(Places(tmp_path / "c", tmp_path / "d", tmp_path / "s", tmp_path / "k"))
    saver = Saver(store, desk.heard, desk.saved, retry_s=0.01)
    for text in ("one", "two"):
        desk.say(text)
    assert await saver.save(desk.session)
    return desk, store, saver


async def test_what_is_edited_and_said_while_an_edit_is_written_is_written_too(
    tmp_path: Path,
) -> None:
    desk, store, saver = await gated(tmp_path)
    store.go.clear()
    edited(desk.session, 0, "first")
    first = asyncio.create_task(saver.rewrite(desk.session))
    await asyncio.to_thread(store.began.wait, 10)
    edited(desk.session, 0, "second")
    desk.say("three")
    assert not saver.is_saved(desk.session)
    second = asyncio.create_task(saver.rewrite(desk.session))
    store.go.set()
    assert all(await asyncio.gather(first, second))
    assert saver.is_saved(desk.session)
    assert [m.text for m in store.load(desk.session.id).messages] == ["second", "two", "three"]


async def test_an_edit_that_could_not_be_written_is_written_later_by_whatever_is_saved(
    tmp_path: Path,
) -> None:
    desk, store, saver = await gated(tmp_path)
    store.is_full = True
    edited(desk.session, 1, "second")
    assert not await saver.rewrite(desk.session)
    assert not saver.is_saved(desk.session)
    store.is_full = False
    await until_true(lambda: saver.is_saved(desk.session))
    assert [m.text for m in store.load(desk.session.id).messages] == ["one", "second"]
    assert desk.heard.recovered == 1
    await saver.close()


async def test_taking_over_writes_what_was_changed_here_first(tmp_path: Path) -> None:
    desk, store, saver = await gated(tmp_path)
    other = Message(id="other", role=Role.USER, content="other")
    TomlSessions(store._places).append(desk.session.id, other)
    edited(desk.session, 0, "mine")
    saver._edited.add(desk.session.id)
    desk.session.title = "renamed"
    taken = await saver.refresh(desk.session)
    assert taken is not None
    assert [m.text for m in taken.new] == ["other"]
    assert [m.text for m in desk.session.messages] == ["mine", "two", "other"]
    assert saver.is_saved(desk.session)
    loaded = store.load(desk.session.id)
    assert (loaded.title, loaded.messages) == ("renamed", desk.session.messages)
    assert await saver.refresh(desk.session) is None
