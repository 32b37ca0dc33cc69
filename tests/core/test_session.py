from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.message import Message
from tui.core.session import TITLE_LENGTH, Session, find_message, new_session_id, title_from
from tui.core.text import UNSAFE
from tui.core.words import Role


def entry(message_id: str, parent: str | None = None, role: Role = Role.USER) -> Message:
    return Message(id=message_id, parent=parent, role=role, content=message_id)


def ids(messages: list[Message]) -> list[str]:
    return [message.id for message in messages]


def test_an_empty_session_has_no_branch() -> None:
    session = Session()
    assert (session.leaf, session.branch(), session.unanswered) == (None, [], None)


def test_a_message_goes_to_the_end_of_the_shown_branch() -> None:
    session = Session()
    first = session.add(entry("a"))
    second = session.add(entry("b", parent="somewhere else"))
    assert (first.parent, second.parent) == (None, "a")
    assert ids(session.branch()) == ["a", "b"]


def test_the_newest_message_chooses_the_branch() -> None:
    session = Session(
        messages=[entry("a"), entry("b", "a"), entry("c", "b"), entry("B", "a"), entry("C", "B")]
    )
    assert ids(session.branch()) == ["a", "B", "C"]


@pytest.mark.parametrize(
    ("messages", "branch"),
    [
        ([entry("a", "a")], ["a"]),
        ([entry("a", "b"), entry("b", "a")], ["a", "b"]),
        ([entry("a", "c"), entry("b", "a"), entry("c", "b")], ["a", "b", "c"]),
        ([entry("a", "gone"), entry("b", "a")], ["a", "b"]),
        ([entry("x"), entry("a", "")], ["a"]),
    ],
)
def test_a_tree_spoilt_by_hand_still_has_a_branch(
    messages: list[Message], branch: list[str]
) -> None:
    assert ids(Session(messages=messages).branch()) == branch


@given(st.data())
def test_a_branch_ends_at_the_newest_and_each_follows_its_parent(data: st.DataObject) -> None:
    names = [str(number) for number in range(data.draw(st.integers(1, 12)))]
    parents = st.sampled_from([None, "gone", *names])
    session = Session(messages=[entry(name, data.draw(parents)) for name in names])
    branch = session.branch()
    assert branch[-1].id == names[-1]
    assert len(set(ids(branch))) == len(branch)
    assert all(below.parent == above.id for above, below in itertools.pairwise(branch))


@pytest.mark.parametrize(
    ("role", "waits"),
    [(Role.USER, True), (Role.TOOL, True), (Role.ASSISTANT, False), (Role.SYSTEM, False)],
)
def test_only_a_prompt_or_a_tools_result_waits_for_a_reply(role: Role, waits: bool) -> None:
    session = Session(messages=[entry("a", role=role)])
    assert (session.unanswered is not None) is waits


def test_an_id_tells_the_time_and_sorts_by_it() -> None:
    name = new_session_id()
    assert re.fullmatch(r"\d{8}-\d{6}-[0-9a-z]{4}", name)
    made = datetime.strptime(name[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - made).total_seconds()) < 60


def test_the_header_keeps_what_it_does_not_know_and_leaves_the_messages_out() -> None:
    given_header = {"schema": 1, "id": "i", "title": "t", "folder": {"name": "work"}}
    session = Session.model_validate(given_header | {"messages": [entry("a")]})
    dumped = session.model_dump(by_alias=True, exclude_none=True)
    assert dumped["schema"] == 1
    assert dumped["folder"] == {"name": "work"}
    assert "messages" not in dumped


def test_a_session_begins_with_no_problem() -> None:
    assert Session().problems == []


def test_a_message_is_found_by_its_id() -> None:
    messages = [entry("a"), entry("b")]
    assert find_message(messages, "b") is messages[1]
    assert find_message(messages, "c") is None


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("What is the best French cheese?", "What is the best French cheese?"),
        ("\n  two\n lines ", "two lines"),
        ("x" * 48, "x" * 48),
        ("x" * 49, "x" * 48 + "…"),
        (
            "Tell me, in a few words, what there is to say, about it",
            "Tell me, in a few words, what there is to say…",
        ),
        ("", ""),
        ("\x1b]0;owned\x07hello", "␛]0;owned␇hello"),
    ],
)
def test_a_title_is_made_of_the_first_words(prompt: str, title: str) -> None:
    assert title_from(prompt) == title


@given(st.text(max_size=400))
def test_a_title_is_short_safe_and_on_one_line(prompt: str) -> None:
    title = title_from(prompt)
    assert len(title) <= TITLE_LENGTH + 1
    assert "\n" not in title
    assert not UNSAFE.search(title)
