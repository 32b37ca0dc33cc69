"""The connection below the HTTP library: TCP and TLS by asyncio, read at the pace of the screen.

It takes the place of the library's own network layer, which costs more per read than all that is
done with a token. A quick stream of events is read once per frame: its pieces pile up in the
system's buffer meanwhile. Neither the first piece nor a slow stream ever waits.

Errors are raised as httpx's own exceptions.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

import httpx

from tui.wire.frames import Frames

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

PAUSE_S: Final = 0.028
"""How long a quick stream is left alone after a read; one with longer gaps never waits."""
RUSHED_S: Final = 0.075
"""The same for a stream that is quicker than anyone reads."""
_QUICK: Final = 150
_RUSH: Final = 300
"""Pieces a second from which on the pause grows, and from which on it grows no more."""
_MANY: Final = 32_768
"""Bytes in one read from which on the sender is ahead of us, and must not be held up."""
_FULL: Final = 1 << 18
"""Bytes that may wait to be taken before the sender is held up."""
_PIECE: Final = b"data:"
"""What each event of a stream has once: counted to learn how quick it is, nothing else."""
_HAPPY_EYEBALLS_S: Final = 0.25


def use_in(client: httpx.AsyncClient) -> None:
    """Have a client's connections, those through proxies too, made by this module.

    The library has no public way for that. Should its insides change, it stays as it was.
    """
    transports = [client._transport, *client._mounts.values()]  # noqa: SLF001 - see above
    for transport in transports:
        pool: Any = getattr(transport, "_pool", None)
        if hasattr(pool, "_network_backend"):
            pool._network_backend = Backend()  # noqa: SLF001


class Backend:
    """Makes connections; has the methods of httpcore's `AsyncNetworkBackend`."""

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> Stream:
        """A connection to that host. Raises `httpx.ConnectError` or `httpx.ConnectTimeout`."""
        loop = asyncio.get_running_loop()
        async with _connecting(timeout):
            transport, stream = await loop.create_connection(
                Stream,
                host,
                port,
                local_addr=(local_address, 0) if local_address else None,
                happy_eyeballs_delay=_HAPPY_EYEBALLS_S,
            )
        for option in socket_options or ():
            transport.get_extra_info("socket").setsockopt(*option)
        return stream

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> Stream:
        """A connection to a socket in the file system."""
        loop = asyncio.get_running_loop()
        async with _connecting(timeout):
            _, stream = await loop.create_unix_connection(Stream, path)
        return stream

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Stream(asyncio.Protocol):
    """One connection; has the methods of httpcore's `AsyncNetworkStream`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._received: list[bytes] = []
        self._size = 0
        self._is_over = False
        self._error: BaseException | None = None
        self._reader: asyncio.Future[None] | None = None
        self._writer: asyncio.Future[None] | None = None
        self._lost: asyncio.Future[None] = self._loop.create_future()
        self._is_full = False
        """Whether reading was stopped because too much waits to be taken."""
        self._frames = Frames()
        self._pace = Pace()

    # What the library asks for

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        """The next bytes; none at the end. Raises `httpx.ReadError` or `httpx.ReadTimeout`."""
        while True:
            data = await self._read_raw(timeout)
            if not data:
                return self._frames.close()
            if framed := self._frames.feed(data):
                return framed

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send bytes. Raises `httpx.WriteError` or `httpx.WriteTimeout`."""
        if not buffer:
            return
        if self._transport is None or self._is_over:
            raise httpx.WriteError("the connection is closed") from self._error
        self._frames = Frames()  # what is read from now on answers this
        self._pace = Pace()
        self._transport.write(buffer)
        if self._writer is not None:
            try:
                async with asyncio.timeout(timeout):
                    await asyncio.shield(self._writer)
            except TimeoutError:
                raise httpx.WriteTimeout("the server takes no more") from None
        if self._error is not None:
            raise httpx.WriteError("the connection broke") from self._error

    async def aclose(self) -> None:
        """Close the connection at once."""
        if self._transport is not None:
            self._transport.abort()
            await asyncio.shield(self._lost)

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> Stream:
        """The same connection, encrypted. Raises `httpx.ConnectError` or `httpx.ConnectTimeout`."""
        if self._transport is None:
            raise httpx.ConnectError("the connection is closed")
        inner = Stream()
        async with _connecting(timeout, "SSL"):
            transport = await self._loop.start_tls(
                self._transport, inner, ssl_context, server_hostname=server_hostname
            )
            if transport is None:
                raise ConnectionResetError
        inner.connection_made(transport)
        return inner

    def get_extra_info(self, info: str) -> Any:
        """What the library wants to know of the connection."""
        if info == "is_readable":  # while nothing is asked for, that means it was closed
            return self._is_over or bool(self._received)
        names = {"client_addr": "sockname", "server_addr": "peername"}
        if self._transport is None or info not in {*names, "ssl_object", "socket"}:
            return None
        return self._transport.get_extra_info(names.get(info, info))

    # What asyncio tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is there."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Bytes have come."""
        self._received.append(data)
        self._size += len(data)
        if self._size >= _FULL and not self._is_full and self._transport is not None:
            self._is_full = True
            self._transport.pause_reading()
        _wake(self._reader)

    def eof_received(self) -> None:
        """The server says no more; nothing more is said to it either."""
        self._is_over = True
        _wake(self._reader)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._is_over = True
        self._error = self._error or exc
        _wake(self._reader)
        _wake(self._writer)
        _wake(self._lost)

    def pause_writing(self) -> None:
        """The server does not keep up."""
        self._writer = self._loop.create_future()

    def resume_writing(self) -> None:
        """It does again."""
        _wake(self._writer)
        self._writer = None

    # Reading

    async def _read_raw(self, timeout: float | None) -> bytes:  # noqa: ASYNC109
        if not self._received and not self._is_over:
            await self._wait(timeout)
        if self._received:
            return self._take()
        if self._error is not None:
            raise httpx.ReadError("the connection broke") from self._error
        return b""

    def _take(self) -> bytes:
        data = b"".join(self._received)
        self._received.clear()
        self._size = 0
        if self._is_full and self._transport is not None:
            self._is_full = False
            self._transport.resume_reading()
        self._pace.took(len(data), data.count(_PIECE), self._loop.time())
        return data

    async def _wait(self, timeout: float | None) -> None:  # noqa: ASYNC109
        self._reader = self._loop.create_future()
        pause = self._leave_alone()
        try:
            async with asyncio.timeout(timeout):
                await self._reader
        except TimeoutError:
            raise httpx.ReadTimeout("nothing came") from None
        finally:
            self._reader = None
            if pause is not None and not pause.cancelled():
                pause.cancel()
                self._look_again()

    def _leave_alone(self) -> asyncio.TimerHandle | None:
        """Read nothing for the rest of the pause that a quick stream is given."""
        now = self._loop.time()
        transport = self._transport
        left = self._pace.left(now) if self._frames.is_stream else 0.0
        if left <= 0 or transport is None or transport.is_closing():
            self._pace.waits(now)
            return None
        self._pace.waits(now + left)
        transport.pause_reading()
        return self._loop.call_later(left, self._look_again)

    def _look_again(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()


class Pace:
    """How quickly the pieces of one answer come. All times in seconds of the loop's clock."""

    def __init__(self) -> None:
        self._waited_from = 0.0
        self._took_at: float | None = None
        self._next_at = 0.0
        self._rate = 0.0

    def waits(self, now: float) -> None:
        """A piece is awaited from now on."""
        self._waited_from = now

    def took(self, size: int, pieces: int, now: float) -> None:
        """So many bytes were taken, with about so many pieces."""
        is_quick = now - self._waited_from < PAUSE_S
        since, self._took_at = self._took_at, now
        self._next_at = now
        # the head, and a big piece of a sender who is ahead of us, are followed at once
        if since is not None and is_quick and size < _MANY:
            self._rate = (self._rate + pieces / max(now - since, 0.001)) / 2
            self._next_at += self._pause_s

    @property
    def _pause_s(self) -> float:
        haste = min(1.0, max(0.0, (self._rate - _QUICK) / (_RUSH - _QUICK)))
        return PAUSE_S + haste * (RUSHED_S - PAUSE_S)

    def left(self, now: float) -> float:
        """Seconds for which the stream is to be left alone."""
        return self._next_at - now


def _wake(waiter: asyncio.Future[None] | None) -> None:
    if waiter is not None and not waiter.done():
        waiter.set_result(None)


@asynccontextmanager
async def _connecting(timeout: float | None, what: str = "TCP") -> AsyncGenerator[None]:  # noqa: ASYNC109
    try:
        async with asyncio.timeout(timeout):
            yield
    except TimeoutError as error:
        if error.errno is not None:  # the system's own, much longer one
            raise httpx.ConnectError(f"{what}: {error}") from error
        raise httpx.ConnectTimeout("no connection in time") from error
    except (OSError, ssl.SSLError) as error:
        raise httpx.ConnectError(f"{what}: {error}") from error
