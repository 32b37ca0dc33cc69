from __future__ import annotations

import pytest

from tests.chat.desk import Desk, until
from tui.chat.conductor import Variant
from tui.core.editing import removed_messages
from tui.core.failure import Failure
from tui.core.parameters import Parameters
from tui.core.session import Session
from tui.core.words import Role


def texts(session: Session) -> list[str]:
    return [message.text for message in session.branch()]


async def talked(desk: Desk) -> Session:
    session = desk.conductor.new_session("fake")
    await desk.talk(session, "one", "eins", "two", "zwei")
    return session


async def test_an_edited_message_is_saved_and_sent_as_it_is_now(desk: Desk) -> None:
    session = await talked(desk)
    desk.conductor.changes.edit(session, session.branch()[1].id, "uno")
    assert desk.seen.branches[-1] == ["one", "uno", "two", "zwei"]
    await desk.conductor.settled()
    assert desk.saved(session) == ["one", "uno", "two", "zwei"]
    await desk.talk(session, "three", "drei")
    assert [m.text for m in desk.backend.requests[-1].messages] == texts(session)[:-1]


async def test_messages_of_any_role_are_put_in(desk: Desk) -> None:
    session = await talked(desk)
    changes = desk.conductor.changes
    changes.insert(session, None, Role.SYSTEM, "be short")
    changes.insert(session, session.branch()[1].id, Role.ASSISTANT, "hm")
    await desk.conductor.settled()
    assert texts(session) == ["be short", "one", "hm", "eins", "two", "zwei"]
    assert sorted(desk.saved(session)) == sorted(texts(session))


async def test_a_chat_that_begins_with_a_greeting_is_told_of_and_saved(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    desk.conductor.changes.insert(session, None, Role.ASSISTANT, "Welcome")
    assert desk.heard.changes == 1
    await desk.conductor.settled()
    assert desk.saved(session) == ["Welcome"]


async def test_what_was_removed_comes_back_by_undo_and_goes_by_redo(desk: Desk) -> None:
    session = await talked(desk)
    changes = desk.conductor.changes
    changes.remove(session, session.branch()[1].id)
    changes.prune(session, session.branch()[1].id)
    assert texts(session) == ["one"]
    assert changes.undo(session) is not None
    assert texts(session) == ["one", "two", "zwei"]
    assert changes.undo(session) is not None
    assert texts(session) == ["one", "eins", "two", "zwei"]
    assert changes.undo(session) is None
    assert changes.redo(session) is not None
    assert texts(session) == ["one", "two", "zwei"]
    await desk.conductor.settled()
    assert desk.saved(session) == ["one", "two", "zwei"]


async def test_undo_works_after_the_session_was_read_again(desk: Desk) -> None:
    session = await talked(desk)
    changes = desk.conductor.changes
    changes.remove(session, session.branch()[1].id)
    await desk.conductor.put_away(session.id)
    again = await desk.conductor.open(session.id)
    assert again is not session
    changes.undo(again)
    assert texts(again) == ["one", "eins", "two", "zwei"]


async def test_excluded_messages_are_not_sent(desk: Desk) -> None:
    session = await talked(desk)
    reply = session.branch()[1]
    desk.conductor.changes.exclude(session, {reply.id})
    turn = desk.conductor.send(session, "three")
    await until(lambda: len(desk.backend.requests) == 3)
    assert [m.text for m in desk.backend.requests[-1].messages] == ["one", "two", "zwei", "three"]
    assert [m.text for m in turn.branch] == ["one", "eins", "two", "zwei", "three"]
    desk.backend.end("drei")
    await desk.conductor.settled()
    assert texts(session)[-2:] == ["three", "drei"]


async def test_the_last_message_may_be_excluded_and_the_reply_follows_it_all_the_same(
    desk: Desk,
) -> None:
    session = await talked(desk)
    desk.conductor.changes.exclude(session, {session.branch()[-1].id})
    desk.conductor.answer(session)
    await until(lambda: len(desk.backend.requests) == 3)
    desk.backend.end("anew")
    await desk.conductor.settled()
    assert texts(session) == ["one", "eins", "two", "zwei", "anew"]


async def test_a_question_put_otherwise_begins_a_branch(desk: Desk) -> None:
    session = await talked(desk)
    first = session.branch()[0]
    assert desk.conductor.ask_otherwise(session, first, "ONE") is not None
    await until(lambda: len(desk.backend.requests) == 3)
    desk.backend.end("EINS")
    await desk.conductor.settled()
    assert texts(session) == ["ONE", "EINS"]
    assert desk.conductor.changes.turn_version(session, session.branch()[0].id, -1)
    assert texts(session) == ["one", "eins", "two", "zwei"]
    assert not desk.conductor.changes.turn_version(session, first.id, -1)
    await desk.conductor.settled()
    assert desk.seen.branches[-1] == ["one", "eins", "two", "zwei"]


async def test_a_reply_put_otherwise_begins_a_branch_without_asking(desk: Desk) -> None:
    session = await talked(desk)
    assert desk.conductor.ask_otherwise(session, session.branch()[1], "Eins!") is None
    assert texts(session) == ["one", "Eins!"]


async def test_removing_where_a_reply_is_coming_stops_and_keeps_it_apart(desk: Desk) -> None:
    session = await talked(desk)
    desk.conductor.send(session, "three")
    await until(lambda: len(desk.backend.requests) == 3)
    desk.backend.say("half")
    await until(lambda: session.id in desk.heard.text)
    desk.conductor.changes.prune(session, session.branch()[2].id)
    await desk.conductor.settled()
    assert texts(session) == ["one", "eins"]
    assert "half" in [message.text for message in removed_messages(session)]


async def test_looking_at_another_branch_while_a_reply_comes_is_not_disturbed_by_its_end(
    desk: Desk,
) -> None:
    session = await talked(desk)
    desk.conductor.ask_otherwise(session, session.branch()[0], "ONE")
    await until(lambda: len(desk.backend.requests) == 3)
    desk.conductor.changes.turn_version(session, session.branch()[0].id, -1)
    desk.backend.end("EINS")
    await desk.conductor.settled()
    assert texts(session) == ["one", "eins", "two", "zwei"]
    desk.conductor.changes.turn_version(session, session.branch()[0].id, 1)
    assert texts(session) == ["ONE", "EINS"]


async def test_a_reply_that_is_coming_is_looked_at_again(desk: Desk) -> None:
    session = await talked(desk)
    variants = [Variant(Parameters()), Variant(Parameters())]
    first, second = desk.conductor.compare(session, variants, "three")
    await until(lambda: len(desk.backend.requests) == 4)
    desk.conductor.changes.show(session, session.branch()[0].id)
    assert not first.is_shown
    assert desk.conductor.changes.show_turn(session, second.message_id)
    assert (first.is_shown, second.is_shown) == (False, True)
    assert desk.conductor.turn(session.id) is second
    assert texts(session)[-1] == "three"
    desk.backend.end("2", 3)
    await until(lambda: second.state.is_over)
    desk.backend.end("1", 2)
    await desk.conductor.settled()
    assert texts(session)[-1] == "2"
    assert not desk.conductor.changes.show_turn(session, second.message_id)


async def test_one_version_is_kept_of_a_comparison(desk: Desk) -> None:
    session = await talked(desk)
    variants = [Variant(Parameters(temperature=t)) for t in (0.0, 1.0)]
    turns = desk.conductor.compare(session, variants, "three")
    await until(lambda: len(desk.backend.requests) == 4)
    desk.backend.end("hot", 3)
    desk.backend.end("cold", 2)
    await desk.conductor.settled()
    desk.conductor.changes.keep_alone(session, turns[1].message_id)
    assert texts(session)[-1] == "hot"
    assert not desk.conductor.changes.turn_version(session, turns[1].message_id, -1)


async def test_one_reply_of_a_comparison_is_kept_while_all_are_coming(desk: Desk) -> None:
    session = await talked(desk)
    desk.conductor.compare(session, [Variant(Parameters())] * 3, "three")
    await until(lambda: len(desk.backend.requests) == 5)
    turns = desk.conductor.turns.of(session.id)
    desk.backend.end("done", 4)
    await until(lambda: desk.seen.ended[-1] is turns[2])
    desk.backend.say("half", 2)
    await until(lambda: turns[0].text == "half")
    desk.conductor.changes.keep_alone(session, turns[1].message_id)
    await until(lambda: turns[0].state.is_over)
    assert desk.conductor.turns.running() == [turns[1]]
    desk.backend.end("mine", 3)
    await desk.conductor.settled()
    assert texts(session) == ["one", "eins", "two", "zwei", "three", "mine"]
    assert not desk.conductor.changes.turn_version(session, session.branch()[-1].id, -1)
    assert {m.text for m in removed_messages(session)} == {"half", "done"}


async def test_a_changed_head_is_saved_soon_and_at_the_latest_at_the_end(desk: Desk) -> None:
    session = await talked(desk)
    changes, told = desk.conductor.changes, desk.heard.changes
    changes.set_parameters(session, Parameters(model="big", temperature=0.5))
    changes.set_provider(session, "other")
    changes.rename(session, "Numbers")
    assert desk.seen.heads == 3
    assert desk.heard.changes == told + 1
    assert desk.store.titles[session.id] == "one"
    await desk.conductor.settled()
    assert desk.store.titles[session.id] == "Numbers"
    assert (session.provider, session.parameters.model) == ("other", "big")
    assert session.parameters.temperature == 0.5


async def test_what_could_not_be_saved_is_told_and_saved_later(desk: Desk) -> None:
    session = await talked(desk)
    desk.store.trouble = Failure("disk", "full")  # type: ignore[arg-type]  # any kind will do
    desk.conductor.changes.remove(session, session.branch()[1].id)
    await desk.conductor.settled()
    assert desk.heard.failed
    assert "eins" in desk.saved(session)
    desk.store.trouble = None
    await desk.talk(session, "three", "drei")
    assert desk.saved(session) == ["one", "two", "zwei", "three", "drei"]


async def test_what_is_not_there_is_said_in_a_sentence(desk: Desk) -> None:
    session = await talked(desk)
    changes = desk.conductor.changes
    for act in (
        lambda: changes.edit(session, "gone", "x"),
        lambda: changes.remove(session, "gone"),
        lambda: changes.prune(session, "gone"),
        lambda: changes.insert(session, "gone", Role.USER, "x"),
        lambda: changes.show(session, "gone"),
        lambda: changes.branch(session, "gone", "x"),
    ):
        with pytest.raises(Failure, match="no message"):
            act()


async def test_a_chat_of_a_newer_version_is_not_changed(desk: Desk) -> None:
    session = await talked(desk)
    session.schema_version = 99
    with pytest.raises(Failure, match="newer"):
        desk.conductor.changes.remove(session, session.branch()[0].id)
    session.schema_version = 1


async def test_a_fork_is_saved_and_goes_on_by_itself(desk: Desk) -> None:
    session = await talked(desk)
    fork = desk.conductor.fork(session, session.branch()[1].id)
    assert desk.conductor.opened(fork.id) is fork
    await desk.conductor.settled()
    assert desk.saved(fork) == ["one", "eins"]
    assert await desk.conductor.open(fork.id) is fork
    await desk.talk(fork, "other", "anders")
    assert texts(fork) == ["one", "eins", "other", "anders"]
    assert texts(session) == ["one", "eins", "two", "zwei"]
    with pytest.raises(Failure):
        desk.conductor.fork(session, "gone")
