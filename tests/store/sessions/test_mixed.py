from __future__ import annotations

import os

import pytest

from tests.store.sessions.test_ephemeral import talk
from tui.core.forking import forked
from tui.core.message import Message
from tui.core.words import Place, Role
from tui.store.filing.filing import TomlFiling
from tui.store.sessions.mixed import MixedFiling, MixedSessions
from tui.store.sessions.watching import FileWatch
from tui.store.state.drafts import FileDrafts
from tui.store.state.journal import FileJournal


@pytest.fixture
def mixed(store):
    return MixedSessions(store, set())


@pytest.fixture
def filing(mixed, places):
    return MixedFiling(TomlFiling(places), mixed)


def files(places) -> set[str]:
    return {
        os.path.join(where, name)
        for root in (places.data, places.state, places.cache, places.config)
        for where, _, names in os.walk(root)
        for name in names
    }


@pytest.fixture
def passing(mixed):
    """A session that is not kept, beside one that is."""
    talk(mixed, "Kept")
    from tui.core.session import Session

    session = Session(title="Passing", provider="fake")
    mixed.passing_ids.add(session.id)
    mixed.create(session)
    mixed.append(session.id, session.add(Message(role=Role.USER, content="Secret")), session.base)
    return session


def test_what_goes_on_from_one_that_is_not_kept_is_not_kept(mixed, places, passing):
    before = files(places)
    mixed.create(forked(passing, passing.messages[0].id))
    assert files(places) == before
    assert len(mixed.passing_ids) == 2


def test_both_are_listed_and_loaded_and_one_alone_has_a_file(mixed, store, passing):
    assert {header.title for header in mixed.listing().headers} == {"Kept", "Passing"}
    assert {header.title for header in mixed.recall(5).headers} == {"Kept", "Passing"}
    assert [header.title for header in store.listing().headers] == ["Kept"]
    assert mixed.load(passing.id).messages[0].text == "Secret"


def test_nothing_that_is_done_to_one_that_is_not_kept_touches_the_disk(
    places, mixed, filing, passing
):
    before = files(places)
    passing.title = "Renamed"
    mixed.save_header(passing)
    mixed.rewrite(passing)
    filing.pin(passing.id)
    filing.tag(passing.id, ["x"])
    filing.rename(passing.id, "Again")
    copy = filing.duplicate(passing.id)
    assert mixed.load(copy).messages[0].text == "Secret"
    filing.archive(passing.id)
    filing.delete(passing.id)
    assert filing.place_of(passing.id) is Place.TRASH
    filing.restore(passing.id)
    filing.unpin(passing.id)
    assert mixed.stamp(passing.id) is None
    journal = FileJournal(places, mixed.passing_ids)
    diary = journal.begin(passing.id, "m")
    diary.write([{"text": "Secret"}])
    claim = FileWatch(places, journal).claim(passing.id)
    assert claim is not None
    claim.release()
    FileDrafts(places, skips=mixed.passing_ids).save(passing.id, "Secret")
    assert files(places) == before
    assert diary.read() == []
    diary.discard()
    diary.release()


def test_the_others_are_kept_as_ever(places, mixed, filing, passing, store):
    [kept] = [header for header in mixed.listing().headers if header.title == "Kept"]
    filing.pin(kept.id)
    assert [header.title for header in mixed.listing().headers] == ["Kept", "Passing"]
    assert store.load(kept.id).pinned
    filing.archive(kept.id)
    assert [header.id for header in mixed.listing(None, Place.ARCHIVE).headers] == [kept.id]
    FileDrafts(places, skips=mixed.passing_ids).save(kept.id, "typed")
    assert len(FileDrafts(places).load()) == 1
