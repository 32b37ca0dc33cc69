from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tui.core import editing
from tui.core.edits import Edit
from tui.core.forking import forked
from tui.core.message import ImageChunk, Message, TextChunk, ThinkingChunk, ToolCall
from tui.core.session import Session
from tui.core.tree import Tree, version_beside
from tui.core.words import Role


def a_session() -> Session:
    """system → q → a → Q → A, with a second version `a2` of the first reply."""
    session = Session(title="cheese")
    for name, role in (("s", Role.SYSTEM), ("q", Role.USER), ("a", Role.ASSISTANT)):
        session.add(Message(id=name, role=role, content=f"text of {name}"))
    session.messages.append(Message(id="a2", parent="q", role=Role.ASSISTANT, content="other"))
    session.show("a")
    for name, role in (("Q", Role.USER), ("A", Role.ASSISTANT)):
        session.add(Message(id=name, role=role, content=f"text of {name}"))
    return session


def shown(session: Session) -> list[str]:
    return [message.id for message in session.branch()]


def state(session: Session) -> Any:
    return [message.model_dump() for message in session.messages], shown(session)


def done(session: Session, edit: Edit) -> Edit:
    """Do it, see that it can be taken back and done again, and give it back."""
    before = state(session)
    edit.apply(session)
    after = state(session)
    edit.inverse().apply(session)
    assert state(session) == before
    edit.apply(session)
    assert state(session) == after
    return edit


def test_a_message_is_removed_and_what_follows_stays() -> None:
    session = a_session()
    done(session, editing.removed(session, "a"))
    assert shown(session) == ["s", "q", "Q", "A"]
    assert [m.id for m in editing.removed_messages(session)] == ["a"]


def test_without_the_last_message_the_branch_ends_before_it() -> None:
    session = a_session()
    done(session, editing.removed(session, "A"))
    assert shown(session) == ["s", "q", "a", "Q"]


def test_a_branch_is_removed_and_the_version_beside_it_shown() -> None:
    session = a_session()
    edit = done(session, editing.pruned(session, "a"))
    assert shown(session) == ["s", "q", "a2"]
    assert edit.words == "3 messages were removed"


def test_without_all_that_was_said_nothing_is_shown() -> None:
    session = a_session()
    done(session, editing.pruned(session, "s"))
    assert shown(session) == []
    session.add(Message(id="new", role=Role.USER, content="again"))
    assert shown(session) == ["new"]


def test_one_version_is_kept_of_many() -> None:
    session = a_session()
    done(session, editing.alone(session, "a2"))
    assert shown(session) == ["s", "q", "a2"]
    assert Tree(session.messages).versions("a2") == ["a2"]
    again = a_session()
    done(again, editing.alone(again, "a"))
    assert shown(again) == ["s", "q", "a", "Q", "A"]


def test_a_removed_branch_is_put_back_from_the_session_itself() -> None:
    session = a_session()
    before = state(session)
    editing.pruned(session, "a").apply(session)
    reread = Session(messages=[m.model_copy() for m in session.messages], shown=session.shown)
    gone = [m.id for m in editing.removed_messages(reread)]
    done(reread, editing.restored(reread, gone))
    assert state(reread) == before


def test_a_message_is_put_between_two() -> None:
    session = a_session()
    greeting = Message(id="g", role=Role.ASSISTANT, content="Hello")
    done(session, editing.inserted(session, "q", greeting))
    assert shown(session) == ["s", "q", "g", "a", "Q", "A"]
    assert Tree(session.messages).versions("a") == ["a", "a2"]


def test_a_message_is_put_in_front_of_all() -> None:
    session = a_session()
    done(session, editing.inserted(session, None, Message(id="0", role=Role.SYSTEM, content="x")))
    assert shown(session)[:2] == ["0", "s"]
    assert session.messages[0].id == "0"


def test_a_message_that_is_put_at_the_end_is_shown() -> None:
    session = a_session()
    done(session, editing.inserted(session, "A", Message(id="t", role=Role.TOOL, content="x")))
    assert shown(session)[-1] == "t"


def test_an_edited_message_keeps_what_it_said_before() -> None:
    session = a_session()
    done(session, editing.revised(session, "s", "new words", Role.USER))
    message = session.branch()[0]
    assert (message.id, message.text, message.role) == ("s", "new words", Role.USER)
    assert message.edited is not None
    former = editing.removed_messages(session)[0]
    assert (former.text, former.role, former.former_of) == ("text of s", Role.SYSTEM, "s")
    assert shown(session) == ["s", "q", "a", "Q", "A"]


def test_a_reply_that_somebody_else_says_keeps_nothing_that_only_replies_have() -> None:
    session = a_session()
    reply = session.branch()[2]
    reply.prefix, reply.ended = "text", "interrupted"
    done(session, editing.revised(session, "a", reply.content, Role.USER))
    message = session.branch()[2]
    assert (message.role, message.prefix, message.ended) == (Role.USER, None, None)
    assert editing.removed_messages(session)[0].ended == "interrupted"


def a_call(session: Session) -> None:
    calls = [ToolCall(id=name, name="f") for name in ("c1", "c2")]
    session.add(Message(id="C", role=Role.ASSISTANT, tool_calls=calls))


def test_a_result_that_is_put_in_answers_the_call_that_waits() -> None:
    session = a_session()
    a_call(session)
    done(session, editing.inserted(session, "C", Message(id="t", role=Role.TOOL, content="x")))
    done(session, editing.inserted(session, "C", Message(id="u", role=Role.TOOL, content="y")))
    done(session, editing.inserted(session, "C", Message(id="v", role=Role.TOOL, content="z")))
    assert [(m.id, m.tool_call_id) for m in session.branch()[-3:]] == [
        ("v", None),
        ("u", "c2"),
        ("t", "c1"),
    ]


def test_what_a_tool_says_from_now_on_answers_the_call_that_waits() -> None:
    session = a_session()
    a_call(session)
    session.add(Message(id="x", role=Role.USER, content="42"))
    done(session, editing.revised(session, "x", "42", Role.TOOL))
    assert session.branch()[-1].tool_call_id == "c1"
    done(session, editing.revised(session, "q", "no call", Role.TOOL))
    assert session.branch()[1].tool_call_id is None


def test_a_prefix_that_was_edited_away_is_no_prefix() -> None:
    session = a_session()
    session.messages[2].prefix = "text"
    kept = editing.revised(session, "a", "text and more")
    kept.apply(session)
    assert session.branch()[2].prefix == "text"
    editing.revised(session, "a", "other").apply(session)
    assert session.branch()[2].prefix is None


def test_a_question_put_otherwise_begins_a_branch_beside_it() -> None:
    session = a_session()
    edit = done(session, editing.branched(session, "Q", "otherwise"))
    new = edit.added[0].message
    assert shown(session) == ["s", "q", "a", new.id]
    assert Tree(session.messages).versions("Q") == ["Q", new.id]
    assert session.shown is None


def test_excluded_messages_are_shown_and_not_sent() -> None:
    session = a_session()
    done(session, editing.excluded(session, {"q", "a"}))
    assert shown(session) == ["s", "q", "a", "Q", "A"]
    assert [m.id for m in session.sent()] == ["s", "Q", "A"]
    done(session, editing.included(session, {"q"}))
    assert [m.id for m in session.sent()] == ["s", "q", "Q", "A"]


def test_a_summary_is_sent_in_the_place_of_what_it_sums_up() -> None:
    session = a_session()
    summary = Message(id="sum", role=Role.SYSTEM, content="in short")
    edit = done(session, editing.summarised(session, {"q", "a"}, summary))
    assert shown(session) == ["s", "q", "a", "sum", "Q", "A"]
    assert [m.id for m in session.sent()] == ["s", "sum", "Q", "A"]
    assert edit.words == "2 messages were summarised"
    with pytest.raises(KeyError):
        editing.summarised(session, {"gone"}, summary)
    with pytest.raises(KeyError):
        editing.summarised(session, {"a2"}, summary)


def test_all_may_be_summarised() -> None:
    session = a_session()
    summary = Message(id="sum", role=Role.SYSTEM, content="in short")
    done(session, editing.summarised(session, {"q", "a", "Q", "A"}, summary))
    assert [m.id for m in session.sent()] == ["s", "sum"]


def test_taking_back_keeps_what_was_said_since() -> None:
    session = a_session()
    edit = editing.branched(session, "Q", "otherwise")
    edit.apply(session)
    session.add(Message(id="reply", role=Role.ASSISTANT, content="new"))
    edit.inverse().apply(session)
    assert shown(session) == ["s", "q", "a", "reply"]
    edit.apply(session)
    assert shown(session) == ["s", "q", "a", edit.added[0].message.id, "reply"]


def test_taking_back_an_exclusion_does_not_turn_back_to_where_one_was() -> None:
    session = a_session()
    edit = editing.excluded(session, {"q"})
    edit.apply(session)
    session.add(Message(id="more", role=Role.USER, content="more"))
    edit.inverse().apply(session)
    assert shown(session)[-1] == "more"
    assert not session.branch()[1].excluded


def test_taking_back_leaves_alone_what_was_edited_elsewhere_since() -> None:
    session = a_session()
    edit = editing.revised(session, "q", "ours")
    edit.apply(session)
    session.branch()[1].content = "another hand's"
    edit.inverse().apply(session)
    assert session.branch()[1].text == "another hand's"


def test_a_request_on_its_way_keeps_its_messages() -> None:
    session = a_session()
    sent = session.sent()
    editing.revised(session, "q", "new").apply(session)
    assert sent[1].text == "text of q"


@pytest.mark.parametrize("name", ["gone", "r"])
def test_what_is_not_there_cannot_be_changed(name: str) -> None:
    session = a_session()
    session.add(Message(id="r", role=Role.USER))
    editing.removed(session, "r").apply(session)
    for act in (
        lambda: editing.removed(session, name),
        lambda: editing.pruned(session, name),
        lambda: editing.revised(session, name, "x"),
        lambda: editing.branched(session, name, "x"),
        lambda: editing.inserted(session, name, Message(role=Role.USER)),
        lambda: forked(session, name),
    ):
        with pytest.raises(KeyError):
            act()


def test_text_is_changed_among_chunks() -> None:
    image = ImageChunk(type="image_url", image_url="data:")
    thinking = ThinkingChunk(thinking=[TextChunk(text="hm")])
    assert editing.with_text("old", "new") == "new"
    assert editing.with_text([TextChunk(text="a"), TextChunk(text="b")], "new") == "new"
    assert editing.with_text([image, TextChunk(text="a")], "new") == [
        image,
        TextChunk(text="new"),
    ]
    assert editing.with_text([thinking, TextChunk(text="a"), image], "new") == [
        thinking,
        TextChunk(text="new"),
        image,
    ]
    assert editing.with_text([thinking], "new") == [thinking, TextChunk(text="new")]
    assert editing.with_text([image, TextChunk(text="a")], "") == [image]


def test_a_fork_is_a_session_of_its_own() -> None:
    session = a_session()
    session.parameters.stop = ["x"]
    editing.removed(session, "q").apply(session)
    fork = forked(session, "a")
    assert shown(fork) == ["s", "a"]
    assert fork.id != session.id
    assert fork.forked_from is not None
    assert (fork.forked_from.session, fork.forked_from.message) == (session.id, "a")
    assert {m.copied_from for m in fork.messages} == {session.id}
    fork.messages[0].content = "changed"
    fork.parameters.stop.append("y")  # type: ignore[union-attr]  # set above
    assert session.messages[0].text == "text of s"
    assert session.parameters.stop == ["x"]


class AnyEditing(RuleBasedStateMachine):
    """Any order of edits, branches, versions, exclusions and deletions, and taking them back."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.count = itertools.count()
        self.done: list[tuple[Edit, Any]] = []
        self.content: dict[str, str] = {}

    def some(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from([m.id for m in self.session.messages if m.is_there]))

    def new(self, role: Role = Role.USER) -> Message:
        name = str(next(self.count))
        return Message(id=name, role=role, content=name)

    def said(self, message_id: str) -> Message:
        return next(m for m in self.session.messages if m.id == message_id)

    def do(self, edit: Edit) -> None:
        before = state(self.session)
        edit.apply(self.session)
        self.done.append((edit, before))

    @rule(role=st.sampled_from(Role))
    def say(self, role: Role) -> None:
        self.session.add(self.new(role))
        self.done.clear()

    @precondition(lambda self: any(m.is_there for m in self.session.messages))
    @rule(data=st.data(), act=st.sampled_from(["removed", "pruned", "alone"]))
    def take_out(self, data: st.DataObject, act: str) -> None:
        self.do(getattr(editing, act)(self.session, self.some(data)))

    @rule(data=st.data(), role=st.sampled_from(Role))
    def put_in(self, data: st.DataObject, role: Role) -> None:
        there = [None, *(m.id for m in self.session.messages if m.is_there)]
        self.do(editing.inserted(self.session, data.draw(st.sampled_from(there)), self.new(role)))

    @precondition(lambda self: any(m.is_there for m in self.session.messages))
    @rule(data=st.data(), act=st.sampled_from(["revised", "branched"]))
    def put_otherwise(self, data: st.DataObject, act: str) -> None:
        self.do(getattr(editing, act)(self.session, self.some(data), f"new {next(self.count)}"))

    @precondition(lambda self: any(m.is_there for m in self.session.messages))
    @rule(data=st.data(), role=st.sampled_from(Role))
    def have_said_by(self, data: st.DataObject, role: Role) -> None:
        one = self.some(data)
        self.do(editing.revised(self.session, one, self.said(one).content, role))
        assert self.said(one).role is role

    @rule(data=st.data(), act=st.sampled_from(["excluded", "included", "restored"]))
    def mark(self, data: st.DataObject, act: str) -> None:
        ids = [m.id for m in self.session.messages]
        chosen = data.draw(st.sets(st.sampled_from(ids)) if ids else st.just(set[str]()))
        self.do(getattr(editing, act)(self.session, chosen))

    @precondition(lambda self: any(m.is_there for m in self.session.messages))
    @rule(data=st.data(), step=st.sampled_from([-1, 1]))
    def turn(self, data: st.DataObject, step: int) -> None:
        one = self.some(data)
        beside = version_beside(self.session, one, step)
        if beside is not None:
            self.session.show(beside)
            assert one not in shown(self.session)
            assert shown(self.session)[-1] == beside
            self.done.clear()

    @precondition(lambda self: self.done)
    @rule()
    def take_back(self) -> None:
        edit, before = self.done.pop()
        edit.inverse().apply(self.session)
        assert state(self.session) == before

    @invariant()
    def the_tree_is_whole(self) -> None:
        tree = Tree(self.session.messages)
        ids = [message.id for message in self.session.messages]
        assert len(set(ids)) == len(ids)
        assert {one for _, one in tree.walk()} == {
            m.id for m in self.session.messages if m.is_there
        }
        leaf = self.session.leaf
        assert shown(self.session) == (tree.path(leaf.id) if leaf is not None else [])

    @invariant()
    def what_is_sent_is_what_is_shown_and_not_excluded(self) -> None:
        branch = self.session.branch()
        assert self.session.sent() == [message for message in branch if not message.excluded]
        assert all(message.removed is None for message in branch)


TestAnyEditing = AnyEditing.TestCase
TestAnyEditing.settings = settings(max_examples=60, stateful_step_count=30)
