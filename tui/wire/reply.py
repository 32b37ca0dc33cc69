"""Puts a reply together from what a server sends: events of a stream or one JSON body, of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.core.completion import Choice, Reply, Usage
from tui.core.events import PartDelta, TextDelta, ThinkingDelta
from tui.core.text import scrub
from tui.wire.parts import Calls, TextPart, ThinkingPart
from tui.wire.prefix import PrefixMerge

if TYPE_CHECKING:
    from tui.core.events import ReplyEvent

_KNOWN = {"id", "object", "created", "model", "choices", "usage", "p", "system_fingerprint"}
_THINKING_MEMBERS = {"type", "thinking"}


class _ChoiceInProgress:
    def __init__(self, index: int, merge: PrefixMerge) -> None:
        self.index = index
        self.finish_reason: str | None = None
        self._merge = merge
        self._stop_reason: str | None = None
        self._logprobs: Any = None
        self._calls = Calls()
        self._parts: list[TextPart | ThinkingPart | dict[str, Any]] = []
        self._length = 0
        """Code points of text so far."""
        self._references: list[dict[str, Any]] = []

    def add(self, data: dict[str, Any]) -> list[ReplyEvent]:
        """Take in one element of `choices`."""
        events: list[ReplyEvent] = []
        for delta in _deltas(data):
            events += self._add_delta(delta)
        if isinstance(reason := data.get("finish_reason"), str) and reason:
            self.finish_reason = scrub(reason)
        stop = data.get("stop_reason", data.get("stopping_word"))
        if isinstance(stop, str) and stop:
            self._stop_reason = scrub(stop)
        self._add_logprobs(data.get("logprobs"))
        return events

    def _add_delta(self, delta: dict[str, Any]) -> list[ReplyEvent]:
        events: list[ReplyEvent] = []
        for member in ("reasoning_content", "reasoning"):
            if isinstance(thought := delta.get(member), str) and thought:
                events += self._think(thought)
                break
        content = delta.get("content")
        for chunk in content if isinstance(content, list) else [content]:
            events += self._add_chunk(chunk)
        if isinstance(refusal := delta.get("refusal"), str):
            events += self._say(self._merge.feed(scrub(refusal)))
        if not self._parts:
            events += self._say(self._merge.open())
        calls = delta.get("tool_calls")
        for position, piece in enumerate(calls if isinstance(calls, list) else []):
            if isinstance(piece, dict):
                self._calls.add(piece, position)
                events.append(PartDelta("tool_call", self.index))
        return events

    def _add_chunk(self, chunk: Any) -> list[ReplyEvent]:
        if isinstance(chunk, str):
            return self._say(self._merge.feed(scrub(chunk)))
        if not isinstance(chunk, dict):
            return []
        match chunk:
            case {"type": "text", "text": str(text)}:
                return self._say(self._merge.feed(scrub(text)))
            case {"type": "thinking", "thinking": list() | str()}:
                return self._add_thinking(chunk)
            case _:
                return self._add_other(chunk)

    def _say(self, text: str) -> list[ReplyEvent]:
        if not text:
            return []
        if not self._parts or not isinstance(self._parts[-1], TextPart):
            self._parts.append(TextPart())
        last = self._parts[-1]
        assert isinstance(last, TextPart)  # noqa: S101 - for the type checker
        last.pieces.write(text)
        self._length += len(text)
        return [TextDelta(text, self.index)]

    def _thinking_part(self) -> ThinkingPart:
        last = self._parts[-1] if self._parts else None
        if not isinstance(last, ThinkingPart) or last.marks.get("closed"):
            last = ThinkingPart()
            self._parts.append(last)
        return last

    def _think(self, text: str) -> list[ReplyEvent]:
        text = scrub(text)
        self._thinking_part().add(text)
        return [ThinkingDelta(text, self.index)]

    def _add_thinking(self, chunk: dict[str, Any]) -> list[ReplyEvent]:
        events: list[ReplyEvent] = []
        inner = chunk["thinking"]
        for element in [inner] if isinstance(inner, str) else inner:
            match element:
                case str(text) | {"type": "text", "text": str(text)}:
                    if text:
                        events += self._think(text)
                case dict():
                    self._thinking_part().inner.append(_scrubbed(element))
                    events.append(PartDelta(str(element.get("type")), self.index))
        marks = {name: value for name, value in chunk.items() if name not in _THINKING_MEMBERS}
        if marks:
            self._thinking_part().marks.update(_scrubbed(marks))
        return events

    def _add_other(self, chunk: dict[str, Any]) -> list[ReplyEvent]:
        events = self._say(self._merge.settle())
        chunk = _scrubbed(chunk)
        if chunk.get("type") == "reference":
            ids = chunk.get("reference_ids")
            ids = [i for i in ids if isinstance(i, int | str)] if isinstance(ids, list) else []
            self._references.append({"ids": ids, "offset": self._length})
        self._parts.append(chunk)
        return [*events, PartDelta(str(chunk.get("type")), self.index)]

    def _add_logprobs(self, value: Any) -> None:
        match value, self._logprobs:
            case {"content": list(new)}, {"content": list(old)}:
                old.extend(new)
            case dict() | list(), _:
                self._logprobs = value

    @property
    def has_begun(self) -> bool:
        """Whether anything of it has come."""
        return bool(self._parts or self._calls)

    def finish(self) -> list[ReplyEvent]:
        """The reply is whole: what was held back is text."""
        return self._say(self._merge.settle())

    def break_off(self) -> list[ReplyEvent]:
        """The reply ends too early: what was held back began to repeat the prefix."""
        return self._say(self._merge.abandon()) if self._merge.is_open else []

    def choice(self) -> Choice:
        """The choice as it stands."""
        only_text = all(isinstance(part, TextPart) for part in self._parts)
        chunks = [part if isinstance(part, dict) else part.chunk() for part in self._parts]
        text = "".join(part.pieces.getvalue() for part in self._parts if isinstance(part, TextPart))
        return Choice(
            index=self.index,
            text=text,
            thinking="".join(p.text() for p in self._parts if isinstance(p, ThinkingPart)),
            content=text if only_text else chunks,
            references=list(self._references),
            tool_calls=self._calls.pieces(),
            finish_reason=self.finish_reason,
            stop_reason=self._stop_reason,
            logprobs=self._logprobs,
        )


def _deltas(data: dict[str, Any]) -> list[dict[str, Any]]:
    """What an element of `choices` says: its delta, message, or (with hosted tools) messages."""
    for member in ("delta", "message"):
        if isinstance(delta := data.get(member), dict):
            return [delta]
    if isinstance(messages := data.get("messages"), list):
        return [m for m in messages if isinstance(m, dict) and m.get("role") != "tool"]
    if isinstance(text := data.get("text"), str):  # the older completions form
        return [{"content": text}]
    return []


def _scrubbed(value: Any) -> Any:
    """The value with every string in it free of lone surrogates."""
    match value:
        case str():
            return scrub(value)
        case dict():
            return {scrub(str(name)): _scrubbed(inner) for name, inner in value.items()}
        case list():
            return [_scrubbed(inner) for inner in value]
        case _:
            return value


def _count(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value == value and abs(value) < 1e18 else None  # NaN is not itself


def _usage(data: dict[str, Any]) -> Usage:
    cached = _count(data.get("num_cached_tokens"))
    for name in ("prompt_token_details", "prompt_tokens_details"):
        details = data.get(name)
        if isinstance(details, dict):
            cached = _count(details.get("cached_tokens")) if cached is None else cached
    return Usage(
        prompt_tokens=_count(data.get("prompt_tokens")),
        completion_tokens=_count(data.get("completion_tokens")),
        total_tokens=_count(data.get("total_tokens")),
        cached_tokens=cached,
    )


class Assembler:
    """Collects one reply. Unknown members, chunks and finish reasons never make it fail."""

    def __init__(self, prefix: str | None = None, shortest_echo: int = 1) -> None:
        """`shortest_echo`: the length of a prefix from which on a repeat of it counts as one."""
        self._prefix = prefix
        self._shortest_echo = shortest_echo
        self._choices: dict[int, _ChoiceInProgress] = {}
        self._usage: Usage | None = None
        self._heads: dict[str, str] = {}
        self._extra: dict[str, Any] = {}

    @property
    def is_finished(self) -> bool:
        """Whether every choice that has come has its finish reason."""
        choices = self._choices.values()
        return bool(choices) and all(choice.finish_reason for choice in choices)

    @property
    def has_begun(self) -> bool:
        """Whether anything of the reply has come."""
        return any(choice.has_begun for choice in self._choices.values())

    @property
    def has_failed(self) -> bool:
        """Whether the server gave up on a choice (finish reason `error`)."""
        return any(choice.finish_reason == "error" for choice in self._choices.values())

    def expect_echo(self) -> None:
        """Take any repeat of the prefix for one: this is no stream, and plain replies repeat it."""
        self._shortest_echo = 1

    def add(self, data: dict[str, Any]) -> list[ReplyEvent]:
        """Take in one event's object, or the object of a whole reply."""
        events: list[ReplyEvent] = []
        choices = data.get("choices")
        for position, element in enumerate(choices if isinstance(choices, list) else []):
            if isinstance(element, dict):
                index = element.get("index")
                events += self._choice(index if isinstance(index, int) else position).add(element)
        if isinstance(usage := data.get("usage"), dict):
            self._usage = _usage(usage)
        for name in ("id", "model"):
            if isinstance(value := data.get(name), str) and value:
                self._heads[name] = scrub(value)
        for name in data.keys() - _KNOWN:
            self._extra[scrub(name)] = _scrubbed(data[name])
        return events

    def _choice(self, index: int) -> _ChoiceInProgress:
        if index not in self._choices:
            merge = PrefixMerge(self._prefix, self._shortest_echo)
            self._choices[index] = _ChoiceInProgress(index, merge)
        return self._choices[index]

    def finish(self) -> list[ReplyEvent]:
        """The reply is whole; gives out what was still held back."""
        return [event for choice in self._choices.values() for event in choice.finish()]

    def break_off(self) -> list[ReplyEvent]:
        """The reply ended too early; gives out what is certain."""
        return [event for choice in self._choices.values() for event in choice.break_off()]

    def reply(self) -> Reply:
        """The reply as it stands; there is always a choice, if an empty one."""
        choices = [self._choices[index].choice() for index in sorted(self._choices)]
        return Reply(
            choices=choices or [Choice()],
            usage=self._usage,
            model=self._heads.get("model"),
            id=self._heads.get("id"),
            extra=dict(self._extra),
        )
