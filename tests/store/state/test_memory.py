from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui.core.failure import Failure
from tui.store.places import Places
from tui.store.state.memory import LONGEST, FileMemory


@pytest.fixture
def memory(places: Places) -> FileMemory:
    return FileMemory(places)


@pytest.fixture
def file(places: Places) -> Path:
    places.ensure(places.state)
    return places.state / "interface.toml"


def test_nothing_is_known_at_first(memory: FileMemory) -> None:
    assert memory.load() == {}


def test_what_is_kept_comes_back(memory: FileMemory, places: Places) -> None:
    state = {"pane.width": 42, "pane.open": "settings", "commands.recent": ["chat.new", "a\nb"]}
    memory.keep(state)
    assert FileMemory(places).load() == state


def test_only_what_is_named_is_changed(memory: FileMemory, places: Places) -> None:
    memory.keep({"a": 1, "b": True})
    FileMemory(places).keep({"b": False})
    assert memory.load() == {"a": 1, "b": False}


def test_lone_surrogates_do_no_harm(memory: FileMemory) -> None:
    memory.keep({"a": "x\ud800", "b": ["\udfff"]})
    assert memory.load() == {"a": "x\ufffd", "b": ["\ufffd"]}


@pytest.mark.parametrize(
    "data", [b"a = ", b"\xff\xfe", b"x" * (LONGEST + 1), b"a = [" * 5000, b"[a]\nb = 1"]
)
def test_a_file_that_is_none_of_ours_is_ignored_and_replaced(
    memory: FileMemory, file: Path, data: bytes
) -> None:
    file.write_bytes(data)
    assert memory.load() == {}
    memory.keep({"a": 1})
    assert memory.load() == {"a": 1}


def test_it_is_for_the_user_alone(memory: FileMemory, file: Path) -> None:
    memory.keep({"a": 1})
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_folder_in_its_place_is_told(memory: FileMemory, file: Path) -> None:
    file.mkdir()
    assert memory.load() == {}
    with pytest.raises(Failure, match="interface"):
        memory.keep({"a": 1})
    assert not [name for name in os.listdir(file.parent) if name.endswith(".tmp")]
