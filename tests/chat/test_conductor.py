from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.chat.desk import Desk, until
from tests.fakes.backend import FakeBackend
from tui.chat.conductor import KEPT, LOCAL_MAX_TOKENS, Conductor
from tui.core.completion import CallPiece, Choice, Reply
from tui.core.events import Finished, ReplyEvent, ThinkingDelta
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.provider import Provider
from tui.core.settings import Settings
from tui.core.turn import Turn
from tui.core.words import Role, TurnState


async def test_a_reply_is_streamed_told_and_kept(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    turn = desk.conductor.send(session, "What is the best French cheese?")
    await until(lambda: desk.backend.requests)
    desk.backend.say("Com")
    desk.backend.say("té")
    desk.backend.end("Comté")
    await desk.conductor.settled()

    assert desk.states(session) == ["queued", "connecting", "streaming", "done"]
    assert desk.heard.text[session.id] == "Comté"
    assert desk.heard.prompts == ["What is the best French cheese?"]
    assert session.title == "What is the best French cheese?"
    saved = desk.store.messages[session.id]
    assert [(m.role, m.text, m.ended) for m in saved] == [
        (Role.USER, "What is the best French cheese?", None),
        (Role.ASSISTANT, "Comté", "stop"),
    ]
    assert saved[1].parent == saved[0].id
    assert saved[1].id == turn.message_id
    assert saved[1].completion is not None
    assert saved[1].completion.model == "fake-model"
    assert saved[1].completion.completion_tokens == 7
    assert None not in (saved[1].completion.model_extra or {}).values()


async def test_the_prompt_is_saved_before_the_request_leaves(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    on_disk_when_asked: list[int] = []
    ask = desk.backends.backend

    async def spy(provider: Provider, told: Callable[[str], None]) -> FakeBackend:
        on_disk_when_asked.append(len(desk.store.messages[session.id]))
        return await ask(provider, told)

    desk.backends.backend = spy  # type: ignore[method-assign]
    desk.conductor.send(session, "hello")
    await until(lambda: desk.backend.requests)
    assert on_disk_when_asked == [1]


async def test_stopping_keeps_the_text_so_far(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.backend.say("half of ")
    await until(lambda: session.id in desk.heard.text)
    assert desk.conductor.stop(session.id)
    await desk.conductor.settled()

    assert desk.states(session)[-1] == "stopped"
    assert desk.backend.closed == [0]
    reply = desk.store.messages[session.id][1]
    assert (reply.text, reply.ended) == ("half of ", "stopped")
    assert not desk.conductor.stop(session.id)


async def test_stopping_keeps_the_thinking_too(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.backend.feed(ThinkingDelta("hm"))
    await until(lambda: session.id in desk.heard.text)
    desk.conductor.stop(session.id)
    await desk.conductor.settled()
    assert desk.store.messages[session.id][1].thinking == "hm"


async def test_stopping_before_anything_came_keeps_no_empty_message(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.conductor.stop(session.id)
    await desk.conductor.settled()
    assert [m.role for m in desk.store.messages[session.id]] == [Role.USER]
    assert session.unanswered is not None


async def test_closing_marks_replies_as_interrupted_and_saves_them(desk: Desk) -> None:
    first, second = desk.conductor.new_session("fake"), desk.conductor.new_session("fake")
    for number, session in enumerate((first, second)):
        desk.conductor.send(session, "go")
        await until(lambda: len(desk.backend.requests) == number + 1)  # noqa: B023 (called at once)
        desk.backend.say(f"part {number}")
    await until(lambda: len(desk.heard.text) == 2)
    await desk.conductor.close()
    for number, session in enumerate((first, second)):
        reply = desk.store.messages[session.id][1]
        assert (reply.text, reply.ended) == (f"part {number}", "interrupted")
    assert desk.backends.is_closed


async def test_a_broken_line_keeps_what_came_and_says_why(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    turn = desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.backend.say("half")
    desk.backend.break_off("half")
    await desk.conductor.settled()
    assert turn.state is TurnState.FAILED
    reply = desk.store.messages[session.id][1]
    assert (reply.text, reply.ended) == ("half", "interrupted")
    assert reply.completion is not None
    assert reply.completion.error == "The line broke"


async def test_an_error_in_the_stream_ends_the_reply_as_error(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.backend.say("half")
    desk.backend.feed(
        Failure(
            FailureKind.STREAM_ERROR, "overload", reply=Reply([Choice(text="half", content="half")])
        )
    )
    await desk.conductor.settled()
    assert desk.store.messages[session.id][1].ended == "error"


async def test_a_failed_prompt_can_be_sent_again(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.backends.trouble = Failure(FailureKind.CONNECT, "refused")
    turn = desk.conductor.send(session, "go")
    await desk.conductor.settled()
    assert turn.failure is desk.backends.trouble

    desk.backends.trouble = None
    desk.conductor.answer(session)
    await until(lambda: desk.backend.requests)
    assert [m.text for m in desk.backend.requests[0].messages] == ["go"]
    desk.backend.end("here")
    await desk.conductor.settled()
    assert [m.text for m in desk.store.messages[session.id]] == ["go", "here"]


async def test_an_empty_reply_is_told_and_not_kept(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    turn = desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.backend.end("")
    await desk.conductor.settled()
    assert turn.failure is not None
    assert "empty" in turn.failure.message
    assert [m.role for m in session.messages] == [Role.USER]


async def test_a_reply_of_nothing_but_the_given_prefix_is_empty(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    session.parameters.prefix = "{"
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.backend.say("{")
    await until(lambda: session.id in desk.heard.text)
    desk.conductor.stop(session.id)
    await desk.conductor.settled()
    assert [m.role for m in session.messages] == [Role.USER]


async def test_several_sessions_stream_at_once_up_to_the_limit() -> None:
    desk = Desk(parallel=2)
    sessions = [desk.conductor.new_session("fake") for _ in range(3)]
    turns = [desk.conductor.send(session, "go") for session in sessions]
    await until(lambda: len(desk.backend.requests) == 2)
    assert [turn.state for turn in turns] == ["connecting", "connecting", "queued"]
    desk.backend.end("done", number=0)
    await until(lambda: len(desk.backend.requests) == 3)
    assert turns[2].state is TurnState.CONNECTING
    await desk.conductor.close()


async def test_a_queued_turn_can_be_stopped() -> None:
    desk = Desk(parallel=1)
    first, second = desk.conductor.new_session("fake"), desk.conductor.new_session("fake")
    desk.conductor.send(first, "go")
    await until(lambda: desk.backend.requests)
    turn = desk.conductor.send(second, "go")
    desk.conductor.stop(second.id)
    await until(lambda: turn.state is TurnState.STOPPED)
    await desk.conductor.close()
    assert len(desk.backend.requests) == 1


async def test_one_session_makes_one_reply_at_a_time(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "go")
    with pytest.raises(Failure, match="still coming"):
        desk.conductor.send(session, "again")
    assert [m.text for m in session.messages] == ["go"]


async def test_what_could_not_be_saved_is_saved_later_in_order(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.store.trouble = Failure(FailureKind.DISK, "disk full")
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    assert [f.message for f in desk.heard.failed] == ["disk full"]
    desk.store.trouble = None
    desk.backend.end("here")
    await desk.conductor.settled()
    assert [m.text for m in desk.store.messages[session.id]] == ["go", "here"]
    assert desk.heard.recovered == 1


async def test_every_choice_is_kept_and_the_first_is_shown(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    session.parameters.n = 2
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    choices = [Choice(i, t, content=t, finish_reason="stop") for i, t in enumerate(["one", "two"])]
    desk.backend.feed(Finished(Reply(choices)))
    await desk.conductor.settled()
    assert [m.text for m in session.branch()] == ["go", "one"]
    assert [m.text for m in desk.store.messages[session.id]] == ["go", "two", "one"]
    assert {m.parent for m in session.messages[1:]} == {session.messages[0].id}


async def test_tool_calls_are_kept(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    call = CallPiece("abc", "look", '{"a": 1}')
    desk.backend.feed(Finished(Reply([Choice(tool_calls=[call], finish_reason="tool_calls")])))
    await desk.conductor.settled()
    saved = desk.store.messages[session.id][1]
    assert [(c.id, c.name, c.arguments) for c in saved.tool_calls] == [("abc", "look", '{"a": 1}')]
    assert saved.ended == "tool_calls"


async def test_unknown_chunks_of_a_reply_are_kept(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    content: list[dict[str, Any]] = [
        {"type": "text", "text": "see"},
        {"type": "novel", "x": [1, {"y": 2}]},
    ]
    desk.backend.feed(Finished(Reply([Choice(text="see", content=content, finish_reason="stop")])))
    await desk.conductor.settled()
    chunks = desk.store.messages[session.id][1].content
    assert not isinstance(chunks, str)
    assert chunks[1].model_dump() == {"type": "novel", "x": [1, {"y": 2}]}


async def test_a_session_of_a_server_that_is_gone_says_so(desk: Desk) -> None:
    session = desk.conductor.new_session("vanished")
    turn = desk.conductor.send(session, "go")
    await desk.conductor.settled()
    assert turn.failure is not None
    assert "vanished" in turn.failure.message


async def test_the_embedded_model_is_asked_for_a_limited_reply(desk: Desk) -> None:
    assert desk.conductor.new_session("local").parameters.max_tokens == LOCAL_MAX_TOKENS
    assert desk.conductor.new_session("fake").parameters.max_tokens is None


async def test_lone_surrogates_in_a_prompt_do_not_reach_the_session(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "a\ud800b")
    assert session.messages[0].text == "a\ufffdb"


async def test_opening_reads_the_file_once_and_goes_on_from_there(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.backend.end("here")
    await desk.conductor.settled()

    other = Desk()
    other.store = desk.store
    conductor = Conductor(
        desk.store, other.backends, Settings(), {"fake": Provider(name="fake")}, other.heard
    )
    again = await conductor.open(session.id)
    assert await conductor.open(session.id) is again
    conductor.send(again, "more")
    await until(lambda: other.backend.requests)
    assert [m.text for m in other.backend.requests[0].messages] == ["go", "here", "more"]
    other.backend.end("yes")
    await conductor.settled()
    assert [m.text for m in desk.store.messages[session.id]] == ["go", "here", "more", "yes"]
    await conductor.close()


async def test_a_face_that_breaks_costs_no_message(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    session = desk.conductor.new_session("fake")

    def broken(turn: Turn, event: ReplyEvent) -> None:
        raise ZeroDivisionError

    desk.heard.turn_grew = broken  # type: ignore[method-assign]
    turn = desk.conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.backend.say("half")
    await desk.conductor.settled()
    assert turn.failure is not None
    assert "mistake" in turn.failure.sentence
    assert [m.text for m in desk.store.messages[session.id]] == ["go", "half"]
    assert "ZeroDivisionError" in caplog.text


async def test_memory_does_not_grow_with_the_number_of_sessions_looked_at(desk: Desk) -> None:
    for number in range(3 * KEPT):
        desk.store.titles[f"s{number}"] = "t"
        desk.store.messages[f"s{number}"] = [Message(role=Role.USER, content="hello")]
        await desk.conductor.open(f"s{number}")
    held = [n for n in range(3 * KEPT) if desk.conductor.opened(f"s{n}") is not None]
    assert held == list(range(2 * KEPT, 3 * KEPT))
    newest = await desk.conductor.open(f"s{3 * KEPT - 1}")
    assert await desk.conductor.open(newest.id) is newest


async def test_a_session_that_answers_or_is_not_saved_is_not_let_go(desk: Desk) -> None:
    busy, unsaved = desk.conductor.new_session("fake"), desk.conductor.new_session("fake")
    desk.conductor.send(busy, "go")
    await until(lambda: desk.backend.requests)
    for number in range(3 * KEPT):
        desk.store.titles[f"s{number}"] = "t"
        desk.store.messages[f"s{number}"] = [Message(role=Role.USER, content="hello")]
        await desk.conductor.open(f"s{number}")
    assert await desk.conductor.open(busy.id) is busy
    assert await desk.conductor.open(unsaved.id) is unsaved
