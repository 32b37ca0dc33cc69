"""A server of its own process that streams the known text at a known pace.

The prompt says what is wanted: `stream 2000 tokens at 100`; the pace is tokens per second, and 0
means all at once. The first line on standard output is the port; after that comes one line
of JSON when a reply has been written to its end, with the seconds that it took.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from contextlib import suppress

from tests.benchmarks.text import tokens

_ORDER = re.compile(r"stream (\d+) tokens at (\d+)")
_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
    b"Connection: close\r\n\r\n"
)


def event(data: str) -> bytes:
    """One server-sent event as one chunk of the body."""
    body = f"data: {data}\n\n".encode()
    return b"%x\r\n%b\r\n" % (len(body), body)


def delta(text: str, finish: str | None = None) -> bytes:
    """One piece of the reply, in the API's form."""
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
    return event(json.dumps({"id": "bench", "model": "bench", "choices": [choice]}))


async def stream(writer: asyncio.StreamWriter, length: int, rate: int) -> None:
    """Write a reply; pieces that are due at the same moment leave together."""
    pieces = [delta(token) for token in tokens(length)]
    began = time.monotonic()
    sent = 0
    writer.write(_HEAD)
    while sent < length:
        due = length if not rate else min(length, int((time.monotonic() - began) * rate) + 1)
        writer.write(b"".join(pieces[sent:due]))
        await writer.drain()
        sent = due
        if sent < length:
            await asyncio.sleep(max(0.0, began + sent / rate - time.monotonic()))
    writer.write(delta("", "stop") + event("[DONE]") + b"0\r\n\r\n")
    await writer.drain()
    print(json.dumps({"tokens": length, "seconds": time.monotonic() - began}), flush=True)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one request, then close."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    size = re.search(r"(?i)^content-length: *(\d+)", head, re.M)
    body = (await reader.readexactly(int(size[1]))).decode() if size else ""
    orders = _ORDER.findall(body)
    with suppress(ConnectionError):
        if orders:
            length, rate = orders[-1]
            await stream(writer, int(length), int(rate))
        else:
            models = json.dumps({"object": "list", "data": [{"id": "bench", "object": "model"}]})
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(models), models.encode())
            )
            await writer.drain()
        writer.close()
        await writer.wait_closed()


async def main() -> None:
    """Listen on a free port of loopback until standard input ends."""
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
