from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.core.events import Opened, PartDelta, ReplyEvent, TextDelta, ThinkingDelta
from tui.core.failure import Failure, FailureKind
from tui.wire.gather import joined

TEXTS = st.text(max_size=3)
CHOICES = st.integers(0, 1)
EVENTS = st.lists(
    st.builds(TextDelta, TEXTS, CHOICES)
    | st.builds(ThinkingDelta, TEXTS, CHOICES)
    | st.builds(PartDelta, TEXTS, CHOICES)
    | st.just(Opened())
)


def flat(events: list[ReplyEvent]) -> list[object]:
    flat: list[object] = []
    for event in events:
        match event:
            case TextDelta(text, choice) | ThinkingDelta(text, choice):
                flat += [(type(event), choice, character) for character in text]
            case _:
                flat.append(event)
    return flat


def pieces(events: list[ReplyEvent]) -> int:
    return sum(e.pieces for e in events if isinstance(e, TextDelta | ThinkingDelta))


@given(EVENTS)
def test_nothing_is_lost_and_the_order_is_kept(events):
    got = list(joined(iter(events)))
    assert flat(got) == flat(events)
    assert pieces(got) == pieces(events)


def test_neighbouring_pieces_become_one():
    events: list[ReplyEvent] = [
        TextDelta("a"),
        TextDelta("b"),
        ThinkingDelta("c"),
        TextDelta("d"),
        TextDelta("e", 1),
    ]
    assert list(joined(events)) == [
        TextDelta("ab", 0, 2),
        ThinkingDelta("c"),
        TextDelta("d"),
        TextDelta("e", 1),
    ]


def test_what_came_before_a_failure_is_given_out_first():
    def failing() -> Iterator[ReplyEvent]:
        yield TextDelta("a")
        yield TextDelta("b")
        raise Failure(FailureKind.TRUNCATED, "cut")

    events = joined(failing())
    assert next(events) == TextDelta("ab", 0, 2)
    with pytest.raises(Failure, match="cut"):
        next(events)
