from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.chat.desk import Heard, until
from tests.fakes.backend import FakeBackend, FakeBackends
from tui.chat.conductor import Conductor
from tui.chat.recovery import Recovered, messages_in, recover
from tui.core.completion import Choice, Reply
from tui.core.events import Finished, ThinkingDelta
from tui.core.failure import Failure, FailureKind
from tui.core.merging import Base
from tui.core.message import Message
from tui.core.provider import Provider
from tui.core.session import Session
from tui.core.settings import Settings
from tui.core.text import scrub
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.state.journal import FileJournal, records_of


class FullDisk(TomlSessions):
    """Sessions on a disk that is full while `is_full`."""

    is_full = False

    def append(self, session_id: str, message: Message, base: Base | None = None) -> None:
        if self.is_full:
            raise Failure(FailureKind.DISK, "the disk is full", code="ENOSPC")
        super().append(session_id, message, base)


class Desk:
    """A conductor on real files, and what is looked at from outside."""

    def __init__(self, root: Path) -> None:
        self.places = Places(root / "config", root / "data", root / "state", root / "cache")
        self.store = FullDisk(self.places)
        self.journal = FileJournal(self.places)
        self.backend = FakeBackend()
        self.heard = Heard()
        self.now = 0.0
        self.conductor = Conductor(
            self.store,
            FakeBackends(self.backend),
            Settings(),
            {"fake": Provider(name="fake", model="fake-model")},
            self.heard,
            clock=lambda: self.now,
            journal=self.journal,
        )

    async def ask(self, text: str = "go") -> Session:
        session = self.conductor.new_session("fake")
        self.conductor.send(session, text)
        await until(lambda: self.backend.requests)
        return session

    @property
    def journals(self) -> list[Path]:
        return sorted(self.places.journal.glob("*.jsonl"))

    def noted(self) -> str:
        """The text in the only journal."""
        return "".join(
            record.get("text", "")
            for path in self.journals
            for record in records_of(path.read_bytes())
        )

    def after_a_kill(self, change: Callable[[bytes], bytes] = bytes) -> Desk:
        """Another process on a copy of the files, as they are now."""
        there = (
            self.places.data.parent.parent
            / f"copy-{len(list(self.places.data.parent.parent.iterdir()))}"
        )
        for path in [*self.places.sessions.glob("*.toml"), *self.journals]:
            copy = there / path.relative_to(self.places.data.parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            data = path.read_bytes()
            copy.write_bytes(change(data) if path.suffix == ".jsonl" else data)
        return Desk(there)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    desk = Desk(tmp_path / "first")
    yield desk
    await desk.conductor.close()


async def for_real(condition: Callable[[], object]) -> None:
    """Wait for what a thread does."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.01)


async def test_what_has_come_is_in_the_journal_and_goes_when_the_reply_is_saved(desk: Desk) -> None:
    session = await desk.ask()
    assert desk.journals == []
    desk.backend.say("Com")
    await for_real(lambda: desk.noted() == "Com")
    desk.backend.say("t")
    desk.backend.say("é")
    await for_real(lambda: desk.noted() == "Comté")
    desk.backend.end("Comté")
    await desk.conductor.settled()
    assert desk.journals == []
    assert [m.text for m in desk.store.load(session.id).messages] == ["go", "Comté"]


async def test_no_timer_runs_while_nothing_comes(desk: Desk) -> None:
    await desk.ask()
    desk.backend.say("some")
    await for_real(desk.noted)
    loop: Any = asyncio.get_running_loop()
    own = 1  # the deadline of waiting itself
    await for_real(lambda: sum(not timer.cancelled() for timer in loop._scheduled) == own)
    assert len(records_of(desk.journals[0].read_bytes())) == 2


async def test_a_killed_reply_becomes_an_interrupted_message_once(desk: Desk) -> None:
    session = await desk.ask()
    desk.now = 2.0
    desk.backend.feed(ThinkingDelta("hm"))
    await for_real(lambda: desk.journals)
    desk.now = 3.5
    desk.backend.say("Com")
    await for_real(lambda: desk.noted() == "Com")
    late = desk.after_a_kill()
    assert await late.conductor.recover() == [Recovered(session.id, "go")]
    assert await late.conductor.recover() == []
    assert late.journals == []
    prompt, reply = late.store.load(session.id).messages
    assert (reply.text, reply.thinking, reply.ended) == ("Com", "hm", "interrupted")
    assert reply.parent == prompt.id
    turn = desk.conductor.turn(session.id)
    assert turn is not None
    assert reply.id == turn.message_id
    assert reply.completion is not None
    assert reply.completion.model == "fake-model"
    assert (reply.completion.first_token_s, reply.completion.seconds) == (2.0, 3.5)
    assert late.backend.requests == []


async def test_opening_a_chat_recovers_it(desk: Desk) -> None:
    session = await desk.ask()
    desk.backend.say("so far")
    await for_real(desk.noted)
    late = desk.after_a_kill()
    opened = await late.conductor.open(session.id)
    assert [m.text for m in opened.messages] == ["go", "so far"]


async def test_a_chat_that_is_open_already_takes_in_what_another_process_left(desk: Desk) -> None:
    session = await desk.ask()
    desk.backend.say("so far")
    await for_real(desk.noted)
    late = desk.after_a_kill()
    [journal] = late.journals
    data = journal.read_bytes()
    journal.unlink()  # as long as the other process lives, nobody sees it
    opened = await late.conductor.open(session.id)
    assert [m.text for m in opened.messages] == ["go"]
    assert await late.conductor.open(session.id) is opened
    journal.write_bytes(data)
    again = await late.conductor.open(session.id)
    assert [m.text for m in again.messages] == ["go", "so far"]
    late.conductor.send(again, "more")
    await until(lambda: late.backend.requests)
    late.backend.end("yes")
    await late.conductor.settled()
    assert [m.text for m in late.store.load(session.id).messages] == ["go", "so far", "more", "yes"]


async def test_a_reply_that_is_still_coming_is_left_to_its_process(desk: Desk) -> None:
    session = await desk.ask()
    desk.backend.say("so far")
    await for_real(desk.noted)
    other = TomlSessions(desk.places)
    assert recover(other, FileJournal(desk.places)) == []
    assert len(other.load(session.id).messages) == 1
    desk.backend.end("so far and on")
    await desk.conductor.settled()
    assert [m.text for m in other.load(session.id).messages] == ["go", "so far and on"]


async def test_a_process_killed_between_saving_and_removing_the_journal_adds_nothing(
    desk: Desk,
) -> None:
    session = await desk.ask()
    desk.backend.say("all")
    await for_real(desk.noted)
    [path] = desk.journals
    journal = path.read_bytes()
    desk.backend.end("all of it")
    await desk.conductor.settled()
    path.write_bytes(journal)
    late = desk.after_a_kill()
    assert await late.conductor.recover() == []
    assert late.journals == []
    assert [m.text for m in late.store.load(session.id).messages] == ["go", "all of it"]


async def test_a_reply_on_a_full_disk_outlives_the_process_with_all_its_choices(
    desk: Desk,
) -> None:
    session = await desk.ask()
    desk.store.is_full = True
    desk.backend.say("one")
    choices = [Choice(i, t, content=t, finish_reason="stop") for i, t in enumerate(["one", "two"])]
    desk.backend.feed(Finished(Reply(choices)))
    await desk.conductor.settled()
    assert len(desk.journals) == 1
    late = desk.after_a_kill()
    assert len(await late.conductor.recover()) == 1
    kept = late.store.load(session.id).messages
    assert [(m.text, m.ended) for m in kept] == [("go", None), ("two", "stop"), ("one", "stop")]


async def test_a_reply_that_can_be_saved_at_last_leaves_no_journal(desk: Desk) -> None:
    session = await desk.ask()
    desk.store.is_full = True
    desk.backend.say("one")
    desk.backend.end("one")
    await desk.conductor.settled()
    assert len(desk.journals) == 1
    desk.store.is_full = False
    await desk.conductor.close()
    assert desk.journals == []
    assert [m.text for m in desk.store.load(session.id).messages] == ["go", "one"]


async def test_a_session_that_has_no_file_is_made_again_with_its_prompt(desk: Desk) -> None:
    session = await desk.ask("first")
    desk.backend.end("yes")
    await desk.conductor.settled()
    desk.store.is_full = True
    desk.conductor.send(session, "second")
    await until(lambda: len(desk.backend.requests) == 2)
    desk.backend.say("so far")
    await for_real(desk.noted)
    late = desk.after_a_kill()
    for path in late.places.sessions.iterdir():
        path.unlink()
    assert await late.conductor.recover() == [Recovered(session.id, "first")]
    again = late.store.load(session.id)
    assert [m.text for m in again.messages] == ["second", "so far"]
    assert (again.title, again.provider) == ("first", "fake")


async def test_a_file_cut_in_the_reply_that_the_journal_has_whole_loses_nothing(
    desk: Desk,
) -> None:
    session = await desk.ask()
    desk.backend.say("one two three")
    await for_real(desk.noted)
    [path] = desk.journals
    journal = path.read_bytes()
    desk.backend.end("one two three")
    await desk.conductor.settled()
    path.write_bytes(journal)
    late = desk.after_a_kill()
    [file] = late.places.sessions.glob("*.toml")
    file.write_bytes(file.read_bytes().partition(b" three")[0])
    for _ in range(2):
        await late.conductor.recover()
        (late.places.journal / path.name).write_bytes(journal)
    texts = [m.text for m in late.store.load(session.id).messages]
    assert texts == ["go", "one two", "one two three"]


@pytest.mark.parametrize(
    "data",
    [
        b'{"text": "no head"}\n',
        b'{"journal": 2, "message": "x"}\n{"text": "of the future"}\n',
        b'{"journal": 1, "message": "x", "begun": "no time"}\n{"text": "a"}\n',
        b'{"journal": 1, "message": "x", "begun": "2026-01-01T00:00:00Z"}\n{"kept": [1]}\n',
    ],
)
async def test_a_journal_that_says_nothing_to_us_is_left_where_it_is(
    desk: Desk, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    desk.places.ensure(desk.places.journal)
    file = desk.places.journal / "chat.reply.jsonl"
    file.write_bytes(data)
    assert await desk.conductor.recover() == []
    assert file.read_bytes() == data
    assert "left as it is" in caplog.text


@given(st.lists(st.text(min_size=1), min_size=1, max_size=4), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
def test_a_journal_cut_anywhere_gives_the_beginning_of_the_reply(
    texts: list[str], data: st.DataObject
) -> None:
    head: dict[str, Any] = {"journal": 1, "message": "m", "begun": "2026-01-01T00:00:00+00:00"}
    lines = [head, *({"at": 1.0, "text": text} for text in texts)]
    raw = "".join(scrub(json.dumps(line, ensure_ascii=False)) + "\n" for line in lines).encode()
    cut = data.draw(st.integers(0, len(raw)))
    records = records_of(raw[:cut])
    whole = scrub("".join(texts))
    kept = messages_in(records) if records else []
    got = kept[0].text if kept else ""
    assert whole.startswith(got)
    assert got == scrub("".join(texts[: max(0, len(records) - 1)]))
    assert all(message.ended == "interrupted" for message in kept)


async def test_another_version_is_a_sibling_and_the_old_one_stays(desk: Desk) -> None:
    session = await desk.ask()
    desk.backend.end("first try")
    await desk.conductor.settled()
    prompt, first = session.messages
    desk.conductor.again(session, first)
    await until(lambda: len(desk.backend.requests) == 2)
    assert [m.text for m in desk.backend.requests[1].messages] == ["go"]
    desk.backend.end("second try")
    await desk.conductor.settled()
    assert [m.text for m in session.branch()] == ["go", "second try"]
    saved = desk.store.load(session.id).messages
    assert [m.text for m in saved] == ["go", "first try", "second try"]
    assert {m.parent for m in saved[1:]} == {prompt.id}


async def test_a_reply_goes_on_from_what_is_there(desk: Desk) -> None:
    session = await desk.ask()
    desk.backend.say("one, ")
    await until(lambda: "one, " in desk.heard.text.get(session.id, ""))
    desk.conductor.stop(session.id)
    await desk.conductor.settled()
    stopped = session.messages[-1]
    desk.conductor.carry_on(session, stopped)
    await until(lambda: len(desk.backend.requests) == 2)
    request = desk.backend.requests[1]
    assert request.parameters.prefix == "one, "
    assert session.parameters.prefix is None
    choice = Choice(text="one, two", content="one, two", finish_reason="stop")
    desk.backend.feed(Finished(Reply([choice], prefix="one, ")))
    await desk.conductor.settled()
    whole = desk.store.load(session.id).messages[-1]
    assert (whole.text, whole.prefix, whole.ended) == ("one, two", "one, ", "stop")
    assert whole.parent == stopped.parent


async def test_a_continuation_that_brings_nothing_leaves_the_old_reply(desk: Desk) -> None:
    session = await desk.ask()
    desk.backend.end("all ", finish_reason="length")
    await desk.conductor.settled()
    turn = desk.conductor.carry_on(session, session.messages[-1])
    await until(lambda: len(desk.backend.requests) == 2)
    desk.backend.say("all")
    desk.conductor.stop(session.id)
    await desk.conductor.settled()
    assert [m.text for m in session.messages] == ["go", "all "]
    assert turn.failure is None
    assert desk.journals == []


async def test_only_a_reply_with_text_can_be_continued(desk: Desk) -> None:
    session = await desk.ask()
    desk.backend.end("yes")
    await desk.conductor.settled()
    with pytest.raises(Failure, match="go on from"):
        desk.conductor.carry_on(session, session.messages[0])


async def test_writes_do_not_block_the_event_loop(desk: Desk) -> None:
    begin, hold = desk.journal.begin, threading.Event()

    def slow(session_id: str, message_id: str) -> Any:
        hold.wait(10)
        return begin(session_id, message_id)

    desk.journal.begin = slow  # type: ignore[method-assign]
    session = await desk.ask()
    for piece in "abc":
        desk.backend.say(piece)
    await until(lambda: desk.heard.text.get(session.id) == "abc")
    desk.backend.end("abc")
    await until(lambda: not desk.conductor.is_busy(session.id))
    hold.set()
    await desk.conductor.settled()
    assert desk.journals == []
