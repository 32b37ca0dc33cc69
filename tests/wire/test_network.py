import asyncio
from itertools import pairwise

import httpx
import pytest

from tests.fakes.server import CUT, FakeServer, sse
from tui.core.provider import Provider
from tui.wire.frames import Frames
from tui.wire.network import PAUSE_S, RUSHED_S, Backend, Pace, Stream
from tui.wire.transport import open_client

DEADLINE = 10.0


@pytest.fixture
async def served():
    """Connections to a server that only listens: the test writes for it."""
    arrived: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()

    async def serve(reader, writer):
        await arrived.put((reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    stream = await Backend().connect_tcp("127.0.0.1", server.sockets[0].getsockname()[1], DEADLINE)
    async with asyncio.timeout(DEADLINE):
        reader, writer = await arrived.get()
    yield stream, reader, writer
    await stream.aclose()
    writer.close()
    server.close()
    await server.wait_closed()


async def test_the_library_still_lets_us_make_its_connections(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    provider = Provider(name="test", base_url="https://example.invalid/v1")
    client = open_client(provider, httpx.URL("https://example.invalid/v1"), keep_alive=True)
    proxies = [transport for transport in client._mounts.values() if transport is not None]
    assert proxies
    for transport in (client._transport, *proxies):
        assert isinstance(vars(transport)["_pool"]._network_backend, Backend)
    await client.aclose()


async def test_bytes_go_both_ways(served):
    stream, reader, writer = served
    await stream.write(b"question")
    assert await reader.readexactly(8) == b"question"
    writer.write(b"answer")
    assert await stream.read(100, DEADLINE) == b"answer"


async def test_the_end_is_told_once_all_was_read(served):
    stream, _, writer = served
    writer.write(b"last words")
    writer.close()
    assert await stream.read(100, DEADLINE) == b"last words"
    assert await stream.read(100, DEADLINE) == b""
    assert stream.get_extra_info("is_readable")


async def test_silence_ends_in_a_timeout(served):
    stream, _, _ = served
    with pytest.raises(httpx.ReadTimeout):
        await stream.read(100, 0.001)


async def test_more_than_fits_holds_the_sender_up_and_is_read_whole(served):
    stream, _, writer = served
    whole = bytes(range(256)) * 40_000
    writer.write(whole)
    got = bytearray()
    while len(got) < len(whole):
        got += await stream.read(1, DEADLINE)
    assert got == whole


async def test_a_big_request_is_sent_whole(served):
    stream, reader, _ = served
    whole = b"0123456789" * 500_000
    sending = asyncio.create_task(stream.write(whole, DEADLINE))
    assert await reader.readexactly(len(whole)) == whole
    await sending


async def test_a_server_that_takes_nothing_ends_in_a_timeout(served):
    stream, _, _ = served
    with pytest.raises(httpx.WriteTimeout):
        await stream.write(b"x" * 50_000_000, 0.01)


async def test_nothing_is_sent_on_a_closed_connection(served):
    stream, _, _ = served
    await stream.aclose()
    with pytest.raises(httpx.WriteError):
        await stream.write(b"late")
    assert stream.get_extra_info("socket") is None or stream.get_extra_info("is_readable")


async def test_a_port_without_a_server_is_told():
    with pytest.raises(httpx.ConnectError):
        await Backend().connect_tcp("127.0.0.1", 9, DEADLINE)


async def test_a_reader_who_is_cancelled_leaves_the_connection_reading(served):
    stream, _, writer = served
    stream._frames.is_stream = True
    stream._pace._next_at = asyncio.get_running_loop().time() + 3600
    reading = asyncio.create_task(stream.read(100, None))
    await asyncio.sleep(0)
    assert not stream._transport.is_reading()
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)
    stream._pace = Pace()
    writer.write(b"more")
    assert await stream.read(100, DEADLINE) == b"more"


def reads(pace: Pace, *waits: float, size: int = 10, pieces: int = 1) -> list[float]:
    """The pauses that follow on reads which had to wait so long each for so many pieces."""
    pauses = []
    now = 100.0
    for wait in waits:
        pace.waits(now)
        now += wait
        pace.took(size, pieces, now)
        pauses.append(max(0.0, pace.left(now)))
        now += pauses[-1]
    return pauses


def test_a_quick_stream_is_left_alone_for_a_frame_after_every_read_but_the_first():
    assert reads(Pace(), 0.01, 0.01, 0.001) == pytest.approx([0, PAUSE_S, PAUSE_S])


def test_a_stream_quicker_than_anyone_reads_is_left_alone_for_longer():
    assert reads(Pace(), *[0.001] * 12, pieces=40)[-1] == pytest.approx(RUSHED_S)
    assert PAUSE_S < reads(Pace(), *[0.001] * 12, pieces=12)[-1] < RUSHED_S


def test_a_slow_stream_is_never_left_alone():
    assert reads(Pace(), *[2 * PAUSE_S] * 5) == [0] * 5


def test_a_sender_who_is_ahead_is_never_left_alone():
    assert reads(Pace(), *[0.0001] * 5, size=100_000) == [0] * 5


async def test_a_quick_stream_takes_fewer_reads_than_it_has_pieces(monkeypatch):
    feeds: list[int] = []
    feed = Frames.feed

    def counted(self, data):
        feeds.append(len(data))
        return feed(self, data)

    monkeypatch.setattr(Frames, "feed", counted)
    provider = Provider(name="test", base_url="http://127.0.0.1:1/v1")
    with FakeServer() as server:
        server.stream_text("x" * 100, 100, 0.001)
        client = open_client(provider, httpx.URL(server.url), keep_alive=False)
        async with client.stream("POST", f"{server.url}/chat/completions", json={}) as response:
            body = b"".join([piece async for piece in response.aiter_raw()])
        await client.aclose()
    assert body.count(b'"x"') == 100
    assert len(feeds) < 60


async def test_a_cut_connection_is_no_end(monkeypatch):
    provider = Provider(name="test", base_url="http://127.0.0.1:1/v1")
    with FakeServer() as server:
        server.reply_with(sse("a", CUT, finish=None))
        client = open_client(provider, httpx.URL(server.url), keep_alive=False)
        with pytest.raises(httpx.RemoteProtocolError):
            await client.post(f"{server.url}/chat/completions", json={})
        await client.aclose()


def test_the_pieces_of_a_stream_are_named_as_the_library_names_them():
    httpcore = pytest.importorskip("httpcore")
    for ours, theirs in pairwise(
        [Backend, httpcore.AsyncNetworkBackend, Stream, httpcore.AsyncNetworkStream]
    ):
        if ours in {Backend, Stream}:
            wanted = {name for name in vars(theirs) if not name.startswith("_")}
            assert wanted <= set(dir(ours))
