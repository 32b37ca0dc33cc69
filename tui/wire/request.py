"""Builds the request that a server of some kind understands from what the conversation asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tui.core.escapes import quoted
from tui.core.failure import Failure, FailureKind
from tui.core.text import one_line, scrub
from tui.wire.dialects import DIALECTS
from tui.wire.history import History

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.core.completion import CompletionRequest
    from tui.core.parameters import Parameters
    from tui.core.words import Kind
    from tui.wire.dialects import Dialect

PATH: Final = "/chat/completions"
"""Where chats are completed, below a base URL that ends with its version."""

BY_HAND: Final = "the request was sent as it was written by hand"

_ELSEWHERE: Final = {"model", "prefix", "stream", "extra"}
"""Parameters that are no plain members of the body."""
_ABOUT_TOOLS: Final = {"tool_choice", "parallel_tool_calls"}


@dataclass(frozen=True, slots=True)
class BuiltRequest:
    """A request, ready to be sent."""

    path: str
    """Below the base URL."""
    body: dict[str, Any]
    notes: list[str]
    """What was left out, changed or repaired, in words."""
    prefix: str | None = None
    """The beginning that the reply is to have, if this server can be given one."""
    shortest_echo: int = 1
    """Characters of a prefix from which on its repeat in a stream is believed to be one."""
    at_root: bool = False
    """Whether the path stands beside the API's version, not below it."""
    adapt: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    """Brings this endpoint's objects into the form of chat completions, if they have another."""

    renamed: tuple[str, ...] = ()
    """Which parameters have another name at this server, in words: for whoever looks at the request."""

    @property
    def streams(self) -> bool:
        """Whether a streamed reply is asked for."""
        return bool(self.body.get("stream"))


def build(request: CompletionRequest, kind: Kind) -> BuiltRequest:
    """The request as a server of that kind wants it. Unset parameters are absent.

    Raises `Failure` if there is no message to answer.
    """
    dialect = DIALECTS[kind]
    if request.body is not None:
        return _by_hand(request.body, dialect)
    parameters = request.parameters
    history = History(request.messages, dialect)
    notes = list(history.notes)
    if not history.messages:
        raise Failure(
            FailureKind.CONFIG, "There is no message to answer", advice="Write one and send it."
        )
    body: dict[str, Any] = {}
    if parameters.model:
        body["model"] = scrub(parameters.model)
    body["messages"] = history.messages
    body |= _members(parameters, dialect, notes)
    body["stream"] = parameters.stream is not False
    if body["stream"] and dialect.asks_for_usage:
        body["stream_options"] = {"include_usage": True}
    prefix = _add_prefix(body, parameters.prefix, dialect, notes)
    body |= parameters.extra
    renamed = translations(parameters, dialect)
    return BuiltRequest(PATH, body, notes, prefix, dialect.shortest_echo, renamed=renamed)


def translations(parameters: Parameters, dialect: Dialect) -> tuple[str, ...]:
    """Which parameters have another name in a dialect, in words."""
    given = parameters.given() if dialect.renamed else {}
    return tuple(
        f"{name} is called {renamed} by {dialect.name}"
        for name, renamed in dialect.renamed.items()
        if name in given
    )


def _by_hand(body: dict[str, Any], dialect: Dialect) -> BuiltRequest:
    """A request that the user has written."""
    messages = body.get("messages")
    last = messages[-1] if isinstance(messages, list) and messages else None
    prefix = None
    if (
        isinstance(last, dict)
        and last.get("role") == "assistant"
        and dialect.prefix_members is not None
    ):
        content = last.get("content")
        prefix = content if isinstance(content, str) and content else None
    return BuiltRequest(PATH, dict(body), [BY_HAND], prefix, dialect.shortest_echo)


def _members(parameters: Parameters, dialect: Dialect, notes: list[str]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in parameters.given().items():
        if name in _ELSEWHERE:
            continue
        if name not in dialect.parameters:
            if value is not False:  # which is the same as leaving it out
                notes.append(f"{dialect.name} does not know {name}: it was not sent")
            continue
        value = _adapted(name, value, dialect, notes)
        if value is not None:
            members[dialect.renamed.get(name, name)] = value
    if "tools" not in members:
        for name in sorted(_ABOUT_TOOLS & members.keys()):
            del members[name]
            notes.append(f"{name} was not sent, since there are no tools")
    return members


def _adapted(name: str, value: Any, dialect: Dialect, notes: list[str]) -> Any:
    """The value as this kind of server wants it; None if nothing of it is left."""
    match name:
        case "stop":
            return stops_for(dialect, value, notes)
        case "tools":
            return [t for tool in value if (t := _tool(tool, dialect, notes))] or None
        case "tool_choice" if value == "any" and dialect.required_word:
            notes.append(f"tool_choice any is called {dialect.required_word} by {dialect.name}")
            return dialect.required_word
        case _:
            return value


def stops_for(dialect: Dialect, stops: Sequence[str], notes: list[str]) -> list[str] | None:
    """The stop sequences that this kind of server is sent; None if there are none."""
    sent = [scrub(stop) for stop in stops if stop]
    if len(sent) < len(stops):
        notes.append("an empty stop sequence was not sent")
    most = dialect.most_stops
    if most is not None and len(sent) > most:
        left = ", ".join(map(quoted, sent[most:]))
        notes.append(f"{dialect.name} takes {most} stop sequences; not sent: {one_line(left, 200)}")
    return sent[:most] or None


def _tool(tool: dict[str, Any], dialect: Dialect, notes: list[str]) -> dict[str, Any] | None:
    function = tool.get("function")
    if tool.get("type", "function") != "function" or not isinstance(function, dict):
        if dialect.takes_chunks:
            return tool
        notes.append(f"{dialect.name} has no tool of type {tool.get('type')}: it was not sent")
        return None
    if "parameters" in function:
        return {"type": "function", **tool}
    empty = {"type": "object", "properties": {}}
    return {"type": "function", **tool, "function": {**function, "parameters": empty}}


def _add_prefix(
    body: dict[str, Any], prefix: str | None, dialect: Dialect, notes: list[str]
) -> str | None:
    """Have the server begin its reply with the prefix; gives back the prefix if it can."""
    if not prefix:
        return None
    if dialect.prefix_members is None:
        notes.append(f"{dialect.name} cannot be given the beginning of a reply: it was not sent")
        return None
    prefix = scrub(prefix)
    message: dict[str, Any] = {"role": "assistant", "content": prefix}
    if dialect.takes_chunks:
        message["prefix"] = True
    body["messages"] = [*body["messages"], message]
    body |= dialect.prefix_members
    if dialect.prefix_note:
        notes.append(dialect.prefix_note)
    return prefix
