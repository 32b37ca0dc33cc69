from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.editing import pruned
from tui.core.message import Message, utc_now
from tui.core.session import Session, Shown
from tui.core.tree import Tree, branch_end, version_beside
from tui.core.words import Role


def entry(message_id: str, parent: str | None = None, *, removed: bool = False) -> Message:
    gone = utc_now() if removed else None
    return Message(id=message_id, parent=parent, role=Role.USER, content=message_id, removed=gone)


def a_session(*links: str) -> Session:
    """Messages by `child<parent`; a `-` in front of one says that it is removed."""
    messages = []
    for link in links:
        name, _, parent = link.removeprefix("-").partition("<")
        messages.append(entry(name, parent or None, removed=link.startswith("-")))
    return Session(messages=messages)


def shown(session: Session) -> str:
    return "".join(message.id for message in session.branch())


def test_versions_stand_in_the_order_in_which_they_were_made() -> None:
    tree = Tree(a_session("a", "b<a", "c<b", "B<a", "C<B", "x<a").messages)
    assert tree.versions("B") == ["b", "B", "x"]
    assert tree.children(None) == ["a"]
    assert tree.path("C") == ["a", "B", "C"]
    assert list(tree.below("a")) == ["a", "b", "c", "B", "C", "x"]
    assert tree.newest_below("b") == "c"
    assert [(depth, one) for depth, one in tree.walk()] == [
        (0, "a"),
        (1, "b"),
        (1, "c"),
        (1, "B"),
        (1, "C"),
        (1, "x"),
    ]


def test_removed_messages_are_passed_over() -> None:
    session = a_session("a", "-b<a", "-c<b", "d<c", "e<b")
    tree = Tree(session.messages)
    assert tree.children("a") == ["d", "e"]
    assert "b" not in tree
    assert len(tree) == 3
    assert shown(session) == "ae"


def test_turning_through_versions_comes_back_to_where_one_was() -> None:
    session = a_session("a", "b<a", "c<b", "d<b", "B<a", "C<B")
    session.show("c")
    assert shown(session) == "abc"
    session.show(version_beside(session, "b", 1))
    assert shown(session) == "aBC"
    assert version_beside(session, "B", 1) is None
    assert version_beside(session, "b", -1) is None
    session.show(version_beside(session, "B", -1))
    assert shown(session) == "abc"


def test_a_version_that_was_not_seen_shows_its_newest_branch() -> None:
    session = a_session("a", "b<a", "c<b", "d<b", "B<a")
    assert version_beside(session, "B", -1) == "d"
    assert version_beside(session, "gone", 1) is None


def test_a_branch_that_was_seen_and_is_gone_is_not_gone_back_to() -> None:
    session = a_session("a", "b<a", "c<b", "d<b", "B<a")
    session.show("c")
    session.show("B")
    session.messages[2] = entry("c", "b", removed=True)
    assert branch_end(session, "b") == "d"


def test_a_chosen_branch_is_shown_until_something_newer_is_said() -> None:
    session = a_session("a", "b<a", "B<a")
    session.show("b")
    assert session.shown == Shown(leaf="b", after="B")
    assert shown(session) == "ab"
    session.messages.append(entry("C", "B"))
    assert shown(session) == "aBC"


def test_the_newest_needs_no_note_in_the_header() -> None:
    session = a_session("a", "b<a", "B<a")
    session.show("b")
    session.show("B")
    assert session.shown is None


def test_nothing_at_all_can_be_shown() -> None:
    session = a_session("a")
    session.show(None)
    assert session.branch() == []
    assert session.leaf is None
    assert session.add(entry("b")).parent is None
    assert shown(session) == "b"


@pytest.mark.parametrize("leaf", ["gone", "r"])
def test_a_choice_that_is_not_there_shows_the_newest(leaf: str) -> None:
    session = a_session("a", "-r<a", "b<a")
    session.shown = Shown(leaf=leaf, after="b")
    assert shown(session) == "ab"


def test_what_is_excluded_is_shown_and_not_sent() -> None:
    session = a_session("a", "b<a", "c<b")
    session.messages[1].excluded = True
    assert shown(session) == "abc"
    assert [message.id for message in session.sent()] == ["a", "c"]


@given(st.data())
def test_any_parents_give_a_tree(data: st.DataObject) -> None:
    names = [str(number) for number in range(data.draw(st.integers(1, 10)))]
    parents = st.sampled_from([None, "gone", *names])
    messages = [entry(name, data.draw(parents), removed=data.draw(st.booleans())) for name in names]
    tree = Tree(messages)
    there = {message.id for message in messages if message.is_there}
    assert {one for _, one in tree.walk()} == there
    assert len(list(tree.walk())) == len(tree)
    for one in there:
        path = tree.path(one)
        assert tree.parent(path[0]) is None
        assert len(set(path)) == len(path)
        assert one in tree.versions(one)


def a_long_session(length: int) -> Session:
    return a_session("0", *(f"{at}<{at - 1}" for at in range(1, length)))


def test_what_is_done_costs_in_proportion_to_the_length() -> None:
    def calls(length: int) -> int:
        """Functions that are called for a removal, its undo, and a turn to another branch."""
        session = a_long_session(length)
        count = 0

        def note(frame: object, event: str, argument: object) -> None:
            nonlocal count
            count += 1

        sys.setprofile(note)
        try:
            edit = pruned(session, "5")
            edit.apply(session)
            edit.inverse().apply(session)
            session.show("3")
        finally:
            sys.setprofile(None)
        return count

    assert calls(800) < 2.5 * calls(400)
