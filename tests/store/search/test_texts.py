from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.toml.test_text import TEXT
from tui.core.failure import Failure
from tui.core.message import Completion, Message, TextChunk, ThinkingChunk, ToolCall
from tui.core.session import Session
from tui.core.text import scrub
from tui.core.words import Role
from tui.store.search import texts as search_texts
from tui.store.search.texts import Reading, Text, read_texts, text_of_message
from tui.store.sessions.read import read_session
from tui.store.sessions.text import message_text, session_text

MOMENT = datetime(2026, 11, 23, 11, 44, tzinfo=UTC)
SCRUBBED = TEXT.map(scrub)
MESSAGES = st.builds(
    Message,
    role=st.sampled_from(Role),
    content=st.one_of(SCRUBBED, st.lists(st.builds(TextChunk, text=SCRUBBED), max_size=2)),
    created=st.one_of(st.none(), st.just(MOMENT)),
    ended=st.sampled_from([None, "stop", "error"]),
    prefix=st.one_of(st.none(), SCRUBBED),
    removed=st.sampled_from([None, None, MOMENT]),
    excluded=st.booleans(),
    completion=st.one_of(
        st.none(), st.builds(Completion, model=SCRUBBED, provider=SCRUBBED, seconds=st.just(1e-9))
    ),
)
SESSIONS = st.builds(
    Session,
    title=SCRUBBED,
    provider=st.one_of(st.none(), SCRUBBED),
    messages=st.lists(MESSAGES, max_size=4),
)


def loaded(path: Path) -> tuple[list[Text], Session]:
    session = read_session(path, path.read_bytes(), os.stat(path).st_mtime)
    return [text_of_message(m) for m in session.messages if m.is_there], session


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("texts") / "s.toml"


@given(session=SESSIONS, model=SCRUBBED)
def test_what_is_read_for_the_index_is_what_is_loaded(path, session, model):
    session.parameters.model = model
    path.write_text(session_text(session), "utf-8", newline="")
    reading = read_texts(path)
    texts, session = loaded(path)
    assert reading.texts == texts
    assert (reading.model, reading.provider) == (session.parameters.model, session.provider or "")


@given(session=SESSIONS, cut=st.integers(0, 3_000), junk=st.sampled_from([b"", b"\0", b"x = \n"]))
def test_torn_files_are_read_as_they_are_loaded(path, session, cut, junk):
    path.write_bytes(b"schema = 1\n" + session_text(session).encode()[:cut] + junk)
    try:
        texts, _ = loaded(path)
    except Failure:
        texts = []
    assert read_texts(path).texts == texts


@given(first=SESSIONS, more=st.lists(MESSAGES, min_size=1, max_size=3))
def test_of_a_file_that_has_grown_the_new_part_is_read(path, first, more):
    path.write_text(session_text(first), "utf-8", newline="")
    before = read_texts(path)
    with path.open("ab") as file:
        for message in more:
            after = bool(first.messages)
            file.write(message_text(message, after=after).encode())
    reading = read_texts(path, before.mark)
    texts, _ = loaded(path)
    assert (reading.texts if reading.is_all else before.texts + reading.texts) == texts


def plain_session(messages: int = 2) -> Session:
    session = Session(title="x")
    for number in range(messages):
        session.add(Message(role=Role.USER, content=f'text {number}\n\\ """ \'é\' {"y" * 500}'))
    return session


def grown(path: Path, session: Session) -> Reading:
    path.write_text(session_text(session), "utf-8")
    before = read_texts(path)
    message = session.add(Message(role=Role.ASSISTANT, content="more"))
    with path.open("ab") as file:
        file.write(message_text(message, after=True).encode())
    return before


def test_usual_files_are_read_without_a_parser(tmp_path, monkeypatch):
    monkeypatch.setattr(search_texts, "_parsed", None)
    monkeypatch.setattr(search_texts, "_texts_as_loaded", None)
    path = tmp_path / "s.toml"
    session = plain_session()
    session.messages[1].completion = Completion(model="m", prompt_tokens=3, stop=["\n", "x"])
    path.write_text(session_text(session), "utf-8")
    reading = read_texts(path)
    assert [text.text for text in reading.texts] == [message.text for message in session.messages]
    assert reading.texts[1].model == "m"


def test_of_a_long_file_no_more_than_the_end_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(search_texts, "_PROOF", 64)
    path = tmp_path / "s.toml"
    session = plain_session()
    before = grown(path, session)
    reading = read_texts(path, before.mark)
    assert not reading.is_all
    assert [text.text for text in reading.texts] == ["more"]
    assert reading.mark.end == path.stat().st_size


def test_a_file_whose_old_part_was_changed_too_is_read_anew(tmp_path):
    path = tmp_path / "s.toml"
    before = grown(path, plain_session())
    with path.open("r+b") as file:
        data = file.read().replace(b"text 0", b"TEXT 0")
        file.seek(0)
        file.write(data)
    reading = read_texts(path, before.mark)
    assert reading.is_all
    assert reading.texts[0].text.startswith("TEXT 0")


def test_a_file_that_was_replaced_is_read_anew(tmp_path):
    path = tmp_path / "s.toml"
    session = plain_session()
    before = grown(path, session)
    (tmp_path / "new").write_text(session_text(session), "utf-8")
    (tmp_path / "new").replace(path)
    assert read_texts(path, before.mark).is_all


def test_what_stands_in_chunks_is_read_without_thinking_and_data(tmp_path):
    path = tmp_path / "s.toml"
    session = Session()
    chunks = [
        ThinkingChunk(thinking=[TextChunk(text="hidden")]),
        TextChunk(text="shown "),
        {"type": "image_url", "image_url": "data:image/png;base64,AAAA"},
        TextChunk(text="too"),
    ]
    session.add(Message.model_validate({"role": "user", "content": chunks}))
    session.add(Message(role=Role.TOOL, content="result", tool_call_id="c"))
    session.add(Message(role=Role.ASSISTANT, tool_calls=[ToolCall(id="c", name="f")]))
    path.write_text(session_text(session), "utf-8")
    assert [text.text for text in read_texts(path).texts] == ["shown too", "result", ""]


@pytest.mark.parametrize(
    "text",
    [
        'message = [{role = "user", content = "by hand"}]\n',
        '[["message"]]\nrole = "user"\ncontent = "by hand"\n',
        '\ufefftitle = "x"\n[[ message ]]\r\nrole = "user"\r\ncontent = \'by hand\'\r\n',
        '[[message]]\nid = "a"\nrole = "user"\ncontent = "by hand"\nx = { y = 1 }\n',
        '[[message]]\nid = "a"\nrole = "user"\ncontent = "by hand"\n[parameters]\nmodel = "m"\n',
        '[[message]]\nrole = "user"\ncontent = "by \\u0068and"\n',
        'title = broken\n[[message]]\nid = "a"\nrole = "user"\ncontent = "by hand"\n',
    ],
)
def test_files_written_by_hand_are_read(tmp_path, text):
    path = tmp_path / "s.toml"
    path.write_bytes(text.encode())
    assert [found.text for found in read_texts(path).texts] == ["by hand"]
    assert read_texts(path).texts == loaded(path)[0]


@pytest.mark.parametrize(
    "text",
    [
        '[[message]]\nid = "a"\nrole = "user"\ncontent = "x"\n' * 2,
        '[[message]]\nid = "a"\nrole = "user"\ncontent = "\\ud800"\n',
        '[[message]]\nid = "a"\nrole = "user"\ncontent = "\\q"\n',
        '[[message]]\nid = "a"\nrole = "nobody"\ncontent = "x"\n[[message]]\nrole = "user"\n',
        "message = 3\n",
        "\0\0\0",
        "",
    ],
)
def test_files_with_mistakes_are_read_as_they_are_loaded(tmp_path, text):
    path = tmp_path / "s.toml"
    path.write_bytes(text.encode())
    try:
        texts, _ = loaded(path)
    except Failure:
        texts = []
    assert read_texts(path).texts == texts


def test_of_a_very_long_message_the_beginning_counts(tmp_path):
    path = tmp_path / "s.toml"
    session = Session()
    session.add(Message(role=Role.TOOL, content="x" * (search_texts.LONGEST + 9)))
    path.write_text(session_text(session), "utf-8")
    assert len(read_texts(path).texts[0].text) == search_texts.LONGEST
