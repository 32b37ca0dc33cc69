from __future__ import annotations

import time

import pytest

from tests.store.sessions.test_attachments import asked, files, image, saved
from tui.store.filing.filing import TomlFiling
from tui.store.filing.purging import DAY_S, purge
from tui.store.filing.unused_files import collect
from tui.store.sessions.attachments import UNUSED

LATER = 31 * DAY_S


@pytest.fixture
def now():
    return time.time()


@pytest.fixture
def session(store):
    return saved(store, asked(image()))


def test_a_file_stays_while_any_session_refers_to_it(places, session, now):
    [name] = files(places)
    for number, move in enumerate(
        (lambda _: None, TomlFiling(places).archive, TomlFiling(places).delete), 1
    ):
        move(session.id)
        assert collect(places, now + number * LATER) == []
        assert files(places) == [name]


def test_a_file_that_nobody_refers_to_is_marked_and_goes_thirty_days_later(places, session, now):
    [name] = files(places)
    TomlFiling(places).delete(session.id)
    purge(places, session.id)
    assert collect(places, now + DAY_S) == []
    assert files(places) == [name]
    assert collect(places, now + LATER) == []
    assert files(places) == [name + UNUSED]
    assert collect(places, now + LATER + 29 * DAY_S) == []
    assert collect(places, now + 2 * LATER) == [name + UNUSED]
    assert files(places) == []


def test_a_marked_file_that_is_referred_to_again_comes_back(places, store, session, now):
    [name] = files(places)
    path = store.path_of(session.id)
    kept = path.read_bytes()
    path.unlink()
    collect(places, now + LATER)
    assert files(places) == [name + UNUSED]
    path.write_bytes(kept)
    assert collect(places, now + 2 * LATER) == []
    assert files(places) == [name]


def test_a_copy_of_a_damaged_chat_counts(places, store, session, now):
    path = store.path_of(session.id)
    path.rename(path.with_name(f"{path.name}.damaged-1"))
    collect(places, now + LATER)
    assert not any(name.endswith(UNUSED) for name in files(places))


def test_nothing_is_done_while_a_chat_cannot_be_read(places, store, session, now):
    store.path_of(session.id).unlink()
    (places.sessions / "loop.toml").symlink_to("loop.toml")
    before = files(places)
    assert collect(places, now + LATER) == []
    assert files(places) == before


def test_what_is_no_file_of_ours_is_left_alone(places, session, now):
    stranger = places.files / "notes.txt"
    stranger.write_text("mine")
    collect(places, now + LATER)
    collect(places, now + 3 * LATER)
    assert stranger.exists()


def test_without_any_file_there_is_nothing_to_do(places, now):
    assert collect(places, now) == []
