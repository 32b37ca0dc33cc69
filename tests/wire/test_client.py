import asyncio
import gzip
import json
import threading
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.server import (
    CUT,
    DONE,
    HANG,
    Answer,
    FakeServer,
    Hold,
    chunk,
    document,
    sse,
    whole,
)
from tui.core.completion import CompletionRequest, Usage
from tui.core.events import Finished, Opened, PartDelta, Retrying, TextDelta
from tui.core.failure import Failure, FailureKind
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.words import Kind, Role
from tui.wire import client as client_module
from tui.wire.client import Client
from tui.wire.expect import outcome

SAMPLES = Path(__file__).parent / "samples"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))["samples"]
REPLIES = sorted(n for n, s in EXPECTED.items() if s["kind"] in {"stream", "response"})
KEY = "sk-0123456789abcdefghij"


@pytest.fixture
def server():
    with FakeServer() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr("tui.wire.retry._FIRST_S", 0.001)


def provider(server: FakeServer, kind: Kind = Kind.MISTRAL, **members: Any) -> Provider:
    return Provider(name="test", kind=kind, base_url=server.url, **members)


def request(text: str = "hello", retries: int = 0, **parameters: Any) -> CompletionRequest:
    message = Message(role=Role.USER, content=text)
    return CompletionRequest([message], Parameters(model="m", **parameters), retries)


async def collect(client: Client, asked: CompletionRequest) -> tuple[list[Any], Any]:
    events: list[Any] = []
    failure: Any = None
    try:
        async for event in client.stream(asked):
            events.append(event)
    except Failure as problem:
        failure = problem
    finally:
        await client.aclose()
    return events, failure


async def ask(
    server: FakeServer,
    asked: CompletionRequest | None = None,
    kind: Kind = Kind.MISTRAL,
    key: str | None = None,
    **members: Any,
) -> tuple[list[Any], Any]:
    client = Client(provider(server, kind, **members), key)
    return await collect(client, asked or request())


def text(events: list[Any]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


@pytest.mark.parametrize("name", REPLIES)
async def test_a_sample_over_http_gives_what_is_expected(server, name):
    sample = EXPECTED[name]
    data = (SAMPLES / name).read_bytes()
    pieces = [data[at : at + 97] for at in range(0, len(data), 97)]
    server.reply_with(Answer(sample["status"], sample["headers"], pieces))
    prefix = sample.get("request", {}).get("prefix")
    events, failure = await ask(server, request(prefix=prefix))
    reply = failure.reply if failure else events[-1].reply
    got = json.loads(json.dumps(outcome(reply, failure)))
    for member, value in sample["expect"].items():
        if member == "error" and value:
            assert {part: got["error"][part] for part in value} == value
        else:
            assert got[member] == value
    assert text(events) == got["choices"][0]["text"] or len(got["choices"]) > 1


async def test_events_come_in_their_order(server):
    server.stream_text("one two", 2)
    events, failure = await ask(server)
    assert failure is None
    assert [type(event) for event in events[:2]] == [Opened, TextDelta]
    last = events.pop()
    assert {type(event) for event in events[1:]} == {TextDelta}
    assert sum(event.pieces for event in events[1:]) == 2
    assert isinstance(last, Finished)
    assert last.reply.choices[0].text == "one two"
    assert last.reply.usage == Usage(7, 2, 9)


async def test_the_request_says_what_it_wants(server):
    await ask(server, request("ho", stop=["x"], random_seed=3), key=KEY)
    (seen,) = server.requests
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.headers["accept"] == "text/event-stream"
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["user-agent"].startswith("bise/")
    assert seen.json == {
        "model": "m",
        "messages": [{"role": "user", "content": "ho"}],
        "stop": ["x"],
        "random_seed": 3,
        "stream": True,
    }


async def test_without_a_key_no_authorization_is_sent(server):
    await ask(server)
    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize("end", ["", "/", "/v1", "/v1/", "/v1/chat/completions"])
async def test_every_form_of_the_base_url_leads_to_the_same_path(server, end):
    target = Provider(name="test", base_url=server.root + end)
    await collect(Client(target, None), request())
    assert server.requests[0].path == "/v1/chat/completions"


async def test_a_reply_that_is_not_streamed_is_read(server):
    server.reply_with(whole("all at once"))
    events, failure = await ask(server, request(stream=False))
    assert failure is None
    assert text(events) == "all at once"
    assert server.requests[0].headers["accept"] == "application/json"
    assert server.requests[0].json["stream"] is False


async def test_json_in_answer_to_a_stream_request_is_read(server):
    server.reply_with(whole("all at once"))
    events, _ = await ask(server)
    assert events[-1].reply.choices[0].text == "all at once"


async def test_a_stream_in_answer_to_a_plain_request_is_read(server):
    server.stream_text("in pieces", 3)
    events, _ = await ask(server, request(stream=False))
    assert events[-1].reply.choices[0].text == "in pieces"


async def test_a_dropped_connection_is_tried_again(server):
    server.reply_with(Answer(steps=[CUT], raw=True), sse("there"))
    events, failure = await ask(server, request(retries=1))
    assert failure is None
    assert isinstance(events[0], Retrying)
    assert events[0].attempt == 1
    assert events[0].failure.kind is FailureKind.CONNECT
    assert text(events) == "there"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 520])
async def test_a_passing_refusal_is_tried_again(server, status):
    server.reply_with(document({"message": "not now"}, status), sse("now"))
    events, failure = await ask(server, request(retries=1))
    assert failure is None
    assert [type(event) for event in events[:2]] == [Retrying, Opened]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422])
async def test_a_lasting_refusal_is_not_tried_again(server, status):
    server.reply_with(document({"message": "never"}, status))
    events, failure = await ask(server, request(retries=3))
    assert events == []
    assert failure.status == status
    assert failure.message == "never"
    assert len(server.requests) == 1


async def test_it_is_tried_no_more_often_than_asked(server):
    server.reply_with(*[document({"message": "busy"}, 503)] * 4)
    events, failure = await ask(server, request(retries=2))
    assert [event.attempt for event in events] == [1, 2]
    assert failure.kind is FailureKind.SERVER
    assert len(server.requests) == 3


async def test_the_wait_that_the_server_asks_for_is_kept(server):
    server.reply_with(document({}, 429, {"retry-after-ms": "12"}), sse("now"))
    events, _ = await ask(server, request(retries=1))
    assert events[0].wait_s == 0.012


async def test_a_long_wait_is_not_waited_for(server):
    server.reply_with(document({}, 429, {"retry-after": "61"}))
    events, failure = await ask(server, request(retries=3))
    assert events == []
    assert failure.retry_after_s == 61


async def test_nothing_is_sent_again_once_the_reply_has_begun(server):
    server.reply_with(sse("Hel", "lo", CUT, finish=None))
    events, failure = await ask(server, request(retries=3))
    assert failure.kind is FailureKind.TRUNCATED
    assert text(events) == "Hello"
    assert failure.reply.choices[0].text == "Hello"
    assert len(server.requests) == 1


async def test_a_break_after_the_finish_reason_is_no_truncation(server):
    server.reply_with(sse("Hello", chunk({}, "stop"), CUT, finish=None))
    events, failure = await ask(server)
    assert failure is None
    assert isinstance(events[-1], Finished)


async def test_a_server_that_never_closes_the_stream_does_not_hold_the_reply_up(
    server, monkeypatch
):
    monkeypatch.setattr(client_module, "_LINGER_S", 0.05)
    server.reply_with(sse("Hello", chunk({}, "stop"), HANG, finish=None))
    _, failure = await ask(server)
    assert failure is None


async def test_silence_before_the_first_byte_ends_in_a_timeout(server):
    server.reply_with(Answer(steps=[HANG], raw=True))
    events, failure = await ask(server, request(retries=3), idle_timeout_s=0.1)
    assert events == []
    assert failure.kind is FailureKind.TIMEOUT
    assert "0.1 s" in failure.message


async def test_silence_in_the_middle_keeps_what_had_come(server):
    server.reply_with(sse("Hel", HANG))
    events, failure = await ask(server, idle_timeout_s=0.1)
    assert text(events) == "Hel"
    assert failure.kind is FailureKind.TIMEOUT
    assert failure.reply.choices[0].text == "Hel"


async def test_closing_the_generator_closes_the_connection(server):
    server.reply_with(sse("Hel", HANG))
    client = Client(provider(server), None)
    async with aclosing(client.stream(request())) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    assert await asyncio.to_thread(server.requests[0].wait_until_gone, 1.0)
    await client.aclose()


@pytest.mark.parametrize("kind", list(Kind))
async def test_cancelling_the_task_closes_the_connection(server, kind):
    go = threading.Event()
    server.reply_with(sse("Hel", Hold(go), "lo"))
    client = Client(provider(server, kind), None)
    came = asyncio.Event()

    async def run() -> None:
        async for event in client.stream(request()):
            if isinstance(event, TextDelta):
                came.set()

    task = asyncio.create_task(run())
    await asyncio.wait_for(came.wait(), 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.requests[0].wait_until_gone, 1.0)
    await client.aclose()


async def test_cancelling_before_the_answer_closes_the_connection(server):
    server.reply_with(Answer(steps=[HANG], raw=True))
    client = Client(provider(server), None)
    task = asyncio.create_task(collect(client, request()))
    await asyncio.to_thread(server.wait_for, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.requests[0].wait_until_gone, 1.0)


async def test_connections_are_kept_for_the_next_request(server):
    client = Client(provider(server), None)
    for _ in range(3):
        async for _event in client.stream(request()):
            pass
    await client.aclose()
    assert server.connections == 1


async def test_connections_to_llama_cpp_are_not_kept(server):
    client = Client(provider(server, Kind.LLAMACPP), None)
    for _ in range(2):
        async for _event in client.stream(request()):
            pass
    await client.aclose()
    assert server.connections == 2


async def test_two_replies_stream_at_once(server):
    go = threading.Event()
    server.reply_with(sse("first", Hold(go)), sse("second"))
    client = Client(provider(server), None)
    slow = client.stream(request())
    assert isinstance(await anext(slow), Opened)
    assert await anext(slow) == TextDelta("first")
    assert text([event async for event in client.stream(request())]) == "second"
    go.set()
    assert isinstance([event async for event in slow][-1], Finished)
    await client.aclose()


async def test_a_page_instead_of_a_reply_is_no_reply(server):
    page = b"<!doctype html><title>Welcome</title><p>hi"
    server.reply_with(Answer(200, {"content-type": "text/html"}, [page]))
    _, failure = await ask(server)
    assert failure.kind is FailureKind.PROTOCOL
    assert "Welcome" in failure.message


async def test_an_empty_reply_is_done_and_seen_to_be_empty(server):
    server.reply_with(sse())
    events, failure = await ask(server)
    assert failure is None
    assert events[-1].reply.choices[0].is_empty


async def test_a_body_packed_against_our_wish_is_unpacked(server):
    packed = gzip.compress(b"".join(s for s in sse("Hello").steps if isinstance(s, bytes)))
    headers = {"content-type": "text/event-stream", "content-encoding": "gzip"}
    server.reply_with(Answer(200, headers, [packed[:9], packed[9:]]))
    events, _ = await ask(server)
    assert text(events) == "Hello"


async def test_a_body_that_cannot_be_unpacked_is_told(server):
    server.reply_with(Answer(200, {"content-encoding": "gzip"}, [b"not packed"]))
    _, failure = await ask(server)
    assert failure.kind is FailureKind.PROTOCOL


async def test_the_list_of_models_must_be_one(server):
    for answer in (document({"hello": 1}), Answer(200, {}, [b"<html>"])):
        server.on("GET", "/v1/models", answer)
        client = Client(provider(server), None)
        with pytest.raises(Failure) as caught:
            await client.models()
        await client.aclose()
        assert caught.value.kind is FailureKind.PROTOCOL


async def test_a_list_of_models_that_does_not_come_ends_in_a_timeout(server, monkeypatch):
    monkeypatch.setattr(client_module, "_LIST_S", 0.1)
    server.on("GET", "/v1/models", Answer(200, {}, [b"[", HANG]))
    client = Client(provider(server), None)
    with pytest.raises(Failure) as caught:
        await client.models()
    await client.aclose()
    assert caught.value.kind is FailureKind.TIMEOUT


async def test_a_list_of_models_that_breaks_off_is_told(server):
    server.on("GET", "/v1/models", Answer(200, {}, [b"[", CUT]))
    client = Client(provider(server), None)
    with pytest.raises(Failure) as caught:
        await client.models()
    await client.aclose()
    assert caught.value.kind is FailureKind.CONNECT


async def test_a_refusal_that_breaks_off_says_what_had_come(server):
    server.reply_with(Answer(400, {}, [b"not like", CUT]))
    _, failure = await ask(server)
    assert (failure.status, failure.words) == (400, "not like")


async def test_a_redirect_to_nowhere_is_told(server):
    server.reply_with(_redirect("http://[broken"))
    _, failure = await ask(server)
    assert failure.kind is FailureKind.PROTOCOL


async def test_a_refused_connection_is_told_with_its_host(server):
    server.close()
    _, failure = await ask(server)
    assert failure.kind is FailureKind.CONNECT
    assert f"127.0.0.1:{server.port}" in failure.sentence
    assert "refused" in failure.message


async def test_an_unknown_host_is_told():
    target = Provider(name="test", base_url="https://nowhere.invalid")
    _, failure = await collect(Client(target, None), request())
    assert failure.kind is FailureKind.CONNECT
    assert "nowhere.invalid" in failure.message


async def test_a_server_without_tls_is_told(server):
    target = Provider(name="test", base_url=server.url.replace("http:", "https:"))
    _, failure = await collect(Client(target, None), request())
    assert failure.kind is FailureKind.TLS


async def test_a_redirect_to_itself_is_followed(server):
    server.on("POST", "/old/v1/chat/completions", _redirect("/v1/chat/completions"))
    target = Provider(name="test", base_url=f"{server.root}/old/v1")
    events, failure = await collect(Client(target, KEY), request())
    assert failure is None
    assert text(events) == "You said: hello"
    assert server.requests[1].json == server.requests[0].json


async def test_the_key_does_not_follow_a_redirect_elsewhere(server):
    with FakeServer() as other:
        server.reply_with(_redirect(f"{other.url}/chat/completions"))
        _, failure = await ask(server, key=KEY)
        assert other.requests == []
    assert failure.kind is FailureKind.PROTOCOL
    assert f"127.0.0.1:{other.port}" in failure.message


async def test_redirects_without_end_are_given_up(server):
    server.on("POST", "/v1/chat/completions", _redirect("/v1/chat/completions"))
    _, failure = await ask(server)
    assert failure.kind is FailureKind.PROTOCOL


EVENTS = {"content-type": "text/event-stream"}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(200, EVENTS, [b""]), "before the reply began. Send it again; if that does not help"),
        (Answer(204, {"content-length": "0"}), "before the reply began."),
        (sse("half", finish=None), "before the reply was complete. What had arrived is kept"),
        (document({"error": {"message": "no"}}), "no. HOST made no reply: send it again"),
        (sse("half", b'data: {"error": "no"}\n\n'), "HOST gave up in the middle of the reply"),
        (document({}, 429, {"retry-after": "7200"}), "HOST asks to wait for 2 hours"),
        (Answer(303, {"location": "/", "content-length": "0"}), "HOST answered 303 to the request"),
        (Answer(raw=True, steps=[b"nonsense\r\n\r\n"]), "HOST answered something that is no HTTP"),
    ],
    ids=["empty", "204", "half", "error", "half and error", "limit", "303", "no HTTP"],
)  # fmt: skip
async def test_a_failure_is_told_in_words_that_fit(server, answer, said):
    server.reply_with(answer)
    _, failure = await ask(server)
    assert said.replace("HOST", f"127.0.0.1:{server.port}") in failure.sentence


def _redirect(target: str) -> Answer:
    return Answer(307, {"location": target, "content-length": "0"})


@pytest.mark.parametrize(
    "answer",
    [
        document({"error": {"message": f"bad key {KEY} given", "code": KEY}}, 401),
        document({"error": {"message": f"bad key {KEY[:12]}… given"}}, 401),
        Answer(500, {"content-type": "text/plain"}, [f"Bearer {KEY}".encode()]),
        Answer(200, {"content-type": "text/plain"}, [f"Bearer {KEY}".encode()]),
        sse(chunk({"content": "x"}), f"data: {json.dumps({'error': KEY})}\n\n".encode()),
    ],
)
async def test_the_key_is_in_no_failure(server, answer):
    server.reply_with(answer)
    _, failure = await ask(server, key=KEY)
    told = [failure.sentence, repr(failure), str(failure), str(failure.code), str(failure.words)]
    assert failure is not None
    for part in (KEY, KEY[:10], KEY[-10:]):
        assert not any(part in said for said in told)


def test_the_key_is_in_no_repr(server):
    client = Client(provider(server), KEY)
    assert KEY not in repr(vars(client))


async def test_what_the_headers_tell_is_passed_on(server):
    answer = sse("hi")
    answer.headers |= {
        "mistral-correlation-id": "abc-1",
        "x-model-deprecation-timestamp": "2027-01-01",
        "x-ratelimit-remaining-req-minute": "3",
    }
    server.reply_with(answer)
    events, _ = await ask(server)
    reply = events[-1].reply
    assert reply.request_id == "abc-1"
    assert any("2027-01-01" in note for note in reply.notes)
    assert reply.extra["rate_limits"] == {"x-ratelimit-remaining-req-minute": "3"}


async def test_comments_keep_a_slow_stream_alive(server):
    server.reply_with(sse(b":\n\n", "Hello", b": ping\n\n"))
    events, failure = await ask(server)
    assert failure is None
    assert text(events) == "Hello"


async def test_what_comes_after_the_end_does_not_matter(server):
    server.reply_with(sse("Hello", chunk({}, "stop"), DONE, b"data: {garbage\n\n", finish=None))
    events, failure = await ask(server)
    assert failure is None
    assert text(events) == "Hello"


async def test_notes_about_the_request_come_with_opened(server):
    events, _ = await ask(server, request(safe_prompt=True), Kind.OPENAI)
    assert events[0] == Opened(("OpenAI does not know safe_prompt: it was not sent",))


async def test_a_reply_can_be_had_as_it_stands_before_its_end(server):
    citation = [{"type": "text", "text": "One"}, {"type": "reference", "reference_ids": [1]}]
    usage = {"prompt_tokens": 3, "completion_tokens": 2}
    server.reply_with(sse(chunk({"content": citation}, usage=usage), HANG, finish=None))
    client = Client(provider(server), None)
    async with aclosing(client.stream(request())) as events:
        opened: Any = await anext(events)
        while not isinstance(await anext(events), PartDelta):
            pass
        reply = opened.so_far()
    await client.aclose()
    assert reply.choices[0].references == [{"ids": [1], "offset": 3}]
    assert (reply.usage.completion_tokens, reply.model) == (2, "fake-model")


async def test_parameters_that_are_no_json_are_refused(server):
    _, failure = await ask(server, request(extra={"x": float("nan")}))
    assert failure.kind is FailureKind.CONFIG
    assert server.requests == []


async def test_models_are_listed(server):
    data = json.loads((SAMPLES / "35-models-mistral.json").read_text("utf-8"))
    server.models = data["data"]
    client = Client(provider(server), KEY)
    cards = await client.models()
    await client.aclose()
    assert cards[0].id == "mistral-medium-3-5"
    assert server.requests[0].headers["accept"] == "application/json"


async def test_a_wrong_key_is_told_by_the_list_of_models():
    with FakeServer(key=KEY) as server:
        client = Client(provider(server), "wrong")
        with pytest.raises(Failure) as caught:
            await client.models()
        await client.aclose()
    assert caught.value.kind is FailureKind.AUTH


async def test_the_context_of_llama_cpp_is_the_one_in_use(server):
    server.on("GET", "/props", document({"default_generation_settings": {"n_ctx": 2048}}))
    client = Client(provider(server, Kind.LLAMACPP), None)
    (card,) = await client.models()
    await client.aclose()
    assert card.context == 2048


async def test_a_wait_before_another_try_can_be_skipped(server, monkeypatch):
    server.reply_with(Answer(429, {"retry-after": "3600"}, [b"{}"]), sse("there"))
    client = Client(provider(server), None)
    asked = CompletionRequest(request().messages, Parameters(), retries=1, longest_wait_s=7200)
    events = []
    async with asyncio.timeout(60):
        async for event in client.stream(asked):
            events.append(event)
            if isinstance(event, Retrying):
                assert event.wait_s == 3600
                event.skip()
    await client.aclose()
    assert text(events) == "there"
