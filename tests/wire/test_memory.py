import json
import tracemalloc
from collections.abc import Iterable

import pytest

from tests.fakes.server import Answer, FakeServer, chunk
from tests.wire.test_client import collect, request
from tui.core.completion import Reply
from tui.core.failure import Failure, FailureKind
from tui.core.provider import Provider
from tui.wire import reader as reader_module
from tui.wire.client import Client
from tui.wire.reader import BodyReader
from tui.wire.reply import Assembler
from tui.wire.secret import Secret
from tui.wire.sse import Decoder, TooLarge

MB = 1_000_000
TEXT = "text/event-stream"


def read(pieces: Iterable[bytes], content_type: str = TEXT) -> tuple[Reply, int]:
    """The reply that a body gives, and the most memory that reading it took."""
    assembler = Assembler()
    reader = BodyReader(assembler, host="h", key=Secret(None), content_type=content_type)
    tracemalloc.start()
    try:
        for piece in pieces:
            for _ in reader.feed(piece):
                pass
        for _ in reader.close():
            pass
        return assembler.reply(), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_body_of_50_mb_with_little_in_it_takes_little():
    padded = chunk({"content": "a"}, p="x" * 100_000)
    pieces = (padded for _ in range(500))
    reply, most = read([*[padded], *pieces, chunk({}, "stop")])
    assert reply.choices[0].text == "a" * 501
    assert most < 3 * MB


def test_a_reply_of_50_mb_takes_a_small_multiple_of_itself():
    said = chunk({"content": "x" * 100_000})
    reply, most = read(piece for piece in [*[said] * 500, chunk({}, "stop")])
    assert len(reply.choices[0].text) == 50 * MB
    assert most < 50 * MB * 9  # StringIO has four bytes for each character, and grows by copying


def test_a_line_without_end_ends_in_a_failure():
    endless = (b"x" * MB for _ in range(10_000))
    decoder = Decoder()
    decoder.feed(b"data: ")
    with pytest.raises(TooLarge):
        list(map(decoder.feed, endless))


def test_an_event_without_end_ends_in_a_failure():
    decoder = Decoder(1000)
    with pytest.raises(TooLarge):
        list(map(decoder.feed, [b"data: 0123456789\n"] * 100))


def test_many_events_and_comments_are_no_endless_event():
    decoder = Decoder(1000)
    for _ in range(1000):
        assert len(decoder.feed(b"data: 0123456789\n\n")) == 1
    for _ in range(1000):
        assert decoder.feed(b": ping\n\n") == []


def test_what_came_before_something_endless_is_kept():
    pieces = [chunk({"content": "hello"}), b"data: ", *[b"x" * MB] * 100]
    with pytest.raises(Failure) as caught:
        read(pieces)
    assert caught.value.kind is FailureKind.PROTOCOL
    assert caught.value.reply is not None
    assert caught.value.reply.choices[0].text == "hello"


def test_a_document_without_end_ends_in_a_failure(monkeypatch):
    monkeypatch.setattr(reader_module, "LARGEST_DOCUMENT", MB)
    with pytest.raises(Failure) as caught:
        read([b"{", *[b" " * MB] * 3], "application/json")
    assert caught.value.kind is FailureKind.PROTOCOL


async def test_an_endless_body_over_http_is_let_go():
    with FakeServer() as server:
        steps = [chunk({"content": "hello"}), b"data: ", *[b"x" * MB] * 80]
        server.reply_with(Answer(200, {"content-type": TEXT}, steps))
        events, failure = await collect(
            Client(Provider(name="test", base_url=server.url), None), request()
        )
    assert failure.kind is FailureKind.PROTOCOL
    assert failure.reply.choices[0].text == "hello"
    assert [event.text for event in events[1:]] == ["hello"]


async def test_a_list_of_models_without_end_is_let_go(monkeypatch):
    monkeypatch.setattr("tui.wire.client._LONGEST_LIST", 1000)
    with FakeServer() as server:
        body = json.dumps({"data": [{"id": "x" * 2000}]}).encode()
        server.on("GET", "/v1/models", Answer(200, {}, [body]))
        client = Client(Provider(name="test", base_url=server.url), None)
        with pytest.raises(Failure) as caught:
            await client.models()
        await client.aclose()
    assert caught.value.kind is FailureKind.PROTOCOL
