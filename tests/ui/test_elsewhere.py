from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.fakes.desk import FakeDesk
from tests.ui.session import Maker, Session
from tui.core.elsewhere import Flight, Sight
from tui.core.ports import Claim


class OtherWindow:
    """Another instance that makes a reply: the journal of it grows as a test says."""

    def __init__(self) -> None:
        self.flights: list[Flight] = []
        self.records: list[dict[str, Any]] = []

    def begin(self, session_id: str, parent: str) -> None:
        self.records = [{"journal": 1, "parent": parent, "parameters": {}}]
        self.flights = [Flight(session_id, "theirs", 1, is_alive=True)]

    def say(self, text: str) -> None:
        self.records.append({"text": text})
        self.flights = [Flight(f.session_id, f.message_id, f.size + 1, True) for f in self.flights]

    def end(self) -> None:
        self.flights = []

    def die(self) -> None:
        self.flights = [Flight(f.session_id, f.message_id, f.size, False) for f in self.flights]

    def look(self, session_ids: Iterable[str]) -> Sight:
        return Sight(tuple(self.flights))

    def read(self, flight: Flight, start: int) -> tuple[list[dict[str, Any]], int]:
        return self.records[start:], flight.size

    def claim(self, session_id: str) -> Claim | None:
        return self

    def release(self) -> None:
        pass


async def look(chat: Session) -> None:
    following = chat.ctx.need_desk().conductor.following
    assert following is not None
    await following.look()


async def begun(make: Maker) -> tuple[Session, OtherWindow]:
    """A chat with one question, and the window beside it."""
    desk, other = FakeDesk(), OtherWindow()
    desk.watch = other
    chat = await make(desk)
    await chat.say("Which cheese?")
    return chat, other


def prompt_of(chat: Session) -> tuple[str, str]:
    session = chat.stage.session
    assert session is not None
    return session.id, session.branch()[0].id


async def test_another_version_that_comes_in_another_window_is_shown_in_its_place(
    make: Maker,
) -> None:
    chat, other = await begun(make)
    chat.desk.backend.end("Brie.")
    await chat.sees("finished")
    other.begin(*prompt_of(chat))
    await look(chat)
    other.say("Comté")
    await look(chat)
    await chat.sees("Comté")
    assert not chat.shows("Brie.")
    assert [message.text for message in chat.stage.shown_branch()] == ["Which cheese?"]
    other.end()
    await look(chat)
    await chat.sees("Brie.")


async def test_a_prompt_that_is_answered_in_another_window_is_not_said_to_have_no_reply(
    make: Maker,
) -> None:
    chat, other = await begun(make)
    chat.desk.backend.break_off()
    await chat.sees("Enter on an empty prompt sends it again.")
    other.begin(*prompt_of(chat))
    other.say("Comté")
    await look(chat)
    await chat.sees("Comté")
    assert not chat.shows("sends it again")
    other.die()
    await look(chat)
    await chat.sees("This prompt has no reply yet.")
