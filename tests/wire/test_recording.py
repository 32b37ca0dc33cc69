from __future__ import annotations

import itertools

import pytest

from tests.fakes.server import CUT, Answer, FakeServer, sse
from tui.core.completion import CompletionRequest
from tui.core.failure import Failure
from tui.core.message import Message
from tui.core.parameters import Parameters
from tui.core.provider import Provider
from tui.core.words import Kind, Role
from tui.wire import recording as module
from tui.wire.client import Client
from tui.wire.recording import Recorder, Recording
from tui.wire.secret import Secret

KEY = "sk-0123456789abcdef"


def recording(body: dict[str, object] | None = None) -> Recording:
    return Recording(Provider(name="p"), "http://h/v1", body or {}, (), Secret(KEY))


def texts(one: Recording) -> list[str]:
    return [text for _, text in one.lines()]


async def ask(server: FakeServer, recorder: Recorder, **members: object) -> list[object]:
    provider = Provider(name="fake", kind=Kind.MISTRAL, base_url=server.url)
    client = Client(provider, KEY, recorder=recorder)
    message = Message(role=Role.USER, content="hello")
    asked = CompletionRequest([message], Parameters(model="m"), name="a1", **members)  # type: ignore[arg-type]  # members by name
    try:
        return [event async for event in client.stream(asked)]
    finally:
        await client.aclose()


async def test_what_comes_is_kept_as_it_came_with_times() -> None:
    recorder = Recorder()
    with FakeServer() as server:
        server.reply_with(sse("Hel", "lo"))
        await ask(server, recorder)
    kept = recorder.find("a1")
    assert kept is not None
    assert kept.body["messages"] == [{"role": "user", "content": "hello"}]
    lines = texts(kept)
    assert lines[0] == "< HTTP 200"
    assert [line for line in lines if line.startswith("data: ")][-1] == "data: [DONE]"
    assert '"content":"Hel"' in "".join(lines).replace(": ", ":")
    times = [seconds for seconds, _ in kept.lines()]
    assert times == sorted(times)


async def test_failures_and_tries_are_noted() -> None:
    recorder = Recorder()
    with FakeServer() as server:
        server.reply_with(Answer(500, {}, [b'{"message": "out of order"}']))
        server.reply_with(
            Answer(200, {"content-type": "text/event-stream"}, [b"data: {}\n\n", CUT])
        )
        with pytest.raises(Failure):
            await ask(server, recorder, longest_wait_s=60.0, retries=1)
    kept = recorder.find("a1")
    assert kept is not None
    assert any("out of order" in line for line in texts(kept))
    assert any("before the next try" in line for line in texts(kept))
    assert texts(kept)[-1].startswith("* ")


async def test_what_was_written_by_hand_is_sent_as_it_is() -> None:
    body = {
        "model": "x",
        "messages": [{"role": "user", "content": "other"}],
        "stream": True,
        "odd": [1],
    }
    with FakeServer() as server:
        events = await ask(server, Recorder(), body=body)
        assert server.wait_for(1)[0].json == body
    assert events[0].notes == ("the request was sent as it was written by hand",)  # type: ignore[attr-defined]  # the first is Opened


async def test_what_is_called_otherwise_there_is_noted() -> None:
    recorder = Recorder()
    message = Message(role=Role.USER, content="hello")
    asked = CompletionRequest([message], Parameters(random_seed=1), name="a1")
    with FakeServer() as server:
        client = Client(Provider(name="p", base_url=server.url), None, recorder=recorder)
        assert [event async for event in client.stream(asked)]
        await client.aclose()
    kept = recorder.find("a1")
    assert kept is not None
    assert kept.notes == ("random_seed is called seed by OpenAI",)


def test_the_key_is_taken_out_wherever_it_comes_back() -> None:
    one = recording()
    one.answered("HTTP 200", {"x-echo": KEY, "set-cookie": "session=1"})
    one.took(b"data: your key " + KEY[:9].encode())
    one.took(KEY[9:].encode() + b" is\n")
    text = "\n".join(texts(one))
    assert KEY not in text
    assert "session=1" not in text
    assert KEY not in repr(one)


def test_letters_that_were_cut_in_two_are_whole_again() -> None:
    one = recording()
    data = "data: ä€😀\n".encode()
    for byte in data:
        one.took(bytes([byte]))
    assert texts(one) == ["data: ä€😀"]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 1000)
    monkeypatch.setattr(module, "LARGEST_ALL", 3000)
    recorder = Recorder()
    for name in map(str, range(10)):
        one = recording()
        recorder.begin(name, one)
        for piece in itertools.repeat(b"x" * 100 + b"\n", 50):
            one.took(piece)
        assert one.size < 1200
        assert texts(one)[-1].endswith("were not kept here")
    found = [name for name in map(str, range(10)) if recorder.find(name)]
    assert found[-1] == "9"
    assert len(found) <= 4
