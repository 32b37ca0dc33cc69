from __future__ import annotations

import os
import time
from datetime import UTC, datetime

import pytest

from tests.store.search.test_search import go_on
from tui.core.listing import Listing
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Place, Role
from tui.store.filing.filing import TomlFiling
from tui.store.search.index_heads import recall
from tui.store.search.search import SessionSearch
from tui.store.sessions import heads
from tui.store.sessions.whereabouts import folder_of


@pytest.fixture
def opened(monkeypatch):
    names = []
    real = heads.read_header

    def watched(path, changed):
        names.append(path.stem)
        return real(path, changed)

    monkeypatch.setattr(heads, "read_header", watched)
    return names


@pytest.fixture
def three(store, places):
    for number, name in enumerate(["old", "newer", "newest"]):
        store.create(Session(id=name, title=name, pinned=name == "old", tags=[name]))
        os.utime(places.sessions / f"{name}.toml", (number, number))
    return store


def ids(listing: Listing) -> list[str]:
    return [header.id for header in listing.headers]


def test_no_file_is_opened_for_the_second_list(three, opened):
    first = three.listing()
    assert sorted(opened) == ["newer", "newest", "old"]
    opened.clear()
    assert three.listing() == first
    assert three.recall(9) == first
    assert opened == []


@pytest.mark.parametrize("is_known", [False, True])
def test_filing_makes_no_chat_younger(store, places, is_known):
    for number in range(9):
        moment = datetime(2020, 1, 1 + number, tzinfo=UTC)
        session = Session(id=f"s{number}", title=f"{number}", created=moment)
        session.add(Message(role=Role.USER, content="x", created=moment))
        store.create(session)
    if is_known:
        store.listing()
    filing = TomlFiling(places)
    for session_id in ("s0", "s1", "s2"):
        filing.rename(session_id, "other")
    assert ids(store.listing(2)) == ["s8", "s7"]
    assert ids(store.recall(2)) == ["s8", "s7"]
    assert ids(store.listing())[-1] == "s0"


def test_pinned_sessions_come_first_however_old(three):
    assert ids(three.listing()) == ["old", "newest", "newer"]
    assert ids(three.listing(1)) == ["old", "newest"]
    assert ids(three.recall(1)) == ["old", "newest"]


def test_only_files_that_have_changed_are_opened(three, places, opened):
    three.listing()
    session = three.load("newer")
    session.title = "changed"
    three.save_header(session)
    os.utime(places.sessions / "newer.toml", (1, 1))
    opened.clear()
    listing = three.listing()
    assert opened == ["newer"]
    assert [header.title for header in listing.headers] == ["old", "newest", "changed"]


def test_a_change_within_the_clocks_tick_is_seen(store, places):
    store.create(Session(id="s", title="one"))
    path = places.sessions / "s.toml"
    now = time.time_ns()
    os.utime(path, ns=(now, now))
    assert store.listing().headers[0].title == "one"
    path.write_text(path.read_text().replace("one", "two"))  # as long, and in its place
    os.utime(path, ns=(now, now))
    assert store.listing().headers[0].title == "two"
    assert store.recall(1).headers[0].title == "two"


def test_what_could_not_be_read_is_tried_again(store, places):
    store.create(Session(id="s", title="one"))
    path = places.sessions / "s.toml"
    good = path.read_text()
    path.write_text("title = ")
    os.utime(path, (5, 5))
    assert store.listing().headers[0].problem is not None
    path.write_text(good)
    os.utime(path, (5, 5))
    assert store.listing().headers[0].problem is None


def test_what_is_gone_or_has_moved_is_not_recalled(three, places):
    three.listing()
    (places.sessions / "newest.toml").unlink()
    folder_of(places, Place.ARCHIVE).mkdir()
    (places.sessions / "newer.toml").rename(places.sessions / "archive" / "newer.toml")
    assert ids(three.recall(9)) == ["old"]
    assert ids(three.listing(None, Place.ARCHIVE)) == ["newer"]
    assert three.listing(None, Place.ARCHIVE).headers[0].place is Place.ARCHIVE


def test_with_nothing_to_remember_the_files_are_listed(three, places):
    assert ids(recall(places, 9)) == ["old", "newest", "newer"]
    places.cache.joinpath("search.sqlite3").unlink()
    places.cache.rmdir()
    places.cache.write_text("a file in its place")
    assert ids(recall(places, 9)) == ["old", "newest", "newer"]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere names are text")
def test_a_name_that_is_no_text_is_listed_and_searched(store, places):
    store.create(Session(id="s", title="one"))
    os.rename(places.sessions / "s.toml", os.fsencode(places.sessions) + b"/s\xff.toml")
    for _ in range(2):
        assert ids(store.listing()) == ["s\udcff"]
    assert SessionSearch(places).refresh(go_on)
