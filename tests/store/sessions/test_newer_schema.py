from __future__ import annotations

import pytest

from tests.store.sessions.test_toml_sessions import fresh, talk
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.words import Role


@pytest.fixture
def newer(store):
    """A session whose file says that a newer version wrote it."""
    session = talk(store)
    path = store.path_of(session.id)
    path.write_bytes(path.read_bytes().replace(b"schema = 1", b"schema = 2"))
    return session


def test_it_is_shown_and_told_by_line(store, newer):
    loaded = fresh(store).load(newer.id)
    assert len(loaded.messages) == 2
    assert loaded.is_newer
    [problem] = loaded.problems
    assert problem.line == 1
    assert "newer version" in problem.message


def test_it_is_never_written_to(store, newer):
    path = store.path_of(newer.id)
    before = path.read_bytes()
    message = Message(role=Role.USER, content="more")
    for one in (store, fresh(store)):
        with pytest.raises(Failure, match="newer version"):
            one.append(newer.id, message)
        loaded = one.load(newer.id)
        loaded.title = "another"
        with pytest.raises(Failure, match="newer version"):
            one.save_header(loaded)
        with pytest.raises(Failure, match="newer version"):
            one.append(newer.id, message)
    assert path.read_bytes() == before


def test_a_message_that_speaks_of_a_schema_makes_no_newer_file(store):
    session = talk(store, ["schema = 2\nschema = 9"])
    again = fresh(store)
    again.append(session.id, Message(role=Role.USER, content="more"))
    assert len(again.load(session.id).messages) == 2
