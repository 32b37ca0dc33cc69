from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.backend import arrived
from tui.chat.cutting import cut
from tui.core.completion import Choice, Reply, Usage
from tui.core.cutting import cut_at
from tui.core.events import Finished, Opened, PartDelta, ReplyEvent, TextDelta, ThinkingDelta
from tui.core.failure import Failure, FailureKind


class Source:
    """A reply's events, and whether the request was ended before their end."""

    def __init__(self, *events: ReplyEvent | Failure, so_far: Reply | None = None) -> None:
        """`so_far` is the reply as it stands when it is cut, if there is more in it than the events tell."""
        self._given = events
        self._so_far = so_far
        self.is_closed = False
        self.taken = 0

    async def events(self) -> AsyncGenerator[ReplyEvent, None]:
        past: list[ReplyEvent] = []
        try:
            yield Opened(so_far=lambda: self._so_far or arrived(past))
            for event in self._given:
                self.taken += 1
                if isinstance(event, Failure):
                    raise event
                past.append(event)
                yield event
        finally:
            self.is_closed = True


def whole(text: str, **more: object) -> Reply:
    return Reply([Choice(text=text, content=text, finish_reason="stop", **more)])  # type: ignore[arg-type]  # members by name


async def heard(source: Source, stops: list[str], prefix: str = "", n: int = 1) -> list[ReplyEvent]:
    return [event async for event in cut(source.events(), stops, prefix, n)]


def text_of(events: list[ReplyEvent], choice: int = 0) -> str:
    return "".join(e.text for e in events if isinstance(e, TextDelta) and e.choice == choice)


def last(events: list[ReplyEvent]) -> Reply:
    assert isinstance(events[-1], Finished)
    return events[-1].reply


async def test_a_reply_is_cut_over_two_pieces_and_its_request_ended():
    source = Source(TextDelta("One\n"), TextDelta("\nTwo"), TextDelta("Three"))
    events = await heard(source, ["\n\n"])
    assert events[0] == Opened()
    assert text_of(events) == "One"
    choice = last(events).choices[0]
    assert (choice.text, choice.content, choice.finish_reason) == ("One", "One", "stop")
    assert (choice.stop_reason, choice.uncut) == ("\n\n", "One\n\nTwo")
    assert source.is_closed
    assert source.taken == 2


async def test_what_was_held_back_comes_when_it_is_no_stop():
    source = Source(TextDelta("One\n"), Finished(whole("One\n")))
    events = await heard(source, ["\n\n"])
    assert text_of(events) == "One\n"
    assert last(events).choices[0].uncut is None


async def test_a_reply_that_comes_in_one_piece_is_cut_too():
    content: list[dict[str, Any]] = [
        {"type": "text", "text": "One "},
        {"type": "reference", "reference_ids": [1]},
        {"type": "text", "text": "two END three"},
        {"type": "reference", "reference_ids": [2]},
    ]
    references = [{"ids": [1], "offset": 4}, {"ids": [2], "offset": 17}]
    reply = Reply([Choice(text="One two END three", content=content, references=references)])
    choice = last(await heard(Source(Finished(reply)), ["END"])).choices[0]
    assert choice.text == "One two "
    assert choice.content == [content[0], content[1], {"type": "text", "text": "two "}]
    assert choice.references == references[:1]
    assert (choice.stop_reason, choice.uncut) == ("END", "One two END three")


async def test_thinking_stays_before_the_cut():
    source = Source(ThinkingDelta("Hm."), TextDelta("a END"))
    choice = last(await heard(source, ["END"])).choices[0]
    assert choice.thinking == "Hm."
    assert choice.content == [
        {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
        {"type": "text", "text": "a "},
    ]


async def test_the_prefix_is_not_cut():
    source = Source(TextDelta("Dear Sir,\n\n"), TextDelta("no.\n\nmore"))
    events = await heard(source, ["\n\n"], "Dear Sir,\n\n")
    assert text_of(events) == last(events).choices[0].text == "Dear Sir,\n\nno."


async def test_what_came_before_the_cut_stays_with_the_reply():
    content: list[dict[str, Any]] = [
        {"type": "text", "text": "One"},
        {"type": "reference", "reference_ids": [1]},
        {"type": "text", "text": "\n\nTwo"},
        {"type": "reference", "reference_ids": [2]},
    ]
    references = [{"ids": [1], "offset": 3}, {"ids": [2], "offset": 8}]
    choice = Choice(text="One\n\nTwo", content=content, references=references)
    usage = Usage(prompt_tokens=9, completion_tokens=4)
    so_far = Reply([choice], usage, "m", "cmpl-1", "req-1", notes=["a note"])
    source = Source(TextDelta("One"), PartDelta("reference"), TextDelta("\n\n"), so_far=so_far)
    reply = last(await heard(source, ["\n\n"]))
    assert (reply.choices[0].text, reply.choices[0].uncut) == ("One", "One\n\nTwo")
    assert reply.choices[0].content == content[:2]
    assert reply.choices[0].references == references[:1]
    assert (reply.usage, reply.model, reply.request_id) == (usage, "m", "req-1")
    assert reply.notes == ["a note"]


async def test_each_of_several_replies_is_cut_for_itself():
    source = Source(
        TextDelta("a END", 0), TextDelta("b", 1), TextDelta("more", 0), TextDelta(" END", 1), TextDelta("x", 1)
    )  # fmt: skip
    events = await heard(source, ["END"], n=2)
    assert (text_of(events, 0), text_of(events, 1)) == ("a ", "b ")
    assert [choice.uncut for choice in last(events).choices] == ["a ENDmore", "b END"]
    assert source.taken == 4


async def test_what_failed_keeps_what_had_come():
    failure = Failure(FailureKind.TRUNCATED, "cut off", reply=whole("One\n"))
    source = Source(TextDelta("One\n"), failure)
    with pytest.raises(Failure) as caught:
        await heard(source, ["\n\n"])
    assert caught.value.reply is not None
    assert caught.value.reply.choices[0].text == "One\n"
    assert source.is_closed


@given(st.text("ab\n", max_size=40), st.lists(st.text("ab\n", min_size=1, max_size=4), min_size=1, max_size=3), st.integers(1, 9))  # fmt: skip
async def test_streamed_or_whole_the_same_is_kept(text, stops, size):
    pieces = [TextDelta(text[at : at + size]) for at in range(0, len(text), size)]
    streamed = last(await heard(Source(*pieces, Finished(whole(text))), stops)).choices[0]
    at_once = last(await heard(Source(Finished(whole(text))), stops)).choices[0]
    place = cut_at(text, stops)
    for choice in (streamed, at_once):
        assert choice.text == choice.content == (text if place is None else text[: place.offset])
        assert choice.stop_reason == (None if place is None else place.stop)
