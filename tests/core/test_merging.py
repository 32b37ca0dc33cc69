from __future__ import annotations

import copy

from hypothesis import given
from hypothesis import strategies as st

from tui.core.merging import Base, digest, digests, merge_messages, merge_tables, rebased
from tui.core.message import Message
from tui.core.words import Role


def said(**texts: str) -> list[Message]:
    """A line of messages, each the child of the one before it."""
    messages: list[Message] = []
    for name, text in texts.items():
        parent = messages[-1].id if messages else None
        messages.append(Message(id=name, parent=parent, role=Role.USER, content=text))
    return messages


def merge(base: list[Message] | None, ours: list[Message], theirs: list[Message]):
    known = digests(base) if base is not None else None
    return merge_messages(known, ours, theirs, digests(theirs))


def texts(messages: list[Message]) -> dict[str, str]:
    return {message.id: message.text for message in messages}


def test_what_one_side_changed_is_taken_over():
    base = said(a="1", b="2", c="3")
    merged = merge(base, said(a="ours", b="2", c="3"), said(a="1", b="2", c="theirs"))
    assert texts(merged.messages) == {"a": "ours", "b": "2", "c": "theirs"}
    assert texts(merged.taken) == {"c": "theirs"}
    assert merged.clashes == merged.removed == []


def test_what_both_changed_is_kept_twice():
    base = said(a="1", b="2")
    ours, theirs = said(a="1", b="ours"), said(a="1", b="theirs")
    merged = merge(base, ours, theirs)
    [version] = merged.clashes
    assert texts(merged.messages) == {"a": "1", "b": "theirs", version.id: "ours"}
    assert version.parent == "a"
    again = merge(base, ours, merged.messages)
    assert texts(again.messages) == texts(merged.messages)
    assert again.clashes == []


def test_what_both_changed_alike_is_no_clash():
    merged = merge(said(a="1"), said(a="x"), said(a="x"))
    assert texts(merged.messages) == {"a": "x"}
    assert merged.taken == merged.clashes == []


def test_what_one_side_added_stands_where_it_was_put():
    base = said(a="1", b="2")
    ours = said(a="1", x="mine", b="2", y="last")
    theirs = said(a="1", b="2", t="theirs", u="more")
    merged = merge(base, ours, theirs)
    assert list(texts(merged.messages)) == ["a", "x", "b", "t", "u", "y"]
    first = merge(base, base, said(t="first", a="1", b="2"))
    assert list(texts(first.messages)) == ["t", "a", "b"]


def test_what_one_side_removed_goes_unless_the_other_changed_it():
    base = said(a="1", b="2", c="3", d="4", e="5")
    ours = [m for m in said(a="1", b="2", c="ours", d="4", e="5") if m.id not in "de"]
    theirs = [m for m in said(a="1", b="2", c="3", d="theirs", e="5") if m.id not in "bc"]
    merged = merge(base, ours, theirs)
    assert texts(merged.messages) == {"a": "1", "c": "ours", "d": "theirs"}
    assert [m.id for m in merged.removed] == ["b"]


def test_children_of_what_went_are_attached_to_what_was_before_it():
    base = said(a="1", b="2")
    theirs = [*base, Message(id="t", parent="b", role=Role.USER, content="new")]
    merged = merge(base, base[:1], theirs)
    assert [(m.id, m.parent) for m in merged.messages] == [("a", None), ("t", "a")]
    assert [m.parent for m in merged.taken] == ["a"]


def test_without_a_base_ours_counts_and_nothing_of_theirs_goes():
    merged = merge(None, said(a="ours"), said(a="1", b="2"))
    assert texts(merged.messages) == {"a": "ours", "b": "2"}


IDS = st.sampled_from("abcdefgh")
SIDES = st.dictionaries(IDS, st.text("xyz", max_size=2), max_size=8)


@given(SIDES, SIDES, SIDES)
def test_no_change_of_either_side_is_lost(base, ours, theirs):
    was, here, there = said(**base), said(**ours), said(**theirs)
    merged = merge(was, here, there)
    found = {message.id: message for message in merged.messages}
    assert len(found) == len(merged.messages)
    known = digests(was)
    for message in here:
        if digest(message) != known.get(message.id):
            kept = [found.get(message.id), *merged.clashes]
            assert any(k is not None and k.text == message.text for k in kept)
    for message in there:
        if digest(message) != known.get(message.id):
            assert found[message.id].text == message.text
    assert all(m.parent is None or m.parent in found for m in merged.messages)
    again = merge(was, here, merged.messages)
    assert texts(again.messages) == texts(merged.messages)


def test_members_of_a_head_are_merged_one_by_one():
    base = {"title": "t", "parameters": {"model": "m", "seed": 1}, "old": 1}
    ours = {"title": "mine", "parameters": {"model": "n", "seed": 1}, "old": 1}
    theirs = {"title": "theirs", "parameters": {"model": "m", "seed": 2}, "new": 1}
    merged, clashes = merge_tables(base, ours, theirs)
    assert merged == {"title": "theirs", "parameters": {"model": "n", "seed": 2}, "new": 1}
    assert clashes == [("title",)]


def test_which_branch_is_shown_is_never_a_clash():
    merged, clashes = merge_tables({"shown": None}, {"shown": "a"}, {"shown": "b"})
    assert (merged, clashes) == ({"shown": "a"}, [])


def test_a_new_base_holds_of_ours_what_the_file_has():
    base = {"title": "t", "parameters": {"seed": 1, "model": "m"}}
    ours = {"title": "mine", "parameters": {"seed": 2, "model": "n"}}
    theirs = {"title": "mine", "parameters": {"seed": 2, "model": "theirs"}, "new": 1}
    assert rebased(base, ours, theirs) == {
        "title": "mine",
        "parameters": {"seed": 2, "model": "m"},
    }


def test_a_message_with_a_lone_surrogate_has_a_digest():
    message = Message(role=Role.USER, content="\ud800")
    assert digest(message) == digest(copy.deepcopy(message)) != digest(said(a="x")[0])


def test_what_is_known_of_files_makes_no_session_another_one():
    assert Base(stamp=(1,)) == Base()
