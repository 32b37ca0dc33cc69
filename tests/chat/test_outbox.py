from __future__ import annotations

import pytest

from tests.chat.desk import Desk, MemoryDrafts, until
from tui.chat.outbox import Waiting
from tui.core.failure import Failure
from tui.core.message import ImageChunk
from tui.core.session import Session


def waiting(desk: Desk, session: Session) -> list[str]:
    return [one.text for one in desk.conductor.outbox.of(session.id)]


async def streaming(desk: Desk) -> Session:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "first")
    await until(lambda: desk.backend.requests)
    return session


async def test_what_is_sent_while_a_reply_streams_goes_out_when_it_has_ended(desk: Desk) -> None:
    session = await streaming(desk)
    assert isinstance(desk.conductor.send_or_wait(session, "second"), Waiting)
    desk.conductor.send_or_wait(session, "third")
    assert waiting(desk, session) == ["second", "third"]
    desk.backend.end("1")
    await until(lambda: len(desk.backend.requests) == 2)
    assert waiting(desk, session) == ["third"]
    desk.backend.end("2")
    await until(lambda: len(desk.backend.requests) == 3)
    desk.backend.end("3")
    await desk.conductor.settled()
    assert [m.text for m in session.branch()] == ["first", "1", "second", "2", "third", "3"]
    assert desk.saved(session) == [m.text for m in session.branch()]


async def test_a_stop_or_a_failure_holds_what_waits(desk: Desk) -> None:
    session = await streaming(desk)
    desk.conductor.send_or_wait(session, "second")
    desk.conductor.stop(session.id)
    await desk.conductor.settled()
    assert waiting(desk, session) == ["second"]
    assert desk.conductor.outbox.sessions == [session.id]
    assert desk.conductor.outbox.send_next(session) is not None
    assert desk.conductor.outbox.send_next(session) is None
    assert waiting(desk, session) == []
    await until(lambda: len(desk.backend.requests) == 2)
    desk.conductor.send_or_wait(session, "third")
    desk.backend.break_off(number=1)
    await desk.conductor.settled()
    assert waiting(desk, session) == ["third"]


async def test_what_waits_is_edited_moved_and_taken_back(desk: Desk) -> None:
    session = await streaming(desk)
    outbox = desk.conductor.outbox
    image = ImageChunk(type="image_url", image_url="data:")
    one, two = outbox.add(session.id, "one"), outbox.add(session.id, "two", [image])
    outbox.amend(session.id, two.id, "zwei")
    outbox.move(session.id, two.id, 0)
    assert waiting(desk, session) == ["zwei", "one"]
    taken = outbox.take(session.id, two.id)
    assert taken is not None
    assert taken.content[1] == image
    assert outbox.take(session.id, two.id) is None
    outbox.amend(session.id, "gone", "x")
    outbox.move(session.id, "gone", 0)
    assert outbox.of(session.id) == (one,)
    assert desk.seen.waiting == 7


async def test_what_waits_is_on_disk_and_comes_back() -> None:
    drafts = MemoryDrafts()
    desk = Desk(waiting=drafts)
    session = await streaming(desk)
    image = ImageChunk(type="image_url", image_url="data:")
    desk.conductor.send_or_wait(session, "second \u2028\n", [image])
    await desk.conductor.close()

    later = Desk(waiting=MemoryDrafts(**drafts.texts))
    later.store = desk.store
    later.conductor.outbox.load()
    (back,) = later.conductor.outbox.of(session.id)
    assert back.text == "second \u2028\n"
    assert back.content[1] == image
    await later.conductor.close()


async def test_what_was_sent_before_a_kill_is_not_sent_twice(desk: Desk) -> None:
    session = await streaming(desk)
    desk.conductor.send_or_wait(session, "second")
    texts = {session.id: desk.conductor.outbox._written(session.id)}
    desk.backend.end("1")
    await until(lambda: len(desk.backend.requests) == 2)
    later = Desk(waiting=MemoryDrafts(**texts))
    later.conductor._shelf._store = desk.store
    later.conductor.outbox.load()
    assert waiting(later, session) == ["second"]
    await later.conductor.open(session.id)
    assert waiting(later, session) == []


async def test_a_file_that_is_not_ours_is_a_prompt_by_itself() -> None:
    desk = Desk(waiting=MemoryDrafts(a="[broken", b='{"x": 1}', c="  "))
    desk.conductor.outbox.load()
    assert [one.text for one in desk.conductor.outbox.of("a")] == ["[broken"]
    assert [one.text for one in desk.conductor.outbox.of("b")] == ['{"x": 1}']
    assert desk.conductor.outbox.sessions == ["a", "b"]


async def test_what_can_not_be_sent_waits_on(desk: Desk) -> None:
    session = await streaming(desk)
    desk.conductor.send_or_wait(session, "second")
    with pytest.raises(Failure, match="still coming"):
        desk.conductor.outbox.send_next(session)
    session.schema_version = 99
    desk.backend.end("1")
    await desk.conductor.turns.settled()
    assert waiting(desk, session) == ["second"]
    session.schema_version = 1


async def test_nothing_more_is_sent_when_the_program_ends(desk: Desk) -> None:
    session = await streaming(desk)
    desk.conductor.send_or_wait(session, "second")
    desk.backend.end("1")
    await desk.conductor.close()
    assert len(desk.backend.requests) <= 2
    assert "second" in [*waiting(desk, session), *desk.saved(session)]
