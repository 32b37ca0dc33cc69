from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui.chat.taking import take_over
from tui.core.message import Message
from tui.core.session import Session
from tui.core.words import Role
from tui.store.places import Places
from tui.store.sessions.toml_sessions import TomlSessions


class Side:
    """One of two instances that have the same session open."""

    def __init__(self, places: Places, session_id: str) -> None:
        self.store = TomlSessions(places)
        self.session = self.store.load(session_id)

    def look(self) -> None:
        """Take over what the other has done."""
        if self.store.stamp(self.session.id) != self.session.base.stamp:
            take_over(self.session, self.store.load(self.session.id))

    def has_unsaved(self) -> bool:
        known = self.session.base.messages or {}
        return any(message.id not in known for message in self.session.messages)


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["edit", "remove", "insert", "append", "look", "title"]),
        st.integers(0, 30),
    ),
    max_size=14,
)


@settings(deadline=None, max_examples=60)
@example([(0, "remove", 0), (0, "edit", 0), (1, "remove", 0), (0, "remove", 0), (1, "append", 0)])
@given(STEPS)
def test_two_that_edit_as_they_like_end_with_the_same_and_lose_nothing(steps):
    with tempfile.TemporaryDirectory() as folder:
        places = Places(*(Path(folder) / name for name in "cdsk"))
        session = Session(title="first")
        for text in ("one", "two", "three"):
            session.add(Message(role=Role.USER, content=text))
        TomlSessions(places).create(session)
        sides = [Side(places, session.id) for _ in range(2)]
        live = {message.text for message in session.messages}
        for number, (who, what, where) in enumerate(steps):
            step(sides[who], what, where, f"{what} {number}", live)
        for _ in range(3):
            for side in sides:
                side.look()
                if side.has_unsaved():
                    side.store.rewrite(side.session)
        loaded = TomlSessions(places).load(session.id)
        assert loaded.problems == []
        assert live <= {message.text for message in loaded.messages}
        for side in sides:
            assert side.session.messages == loaded.messages
            assert side.session.title == loaded.title


def step(side: Side, what: str, where: int, text: str, live: set[str]) -> None:
    """One thing that one side does; `live` are the texts that nobody who saw them has replaced."""
    session = side.session
    messages = session.messages
    at = where % len(messages) if messages else 0
    parent = messages[at].id if messages else None
    match what:
        case "look":
            side.look()
            return
        case "title":
            session.title = text
            side.store.save_header(session)
            return
        case "edit" if messages:
            live.discard(messages[at].text)
            messages[at] = messages[at].model_copy(update={"content": text})
            live.add(text)
        case "remove" if messages:
            gone = messages.pop(at)
            live.discard(gone.text)
            for index, message in enumerate(messages):
                if message.parent == gone.id:
                    messages[index] = message.model_copy(update={"parent": gone.parent})
        case "insert":
            messages.insert(at, Message(parent=parent, role=Role.USER, content=text))
            live.add(text)
        case "append":
            message = Message(parent=parent, role=Role.USER, content=text)
            messages.append(message)
            live.add(text)
            side.store.append(session.id, message, session.base)
            return
        case _:
            return
    side.store.rewrite(session)
