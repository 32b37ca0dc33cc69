from __future__ import annotations

from tests.chat.desk import Desk, Heard, until
from tests.chat.test_preparing import Library
from tui.chat.conductor import Conductor
from tui.chat.preparing import PreparedBackends
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.settings import Settings
from tui.core.stops import why_stopped


def prepared(desk: Desk, parameters: Parameters) -> Conductor:
    return Conductor(
        desk.store,
        PreparedBackends(desk.backends, Library()),
        Settings(parameters=parameters),
        {"fake": Provider(name="fake", model="fake-model")},
        Heard(),
    )


async def test_a_prefix_for_once_is_gone_after_it(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    session.parameters = Parameters(prefix="Dear ", prefix_once=True, temperature=0.5)
    desk.conductor.send(session, "go")
    assert session.parameters.kept() == {"temperature": 0.5}
    await until(lambda: desk.backend.requests)
    assert desk.backend.requests[0].parameters.prefix == "Dear "


async def test_a_prefix_that_is_kept_is_kept(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    session.parameters = Parameters(prefix="Dear ")
    desk.conductor.send(session, "go")
    assert session.parameters.prefix == "Dear "


async def test_a_cut_reply_keeps_what_had_come_behind_the_cut(desk: Desk) -> None:
    conductor = prepared(desk, Parameters(stop=["\n\n"], cut_here=True, system_prompt="Be brief."))
    session = conductor.new_session("fake")
    conductor.send(session, "go")
    await until(lambda: desk.backend.requests)
    desk.backend.say("One.\n")
    desk.backend.say("\nTwo.")
    await conductor.settled()
    reply = desk.store.messages[session.id][-1]
    assert (reply.text, reply.ended) == ("One.", "stop")
    assert reply.completion is not None
    told = reply.completion.model_dump(exclude_none=True)
    assert told["uncut"] == "One.\n\nTwo."
    assert told["stop"] == ["\n\n"]
    assert "system_prompt" not in told
    words = why_stopped(reply.ended, told["stop_reason"], told["stop"], cut="uncut" in told)
    assert words == r'stop sequence "\n\n", cut here'
    assert [message.text for message in session.branch()] == ["go", "One."]
    assert [m.text for m in desk.backend.requests[0].messages] == ["Be brief.", "go"]
    assert desk.backend.closed == [0]
    await conductor.close()
