"""Cuts a streamed reply at its stop sequences, for servers that ignore them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui.core.completion import Reply
from tui.core.cutting import Cutter, cut_at
from tui.core.events import Finished, Opened, TextDelta
from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence

    from tui.core.completion import Choice
    from tui.core.events import ReplyEvent


async def cut(
    events: AsyncGenerator[ReplyEvent, None],
    stops: Sequence[str],
    prefix: str = "",
    choices: int = 1,
) -> AsyncGenerator[ReplyEvent, None]:
    """The events of a reply up to its stop sequences; the request is ended when all `choices` are cut.

    A cut choice tells its stop sequence as `stop_reason`, and keeps the text as it came in `uncut`.
    What had come before the cut stays: citations, thinking, and tokens if they were counted so far.
    """
    cutters: dict[int, Cutter] = {}
    so_far: Callable[[], Reply | None] = lambda: None  # noqa: E731
    async with aclosing(events):
        try:
            async for event in events:
                match event:
                    case Opened():
                        so_far = event.so_far
                        yield event
                    case TextDelta():
                        cutter = cutters.setdefault(event.choice, Cutter(stops, prefix))
                        text = cutter.feed(event.text)
                        if text:
                            yield replace(event, text=text)
                        if sum(one.stop is not None for one in cutters.values()) >= choices:
                            yield Finished(_trimmed(so_far() or Reply(), stops, prefix))
                            return
                    case Finished():
                        for index, cutter in cutters.items():
                            if held := cutter.close():  # it turned out to be no stop sequence
                                yield TextDelta(held, index, 0)
                        yield Finished(_trimmed(event.reply, stops, prefix))
                    case _:
                        yield event
        except Failure as failure:
            if failure.reply is not None:
                failure.reply = _trimmed(failure.reply, stops, prefix)
            raise


def _trimmed(reply: Reply, stops: Sequence[str], prefix: str) -> Reply:
    """A reply with its choices cut where they hold a stop sequence."""
    return replace(reply, choices=[_cut_choice(one, stops, prefix) for one in reply.choices])


def _cut_choice(choice: Choice, stops: Sequence[str], prefix: str) -> Choice:
    given = prefix if choice.text.startswith(prefix) else prefix.rstrip()
    start = len(given) if choice.text.startswith(given) else 0
    place = cut_at(choice.text, stops, start)
    if place is None:
        return choice
    return replace(
        choice,
        text=choice.text[: place.offset],
        content=_cut_content(choice.content, place.offset),
        references=[one for one in choice.references if one.get("offset", 0) <= place.offset],
        tool_calls=[],
        finish_reason="stop",
        stop_reason=place.stop,
        uncut=choice.text,
    )


def _cut_content(content: str | list[dict[str, Any]], length: int) -> str | list[dict[str, Any]]:
    """The content's first `length` characters of text, with what stands between them."""
    if isinstance(content, str):
        return content[:length]
    kept: list[dict[str, Any]] = []
    for chunk in content:
        if chunk.get("type") != "text":
            kept.append(chunk)
            continue
        whole = str(chunk.get("text", ""))
        text = whole[:length]
        length -= len(text)
        kept += [{**chunk, "text": text}] if text else []
        if len(text) < len(whole):
            break
    return kept
