from __future__ import annotations

import asyncio

import pytest

from tests.chat.desk import Desk, until
from tui.core.costs import UNKNOWN, Prices
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.models import ModelCard
from tui.core.session import Session
from tui.core.words import Role


class Book:
    """Knows one limit for all models."""

    def __init__(self, context: int | None) -> None:
        self.context = context

    def card(self, provider: str | None, model: str | None) -> ModelCard | None:
        return ModelCard(str(model), context=self.context)

    def renew(self) -> None:
        pass

    def prices(self, provider: str | None, model: str | None) -> Prices:
        return UNKNOWN


async def talked(desk: Desk) -> Session:
    session = desk.conductor.new_session("fake")
    session.add(Message(role=Role.SYSTEM, content="be kind"))
    await desk.talk(session, "one " * 60, "eins " * 60, "two " * 60, "zwei " * 60, "three", "drei")
    return session


async def test_the_meter_knows_the_limit_and_warns() -> None:
    desk = Desk(book=Book(24), context={"warn_at": 0.5})
    session = await talked(desk)
    meter = desk.conductor.context.meter(session)
    assert (meter.used, meter.is_exact, meter.limit) == (12, True, 24)
    assert desk.conductor.context.is_near(session)
    assert desk.conductor.context.meter(session, "some words").used > 12
    session.parameters.system_prompt = "you are a cheese"
    await desk.conductor.close()


class Letters:
    """Counts letters, once it is loaded."""

    is_loaded = False

    def load(self) -> bool:
        self.is_loaded = True
        return True

    def count(self, text: str) -> int:
        return len(text) if self.is_loaded else 1


async def test_with_a_tokenizer_what_is_not_counted_yet_is_counted_by_it() -> None:
    desk = Desk(book=Book(10))
    desk.conductor.context._tokenizer = Letters()
    session = desk.conductor.new_session("fake")
    session.add(Message(role=Role.USER, content="x" * 1000))
    before = desk.conductor.context.meter(session).used
    await desk.conductor.context.get_ready(session)
    assert desk.conductor.context.meter(session, "yyy").used == before - 1 + 1000 + 3
    await desk.conductor.close()


async def test_the_tokenizer_is_not_loaded_as_long_as_there_is_much_room() -> None:
    desk = Desk(book=Book(1000))
    letters = Letters()
    desk.conductor.context._tokenizer = letters
    session = desk.conductor.new_session("fake")
    session.add(Message(role=Role.USER, content="x"))
    await desk.conductor.context.get_ready(session)
    assert not letters.is_loaded
    await desk.conductor.close()


class Tally:
    """Notes what it counts."""

    def __init__(self) -> None:
        self.counted: list[str] = []

    def load(self) -> bool:
        return False

    def count(self, text: str) -> int:
        self.counted.append(text)
        return len(text)


def alike(desk: Desk, words: str) -> Session:
    session = desk.conductor.new_session("fake")
    for number in range(20):
        session.add(Message(id=f"m{number}", role=Role.USER, content=f"{words} {number}"))
    return session


async def test_messages_of_two_chats_with_the_same_ids_are_counted_once_each(desk: Desk) -> None:
    context = desk.conductor.context
    context._tokenizer = tally = Tally()
    first, second = alike(desk, "one"), alike(desk, "another")
    used = [context.meter(session).used for session in (first, second, first, second)]
    assert used[:2] == used[2:]
    assert used[0] < used[1]
    assert len(tally.counted) == 40


async def test_other_things_go_on_while_a_long_chat_is_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.chat.filling.SLICE_S", -1.0)
    context = desk.conductor.context
    context._tokenizer = tally = Tally()
    session, seen = alike(desk, "one"), []

    async def look() -> None:
        while len(tally.counted) < 20:
            seen.append(len(tally.counted))
            await asyncio.sleep(0)

    await asyncio.gather(look(), context.get_ready(session))
    assert {1, 10, 19} <= set(seen)
    context.meter(session)
    assert len(tally.counted) == 20


async def test_without_a_book_nothing_is_known_of_limits(desk: Desk) -> None:
    session = await talked(desk)
    assert desk.conductor.context.limit(session) is None
    assert not desk.conductor.context.is_near(session)


async def test_the_oldest_are_dropped_and_come_back_by_undo(desk: Desk) -> None:
    session = await talked(desk)
    before = [m.text for m in session.sent()]
    desk.conductor.context.drop_oldest(session)
    after = [m.text for m in session.sent()]
    assert after[0] == "be kind"
    assert after[-2:] == ["three", "drei"]
    assert len(after) < len(before)
    assert [m.text for m in session.branch()] == before
    desk.conductor.changes.undo(session)
    assert [m.text for m in session.sent()] == before


async def test_where_nothing_can_be_dropped_that_is_said(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    session.add(Message(role=Role.USER, content="only this"))
    with pytest.raises(Failure, match="nothing that could be left out"):
        desk.conductor.context.drop_oldest(session)


async def test_a_summary_takes_the_place_of_the_oldest(desk: Desk) -> None:
    session = await talked(desk)
    asked = len(desk.backend.requests)
    work = asyncio.create_task(desk.conductor.context.summarise(session, session.branch()[1:3]))
    await until(lambda: len(desk.backend.requests) > asked)
    request = desk.backend.requests[-1]
    assert "User: one" in request.messages[0].text
    assert "Assistant: eins" in request.messages[0].text
    assert "zwei" not in request.messages[0].text
    desk.backend.end("They counted.")
    await work
    sent = session.sent()
    assert sent[1].text == "Summary of the conversation so far:\n\nThey counted."
    assert [m.role for m in sent[:3]] == [Role.SYSTEM, Role.SYSTEM, Role.USER]
    assert len(sent) == 6
    assert [aside.purpose for aside in session.asides] == ["summary"]
    desk.conductor.changes.undo(session)
    assert len(session.sent()) == 7
    await desk.conductor.settled()
    assert "They counted." not in "".join(desk.saved(session))


async def test_a_summary_that_fails_changes_nothing(desk: Desk) -> None:
    session = await talked(desk)
    before = [m.text for m in session.sent()]
    asked = len(desk.backend.requests)
    work = asyncio.create_task(desk.conductor.context.summarise(session))
    await until(lambda: len(desk.backend.requests) > asked)
    desk.backend.break_off()
    with pytest.raises(Failure, match="line broke"):
        await work
    assert [m.text for m in session.sent()] == before


async def test_what_was_removed_meanwhile_is_not_summarised(desk: Desk) -> None:
    session = await talked(desk)
    asked = len(desk.backend.requests)
    work = asyncio.create_task(desk.conductor.context.summarise(session, session.branch()[1:3]))
    await until(lambda: len(desk.backend.requests) > asked)
    desk.conductor.changes.remove(session, session.branch()[1].id)
    desk.backend.end("They counted.")
    with pytest.raises(Failure, match="changed while"):
        await work


async def test_a_chat_goes_on_from_a_summary_in_a_new_one(desk: Desk) -> None:
    session = await talked(desk)
    session.parameters.stop = ["x"]
    asked = len(desk.backend.requests)
    work = asyncio.create_task(desk.conductor.continue_anew(session))
    await until(lambda: len(desk.backend.requests) > asked)
    desk.backend.end("They counted.")
    anew = await work
    assert anew is not session
    assert desk.saved(anew) == [
        "be kind",
        "Summary of the conversation so far:\n\nThey counted.",
    ]
    assert anew.forked_from is not None
    assert anew.forked_from.session == session.id
    assert anew.parameters.stop == ["x"]
    await desk.talk(anew, "four", "vier")
    assert len(session.branch()) == 7
