from __future__ import annotations

import pytest

from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Place, Role
from tui.store.filing.filing import TomlFiling
from tui.store.sessions.ephemeral import PassingFiling, PassingSessions
from tui.store.sessions.toml_sessions import TomlSessions


@pytest.fixture(params=["memory", "disk"])
def kept(request, places):
    """The same behaviour is asked of both."""
    if request.param == "disk":
        return TomlSessions(places), TomlFiling(places)
    sessions = PassingSessions()
    return sessions, PassingFiling(sessions)


def talk(store, title: str = "Cheese") -> Session:
    session = Session(title=title, provider="fake")
    session.parameters.stop = ["\n"]
    store.create(session)
    store.append(session.id, session.add(Message(role=Role.USER, content="Best?")), session.base)
    return session


def test_a_session_comes_back_as_it_was_saved_and_is_nobody_elses(kept):
    store, _ = kept
    session = talk(store)
    loaded = store.load(session.id)
    assert loaded == session
    assert loaded.messages == session.messages
    session.messages[0].content = "changed in memory"
    loaded.parameters.stop = []
    assert store.load(session.id).messages[0].text == "Best?"
    assert store.load(session.id).parameters.stop == ["\n"]


def test_head_and_messages_are_saved_anew(kept):
    store, _ = kept
    session = talk(store)
    session.title = "Blue cheese"
    session.messages[0].content = "Not saved yet"
    store.save_header(session)
    assert store.load(session.id).title == "Blue cheese"
    assert store.load(session.id).messages[0].text == "Best?"
    store.rewrite(session)
    assert store.load(session.id).messages[0].text == "Not saved yet"


def test_pinned_sessions_are_listed_first_in_their_place(kept):
    store, filing = kept
    first, second = talk(store, "first"), talk(store, "second")
    filing.pin(first.id)
    assert [header.title for header in store.listing().headers] == ["first", "second"]
    filing.archive(first.id)
    assert [header.title for header in store.listing().headers] == ["second"]
    assert store.listing(None, Place.ARCHIVE).headers[0].pinned
    filing.unpin(first.id)
    filing.restore(first.id)
    filing.delete(second.id)
    assert filing.place_of(second.id) is Place.TRASH
    assert [header.title for header in store.listing().headers] == ["first"]


def test_titles_tags_and_copies(kept):
    store, filing = kept
    session = talk(store)
    assert filing.rename(session.id, " Blue\ncheese ") == "Blue cheese"
    assert filing.tag(session.id, ["#food", "x"], ["X"]) == ["food", "x"]
    copy = store.load(filing.duplicate(session.id))
    assert (copy.title, copy.tags) == ("Blue cheese (copy)", ["food", "x"])
    assert [message.copied_from for message in copy.messages] == [session.id]
    assert copy.forked_from is not None
    with pytest.raises(Failure, match="needs a word"):
        filing.rename(session.id, " ")


def test_what_is_not_there_is_told(kept):
    store, filing = kept
    session = talk(store)
    with pytest.raises(Failure):
        store.create(session)
    for act in (filing.place_of, filing.archive, filing.pin, filing.duplicate, store.load):
        with pytest.raises(Failure):
            act("nobody")
    with pytest.raises(Failure) as told:
        store.append("nobody", Message(role=Role.USER, content="x"))
    assert told.value.code == "ENOENT"
