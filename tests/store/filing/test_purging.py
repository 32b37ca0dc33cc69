from __future__ import annotations

import logging
import time

import pytest

from tests.store.sessions.test_toml_sessions import talk
from tui.core.failure import Failure
from tui.core.words import Place
from tui.store.filing.filing import TomlFiling
from tui.store.filing.purging import DAY_S, purge, purge_old
from tui.store.state.drafts import FileDrafts


@pytest.fixture
def filing(places):
    return TomlFiling(places)


@pytest.fixture
def thrown(store, filing):
    session = talk(store)
    filing.delete(session.id)
    return session


def test_what_lies_in_the_trash_for_thirty_days_goes_and_nothing_else(
    places, store, filing, thrown, caplog
):
    kept = talk(store)
    archived = talk(store)
    filing.archive(archived.id)
    assert purge_old(places, time.time() + 29 * DAY_S) == []
    with caplog.at_level(logging.WARNING):
        assert purge_old(places, time.time() + 31 * DAY_S) == [thrown.id]
    assert thrown.id in caplog.text
    assert "French" not in caplog.text
    assert filing.place_of(kept.id) is Place.OPEN
    assert filing.place_of(archived.id) is Place.ARCHIVE
    with pytest.raises(Failure):
        filing.place_of(thrown.id)


def test_an_old_note_in_a_file_that_was_just_put_there_by_hand_does_not_count(
    places, store, thrown
):
    path = store.path_of(thrown.id)
    lines = path.read_text().splitlines(keepends=True)
    lines = ["deleted = 2020-01-01\n" if line.startswith("deleted") else line for line in lines]
    path.write_text("".join(lines))
    assert purge_old(places, time.time() + DAY_S) == []


def test_a_damaged_file_goes_by_its_own_time(places, store, thrown):
    store.path_of(thrown.id).write_text("[[[")
    assert purge_old(places, time.time() + 29 * DAY_S) == []
    assert purge_old(places, time.time() + 31 * DAY_S) == [thrown.id]


def test_its_copies_and_its_draft_go_with_it(places, store, thrown):
    FileDrafts(places).save(thrown.id, "typed")
    copy = places.sessions / f"{thrown.id}.toml.damaged-20261123"
    other = places.sessions / "other.toml.damaged-20261123"
    for path in (copy, other):
        path.write_text("x")
    purge(places, thrown.id)
    assert not copy.exists()
    assert other.exists()
    assert FileDrafts(places).load() == []


def test_copies_stay_while_a_chat_of_that_name_is_open(places, store, thrown):
    open_one = places.sessions / f"{thrown.id}.toml"
    open_one.write_text("schema = 1\n")
    copy = places.sessions / f"{thrown.id}.toml.damaged-20261123"
    copy.write_text("x")
    purge(places, thrown.id)
    assert open_one.exists()
    assert copy.exists()


def test_only_what_lies_in_the_trash_can_be_removed(places, store):
    session = talk(store)
    with pytest.raises(Failure, match="it is not there"):
        purge(places, session.id)
    assert store.path_of(session.id).exists()
