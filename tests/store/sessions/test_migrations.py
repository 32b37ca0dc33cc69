from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.words import Role
from tui.store.filing.filing import TomlFiling
from tui.store.places import Places
from tui.store.sessions import migrations
from tui.store.sessions.migrations import Step
from tui.store.sessions.toml_sessions import TomlSessions

OLD = b'''# kept by hand
schema = 0
name = "Cheese"  # the title
mood = "good"

[[message]]
who = "user"
text = "What is best?"

# between
[[message]]
who = "assistant"
text = """
[Comt\xc3\xa9]
"""
'''


def to_first_head(head):
    if "name" in head:
        head["title"] = head.pop("name")


def to_first_message(message):
    message["role"] = message.pop("who")
    message["content"] = message.pop("text")


@pytest.fixture(autouse=True)
def made_up(monkeypatch):
    monkeypatch.setitem(migrations.STEPS, 0, Step(to_first_head, to_first_message))


@pytest.fixture
def old(places):
    path = places.ensure(places.sessions) / "old.toml"
    path.write_bytes(OLD)
    return path


def is_migrated(places: Places, path: Path) -> bool:
    assert (places.backup / "old.toml.schema0.bak").read_bytes() == OLD
    text = path.read_text("utf-8")
    assert "# kept by hand" in text
    assert "# between" in text
    found = tomllib.loads(text)
    assert (found["schema"], found["title"], found["mood"]) == (1, "Cheese", "good")
    return True


def test_an_old_file_is_brought_to_the_present_format_and_told(places, store, old):
    session = store.load("old")
    assert session.title == "Cheese"
    assert [m.text for m in session.messages] == ["What is best?", "[Comté]\n"]
    [problem] = session.problems
    assert "schema 0" in problem.message
    assert str(places.backup / "old.toml.schema0.bak") in problem.message
    assert is_migrated(places, old)
    assert TomlSessions(places).load("old").problems == []


def test_a_message_is_added_in_the_present_format(places, store, old):
    store.append("old", Message(role=Role.USER, content="More"))
    assert is_migrated(places, old)
    assert len(store.load("old").messages) == 3


def test_a_pin_is_put_into_the_present_format(places, store, old):
    TomlFiling(places).pin("old")
    assert is_migrated(places, old)
    assert store.load("old").pinned


def test_a_file_that_cannot_be_changed_is_shown_all_the_same(places, store, old):
    places.backup.write_text("in the way")
    session = store.load("old")
    assert session.title == "Cheese"
    assert "left as it is" in session.problems[0].message
    assert old.read_bytes() == OLD
    with pytest.raises(Failure):
        store.append("old", Message(role=Role.USER, content="More"))
    assert old.read_bytes() == OLD


def test_a_damaged_message_stays_and_harms_no_other(places, store, old):
    damaged = OLD + b'\n[[message]]\nwho = \ntext = "x"\n'
    old.write_bytes(damaged)
    session = store.load("old")
    assert len(session.messages) == 2
    assert old.read_bytes().endswith(b'\n[[message]]\nwho = \ntext = "x"\n')
    assert (places.backup / "old.toml.schema0.bak").read_bytes() == damaged


def test_the_first_copy_is_not_made_twice(places, store, old):
    store.load("old")
    TomlSessions(places).load("old")
    assert [path.name for path in places.backup.iterdir()] == ["old.toml.schema0.bak"]
