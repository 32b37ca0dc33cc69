from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.words import Role

if TYPE_CHECKING:
    from tui.core.session import Session

HEAD = 'schema = 1\nid = "s"\ntitle = "Cheese"\ncreated = 2026-11-23T11:44:55Z\n'


@pytest.fixture
def write(places):
    places.sessions.mkdir(parents=True)

    def write(text, name="s.toml"):
        data = text if isinstance(text, bytes) else text.encode()
        (places.sessions / name).write_bytes(data)
        return places.sessions / name

    return write


@pytest.fixture
def load(store, write):
    def load(text):
        path = write(text)
        before = path.read_bytes()
        session = store.load("s")
        assert path.read_bytes() == before
        return session

    return load


def block(text: str, **more: str) -> str:
    members = {"role": "user", "content": text, **more}
    return "\n[[message]]\n" + "".join(f'{key} = "{value}"\n' for key, value in members.items())


def texts(session: Session) -> list[str]:
    return [message.text for message in session.messages]


def lines(session: Session) -> list[int]:
    return [problem.line for problem in session.problems]


def parents(session: Session) -> dict[str, str | None]:
    return {message.id: message.parent for message in session.messages}


def test_a_message_of_wrong_types_is_left_out_with_its_line(load):
    session = load(HEAD + block("one") + block("two", role="robot") + block("three"))
    assert texts(session) == ["one", "three"]
    assert lines(session) == [11]
    assert "role" in str(session.problems[0])


def test_content_that_is_a_number_is_told_with_its_line(load):
    session = load(HEAD + '\n[[message]]\nrole = "user"\ncontent = 5\n' + block("two"))
    assert texts(session) == ["two"]
    assert lines(session) == [8]


def test_bad_toml_in_one_message_hides_no_other(load):
    session = load(HEAD + block("one") + "\n[[message]]\nrole = user\n" + block("three"))
    assert texts(session) == ["one", "three"]
    assert lines(session) == [11]


def test_a_string_that_is_never_closed_hides_no_other_message(load):
    bad = '\n[[message]]\nrole = "user"\ncontent = """\nno end\n'
    session = load(HEAD + bad + block("two"))
    assert texts(session)[-1] == "two"
    assert session.problems


def test_a_bad_head_hides_no_message(load):
    session = load(HEAD.replace('"Cheese"', "Cheese") + block("one"))
    assert texts(session) == ["one"]
    assert session.title == "s.toml"
    assert lines(session) == [3]


def test_a_member_of_the_head_of_a_wrong_type_is_left_out_with_its_line(load):
    session = load(
        HEAD.replace('"Cheese"', "7")
        + 'tags = ["a"]\n[parameters]\nmodel = "m"\ntemperature = "hot"\n'
        + block("one")
    )
    assert (session.title, session.parameters.model, session.parameters.temperature) == (
        "",
        "m",
        None,
    )
    assert session.tags == ["a"]
    assert texts(session) == ["one"]
    assert lines(session) == [3, 8]


def test_a_date_of_creation_that_is_none_is_replaced(load):
    session = load(HEAD.replace("2026-11-23T11:44:55Z", '"yesterday"'))
    assert session.created.tzinfo
    assert lines(session) == [4]


def test_a_moment_without_a_zone_is_in_utc(load):
    session = load(
        "created = 2026-11-23\n[[message]]\nrole = 'user'\ncreated = 2026-11-23T11:00:00\n"
    )
    assert session.created == datetime(2026, 11, 23, tzinfo=UTC)
    assert session.messages[0].created == datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_the_name_of_the_file_counts_as_id(load):
    session = load(HEAD.replace('"s"', '"other"'))
    assert session.id == "s"
    assert lines(session) == [2]


def test_ids_and_parents_that_are_not_written_follow_from_the_order(load):
    session = load(block("one") + block("two") + block("three", parent="") + block("four"))
    assert parents(session) == {"m1": None, "m2": "m1", "m3": None, "m4": "m3"}
    assert not session.problems


def test_a_derived_id_makes_way_for_a_written_one(load):
    session = load(block("one") + block("two", id="m1"))
    assert parents(session) == {"m1-": None, "m1": "m1-"}


def test_ids_that_stand_twice_are_told_and_told_apart(load):
    session = load(block("one", id="a") + block("two", id="a") + block("three", id="b", parent="a"))
    assert parents(session) == {"a": None, "m2": "a", "b": "m2"}
    assert lines(session) == [7]


def test_a_parent_that_is_left_out_does_not_end_the_branch(load):
    session = load(
        block("one", id="a")
        + block("two", id="b", parent="a", role="robot")
        + block("three", id="c", parent="b")
    )
    assert [message.text for message in session.branch()] == ["one", "three"]


def test_a_parent_may_stand_behind_its_child(load):
    session = load(block("two", id="b", parent="a") + block("one", id="a", parent=""))
    assert parents(session) == {"b": "a", "a": None}


def test_what_is_no_utf8_is_shown_with_marks_and_told(load):
    session = load((HEAD + block("caf\u00e9")).encode("latin-1"))
    assert texts(session) == ["caf\ufffd"]
    assert lines(session) == [8]


def test_a_byte_order_mark_and_windows_lines_are_no_problem(load):
    session = load("\ufeff" + (HEAD + block("one")).replace("\n", "\r\n"))
    assert (session.title, texts(session), session.problems) == ("Cheese", ["one"], [])


def test_an_empty_file_is_an_empty_session_with_a_problem(load):
    session = load("")
    assert (session.id, session.messages) == ("s", [])
    assert session.problems


def test_messages_in_a_form_of_their_own_are_read_and_not_added_to(load, store):
    session = load('message = [{ role = "user", content = "one" }]\n')
    assert texts(session) == ["one"]
    with pytest.raises(Failure, match="can't add"):
        store.append("s", Message(role=Role.USER, content="two"))
    assert texts(store.load("s")) == ["one"]


def test_messages_that_are_no_list_are_told(load, store):
    session = load(HEAD + "[message]\nrole = 'user'\n")
    assert session.messages == []
    assert lines(session) == [5]


def test_a_text_that_looks_like_a_message_is_read_as_text_when_the_file_is_whole(load):
    odd = '\n[[message]]\nrole = "user"\ncontent = """\n[[message]]\nrole = "system"\n"""\n'
    session = load(HEAD + odd + block("two"))
    assert texts(session) == ['[[message]]\nrole = "system"\n', "two"]
    assert not session.problems


def test_a_message_can_be_added_behind_such_a_text(load, store):
    odd = '\n[[message]]\nrole = "user"\ncontent = """\n[[message]]\nrole = "sys'
    load(HEAD + odd + '"""\n')
    store.append("s", Message(role=Role.USER, content="two"))
    assert texts(store.load("s"))[-1] == "two"
    assert not store.load("s").problems


def test_a_file_that_is_no_toml_at_all_is_named_with_its_line(load, store):
    with pytest.raises(Failure, match=r"s\.toml, line 2") as caught:
        load("schema = 1\n<html>\n</html>\n")
    assert caught.value.kind is FailureKind.DISK


def test_nesting_without_end_is_told(load):
    with pytest.raises(Failure, match="deep"):
        load("x = " + "[" * 100_000)


def test_messages_can_be_added_to_a_file_whose_head_is_bad(load, store):
    load(HEAD.replace('"Cheese"', "Cheese") + block("one"))
    store.append("s", Message(role=Role.USER, content="two"))
    assert texts(store.load("s")) == ["one", "two"]


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"\0" * 500, b"[[message]]", b"[[message", b"="])
def test_rubbish_ends_in_a_session_or_a_failure(load, store, text):
    with contextlib.suppress(Failure):
        load(text)
    with contextlib.suppress(Failure):
        store.append("s", Message(role=Role.USER, content="x"))
        assert texts(store.load("s"))[-1] == "x"


# What is listed


def test_each_broken_file_is_listed_and_hides_no_other(store, write, places):
    write(HEAD + block("one"), "good.toml")
    write("", "empty.toml")
    write(b"title = '\xff'\n", "latin.toml")
    write("title = Cheese\n", "typo.toml")
    write("title = 5\n", "number.toml")
    write(HEAD, ".hidden.toml")
    write(HEAD, "s.toml.damaged-20261123-114455-000000")
    (places.sessions / "folder.toml").mkdir()
    (places.sessions / "loop.toml").symlink_to("loop.toml")
    (places.sessions / "lost.toml").symlink_to("nowhere.toml")
    os.mkfifo(places.sessions / "pipe.toml")

    listing = store.listing()

    named = {header.id: header for header in listing.headers}
    assert set(named) == {"good", "empty", "latin", "typo", "number"}
    assert named["good"].problem is None
    for name in set(named) - {"good"}:
        assert named[name].problem
        assert named[name].title == f"{name}.toml"
    assert named["typo"].problem.line == 1
    told = {os.path.basename(problem.path) for problem in listing.problems}
    assert told == {"folder.toml", "loop.toml", "lost.toml", "pipe.toml"}
    for name in ("folder", "loop", "lost", "pipe"):
        with pytest.raises(Failure) as caught:
            store.load(name)
        assert name in caught.value.sentence


@pytest.mark.skipif(os.getuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_listed_with_its_problem(store, write):
    path = write(HEAD)
    path.chmod(0)
    (header,) = store.listing().headers
    assert "permission" in str(header.problem)
    with pytest.raises(Failure, match="permission"):
        store.load("s")
