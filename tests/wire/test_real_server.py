import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from tui.core.completion import CompletionRequest, Reply
from tui.core.events import Finished, Opened, TextDelta
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.words import Kind, Role
from tui.wire.client import Client

pytestmark = pytest.mark.model

FRANCE = "What is the capital of France?"


@pytest.fixture
async def client(real_server: Any) -> AsyncIterator[Client]:
    provider = Provider(name="local", kind=Kind.LLAMACPP, base_url=real_server.url)
    client = Client(provider, real_server.token)
    yield client
    await client.aclose()


async def test_the_model_is_listed_with_its_context(client):
    (card,) = await client.models()
    assert card.id
    assert card.context
    assert card.context >= 512


def asked(text: str = FRANCE, **parameters: Any) -> CompletionRequest:
    shape = {"temperature": 0, "max_tokens": 24, **parameters}
    return CompletionRequest([Message(role=Role.USER, content=text)], Parameters(**shape))


async def reply_to(client: Client, request: CompletionRequest) -> tuple[Reply, str]:
    events = [event async for event in client.stream(request)]
    assert isinstance(events[0], Opened)
    assert isinstance(events[-1], Finished)
    shown = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert shown == events[-1].reply.choices[0].text
    return events[-1].reply, shown


async def test_a_reply_streams_and_tells_its_usage(client):
    reply, text = await reply_to(client, asked())
    assert "Paris" in text
    assert reply.usage is not None
    assert reply.usage.prompt_tokens
    assert reply.usage.completion_tokens
    assert reply.choices[0].finish_reason in {"stop", "length"}


async def test_a_stop_sequence_ends_the_reply_and_is_not_in_it(client):
    reply, text = await reply_to(client, asked(stop=["Paris", "zzz"]))
    assert "Paris" not in text
    assert reply.choices[0].finish_reason == "stop"


async def test_the_limit_is_kept(client):
    reply, _ = await reply_to(client, asked("Count to one hundred.", max_tokens=3))
    assert reply.choices[0].finish_reason == "length"


async def test_the_same_seed_gives_the_same_text(client):
    request = asked("Tell a story.", temperature=0.9, random_seed=11)
    first, second = [await reply_to(client, request) for _ in range(2)]
    assert first[1] == second[1]


@pytest.mark.parametrize("prefix", ["The capital of France is", "The capital of France is ", "P"])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_prefix_is_continued_and_stands_there_once(client, prefix, stream):
    _, text = await reply_to(client, asked(prefix=prefix, stream=stream))
    assert text.startswith(prefix)
    assert not text[len(prefix) :].lstrip().startswith("The capital of France is")
    assert "Paris" in text


async def test_a_schema_is_kept_to(client):
    schema = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
    form = {"type": "json_schema", "json_schema": {"name": "city", "schema": schema}}
    _, text = await reply_to(client, asked(response_format=form, max_tokens=60))
    assert isinstance(json.loads(text)["city"], str)


async def test_a_prompt_over_the_context_is_told_as_such(client):
    with pytest.raises(Failure) as caught:
        await reply_to(client, asked("word " * 9000))
    assert caught.value.kind is FailureKind.CONTEXT_LENGTH


async def test_a_wrong_key_is_told(real_server):
    provider = Provider(name="local", kind=Kind.LLAMACPP, base_url=real_server.url)
    client = Client(provider, "wrong")
    with pytest.raises(Failure) as caught:
        await reply_to(client, asked())
    await client.aclose()
    assert caught.value.kind is FailureKind.AUTH


async def test_two_replies_stream_at_once_and_one_may_be_stopped(client):
    async def begin() -> str:
        async with aclosing(client.stream(asked("Count to fifty.", max_tokens=400))) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    return event.text
        return ""

    (_, whole), begun = await asyncio.gather(reply_to(client, asked()), begin())
    assert begun
    assert "Paris" in whole


async def test_many_requests_in_a_row_find_the_server(client):
    for _ in range(5):
        await reply_to(client, asked(max_tokens=2))
