from __future__ import annotations

import json

import pytest
from textual.widgets import Static, TextArea

from tests.fakes.desk import FakeDesk
from tests.fakes.inspector import FakeInspector, FakeSent
from tests.ui.session import Maker, Session
from tui.core.words import Kind
from tui.ui.screens.request import RequestScreen, Sheet, read_body
from tui.ui.widgets.ask import Ask
from tui.ui.widgets.editor import Editor
from tui.wire.printed import Printed


@pytest.fixture
def inspector() -> FakeInspector:
    return FakeInspector()


@pytest.fixture
async def session(make: Maker, inspector: FakeInspector) -> Session:
    desk = FakeDesk()
    desk.bench.inspector = inspector
    return await make(desk)


def screen(session: Session) -> RequestScreen:
    found = session.app.screen
    assert isinstance(found, RequestScreen)
    return found


def rows(session: Session) -> str:
    sheet = screen(session).query_one(Sheet)
    return "\n".join(sheet.render_line(y).text.rstrip() for y in range(sheet.size.height))


def said(session: Session, where: str) -> str:
    return str(screen(session).query_one(f"#request-{where}", Static).content)


async def opened(session: Session, key: str = "f5") -> None:
    await session.press(key)
    await session.until(lambda: isinstance(session.app.screen, RequestScreen))
    await session.pilot.pause()


async def answered(session: Session) -> None:
    await session.say("one")
    session.desk.backend.end("two")
    await session.sees("two")


async def test_what_would_be_sent_has_the_prompt_as_its_last_message(session: Session) -> None:
    await answered(session)
    await session.press(*"three")
    await opened(session)
    body = json.loads(screen(session).text)
    assert [(m["role"], m["content"]) for m in body["messages"]] == [
        ("user", "one"), ("assistant", "two"), ("user", "three"),
    ]  # fmt: skip
    assert '"content": "three"' in rows(session)
    assert session.composer.text == "three"


async def test_what_is_left_out_is_told(session: Session) -> None:
    await session.press(*"/set safe_prompt true", "enter", *"hello")
    await opened(session)
    assert "OpenAI does not know safe_prompt" in said(session, "notes")
    assert "safe_prompt" not in rows(session)


async def test_forms_are_turned_through_and_copied(session: Session) -> None:
    await session.press(*"hello")
    await opened(session)
    await session.press("3")
    assert "https://api.openai.com/v1/chat/completions" in rows(session)
    assert '"Authorization: Bearer $SOME_KEY"' in rows(session)
    await session.press("right")
    assert rows(session).startswith("import os")
    await session.press("left", "y")
    assert session.app.clipboard.startswith("curl ")


async def test_a_form_is_saved(session: Session, inspector: FakeInspector) -> None:
    await session.press(*"hello")
    await opened(session)
    await session.press("3", "s")
    await session.until(lambda: isinstance(session.app.screen, Ask))
    await session.press("enter")
    await session.until(lambda: inspector.saved)
    assert inspector.saved["request.sh"].startswith("curl ")


async def test_enter_sends_what_is_shown(session: Session) -> None:
    session.burst(*"hello", "f5", "enter", *"more")
    await session.until(lambda: session.desk.backend.requests)
    assert session.desk.backend.requests[0].messages[-1].text == "hello"
    assert session.desk.backend.requests[0].body is None
    await session.until(lambda: session.composer.text == "more")


async def test_what_was_changed_by_hand_is_sent_once(session: Session) -> None:
    await session.press(*"hello")
    await opened(session)
    await session.press("e")
    await session.until(lambda: isinstance(session.app.screen, Editor))
    area = session.app.screen.query_one(TextArea)
    changed = {**json.loads(area.text), "temperature": 0.25}
    area.text = json.dumps(changed)
    await session.press("ctrl+o")
    await session.until(lambda: isinstance(session.app.screen, RequestScreen))
    assert "changed by hand" in said(session, "notes")
    assert '"temperature": 0.25' in rows(session)
    await session.press("enter")
    await session.until(lambda: session.desk.backend.requests)
    assert session.desk.backend.requests[0].body == changed
    assert session.composer.text == ""
    session.desk.backend.end("done")
    await session.sees("done")
    await session.say("again")
    assert session.desk.backend.requests[1].body is None
    reply = session.saved("hello")[1]
    assert reply.completion is not None
    assert reply.completion.model_dump()["temperature"] == 0.25


async def test_wrong_json_is_told_and_not_taken(session: Session) -> None:
    await session.press(*"hello")
    await opened(session)
    await session.press("e")
    await session.until(lambda: isinstance(session.app.screen, Editor))
    session.app.screen.query_one(TextArea).text = '{"messages": ['
    await session.press("ctrl+o")
    assert isinstance(session.app.screen, Editor)
    assert "Line 1" in str(session.app.screen.query_one("#editor-foot", Static).content)


async def test_the_reply_shows_what_was_sent_and_what_came(
    session: Session, inspector: FakeInspector
) -> None:
    await answered(session)
    assert session.stage.session is not None
    reply = session.stage.session.branch()[-1]
    body = {"model": "m", "messages": [{"role": "user", "content": "one"}]}
    printed = Printed(Kind.OPENAI, "http://h/v1/chat/completions", body, "K", {}, 1.0, [])
    sent = inspector.known[reply.id] = FakeSent(printed)
    sent.came = [(0.01, "< HTTP 200"), (0.5, "data: \x1b]0;evil\x07")]
    await session.press("tab")
    await opened(session, "i")
    assert "What was sent at" in said(session, "title")
    await session.press("6")
    assert "0.010  < HTTP 200" in rows(session)
    assert "\x1b" not in rows(session)
    sent.came.append((0.9, "data: [DONE]"))
    await session.until(lambda: "0.900  data: [DONE]" in rows(session))
    await session.press("enter")
    await session.until(lambda: len(session.desk.backend.requests) == 2)
    assert session.desk.backend.requests[1].body == body
    session.desk.backend.end("other")
    await session.sees("other")
    siblings = [m for m in session.saved("one") if m.parent == reply.parent]
    assert [m.text for m in siblings] == ["two", "other"]


async def test_a_reply_of_an_earlier_run_is_made_anew_from_its_file(session: Session) -> None:
    await session.press(*"/temperature 0.5", "enter")
    await answered(session)
    await session.press(*"/temperature 1.5", "enter")
    await session.press("tab")
    await opened(session, "i")
    assert "not known any more" in said(session, "notes")
    body = json.loads(screen(session).text)
    assert body["temperature"] == 0.5
    assert [m["content"] for m in body["messages"]] == ["one"]


async def test_without_a_prompt_there_is_nothing_to_look_at(session: Session) -> None:
    await session.press("f5")
    await session.pilot.pause()
    assert not isinstance(session.app.screen, RequestScreen)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "JSON object"),
        ('{"a": NaN}', "NaN"),
        ("{\n  x", "Line 2"),
        ("[" * 300 + "]" * 300, "deep"),
    ],
)
def test_what_is_no_request_is_told(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_body(text)


async def test_a_long_text_is_wrapped_and_can_be_read_to_its_end(session: Session) -> None:
    session.composer.insert("word " * 2000 + "END")
    await opened(session)
    await session.press("end")
    text = rows(session)
    assert "END" in text
    await session.press("home")
    assert rows(session).startswith("{")
