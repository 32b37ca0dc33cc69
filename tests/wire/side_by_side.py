"""What each client makes of every sample, over real HTTP: `python -m tests.wire.side_by_side`.

The same fake server answers bise and the two official clients. A cell says `right` if the text,
the tool calls, the finish reason and the failure (if there is one) are as the sample's expectation
says, otherwise what is wrong.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fakes.server import Answer, FakeServer
from tui.core.completion import CompletionRequest
from tui.core.events import Finished
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.words import Kind, Role
from tui.wire.client import Client
from tui.wire.expect import outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SAMPLES = Path(__file__).parent / "samples"
EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["samples"]
REPLIES = sorted(
    name for name, sample in EXPECTED.items() if sample["kind"] in {"stream", "response"}
)
RIGHT = "right"
WHATS = [{"role": "user", "content": "hello"}]


@dataclass
class Made:
    """What a client made of a reply."""

    texts: dict[int, str] = field(default_factory=dict)
    calls: dict[int, dict[int, list[str]]] = field(default_factory=dict)
    reasons: dict[int, str] = field(default_factory=dict)
    error: str | None = None
    message: str = ""

    def say(self, choice: int, text: object) -> None:
        if isinstance(text, str):
            self.texts[choice] = self.texts.get(choice, "") + text

    def call(self, choice: int, index: int, name: object, arguments: object) -> None:
        held = self.calls.setdefault(choice, {}).setdefault(index, ["", ""])
        held[0] += name if isinstance(name, str) else ""
        held[1] += arguments if isinstance(arguments, str) else json.dumps(arguments or {})


def answer_of(name: str) -> Answer:
    sample = EXPECTED[name]
    return Answer(sample["status"], sample["headers"], [(SAMPLES / name).read_bytes()])


def judged(made: Made, expect: dict[str, Any]) -> str:
    """`right`, or what is wrong."""
    error, ended = expect.get("error"), expect.get("ended", "done")
    if error or ended == "truncated":
        if made.error is None:
            return "takes it for a success"
        words = (error or {}).get("message")
        if words and words not in made.message:
            return "does not give the server's words"
    elif made.error is not None:
        return f"fails: {made.error}"
    for choice in expect["choices"]:
        if made.texts.get(choice["index"], "") != choice["text"]:
            return "another text"
        calls = made.calls.get(choice["index"], {})
        if len(calls) != len(choice["tool_calls"]):
            return "other tool calls"
        for (name, arguments), wanted in zip(calls.values(), choice["tool_calls"], strict=True):
            if name != wanted["name"] or _json(arguments or "{}") != wanted["arguments"]:
                return "other tool calls"
        if not error and made.reasons.get(choice["index"]) != choice["finish_reason"]:
            return "another finish reason"
    return RIGHT


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def by_bise(server: FakeServer, name: str) -> str:
    """All of the expectation holds, thinking, references and usage included."""
    sample = EXPECTED[name]
    parameters = Parameters(
        model="m",
        prefix=sample.get("request", {}).get("prefix"),
        stream=None if sample["kind"] == "stream" else False,
    )
    asked = CompletionRequest([Message(role=Role.USER, content="hello")], parameters, retries=0)

    async def ask() -> dict[str, Any]:
        client = Client(Provider(name="test", kind=Kind.MISTRAL, base_url=server.url), None)
        try:
            events = [event async for event in client.stream(asked)]
        except Failure as failure:
            return outcome(failure.reply, failure)
        finally:
            await client.aclose()
        last = events[-1]
        assert isinstance(last, Finished)
        return outcome(last.reply, None)

    got = asyncio.run(ask())
    for member, value in sample["expect"].items():
        here = got[member]
        if member == "error" and value:
            here = {part: here[part] for part in value} if here else None
        if here != value:
            return f"another {member}"
    return RIGHT


def by_mistralai(server: FakeServer, name: str) -> str:
    made = Made()
    client = import_module("mistralai.client").Mistral(api_key="k", server_url=server.root)
    try:
        if EXPECTED[name]["kind"] == "stream":
            for event in client.chat.stream(model="m", messages=WHATS):
                _take(made, event.data.choices)
        else:
            _take(made, client.chat.complete(model="m", messages=WHATS).choices)
    except Exception as error:  # noqa: BLE001, RUF100 - whatever it raises is what is judged
        _fail(made, error)
    return judged(made, EXPECTED[name]["expect"])


def by_openai(server: FakeServer, name: str) -> str:
    made = Made()
    streams = EXPECTED[name]["kind"] == "stream"
    client = import_module("openai").OpenAI(api_key="k", base_url=server.url, max_retries=0)
    try:
        reply = client.chat.completions.create(model="m", messages=WHATS, stream=streams)
        for event in reply if streams else [reply]:
            _take(made, event.choices or [])
    except Exception as error:  # noqa: BLE001, RUF100
        _fail(made, error)
    finally:
        client.close()
    return judged(made, EXPECTED[name]["expect"])


def _fail(made: Made, error: Exception) -> None:
    made.error = type(error).__name__
    made.message = str(error)


def _take(made: Made, choices: Iterable[Any]) -> None:
    for choice in choices:
        delta = getattr(choice, "delta", None) or choice.message
        content = delta.content
        for chunk in content if isinstance(content, list) else [content]:
            text = chunk.get("text") if isinstance(chunk, dict) else getattr(chunk, "text", chunk)
            made.say(choice.index, text)
        for place, call in enumerate(delta.tool_calls or []):
            index = getattr(call, "index", None)
            function = call.function
            made.call(
                choice.index,
                index if isinstance(index, int) and index else place,
                function.name,
                function.arguments,
            )
        if choice.finish_reason:
            made.reasons[choice.index] = str(choice.finish_reason)


CLIENTS: dict[str, Callable[[FakeServer, str], str]] = {
    "bise": by_bise,
    "mistralai": by_mistralai,
    "openai": by_openai,
}


def row(name: str, clients: Iterable[str] = tuple(CLIENTS)) -> list[str]:
    """What the clients make of one sample."""
    cells = []
    for client in clients:
        with FakeServer() as server:
            server.reply_with(answer_of(name))
            cells.append(CLIENTS[client](server, name))
    return cells


def table() -> str:
    """All samples and clients, as Markdown."""
    lines = [f"| sample | {' | '.join(CLIENTS)} |", "| --- |" + " --- |" * len(CLIENTS)]
    lines += [f"| {name} | {' | '.join(row(name))} |" for name in REPLIES]
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
