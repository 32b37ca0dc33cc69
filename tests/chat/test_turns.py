from __future__ import annotations

from functools import partial

from tests.chat.desk import Desk, until
from tui.chat.conductor import Variant
from tui.core.message import ImageChunk
from tui.core.parameters import Parameters
from tui.core.words import TurnState


def ended_are(desk: Desk, number: int) -> bool:
    return len(desk.seen.ended) == number


async def test_the_same_is_asked_in_several_ways_at_once(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    variants = [Variant(Parameters(temperature=0.0)), Variant(Parameters(), "other")]
    turns = desk.conductor.compare(session, variants, "hello")
    await until(lambda: len(desk.backend.requests) == 2)
    assert [r.parameters.model for r in desk.backend.requests] == ["fake-model", "other-model"]
    assert desk.conductor.turns.running(session.id) == turns
    assert desk.conductor.turn(session.id) is turns[0]
    desk.backend.end("second", 1)
    desk.backend.end("first", 0)
    await desk.conductor.settled()
    assert [m.text for m in session.branch()] == ["hello", "first"]
    assert {m.text for m in session.messages} == {"hello", "first", "second"}
    assert {m.completion.provider for m in session.messages if m.completion} == {"fake", "other"}


async def test_of_a_comparison_the_first_is_shown_whoever_ends_last(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.compare(session, [Variant(Parameters())] * 3, "hello")
    await until(lambda: len(desk.backend.requests) == 3)
    for ended, number in enumerate((1, 0, 2), 1):
        desk.backend.end(f"answer {number}", number)
        await until(partial(ended_are, desk, ended))
    await desk.conductor.settled()
    assert [m.text for m in session.branch()] == ["hello", "answer 0"]


async def test_one_of_several_is_stopped(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    turns = desk.conductor.compare(session, [Variant(Parameters())] * 2, "hello")
    await until(lambda: len(desk.backend.requests) == 2)
    assert desk.conductor.turns.stop_one(turns[1].message_id)
    await until(lambda: turns[1].state is TurnState.STOPPED)
    assert desk.conductor.turns.running() == [turns[0]]
    assert desk.conductor.turns.stop_all()
    await desk.conductor.settled()
    assert not desk.conductor.turns.stop_all()
    assert not desk.conductor.turns.stop_one(turns[1].message_id)


async def test_another_version_with_other_parameters(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    await desk.talk(session, "one", "eins")
    hot = Variant(Parameters(temperature=1.5), "other")
    desk.conductor.again(session, session.branch()[1], hot)
    await until(lambda: len(desk.backend.requests) == 2)
    desk.backend.end("EINS")
    await desk.conductor.settled()
    assert desk.backend.requests[1].parameters.temperature == 1.5
    assert session.parameters.temperature is None
    assert [m.text for m in session.branch()] == ["one", "EINS"]
    desk.conductor.compare_again(session, session.branch()[1], [hot, Variant(Parameters())])
    await until(lambda: len(desk.backend.requests) == 4)
    assert {len(request.messages) for request in desk.backend.requests} == {1}


async def test_the_line_is_seen_and_changed() -> None:
    desk = Desk(parallel=1)
    chats = [desk.conductor.new_session("fake") for _ in range(4)]
    turns = [desk.conductor.send(chat, str(number)) for number, chat in enumerate(chats)]
    await until(lambda: desk.backend.requests)
    assert desk.conductor.turns.line == turns[1:]
    desk.conductor.turns.move(turns[3].message_id, 0)
    assert desk.conductor.turns.line == [turns[3], turns[1], turns[2]]
    desk.conductor.stop(chats[1].id)
    await until(lambda: turns[1].state.is_over)
    assert desk.conductor.turns.line == [turns[3], turns[2]]
    desk.backend.end("done")
    await until(lambda: len(desk.backend.requests) == 2)
    assert desk.backend.requests[1].messages[0].text == "3"
    desk.conductor.turns.slots.limit = 2
    await until(lambda: len(desk.backend.requests) == 3)
    assert desk.conductor.turns.line == []
    await desk.conductor.close()


async def test_a_chat_is_put_away_while_it_streams(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "hello")
    await until(lambda: desk.backend.requests)
    desk.backend.say("half")
    await until(lambda: session.id in desk.heard.text)
    await desk.conductor.put_away(session.id)
    assert desk.saved(session) == ["hello", "half"]
    assert desk.conductor.opened(session.id) is None
    assert desk.conductor.turn(session.id) is None


async def test_images_go_with_the_prompt(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    image = ImageChunk(type="image_url", image_url="data:image/png;base64,")
    desk.conductor.send(session, "what is this?", [image])
    await until(lambda: desk.backend.requests)
    sent = desk.backend.requests[0].messages[0]
    assert sent.text == "what is this?"
    assert sent.content[1] == image
