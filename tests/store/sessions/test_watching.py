from __future__ import annotations

import pytest

from tests.store.sessions.test_toml_sessions import talk
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.words import Role
from tui.store.sessions.watching import FileWatch
from tui.store.state.journal import FileJournal


@pytest.fixture
def journal(places):
    return FileJournal(places)


@pytest.fixture
def watch(places):
    return FileWatch(places, FileJournal(places))


def test_where_nothing_is_nothing_is_seen(watch):
    sight = watch.look(["no such", "../bad"])
    assert (sight.flights, sight.folder) == ((), None)
    assert sight.sessions == {"no such": None, "../bad": None}


def test_a_session_is_in_the_state_that_its_store_knows_until_it_is_changed(store, watch):
    session = talk(store)
    assert watch.look([session.id]).sessions == {session.id: session.base.stamp}
    assert store.stamp(session.id) == session.base.stamp
    store.append(session.id, Message(role=Role.USER, content="more"))
    assert watch.look([session.id]).sessions != {session.id: session.base.stamp}


def test_a_new_session_changes_the_folder_and_a_message_does_not(store, watch):
    session = talk(store)
    before = watch.look([]).folder
    store.append(session.id, Message(role=Role.USER, content="more"))
    assert watch.look([]).folder == before
    talk(store)
    assert watch.look([]).folder != before


def test_the_journal_of_another_is_seen_alive_and_then_dead(journal, watch):
    diary = journal.begin("s.with.dots", "m")
    diary.write([{"journal": 1}, {"text": "one"}])
    [flight] = watch.look([]).flights
    assert (flight.session_id, flight.message_id, flight.is_alive) == ("s.with.dots", "m", True)
    diary.release()
    [flight] = watch.look([]).flights
    assert not flight.is_alive
    assert [d.session_id for d in journal.left_behind()] == ["s.with.dots"]


def test_an_own_journal_is_not_seen(journal, places):
    watch = FileWatch(places, journal)
    diary = journal.begin("s", "m")
    diary.write([{"text": "one"}])
    assert watch.look([]).flights == ()
    diary.release()
    assert len(watch.look([]).flights) == 1


def test_a_journal_is_read_on_from_where_it_was_left(journal, watch, places):
    diary = journal.begin("s", "m")
    diary.write([{"text": "one"}])
    [flight] = watch.look([]).flights
    records, end = watch.read(flight, 0)
    assert records == [{"text": "one"}]
    assert watch.read(flight, end) == ([], end)
    with (places.journal / "s.m.jsonl").open("a") as file:
        file.write('{"text": "two"}\n{"text": "thr')
    records, end = watch.read(flight, end)
    assert records == [{"text": "two"}]
    assert watch.read(flight, end) == ([], end)
    diary.discard()
    with pytest.raises(Failure):
        watch.read(flight, end)


def test_a_session_is_claimed_by_one(watch):
    claim = watch.claim("s")
    assert watch.claim("s") is None
    assert watch.claim("other") is not None
    claim.release()
    assert watch.claim("s") is not None
