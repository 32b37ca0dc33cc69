from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.torture.kills import ROOT, run
from tests.torture.victim import places_in
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Role
from tui.store.sessions.toml_sessions import TomlSessions

WRITERS, COUNT = 10, 12


@pytest.mark.timeout(300)
def test_kills_at_any_moment_lose_nothing_that_was_on_the_screen_for_a_second() -> None:
    counts = run(kills=10, seed=1)
    assert counts["kills"] == 10
    assert counts["texts checked"]
    assert counts["replies checked"]


@pytest.mark.timeout(300)
def test_ten_processes_that_append_while_another_edits_lose_nothing(tmp_path: Path) -> None:
    store = TomlSessions(places_in(tmp_path))
    session = Session(title="first")
    session.add(Message(id="edited", role=Role.USER, content="first"))
    store.create(session)
    names = ["editor", *(f"w{number}" for number in range(WRITERS))]
    command = [sys.executable, "-m", "tests.torture.writer", str(tmp_path), session.id]
    processes = [subprocess.Popen([*command, name, str(COUNT)], cwd=ROOT) for name in names]
    assert [process.wait(120) for process in processes] == [0] * len(names)
    path = store.path_of(session.id)
    tomllib.loads(path.read_text("utf-8"))
    loaded = store.load(session.id)
    assert loaded.problems == []
    assert (loaded.title, loaded.messages[0].text) == (f"title {COUNT - 1}", f"edit {COUNT - 1}")
    texts = {message.id: message.text for message in loaded.messages[1:]}
    wanted = {f"{w}-{n}": f"{w}\n{n}" for w in names[1:] for n in range(COUNT)}
    assert texts == wanted
    assert len(loaded.messages) == len(wanted) + 1
    for name in names[1:]:
        mine = [m.id for m in loaded.messages if m.id.startswith(f"{name}-")]
        assert mine == [f"{name}-{number}" for number in range(COUNT)]
    assert [p.name for p in path.parent.iterdir()] == [path.name]
