from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.store.sessions.test_toml_sessions import MESSAGES, fresh, talk
from tests.store.toml.test_text import scrubbed
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.session import Session, find_message
from tui.core.words import Role
from tui.store.sessions.head_clash import NOTE

if TYPE_CHECKING:
    from pathlib import Path

    from tui.store.sessions.toml_sessions import TomlSessions

BY_HAND = """\
# my own chat
schema = 1
title = "Cheese"  # the best
mine = "kept"

[parameters]
# not too hot
temperature = 0.3

# about the first
[[message]]
id = "a"
role = "user"  # me
content = "one"
mark = 5

# about the second
[[message]]
id = "b"
role = "assistant"
content = "two"

[[message]]
id = "c"
role = "user"
content = "three"
# the end
"""


@pytest.fixture
def by_hand(places) -> Path:
    path: Path = places.ensure(places.sessions) / "s.toml"
    path.write_text(BY_HAND)
    return path


def edit(session: Session, message_id: str, text: str) -> None:
    at = next(n for n, m in enumerate(session.messages) if m.id == message_id)
    session.messages[at] = session.messages[at].model_copy(update={"content": text})


def said(session: Session) -> list[tuple[str, str | None, str]]:
    return [(m.id, m.parent, m.text) for m in session.messages]


def by_other_hand(path: Path, *changes: tuple[str, str]) -> None:
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def test_an_edited_message_changes_and_all_else_keeps_every_byte(store, by_hand):
    session = store.load("s")
    edit(session, "b", "zwei\nund mehr")
    store.rewrite(session)
    assert by_hand.read_text() == BY_HAND.replace(
        'id = "b"\nrole = "assistant"\ncontent = "two"',
        'id = "b"\nparent = "a"\nrole = "assistant"\ncontent = """\nzwei\nund mehr"""',
    ).replace('[[message]]\nid = "c"', '[[message]]\nparent = "b"\nid = "c"')
    assert said(fresh(store).load("s")) == said(session)


def test_a_removed_message_takes_its_comment_along_and_no_other(store, by_hand):
    session = store.load("s")
    session.messages[2].parent = "a"
    del session.messages[1]
    store.rewrite(session)
    text = by_hand.read_text()
    assert "about the second" not in text
    for kept in ("# my own", "# the best", "# not too", "# about the first", "# me", "# the end"):
        assert kept in text
    assert said(fresh(store).load("s")) == [("a", None, "one"), ("c", "a", "three")]


def test_messages_are_put_in_anywhere(store, by_hand):
    session = store.load("s")
    session.messages.insert(0, Message(id="sys", role=Role.SYSTEM, content="be\nkind"))
    session.messages[1].parent = "sys"
    session.messages.insert(3, Message(id="x", parent="b", role=Role.USER, content="x"))
    store.rewrite(session)
    assert tomllib.loads(by_hand.read_text())["message"][1]["mark"] == 5
    assert said(fresh(store).load("s")) == said(session)
    assert session.base.stamp == store.stamp("s")


def test_undo_is_another_rewrite(store):
    session = talk(store, ["one", "two", "three"])
    path = store.path_of(session.id)
    before, messages = path.read_bytes(), list(session.messages)
    edit(session, messages[1].id, "other")
    del session.messages[2]
    store.rewrite(session)
    assert path.read_bytes() != before
    session.messages = messages
    store.rewrite(session)
    assert path.read_bytes() == before


def test_a_rewrite_without_changes_writes_nothing(store, by_hand):
    session = store.load("s")
    inode = by_hand.stat().st_ino
    store.rewrite(session)
    assert by_hand.read_text() == BY_HAND
    assert by_hand.stat().st_ino == inode


def test_what_others_appended_and_edited_meanwhile_stays(store, by_hand):
    session = store.load("s")
    by_other_hand(by_hand, ('"one"', '"ONE"'), ("Cheese", "Käse"))
    other = fresh(store)
    other.append("s", Message(id="d", parent="c", role=Role.USER, content="four"))
    edit(session, "b", "zwei")
    session.parameters.temperature = 0.5
    store.rewrite(session)
    loaded = fresh(store).load("s")
    assert [m.text for m in loaded.messages] == ["ONE", "zwei", "three", "four"]
    assert (loaded.title, loaded.parameters.temperature) == ("Käse", 0.5)
    assert session.base.stamp != store.stamp("s")
    edit(session, "c", "drei")
    store.rewrite(session)
    again = fresh(store).load("s")
    assert [m.text for m in again.messages] == ["ONE", "zwei", "drei", "four"]
    assert again.title == "Käse"


def test_a_message_that_both_edited_is_kept_twice(store, by_hand):
    session = store.load("s")
    by_other_hand(by_hand, ('"two"', '"theirs"'))
    edit(session, "b", "ours")
    store.rewrite(session)
    store.rewrite(session)
    loaded = fresh(store).load("s")
    assert [m.text for m in loaded.messages] == ["one", "theirs", "ours", "three"]
    assert [m.parent for m in loaded.messages] == [None, "a", "a", "b"]


def test_a_title_that_both_changed_is_kept_twice(store, by_hand):
    session = store.load("s")
    by_other_hand(by_hand, ("Cheese", "Theirs"))
    session.title = 'Our "own"'
    session.parameters.temperature = 0.5
    for _ in range(2):
        store.save_header(session)
    text = by_hand.read_text()
    assert text.count(NOTE + 'title = "Our \\"own\\""\n') == 1
    loaded = fresh(store).load("s")
    assert (loaded.title, loaded.parameters.temperature) == ("Theirs", 0.5)


def test_what_can_not_be_read_stays_where_it_is(store, by_hand):
    broken = BY_HAND.replace('content = "two"', 'content = "two')
    by_hand.write_text(broken)
    session = store.load("s")
    edit(session, "a", "eins")
    del session.messages[1]
    store.rewrite(session)
    text = by_hand.read_text()
    assert 'content = "two\n' in text
    assert [m.text for m in fresh(store).load("s").messages] == ["eins"]


def test_a_torn_end_is_mended_first_after_a_copy(store, by_hand):
    by_hand.write_text(BY_HAND + '\n[[message]]\nid = "d"\nrole = "assistant"\ncontent = "cut o')
    session = store.load("s")
    edit(session, "a", "eins")
    store.rewrite(session)
    assert len(list(by_hand.parent.glob("*.damaged-*"))) == 1
    loaded = fresh(store).load("s")
    assert loaded.problems == []
    assert [m.text for m in loaded.messages] == ["eins", "two", "three", "cut o"]
    assert loaded.messages[-1].ended == "interrupted"


def test_a_file_of_an_own_form_is_refused_and_left(store, by_hand):
    text = 'message = [{ role = "user", content = "x" }]\n'
    by_hand.write_text(text)
    session = store.load("s")
    edit(session, session.messages[0].id, "y")
    with pytest.raises(Failure, match="form"):
        store.rewrite(session)
    assert by_hand.read_text() == text


def test_a_heading_at_the_end_of_a_text_is_no_comment(store, by_hand):
    text = BY_HAND.replace('content = "two"', 'content = """\ntwo\n\n# heading"""')
    by_hand.write_text(text)
    session = store.load("s")
    edit(session, "c", "drei")
    edit(session, "a", "eins")
    store.rewrite(session)
    loaded = fresh(store).load("s")
    assert [m.text for m in loaded.messages] == ["eins", "two\n\n# heading", "drei"]


def test_ids_that_stand_twice_are_told_apart_for_good(store, by_hand):
    by_hand.write_text(BY_HAND.replace('id = "b"', 'id = "a"'))
    session = store.load("s")
    edit(session, "c", "drei")
    store.rewrite(session)
    loaded = fresh(store).load("s")
    assert said(loaded) == said(session)
    assert loaded.problems == []


def test_a_session_made_anew_is_brought_to_its_file(store):
    session = talk(store, ["one", "two"])
    copy = Session(id=session.id, title="other")
    copy.messages = [session.messages[0].model_copy(update={"content": "eins"})]
    store.rewrite(copy)
    loaded = fresh(store).load(session.id)
    assert [m.text for m in loaded.messages] == ["eins", "two"]
    assert loaded.title == "other"


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["edit", "remove", "insert", "append", "other"]), st.integers(0, 20)),
    max_size=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(MESSAGES, max_size=5), OPERATIONS)
def test_any_series_of_changes_ends_with_the_file_like_the_memory(store, messages, operations):
    session = Session(title="t")
    for members in messages:
        session.add(Message.model_validate(scrubbed(members)))
    store.create(session)
    others: list[str] = []
    for number, (what, where) in enumerate(operations):
        _change(store, session, others, what, where, number)
    store.rewrite(session)
    loaded = fresh(store).load(session.id)
    assert loaded.problems == []
    assert [m for m in loaded.messages if m.id not in others] == session.messages
    assert {m.id for m in loaded.messages} == {m.id for m in session.messages} | set(others)
    tomllib.loads(store.path_of(session.id).read_text("utf-8"))


def _change(
    store: TomlSessions, session: Session, others: list[str], what: str, where: int, number: int
) -> None:
    messages = session.messages
    at = where % len(messages) if messages else 0
    parent = messages[at].id if messages else None
    new = Message(id=f"n{number}", parent=parent, role=Role.USER, content=f"{what} {number}\n# x")
    match what:
        case "edit" if messages:
            edit(session, messages[at].id, f"edited {number}")
        case "remove" if messages:
            gone = messages.pop(at)
            for n, message in enumerate(messages):
                if message.parent == gone.id:
                    messages[n] = message.model_copy(update={"parent": gone.parent})
        case "insert":
            messages.insert(at, new)
        case "append":
            store.rewrite(session)
            messages.append(new)
            store.append(session.id, new, session.base)
        case "other":
            new.parent = None
            fresh(store).append(session.id, new)
            others.append(new.id)
            store.rewrite(session)
    assert find_message(messages, "") is None
