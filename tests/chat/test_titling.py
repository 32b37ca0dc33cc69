from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.chat.desk import Desk, until
from tui.chat.titling import LONGEST, title_of
from tui.core.session import Session
from tui.core.text import UNSAFE
from tui.core.words import Role

PROMPT = "What is the best French cheese of all, in your humble opinion?"


def titling_desk(**titles: str) -> Desk:
    return Desk(titles={"by_model": True, **titles})


async def asked_for_a_title(desk: Desk) -> Session:
    """A chat whose first reply has come, and for which a title is being made."""
    session = desk.conductor.new_session("fake")
    desk.conductor.send(session, PROMPT)
    await until(lambda: desk.backend.requests)
    desk.backend.end("Comté.")
    await desk.conductor.settled()
    await until(lambda: len(desk.backend.requests) == 2)
    return session


async def test_a_model_makes_the_title_after_the_first_reply() -> None:
    desk = titling_desk(provider="other", model="tiny")
    session = await asked_for_a_title(desk)
    assert [(a.session_id, a.purpose) for a in desk.conductor.asides.running] == [
        (session.id, "title")
    ]
    request = desk.backend.requests[1]
    assert request.parameters.model == "tiny"
    assert request.parameters.prefix is None
    assert "Comté." in request.messages[0].text
    desk.backend.end('"French cheese"\n')
    await until(lambda: session.title == "French cheese")
    await desk.conductor.settled()
    assert desk.store.titles[session.id] == "French cheese"
    assert [m.role for m in session.messages] == [Role.USER, Role.ASSISTANT]
    (aside,) = session.asides
    assert (aside.purpose, aside.completion.model) == ("title", "tiny")
    assert aside.completion.completion_tokens == 7
    await desk.talk(session, "more", "words")
    assert len(desk.backend.requests) == 3
    await desk.conductor.close()


async def test_without_the_setting_nobody_is_asked(desk: Desk) -> None:
    session = desk.conductor.new_session("fake")
    await desk.talk(session, PROMPT, "Comté.")
    assert len(desk.backend.requests) == 1
    assert desk.conductor.asides.running == ()


async def test_a_title_that_the_user_gave_meanwhile_stays() -> None:
    desk = titling_desk()
    session = await asked_for_a_title(desk)
    desk.conductor.changes.rename(session, "Mine")
    desk.backend.end("Theirs")
    await until(lambda: session.asides)
    await desk.conductor.settled()
    assert session.title == "Mine"
    await desk.conductor.close()


async def test_a_chat_with_a_title_of_its_own_gets_none() -> None:
    desk = titling_desk()
    session = desk.conductor.new_session("fake")
    session.title = "Mine"
    await desk.talk(session, PROMPT, "Comté.")
    assert len(desk.backend.requests) == 1
    await desk.conductor.close()


async def test_a_failure_leaves_the_title_and_says_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = titling_desk()
    session = await asked_for_a_title(desk)
    title = session.title
    desk.backend.break_off()
    await until(lambda: not desk.conductor.asides.running)
    await desk.conductor.settled()
    assert session.title == title
    assert "no title was made" in caplog.text
    assert PROMPT not in caplog.text
    await desk.conductor.close()


async def test_the_end_of_the_program_ends_the_request() -> None:
    desk = titling_desk()
    await asked_for_a_title(desk)
    await desk.conductor.close()
    assert len(desk.backend.closed) == 2


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("French cheese", "French cheese"),
        ('\n\n# "French **cheese**".\nI hope this helps!', "French **cheese"),
        ("", ""),
        ("***\n---", "---"),
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
    ],
)
def test_a_title_is_found_in_what_a_model_answers(answer: str, title: str) -> None:
    assert title_of(answer) == title


@given(st.text())
def test_a_title_is_short_safe_and_on_one_line(answer: str) -> None:
    title = title_of(answer)
    assert len(title) <= LONGEST
    assert "\n" not in title
    assert not UNSAFE.search(title)
