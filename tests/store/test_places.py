from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tui.core.failure import Failure, FailureKind
from tui.store.places import Places


def test_the_environment_moves_the_folders(monkeypatch, tmp_path):
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    places = Places.from_environment()
    assert places == Places(*(tmp_path / n / "bise" for n in ("CONFIG", "DATA", "STATE", "CACHE")))
    assert list(tmp_path.iterdir()) == []


def test_everything_lies_where_the_documentation_says(places):
    where = {
        places.config: ["settings_file", "keys_file", "themes", "presets"],
        places.data: ["sessions", "local_model"],
        places.state: ["journal", "log_file", "locks"],
    }
    for folder, names in where.items():
        for name in names:
            assert getattr(places, name).parent == folder
    assert places.settings_file.name == "settings.toml"
    assert places.log_file.name == "bise.log"


def test_a_folder_is_made_for_the_user_alone_with_all_above_it(tmp_path):
    places = Places(*(tmp_path / "new" / "bise" / name for name in "abcd"))
    for mask in (0, 0o777):
        old = os.umask(mask)
        try:
            made = places.ensure(places.sessions / str(mask))
        finally:
            os.umask(old)
        while made != tmp_path:
            assert stat.S_IMODE(made.stat().st_mode) == 0o700
            made = made.parent


def test_a_folder_that_is_there_is_left_as_it_is(places):
    places.data.mkdir(mode=0o755)
    places.ensure(places.data)
    assert stat.S_IMODE(places.data.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    ("folder", "variable"),
    [
        ("config", "XDG_CONFIG_HOME"),
        ("sessions", "XDG_DATA_HOME"),
        ("locks", "XDG_STATE_HOME"),
        ("cache", "XDG_CACHE_HOME"),
    ],
)
def test_a_folder_that_cannot_be_made_is_told_with_the_way_out(places, folder, variable):
    for root in (places.config, places.data, places.state, places.cache):
        root.write_text("in the way")
    path: Path = getattr(places, folder)
    with pytest.raises(Failure) as caught:
        places.ensure(path)
    assert caught.value.kind is FailureKind.DISK
    assert str(path) in caught.value.sentence
    assert variable in caught.value.sentence


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_told(places):
    places.data.mkdir(mode=0o500)
    for folder in (places.data, places.sessions):
        with pytest.raises(Failure, match=r"may not write|permission"):
            places.ensure(folder)
