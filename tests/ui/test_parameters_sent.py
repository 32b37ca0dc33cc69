from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.desk import FakeDesk
from tests.fakes.server import FakeServer
from tests.ui.session import Maker, Session
from tui.chat.preparing import PreparedBackends
from tui.core.provider import Provider
from tui.core.spec import Home, Shape
from tui.core.spec_text import parse
from tui.core.specs import BY_NAME, SPECS
from tui.core.words import Kind
from tui.store.config.prompts import PromptFolder
from tui.store.places import Places
from tui.ui.features.parameters import Parameters
from tui.ui.features.parameters_rows import rows_of
from tui.wire.client import Client
from tui.wire.dialects import DIALECTS

TOOL = {"type": "function", "function": {"name": "go", "parameters": {"type": "object"}}}
TYPED = {
    "model": "some-model",
    "prefix": "Dear ",
    "response_format": '{"type": "object", "properties": {"a": {"type": "string"}}}',
    "prediction": '{"type": "content", "content": "x"}',
    "tools": json.dumps([TOOL]),
    "tool_choice": "auto",
    "guardrails": '[{"moderation_llm_v2": {"action": "block"}}]',
    "metadata": '{"a": 1}',
    "reasoning_effort": "high",
    "prompt_mode": "reasoning",
    "service_tier": "auto",
    "prompt_cache_key": "key",
    "system_prompt": "Be kind.",
    "extra": "strange = 1",
}
"""What is typed for each; numbers and switches get one that every kind takes."""
LEFT_OUT = {"stop", "stop_off", "stream", "prompt", "cut_here", "prefix_once"}


class Clients:
    """A client for each server, as the program makes them."""

    def __init__(self) -> None:
        self._all: list[Client] = []

    async def backend(self, provider: Provider, told: Callable[[str], None]) -> Client:
        self._all.append(Client(provider, None))
        return self._all[-1]

    async def aclose(self) -> None:
        for client in self._all:
            await client.aclose()


async def on_server(make: Maker, server: FakeServer, kind: Kind, folder: Path) -> Session:
    desk = FakeDesk()
    places = Places(*(folder / name for name in ("config", "data", "state", "cache")))
    desk.backends = PreparedBackends(Clients(), PromptFolder(places))  # type: ignore[assignment]  # another that fits the port
    chat = await make(desk)
    provider = Provider(name="fake", kind=kind, base_url=server.url, model="own-model")
    chat.ctx.need_desk().conductor.providers["fake"] = provider
    return chat


async def log_of(chat: Session, server: FakeServer) -> dict[str, Any]:
    """What the server was asked when the next prompt was sent."""
    before = len(server.requests)
    chat.composer.insert("hello")
    await chat.press("enter")
    await chat.until(lambda: len(server.requests) > before and not chat.busy)
    return dict(server.requests[-1].json)


def member(body: dict[str, Any], name: str, kind: Kind) -> Any:
    """A parameter as it stands in a request; None if it is not there."""
    if name == "prefix":
        last = body["messages"][-1]
        return last["content"] if last["role"] == "assistant" else None
    if name == "extra":
        return {"strange": body["strange"]} if "strange" in body else None
    return body.get(DIALECTS[kind].renamed.get(name, name))


@pytest.mark.parametrize("kind", list(Kind))
async def test_the_server_gets_exactly_what_the_pane_shows(
    make: Maker, kind: Kind, tmp_path: Path
) -> None:
    with FakeServer() as server:
        chat = await on_server(make, server, kind, tmp_path)
        parameters = chat.ctx.features.one(Parameters)
        ours = [s for s in SPECS if s.home is Home.PARAMETERS and s.name not in LEFT_OUT]
        for spec in ours:
            words = {Shape.NUMBER: "0.5", Shape.INTEGER: "1", Shape.SWITCH: "on"}.get(spec.shape)
            typed = words or TYPED[spec.name]
            value = parse(spec, typed, kind)
            if spec.shape in {Shape.TEXT, Shape.OBJECT, Shape.OBJECTS, Shape.TABLE}:
                parameters.put(spec.name, value)
            elif spec.shape is Shape.SWITCH:
                parameters.put(spec.name, True)
            else:
                parameters.take(spec.name, typed)
        for stop in ("\n\n", "END"):
            parameters.take("stop", stop.replace("\n", "\\n"))
        parameters.toggle("stop.1")
        shown = {field.id: field for field in rows_of(parameters.given())}
        body = await log_of(chat, server)
        assert body["stop"] == ["\n\n"]
        assert body["messages"][0] == {"role": "system", "content": "Be kind."}
        for spec in ours:
            if spec.name == "system_prompt":
                continue
            field, sent = shown[spec.name], member(body, spec.name, kind)
            if field.is_faint:
                assert field.note.startswith("not sent")
                assert sent is None, spec.name
            else:
                wanted = parameters.values.get(spec.name)
                assert sent == wanted, spec.name
                text = field.value.removeprefix("☑ ").replace("·", " ")
                assert parse(BY_NAME[spec.name], text) == wanted, spec.name


@pytest.mark.parametrize("kind", list(Kind))
async def test_what_is_reset_is_not_sent_any_more(make: Maker, kind: Kind, tmp_path: Path) -> None:
    with FakeServer() as server:
        chat = await on_server(make, server, kind, tmp_path)
        parameters = chat.ctx.features.one(Parameters)
        plain = await log_of(chat, server)
        for text in ("temperature 0.5", "top_p 0.5", "random_seed 1", "reasoning_effort high"):
            parameters.take(*text.split())
        assert await log_of(chat, server) != {**plain, "messages": []}
        parameters.reset_all()
        again = await log_of(chat, server)
        assert {**again, "messages": []} == {**plain, "messages": []}
