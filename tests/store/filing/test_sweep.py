from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.store.sessions.test_toml_sessions import talk
from tui.store.filing.sweep import OLD_S, sweep
from tui.store.owning import Owned
from tui.store.sessions.toml_sessions import TomlSessions

NOW = 2e9
OLD, YOUNG = NOW - OLD_S - 1, NOW - OLD_S + 60


def put(folder: Path, name: str, changed: float) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("half")
    os.utime(path, (changed, changed))
    return path


def test_old_leftovers_go_and_everything_else_stays(places):
    gone = [
        put(places.sessions, ".20260101-000000-aaaa.toml.0123456789ab.tmp", OLD),
        put(places.sessions / "archive", ".20260101-000000-aaaa.toml.0123456789ab.tmp", OLD),
        put(places.files, ".00ff.png.0123456789ab.tmp", OLD),
        put(places.config, ".settings.toml.0123456789ab.tmp", OLD),
        put(places.locks, "20260101-000000-aaaa.lock", OLD),
    ]
    kept = [
        put(places.sessions, ".20260101-000000-bbbb.toml.0123456789ab.tmp", YOUNG),
        put(places.sessions, "20260101-000000-aaaa.toml", OLD),
        put(places.sessions, "my.tmp", OLD),
        put(places.sessions, ".mine.tmp", OLD),
        put(places.locks, "20260101-000000-bbbb.lock", YOUNG),
        put(places.locks, "notes.txt", OLD),
        put(places.journal, "chat.reply.jsonl", OLD),
    ]
    assert sweep(places, NOW) == len(gone)
    assert not [path for path in gone if path.exists()]
    assert not [path for path in kept if not path.exists()]


def test_a_lock_that_is_held_stays(places):
    owned = Owned.take(places, "chat")
    assert owned is not None
    lock = places.locks / "chat.lock"
    os.utime(lock, (OLD, OLD))
    assert sweep(places, NOW) == 0
    assert lock.exists()
    owned.release()


def test_nothing_is_made_where_nothing_is(places):
    assert sweep(places, NOW) == 0
    assert not places.state.exists()


def test_a_store_goes_on_after_its_lock_was_swept_away(places):
    store = TomlSessions(places)
    session = talk(store)
    for lock in places.locks.iterdir():
        os.utime(lock, (OLD, OLD))
    assert sweep(places, NOW) == 1
    store.append(session.id, session.messages[0].model_copy(update={"id": "more"}))
    assert len(store.load(session.id).messages) == 3


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links here")
def test_links_are_not_followed(places, tmp_path):
    target = put(tmp_path / "elsewhere", "precious", OLD)
    places.sessions.mkdir(parents=True)
    (places.sessions / ".x.toml.0123456789ab.tmp").symlink_to(target)
    sweep(places, NOW)
    assert target.exists()
