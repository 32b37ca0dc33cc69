"""Answers that a server packs against our wish: they are read, and a small one can't become a huge one."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from functools import cache

import pytest

from tests.fakes.server import Answer, FakeServer, chunk
from tests.wire.test_client import collect, request
from tui.core.provider import Provider
from tui.wire.client import Client

MB = 1 << 20
MOST_MB = 200
"""What the program may take more than it did before the answer came."""
CLIENT = """
import asyncio, resource, sys
from tests.wire.test_client import collect, request
from tui.core.failure import Failure
from tui.core.provider import Provider
from tui.wire.client import Client

async def ask():
    client = Client(Provider(name="p", base_url=sys.argv[1]), None)
    try:
        if sys.argv[2] == "models":
            await client.models()
        else:
            _events, failure = await collect(client, request())
            raise failure
    except Failure as failure:
        print(failure.message)
    await client.aclose()

before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
asyncio.run(ask())
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
"""Prints what it was told, and by how many megabytes it had grown at most."""


@cache
def bomb(begin: bytes) -> bytes:
    """A gigabyte, packed."""
    pack = zlib.compressobj(9, wbits=31)
    piece = b" " * MB
    return b"".join(
        [pack.compress(begin), *(pack.compress(piece) for _ in range(1024)), pack.flush()]
    )


@pytest.mark.parametrize("encoding", ["gzip", "gzip, gzip"])
@pytest.mark.parametrize(
    ("asked", "status", "kind", "begin"),
    [
        ("models", 200, "application/json", b"["),
        ("models", 500, "application/json", b"["),
        ("reply", 200, "application/json", b"{"),
        ("reply", 200, "text/event-stream", b"data: "),
        ("reply", 429, "text/plain", b"x"),
    ],
)
def test_a_small_answer_that_unpacks_to_a_gigabyte_takes_little(
    asked, status, kind, begin, encoding
):
    packed = bomb(begin)
    if encoding != "gzip":
        packed = gzip.compress(packed)
    assert len(packed) < 2 * MB
    headers = {"content-type": kind, "content-encoding": encoding}
    answer = Answer(status, headers, [packed])
    with FakeServer() as server:
        server.on("GET", "/v1/models", answer)
        server.reply_with(*[answer] * 8)
        command = [sys.executable, "-c", CLIENT, server.url, asked]
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    told, grown = done.stdout.splitlines()
    assert told
    assert int(grown) < MOST_MB


async def test_an_answer_that_is_packed_comes_in_pieces_as_it_is_sent():
    said = [chunk({"role": "assistant", "content": "Hello"}), chunk({"content": " there"}, "stop")]
    pack = zlib.compressobj(wbits=31)
    steps = [pack.compress(one) + pack.flush(zlib.Z_SYNC_FLUSH) for one in said]
    with FakeServer() as server:
        headers = {"content-type": "text/event-stream", "content-encoding": "gzip"}
        server.reply_with(Answer(200, headers, steps))
        events, failure = await collect(
            Client(Provider(name="p", base_url=server.url), None), request()
        )
    assert failure is None
    assert "".join(event.text for event in events[1:-1]) == "Hello there"
