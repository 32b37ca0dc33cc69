from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tui.core import editing
from tui.core.context import Meter, meter, over
from tui.core.message import Completion, Message, utc_now
from tui.core.session import Session
from tui.core.tokens import tokens_of
from tui.core.words import Role


def counted(session: Session, prompt: int, completion: int) -> Message:
    """A reply whose request the server has counted."""
    facts = Completion(
        prompt_tokens=prompt, completion_tokens=completion, sent_messages=len(session.sent())
    )
    message = Message(
        role=Role.ASSISTANT, content="a reply " * 20, created=utc_now(), completion=facts
    )
    return session.add(message)


def said(session: Session, text: str = "some words " * 50, role: Role = Role.USER) -> Message:
    return session.add(Message(role=role, content=text, created=utc_now()))


def test_what_the_server_counted_is_exact() -> None:
    session = Session()
    said(session)
    counted(session, 100, 40)
    assert meter(session.sent(), 200) == Meter(140, True, 200)


def test_what_came_since_is_estimated_on_top() -> None:
    session = Session()
    said(session)
    counted(session, 100, 40)
    more = said(session)
    assert meter(session.sent(), None, typed=7) == Meter(147 + tokens_of(more), False, None)


def test_without_any_count_all_is_estimated() -> None:
    session = Session()
    prompt = said(session)
    assert meter(session.sent(), 1000, beside=30) == Meter(tokens_of(prompt) + 30, False, 1000)


def test_after_an_exclusion_the_estimate_is_scaled_by_what_was_counted() -> None:
    session = Session()
    first = said(session)
    counted(session, 2 * tokens_of(first), 10)
    said(session)
    reply = counted(session, 6 * tokens_of(first), 10)
    estimate = meter(session.sent(), None)
    assert estimate.is_exact
    editing.excluded(session, {reply.id}).apply(session)
    again = meter(session.sent(), None)
    assert not again.is_exact
    assert again.used < estimate.used


def test_what_is_left_when_the_oldest_are_left_out_is_scaled_by_what_was_counted_between() -> None:
    session = Session()
    for _ in range(4):
        said(session)
        counted(session, sum(map(tokens_of, session.sent())) // 2, 10)
    full = meter(session.sent(), None)
    oldest = session.sent()[:4]
    editing.excluded(session, {message.id for message in oldest}).apply(session)
    left = meter(session.sent(), None)
    estimate = sum(map(tokens_of, session.sent()))
    assert abs(left.used - estimate // 2) <= 2
    assert left.used < full.used


def test_an_edit_makes_the_count_an_estimate() -> None:
    session = Session()
    first = said(session)
    reply = counted(session, 500, 10)
    assert reply.created is not None
    edit = editing.revised(session, first.id, "short")
    edit.apply(session)
    assert not meter(session.sent(), None).is_exact
    session.branch()[0].edited = reply.created - timedelta(seconds=5)
    assert meter(session.sent(), None).is_exact


def test_a_meter_warns_before_it_is_full() -> None:
    assert not Meter(79, True, 100).is_near()
    assert Meter(80, True, 100).is_near()
    assert Meter(60, True, 100).is_near(0.5)
    assert not Meter(60, True, None).is_near()
    assert (Meter(120, True, 100).left, Meter(1, True, None).left) == (0, None)


def test_the_oldest_go_in_pairs_and_the_last_prompt_stays() -> None:
    session = Session()
    said(session, "system", Role.SYSTEM)
    pairs = []
    for _ in range(4):
        pairs.append((said(session), said(session, "reply " * 50, Role.ASSISTANT)))
    last = said(session, "huge " * 3000)
    full = meter(session.sent(), None).used
    assert over(session.sent(), full) == []
    assert over(session.sent(), full - 1) == [*pairs[0]]
    every = [message for pair in pairs for message in pair]
    assert over(session.sent(), 10) == every
    assert last not in every


@given(st.lists(st.sampled_from(Role), max_size=12), st.integers(0, 900))
def test_what_goes_is_old_and_enough_or_all_that_may_go(roles: list[Role], target: int) -> None:
    session = Session()
    for role in roles:
        said(session, "w " * 40, role)
    gone = {message.id for message in over(session.sent(), target)}
    left = [message for message in session.sent() if message.id not in gone]
    assert all(m.role is Role.SYSTEM for m in session.sent() if m.role is Role.SYSTEM)
    enough = meter(left, None).used <= target
    users = [at for at, m in enumerate(left) if m.role is Role.USER]
    only_last = all(m.role is Role.SYSTEM for m in left[: users[-1] if users else len(left)])
    assert enough or only_last
