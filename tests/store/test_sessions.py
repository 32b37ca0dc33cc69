from __future__ import annotations

from tui.core.message import Message
from tui.core.session import Session
from tui.store.sessions import TomlSessions


def test_a_session_comes_back_as_it_was_saved(store):
    session = Session(title="French cheese", provider="mistral")
    session.parameters.stop = ["\n\n", "Paris"]
    store.create(session)
    for role, text in [("user", "What is best?"), ("assistant", "There is\nno *single* one.\n")]:
        store.append(session.id, session.add(Message(role=role, content=text)))

    loaded = store.load(session.id)

    assert loaded == session
    assert loaded.messages == session.messages
    assert loaded.problems == []


def test_listing(store):
    session = Session(title="French cheese", provider="mistral")
    store.create(session)
    (header,) = store.listing().headers
    assert (header.id, header.title, header.created) == (session.id, session.title, session.created)


def test_header_saved(store):
    session = Session(title="French cheese", provider="mistral")
    store.create(session)
    store.append(session.id, session.add(Message(role="user", content="x")))
    session.title = "New"
    session.provider = None
    session.parameters.model = "m"
    session.parameters.tools = [{"type": "function", "function": {"name": "n" * 90}}]
    store.save_header(session)
    print(store.path_of(session.id).read_text())
    assert store.load(session.id) == session
    assert TomlSessions(store._places).load(session.id).messages == session.messages
