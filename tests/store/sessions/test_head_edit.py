from __future__ import annotations

import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.toml.test_text import TEXT, TREES, scrubbed
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Role
from tui.store.sessions.head_edit import edited
from tui.store.sessions.toml_sessions import TomlSessions
from tui.store.toml.text import encode, table_text

MEMBERS = st.dictionaries(
    st.sampled_from(["title", "provider", "tags", "x y", "pinned"]), TREES, max_size=4
)
PARAMETERS = st.dictionaries(
    st.sampled_from(["model", "stop", "tools", "response_format", "prefix"]), TREES, max_size=4
)
BY_HAND = """\
# My best chat.
schema = 1
title   = 'Cheese' # about food
id = "s"
created = 2026-11-23
mood = { now = "hungry" }  # bise knows nothing of this

[parameters] # tuned by hand
# the model comes last
temperature = 0.30
model = "m"

[own.section]
words = [
  "one", # first
  "two",
]

# Here it begins.
[[message]]
role   = "user"   # me
content = 'hi'
"""


@pytest.fixture
def by_hand(store, places):
    places.sessions.mkdir(parents=True)
    path = places.sessions / "s.toml"
    path.write_text(BY_HAND)
    return path


def test_a_new_title_changes_one_line(store, by_hand):
    session = store.load("s")
    session.title = "Brie"
    store.save_header(session)
    assert by_hand.read_text() == BY_HAND.replace("'Cheese'", '"Brie"')


def test_parameters_are_changed_added_and_removed_in_place(store, by_hand):
    session = store.load("s")
    session.parameters.temperature = None
    session.parameters.model = "n"
    session.parameters.stop = ["\n"]
    store.save_header(session)
    wanted = BY_HAND.replace("temperature = 0.30\n", "").replace(
        'model = "m"\n', 'model = "n"\nstop = ["\\n"]\n'
    )
    assert by_hand.read_text() == wanted


def test_saving_what_has_not_changed_writes_nothing(store, by_hand):
    inode = by_hand.stat().st_ino
    store.save_header(store.load("s"))
    assert by_hand.stat().st_ino == inode


def test_what_others_changed_meanwhile_stays(store, by_hand):
    session = store.load("s")
    elsewhere = BY_HAND.replace('"m"', '"their choice"') + '\n[[message]]\nrole = "user"\n'
    by_hand.write_text(elsewhere)
    session.title = "Brie"
    store.save_header(session)
    assert by_hand.read_text() == elsewhere.replace("'Cheese'", '"Brie"')


def test_a_second_change_builds_on_the_first(store, by_hand):
    session = store.load("s")
    for title in ("one", "two", "Cheese"):
        session.title = title
        store.save_header(session)
    assert by_hand.read_text() == BY_HAND.replace("'Cheese'", '"Cheese"')


def test_a_store_that_never_saw_the_file_compares_with_what_is_there(store, by_hand):
    session = store.load("s")
    session.title = "Brie"
    TomlSessions(store._places).save_header(session)
    assert by_hand.read_text() == BY_HAND.replace("'Cheese'", '"Brie"')


def test_a_wrong_value_that_was_told_is_not_taken_away(store, by_hand):
    text = BY_HAND.replace("0.30", '"hot"')
    by_hand.write_text(text)
    session = store.load("s")
    session.title = "Brie"
    store.save_header(session)
    assert by_hand.read_text() == text.replace("'Cheese'", '"Brie"')


def test_a_head_that_does_not_parse_is_left_as_it_is(store, by_hand):
    session = store.load("s")
    text = BY_HAND.replace("'Cheese'", "Cheese")
    by_hand.write_text(text)
    session.title = "Brie"
    with pytest.raises(Failure, match="line 3"):
        store.save_header(session)
    assert by_hand.read_text() == text


def test_messages_keep_every_byte_even_bad_ones(store, by_hand):
    body = b"[[message]]\nrole = \xff bad\n\n\n\0"
    by_hand.write_bytes(BY_HAND.split("# Here")[0].encode() + body)
    session = store.load("s")
    session.title = "Brie"
    store.save_header(session)
    assert by_hand.read_bytes().endswith(body)


def test_parameters_behind_the_messages_are_not_doubled(store, by_hand):
    text = 'title = "x"\n\n[[message]]\nrole = "user"\n\n[parameters]\nmodel = "m"\n'
    by_hand.write_text(text)
    session = store.load("s")
    session.parameters.model = "n"
    with pytest.raises(Failure, match="behind the messages"):
        store.save_header(session)
    assert by_hand.read_text() == text


def test_windows_lines_do_not_stop_a_change(store, by_hand):
    by_hand.write_bytes(BY_HAND.replace("\n", "\r\n").encode())
    session = store.load("s")
    session.title = "Brie"
    store.save_header(session)
    assert store.load("s").title == "Brie"
    assert "# about food" in by_hand.read_text()


def test_an_append_after_a_new_head_still_looks_at_nothing(store):
    session = Session(title="x")
    store.create(session)
    session.title = "y"
    store.save_header(session)
    assert store._known[session.id].end is not None
    store.append(session.id, session.add(Message(role=Role.USER, content="z")))
    assert store.load(session.id).messages == session.messages


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(MEMBERS, PARAMETERS, MEMBERS, PARAMETERS, st.booleans())
def test_any_head_can_be_changed_into_any_other(tmp_path, one, first, two, second, has_body):
    before = encode(scrubbed({**one, "parameters": first}))
    after = encode(scrubbed({**two, "parameters": second}))
    body = b'[[message]]\nrole = "user"\n' if has_body else b""
    data = b"# comment\n" + table_text(before).encode() + b"\n" + body
    result = edited(tmp_path / "s.toml", data, before, after)
    table = tomllib.loads(result.decode())
    assert table.pop("message", None) == ([{"role": "user"}] if has_body else None)
    table.setdefault("parameters", {})
    assert table == after
    assert result.startswith(b"# comment\n")
    assert result.endswith(body)


@given(TEXT)
def test_any_title_can_be_given(title):
    data = edited(None, b'title = "x" # c\n', {"title": "x"}, {"title": scrubbed(title)})  # type: ignore[arg-type]  # the path is for failures alone
    assert tomllib.loads(data.decode()) == {"title": scrubbed(title)}
