import json
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.server import DONE, Answer, FakeServer, document, event, sse
from tui.core.completion import FillRequest
from tui.core.events import Finished, TextDelta
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.words import Kind, Role
from tui.wire.client import Client
from tui.wire.moderation import ModerationRequest

SAMPLES = Path(__file__).parent / "samples"
STREAM = {"content-type": "text/event-stream"}
HIDDEN = "sk-0123456789abcdef"


@pytest.fixture
def server():
    with FakeServer() as server:
        yield server


def client(server: FakeServer, kind: Kind = Kind.MISTRAL) -> Client:
    return Client(Provider(name="test", kind=kind, base_url=server.url), HIDDEN)


def sample(name: str) -> Answer:
    return document(json.loads((SAMPLES / name).read_text("utf-8")))


async def fill(
    server: FakeServer, kind: Kind = Kind.MISTRAL, suffix: str = "end", **parameters: Any
) -> tuple[str, Finished]:
    asked = FillRequest("begin", suffix, Parameters(model="m", **parameters), retries=0)
    one = client(server, kind)
    try:
        events = [event async for event in one.fill(asked)]
    finally:
        await one.aclose()
    last = events.pop()
    assert isinstance(last, Finished)
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert text == last.reply.choices[0].text
    return text, last


async def test_mistral_fills_a_gap_in_a_stream(server):
    server.on("POST", "/v1/fim/completions", sse("mid", "dle"))
    text, _ = await fill(server, max_tokens=5, random_seed=1, stop=["x"], min_tokens=1)
    assert text == "middle"
    assert server.requests[0].json == {
        "model": "m",
        "prompt": "begin",
        "suffix": "end",
        "max_tokens": 5,
        "stop": ["x"],
        "random_seed": 1,
        "min_tokens": 1,
        "stream": True,
    }


async def test_mistral_fills_a_gap_in_one_piece(server):
    server.on("POST", "/v1/fim/completions", sample("37-response-fim.json"))
    text, last = await fill(server, stream=False)
    assert text == "    return a + b\n"
    assert last.reply.usage is not None
    assert last.reply.usage.total_tokens == 17


async def test_llamacpp_fills_a_gap_by_its_own_endpoint(server):
    steps = [
        event({"content": "mid", "stop": False}),
        event({"content": "dle", "stop": False}),
        event(
            {
                "content": "",
                "stop": True,
                "stop_type": "limit",
                "tokens_evaluated": 4,
                "tokens_predicted": 2,
            }
        ),
    ]
    server.on("POST", "/infill", Answer(200, STREAM, steps))
    text, last = await fill(server, Kind.LLAMACPP, max_tokens=2, random_seed=3)
    assert text == "middle"
    assert last.reply.choices[0].finish_reason == "length"
    assert last.reply.usage is not None
    assert last.reply.usage.total_tokens == 6
    body = server.requests[0].json
    assert (body["input_prefix"], body["input_suffix"]) == ("begin", "end")
    assert (body["n_predict"], body["seed"]) == (2, 3)


async def test_llamacpp_fills_a_gap_in_one_piece(server):
    server.on("POST", "/infill", document({"content": "middle", "stop": True, "stop_type": "eos"}))
    text, last = await fill(server, Kind.LLAMACPP, stream=False)
    assert (text, last.reply.choices[0].finish_reason) == ("middle", "stop")


@pytest.mark.parametrize("kind", [Kind.OLLAMA, Kind.OPENAI])
async def test_others_fill_a_gap_by_the_older_completions(server, kind):
    def piece(text: str, reason: str | None) -> bytes:
        return event({"choices": [{"index": 0, "text": text, "finish_reason": reason}]})

    steps = [piece("mid", None), piece("dle", None), piece("", "stop"), DONE]
    server.on("POST", "/v1/completions", Answer(200, STREAM, steps))
    text, _ = await fill(server, kind, random_seed=3)
    assert text == "middle"
    body = server.requests[0].json
    assert (body["prompt"], body["suffix"], body["seed"]) == ("begin", "end", 3)


async def test_a_server_that_takes_no_suffix_is_not_asked(server):
    with pytest.raises(Failure) as caught:
        await fill(server, Kind.VLLM)
    assert caught.value.kind is FailureKind.CONFIG
    assert server.requests == []


async def test_what_filling_does_not_know_is_left_out_and_told(server):
    server.on("POST", "/v1/fim/completions", sse("x"))
    _, last = await fill(server, safe_prompt=True, n=2)
    assert len(last.reply.notes) == 2
    assert "n" not in server.requests[0].json


async def test_an_error_in_answer_to_filling_is_told(server):
    server.on("POST", "/v1/fim/completions", sample("38-moderation.json"))
    with pytest.raises(Failure) as caught:
        await fill(server)
    assert caught.value.kind is FailureKind.PROTOCOL


async def moderate(server: FakeServer, kind: Kind = Kind.MISTRAL, **members: Any) -> Any:
    one = client(server, kind)
    try:
        return await one.moderate(ModerationRequest(**members))
    finally:
        await one.aclose()


async def test_a_text_is_moderated(server):
    server.on("POST", "/v1/moderations", sample("38-moderation.json"))
    (verdict,) = await moderate(server, texts=["bad"])
    assert verdict.flagged == ["dangerous"]
    assert verdict.scores["dangerous"] == 0.97
    assert server.requests[0].json == {"model": "mistral-moderation-2603", "input": ["bad"]}


async def test_a_chat_is_moderated_to_its_last_reply(server):
    server.on("POST", "/v1/chat/moderations", sample("38-moderation.json"))
    chat = [Message(role=Role.USER, content="q"), Message(role=Role.ASSISTANT, content="a")]
    await moderate(server, messages=chat)
    assert [m["role"] for m in server.requests[0].json["input"]] == ["user", "assistant"]


@pytest.mark.parametrize("kind", [Kind.OLLAMA, Kind.LLAMACPP, Kind.VLLM])
async def test_servers_without_moderation_are_not_asked(server, kind):
    with pytest.raises(Failure):
        await moderate(server, kind, texts=["x"])
    assert server.requests == []


@pytest.mark.parametrize("answer", [{}, [], {"results": None}, "x"])
async def test_an_answer_that_is_no_moderation_is_told(server, answer):
    server.on("POST", "/v1/moderations", document(answer))
    with pytest.raises(Failure) as caught:
        await moderate(server, texts=["x"])
    assert caught.value.kind is FailureKind.PROTOCOL


async def test_a_file_is_uploaded_and_gets_an_address(server):
    server.on("POST", "/v1/files", document({"id": "f-1", "object": "file"}))
    server.on("GET", "/v1/files/f-1/url", document({"url": "https://files.example/f?sig=1"}))
    one = client(server)
    file_id = await one.upload('a "b"\r\n.pdf', b"%PDF\x00\xff")
    address = await one.signed_url(file_id, 48)
    await one.aclose()
    assert (file_id, address) == ("f-1", "https://files.example/f?sig=1")
    upload, lookup = server.requests
    boundary = upload.headers["content-type"].partition("boundary=")[2]
    assert upload.headers["content-type"].startswith("multipart/form-data")
    assert upload.body.count(boundary.encode()) == 3
    assert b"%PDF\x00\xff" in upload.body
    assert b'name="purpose"\r\n\r\nocr' in upload.body
    assert b'filename="a %22b%22%0D%0A.pdf"' in upload.body
    assert lookup.path.endswith("?expiry=48")


async def test_an_id_of_a_file_leads_nowhere_else(server):
    one = client(server)
    with pytest.raises(Failure):
        await one.signed_url("../models?x=")
    await one.aclose()
    assert server.requests[0].path.startswith("/v1/files/..%2Fmodels%3Fx%3D/url")
