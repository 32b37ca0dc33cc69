from __future__ import annotations

from tui.core.message import Message, utc_now
from tui.core.session import Session
from tui.core.words import Role


def chat(length: int = 4) -> Session:
    session = Session()
    for number in range(length):
        session.add(Message(id=f"m{number}", role=Role.USER, content=str(number)))
    return session


def ids(session: Session) -> list[str]:
    return [message.id for message in session.branch()]


def test_the_tree_is_made_once_as_long_as_the_messages_stay() -> None:
    session = chat()
    assert session.tree is session.tree
    assert session.tree.path("m3") == ["m0", "m1", "m2", "m3"]


def test_a_message_more_is_in_tree_and_branch() -> None:
    session = chat()
    before = session.tree
    session.add(Message(id="new", role=Role.USER))
    assert session.tree is not before
    assert "new" in session.tree
    assert ids(session) == ["m0", "m1", "m2", "m3", "new"]


def test_a_message_that_is_replaced_in_its_place_counts() -> None:
    session = chat()
    assert "m2" in session.tree
    assert ids(session) == ["m0", "m1", "m2", "m3"]
    session.messages[2] = session.messages[2].model_copy(update={"removed": utc_now()})
    assert "m2" not in session.tree
    assert ids(session) == ["m0", "m1", "m3"]


def test_a_list_in_the_place_of_the_list_counts() -> None:
    session = chat()
    assert len(session.tree) == 4
    session.messages = [message.model_copy() for message in session.messages[:2]]
    assert len(session.tree) == 2
    assert session.branch()[1] is session.messages[1]


def test_another_leaf_gives_another_branch() -> None:
    session = chat()
    assert len(session.branch()) == 4
    session.show("m1")
    assert ids(session) == ["m0", "m1"]
    session.show(None)
    assert ids(session) == []


def test_who_changes_the_branch_that_was_given_changes_nothing() -> None:
    session = chat()
    session.branch().clear()
    assert len(session.branch()) == 4


def test_what_is_kept_makes_no_session_another() -> None:
    session = chat()
    other = session.model_copy(deep=True)
    assert len(session.tree) == 4
    assert session == other
    assert other.tree is not session.tree
    other.add(Message(id="new", role=Role.USER))
    assert "new" not in session.tree


def test_copies_with_other_messages_do_not_get_in_each_others_way() -> None:
    session = chat()
    assert len(session.branch()) == 4
    copy = session.model_copy(update={"messages": session.messages[:2]})
    assert ids(copy) == ["m0", "m1"]
    assert ids(session) == ["m0", "m1", "m2", "m3"]
    assert len(copy.tree) == 2
