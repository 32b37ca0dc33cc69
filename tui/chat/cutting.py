"""Cuts a streamed reply at its stop sequences, for servers that ignore them."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tui.core.completion import Choice, Reply
from tui.core.cutting import Cutter, cut_at
from tui.core.events import Finished, TextDelta, ThinkingDelta
from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from tui.core.events import ReplyEvent


async def cut(
    events: AsyncGenerator[ReplyEvent, None],
    stops: Sequence[str],
    prefix: str = "",
    choices: int = 1,
) -> AsyncGenerator[ReplyEvent, None]:
    """The events of a reply up to its stop sequences; the request is ended when all `choices` are cut.

    A cut choice tells its stop sequence as `stop_reason`, and keeps the text as it came in `uncut`.
    """
    parts: dict[int, _Part] = {}

    def part(index: int) -> _Part:
        return parts.setdefault(index, _Part(Cutter(stops, prefix)))

    async with aclosing(events):
        try:
            async for event in events:
                match event:
                    case TextDelta():
                        text = part(event.choice).feed(event.text)
                        if text:
                            yield replace(event, text=text)
                        if sum(one.cutter.stop is not None for one in parts.values()) >= choices:
                            yield Finished(_reply(parts, prefix))
                            return
                    case ThinkingDelta():
                        part(event.choice).thinking.append(event.text)
                        yield event
                    case Finished():
                        for held in _held(parts):
                            yield held
                        yield Finished(_trimmed(event.reply, stops, prefix))
                    case _:
                        yield event
        except Failure as failure:
            if failure.reply is not None:
                failure.reply = _trimmed(failure.reply, stops, prefix)
            raise


@dataclass(slots=True)
class _Part:
    """One choice so far."""

    cutter: Cutter
    raw: list[str] = field(default_factory=list)
    """The text as it comes."""
    text: list[str] = field(default_factory=list)
    thinking: list[str] = field(default_factory=list)

    def feed(self, piece: str) -> str:
        self.raw.append(piece)
        text = self.cutter.feed(piece)
        self.text.append(text)
        return text

    def choice(self, index: int) -> Choice:
        text, thinking = "".join(self.text), "".join(self.thinking)
        content: str | list[dict[str, Any]] = text
        if thinking:
            inner = {"type": "thinking", "thinking": [{"type": "text", "text": thinking}]}
            content = [inner, *([{"type": "text", "text": text}] if text else [])]
        return Choice(
            index=index,
            text=text,
            thinking=thinking,
            content=content,
            finish_reason="stop",
            stop_reason=self.cutter.stop,
            uncut="".join(self.raw),
        )


def _held(parts: dict[int, _Part]) -> Iterator[TextDelta]:
    """What was held back, and turned out to be no stop sequence."""
    for index, part in parts.items():
        text = part.cutter.close()
        if text:
            yield TextDelta(text, index, 0)


def _reply(parts: dict[int, _Part], prefix: str) -> Reply:
    """The reply that was ended here, before its server ended it."""
    choices = [part.choice(index) for index, part in sorted(parts.items())]
    began = bool(prefix) and choices[0].text.startswith(prefix.rstrip())
    return Reply(choices, prefix=prefix if began else None)


def _trimmed(reply: Reply, stops: Sequence[str], prefix: str) -> Reply:
    """A reply that came whole, with the choices cut that still hold a stop sequence."""
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
        text = str(chunk.get("text", ""))[:length]
        length -= len(text)
        kept += [{**chunk, "text": text}] if text else []
        if not length:
            break
    return kept
