from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.store.importing.conftest import founds, troubles
from tui.core.message import Message
from tui.core.session import Session, Shown
from tui.core.text import scrub
from tui.core.words import Role
from tui.store.export.attached import inlined, put_beside
from tui.store.export.chosen import Scope
from tui.store.export.json_form import json_object, json_text
from tui.store.importing.formats import Trouble
from tui.store.importing.reading import read
from tui.store.places import Places
from tui.store.sessions.text import members_of, session_text

TEXT = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["", "\r\n", '"""', "[[message]]\n", "\0\x1b", "\u2028", "nul \0", "'''\n "]),
).map(scrub)
PLAIN = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        TEXT,
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
CHUNKS = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, TEXT),
    st.builds(
        lambda text: {
            "type": "thinking",
            "thinking": [{"type": "text", "text": text}],
            "closed": True,
        },
        TEXT,
    ),
    st.builds(lambda ids: {"type": "reference", "reference_ids": ids}, st.lists(st.integers(0, 9))),
    st.builds(lambda url: {"type": "image_url", "image_url": {"url": url}}, TEXT),
    st.just({"type": "image_url", "image_url": "data:image/png;base64," + "QUJD" * 800}),
    st.builds(lambda value: {"type": "odd", "x": value}, PLAIN),
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - hypothesis wants it so
    lambda moment: moment.replace(microsecond=0)
)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    messages: list[Message] = []
    for number in range(draw(st.integers(1, 6))):
        parents = [None, *(message.id for message in messages)]
        role = draw(st.sampled_from(["system", "user", "assistant", "tool"]))
        members: dict[str, Any] = {
            "id": f"m{number}",
            "parent": draw(st.sampled_from(parents)),
            "role": role,
            "content": draw(st.one_of(TEXT, st.lists(CHUNKS, max_size=3))),
            "created": draw(st.none() | MOMENTS),
            "removed": draw(st.none() | MOMENTS),
            "excluded": draw(st.booleans()),
            "name": draw(st.none() | TEXT),
            "ended": draw(st.none() | TEXT),
            "completion": draw(
                st.none()
                | st.fixed_dictionaries({"model": TEXT, "seconds": st.floats(0, 9), "x": PLAIN})
            ),
        }
        if role == "assistant":
            call = st.fixed_dictionaries(
                {"id": TEXT, "name": TEXT, "arguments": TEXT}, optional={"more": TEXT}
            )
            members["tool_calls"] = draw(st.lists(call, max_size=2))
        if draw(st.booleans()):
            members["extra member"] = draw(PLAIN.filter(lambda value: value is not None))
        messages.append(Message.model_validate(members))
    session = Session.model_validate(
        {
            "schema": 1,
            "id": "20260102-030405-abcd",
            "title": draw(TEXT),
            "created": draw(MOMENTS),
            "provider": draw(st.none() | TEXT),
            "tags": draw(st.lists(TEXT, max_size=2)),
            "parameters": {
                "model": draw(st.none() | TEXT),
                "temperature": draw(st.none() | st.floats(0, 2)),
            },
            "odd": draw(PLAIN.filter(lambda value: value is not None)),
        }
    )
    session.messages = messages
    if draw(st.booleans()):
        session.shown = Shown(leaf=draw(st.sampled_from(messages)).id, after=messages[-1].id)
    return session


def all_of(session: Session) -> Any:
    head = members_of(session)
    head.pop("imported", None)
    return head, [members_of(message) for message in session.messages]


def places_in(folder: str) -> Places:
    return Places(*(Path(folder) / name for name in ("config", "data", "state", "cache")))


@given(sessions())
def test_a_session_comes_back_equal_from_json(session):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "it.json"
        path.write_text(json_text([json_object(session, Scope.ALL)]), "utf-8")
        [found] = founds(path)
    assert all_of(found.session) == all_of(session)


@given(sessions())
def test_a_session_comes_back_equal_from_toml(session):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{session.id}.toml"
        path.write_text(session_text(session), "utf-8", newline="")
        [found] = founds(path)
    assert found.notes == []
    assert all_of(found.session) == all_of(session)


def test_what_the_api_has_no_member_for_stands_in_the_tree_alone():
    session = Session(id="20260102-030405-abcd", title="Cheese")
    session.add(Message(id="a", role=Role.USER, content="Hello", excluded=True))
    session.add(Message(id="b", role=Role.USER, content="Hi", name="me"))
    made = json_object(session, Scope.ALL)
    assert made["messages"] == [{"role": "user", "content": "Hi", "name": "me"}]
    assert made["tree"] == [
        {"id": "a", "parent": None, "role": "user", "content": "Hello", "excluded": True},
        {"id": "b", "parent": "a", "message": 0},
    ]


IMAGE = {"type": "image_url", "image_url": "data:image/png;base64," + "QUJD" * 800}


@pytest.fixture
def pictured(store):
    session = Session(title="Picture")
    session.add(Message.model_validate({"role": "user", "content": [IMAGE]}))
    store.create(session)
    return store.load(session.id)


def test_images_go_along_in_json(places, store, pictured, tmp_path, importer):
    whole, notes = inlined(places, pictured)
    assert notes == []
    path = tmp_path / "it.json"
    path.write_text(json_text([json_object(whole, Scope.ALL)]), "utf-8")
    assert json.loads(path.read_text())["messages"][0]["content"] == [IMAGE]


def test_images_go_along_beside_toml(places, pictured, tmp_path):
    path = tmp_path / "out" / f"{pictured.id}.toml"
    path.parent.mkdir()
    path.write_text(session_text(pictured))
    assert put_beside(places, pictured.messages, path.parent) == []
    [found] = founds(path)
    assert found.notes == []
    assert found.session.messages[0].content[0].model_dump() == IMAGE  # type: ignore[union-attr]  # a list


def test_what_is_not_beside_it_is_told(pictured, tmp_path):
    path = tmp_path / "it.toml"
    path.write_text(session_text(pictured))
    [found] = founds(path)
    assert len(found.notes) == 1
    assert found.notes[0].endswith("is not beside it")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"bise": 2}, "of the version '2'"),
        ({"session": {"schema": 9, "id": "x"}}, "a newer version of bise"),
        ({"session": {"id": 5}}, "id should be a text"),
        ({"tree": []}, "nothing was said"),
        ({"tree": [{"id": "a", "message": 7}]}, "not there: '7'"),
        ({"tree": [{"id": "a", "message": "0"}]}, "not there: '0'"),
        ({"tree": [{"id": "a", "message": 0}, {"id": "a", "message": 0}]}, "the same id"),
        ({"tree": [5]}, "role"),
    ],
)
def test_a_broken_export_is_told(write, change, words):
    whole = {"bise": 1, "messages": [{"role": "user", "content": "Hi"}], "session": {"id": "x"},
             "tree": [{"id": "a", "message": 0}]}  # fmt: skip
    assert len(founds(write("whole.json", whole))) == 1
    assert words in troubles(write("it.json", {**whole, **change}))[0]


def test_a_damaged_file_gives_what_is_whole_and_tells_the_rest(write):
    text = 'schema = 1\nid = "it"\n\n[[message]]\nrole = "user"\ncontent = "Hi"\n\n[[message]]\nrole = 5\n'
    [found] = founds(write("it.toml", text))
    assert [message.text for message in found.session.messages] == ["Hi"]
    assert "message 2 is left out" in found.notes[0]
    assert isinstance(
        next(iter(read(write("bad.toml", "schema = 1\n[[message]]\nrole = 1\n")))), Trouble
    )
