from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.store.importing.conftest import founds
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Place, Role
from tui.store.export.chosen import Scope
from tui.store.export.json_form import json_object, json_text
from tui.store.filing.filing import TomlFiling
from tui.store.importing.making import Found, Making
from tui.store.importing.taking import Importer, Outcome
from tui.store.sessions.text import message_text
from tui.store.sessions.whereabouts import path_in


def found(*texts: str, source_id: str = "c1", source: str = "chatgpt") -> Found:
    making = Making(source, source_id, "Cheese", datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC))
    for number, text in enumerate(texts):
        role = "assistant" if number % 2 else "user"
        at = datetime(2024, 1, 2, 3, 5, number, tzinfo=UTC)
        making.add(role, text, key=str(number), parent=making.last, created=at)
    return making.found()


def test_it_becomes_a_session_that_tells_where_it_comes_from(importer, store):
    taken = importer.take(found("Hello", "Hi"))
    assert taken.outcome is Outcome.NEW
    assert taken.session_id.startswith("20240102-030405-")
    session = store.load(taken.session_id)
    assert session.imported is not None
    assert (session.imported.source, session.imported.id) == ("chatgpt", "c1")
    assert (
        b'imported = { from = "chatgpt", id = "c1", at = ' in store.path_of(session.id).read_bytes()
    )
    assert [message.text for message in session.branch()] == ["Hello", "Hi"]
    assert session.problems == []
    assert (
        store.path_of(session.id).stat().st_mtime
        == datetime(2024, 1, 2, 3, 5, 1, tzinfo=UTC).timestamp()
    )


def test_a_second_time_nothing_happens(places, store, importer):
    first = importer.take(found("Hello"))
    data = store.path_of(first.session_id).read_bytes()
    for again in (importer, Importer(places, store)):
        taken = again.take(found("Hello"))
        assert (taken.outcome, taken.session_id, taken.added) == (
            Outcome.THERE,
            first.session_id,
            0,
        )
    assert store.path_of(first.session_id).read_bytes() == data
    assert importer.take(found("Hello", source_id="c2")).outcome is Outcome.NEW
    assert importer.take(found("Hello", source="lechat")).outcome is Outcome.NEW


def test_only_what_is_new_is_added_and_own_words_stay(places, store, importer):
    first = importer.take(found("Hello"))
    session = store.load(first.session_id)
    store.append(session.id, session.add(Message(role=Role.ASSISTANT, content="Mine.")))
    taken = Importer(places, store).take(found("Hello", "Hi", "Why?"))
    assert (taken.outcome, taken.added) == (Outcome.GROWN, 2)
    grown = store.load(first.session_id)
    assert [message.text for message in grown.messages] == ["Hello", "Mine.", "Hi", "Why?"]
    assert [message.text for message in grown.branch()] == ["Hello", "Hi", "Why?"]


def test_what_was_removed_here_does_not_come_back(store, importer):
    first = importer.take(found("Hello", "Hi"))
    session = store.load(first.session_id)
    session.messages[1] = session.messages[1].model_copy(update={"removed": session.created})
    store.rewrite(session)
    assert importer.take(found("Hello", "Hi")).outcome is Outcome.THERE


@pytest.mark.parametrize("place", [Place.ARCHIVE, Place.TRASH])
def test_it_is_found_where_it_is_filed(places, store, importer, place):
    first = importer.take(found("Hello"))
    filing = TomlFiling(places)
    (filing.archive if place is Place.ARCHIVE else filing.delete)(first.session_id)
    taken = Importer(places, store).take(found("Hello", "Hi"))
    assert taken.place is place
    assert taken.outcome is (Outcome.GROWN if place is Place.ARCHIVE else Outcome.THERE)
    assert path_in(places, place, first.session_id).exists()
    assert bool(taken.notes) == (place is Place.TRASH)


def test_archived_chats_are_archived(places, store, importer):
    one = found("Hello")
    one.is_archived = True
    taken = importer.take(one)
    assert taken.place is Place.ARCHIVE
    assert path_in(places, Place.ARCHIVE, taken.session_id).exists()


def test_an_export_of_a_session_that_is_here_is_that_session(write, store, importer):
    session = Session(title="Mine")
    store.create(session)
    store.append(session.id, session.add(Message(role=Role.USER, content="Hello")))
    path = write("it.json", json_text([json_object(store.load(session.id), Scope.ALL)]))
    taken = importer.take(founds(path)[0])
    assert (taken.outcome, taken.session_id) == (Outcome.THERE, session.id)


def test_an_export_keeps_its_id_and_its_first_origin(write, store, importer, places):
    first = importer.take(found("Hello"))
    text = json_text([json_object(store.load(first.session_id), Scope.ALL)])
    store.path_of(first.session_id).unlink()
    other = Importer(places, store)
    again = other.take(founds(write("it.json", text))[0])
    assert (again.outcome, again.session_id) == (Outcome.NEW, first.session_id)
    assert other.take(found("Hello")).outcome is Outcome.THERE
    assert Importer(places, store).take(found("Hello")).outcome is Outcome.THERE


@pytest.mark.parametrize(
    "session_id", ["../../evil", "a/b", "", ".hidden", "x" * 300, "20260101-000000-\0"]
)
def test_an_id_that_leads_elsewhere_is_replaced(write, places, importer, session_id):
    raw = {"bise": 1, "messages": [{"role": "user", "content": "Hi"}], "session": {"id": session_id},
           "tree": [{"id": "a", "message": 0}]}  # fmt: skip
    taken = importer.take(founds(write("it.json", raw))[0])
    assert taken.outcome is Outcome.NEW
    assert [path.stem for path in places.sessions.glob("*.toml")] == [taken.session_id]


def test_a_disk_that_fails_leaves_nothing_half_done(places, store, importer, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    importer.take(found("Hello"))
    before = {path: path.read_bytes() for path in places.sessions.rglob("*.toml")}
    monkeypatch.setattr("tui.store.atomic.os.fsync", full)
    for one in (found("Other", source_id="c2"), found("Hello", "Hi")):
        with pytest.raises(Failure, match="full"):
            importer.take(one)
    assert {path: path.read_bytes() for path in places.sessions.rglob("*.toml")} == before


def test_what_another_window_says_meanwhile_stays(places, store, importer):
    first = importer.take(found("Hello"))
    path = store.path_of(first.session_id)
    mine = Message(
        role=Role.USER, content="From elsewhere", parent=store.load(first.session_id).messages[0].id
    )
    with path.open("a") as file:
        file.write(message_text(mine, after=True))
    importer.take(found("Hello", "Hi"))
    assert [message.text for message in store.load(first.session_id).messages] == [
        "Hello",
        "From elsewhere",
        "Hi",
    ]


def test_a_member_of_that_name_that_tells_nothing_is_no_origin(places, store, importer):
    places.ensure(places.sessions)
    for number, line in enumerate(
        [
            "imported = 5",
            'imported = {from = "chatgpt"}',
            "imported = {from = [], id = 1}",
            "imported = [",
        ]
    ):
        (places.sessions / f"s{number}.toml").write_text(f"schema = 1\n{line}\n")
    assert importer.take(found("Hello")).outcome is Outcome.NEW


def test_a_copy_is_not_taken_for_what_was_taken_over(places, store, importer):
    first = importer.take(found("Hello"))
    copy = TomlFiling(places).duplicate(first.session_id)
    taken = Importer(places, store).take(found("Hello", "Hi"))
    assert taken.session_id == first.session_id
    assert len(store.load(copy).messages) == 1


def test_two_imports_at_once_are_kept_apart(places, store, monkeypatch):
    monkeypatch.setattr("tui.store.importing.taking.LOCK_WAIT_S", 0.01)
    with Importer(places, store) as first:
        with pytest.raises(Failure, match="Another bise is importing now"):
            Importer(places, store).__enter__()
        assert first.take(found("Hello")).outcome is Outcome.NEW
    with Importer(places, store) as second:
        assert second.take(found("Hello")).outcome is Outcome.THERE
