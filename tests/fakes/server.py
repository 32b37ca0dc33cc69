"""A scripted chat-completions server on loopback, with real sockets, for tests.

In a test::

    with FakeServer(key="secret") as server:
        server.reply_with(sse("Hel", "lo"))            # one answer per request, in order
        server.reply_with(Answer(429, {"retry-after": "1"}, [b'{"message":"slow down"}']))
        server.stream_text("A long answer.", pieces=5, delay=0.05)
        ... point the client at server.url (ends with /v1) ...
        request = server.wait_for(1)[0]                # .method .path .headers .body .json
        assert request.json["messages"][-1]["content"] == "hello"
        assert request.wait_until_gone(1.0)            # the client closed the connection

When no answer is left, a chat request is answered by a stream that says its last user message
back (`"You said: …"`), `GET /v1/models` by the models given, everything else by 404. With `key` set,
a request without `Authorization: Bearer <key>` gets 401. An answer's steps are bytes to send or one of:

- `Pause(seconds)`: wait; ends at once when the client goes;
- `Hold(event)`: wait until the test sets a `threading.Event` (the way to decide when a delta comes);
- `CUT`: break the connection in the middle of the body;
- `HANG`: never go on; ends when the client goes or the server closes.

`Answer(steps=[...], raw=True)` sends its steps without status line and headers: `[CUT]` closes
without an answer, `[HANG]` never answers. `on("GET", "/v1/models", answer)` fixes what one path says.

As a program, for tests that drive another one in a terminal::

    python -m tests.fakes.server [--port N] [--key KEY] [--script FILE.json] [--delay S]

prints its URL on the first line of standard output, serves until standard input ends or it is
killed. The script is a list of answers: `{"say": "text", "pieces": 5, "delay": 0.05, "finish": "stop",
"then": "cut" | "hang"}` or `{"status": 429, "headers": {…}, "body": "text" or any JSON, "file": "path"}`.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import select
import socket
import sys
import threading
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

DEADLINE = 10.0
"""Seconds that waiting in a test takes at most."""

_TICK = 0.01


@dataclass(frozen=True)
class Pause:
    """A wait of so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Hold:
    """A wait until the test says go on."""

    until: threading.Event


@dataclass(frozen=True)
class Stop:
    """How an answer ends before its time."""

    name: str


CUT = Stop("cut")
HANG = Stop("hang")

Step = bytes | Pause | Hold | Stop


@dataclass
class Answer:
    """What one request is answered with."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    steps: Sequence[Step] = ()
    raw: bool = False
    """Whether the steps are all that is sent: no status line, no headers, no framing."""


@dataclass
class Seen:
    """One request that came in."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    connection: int
    """Counts connections from 1: requests with the same number shared one."""
    gone: threading.Event = field(default_factory=threading.Event)
    """Set once the client has closed the connection before its answer was complete."""
    answered: threading.Event = field(default_factory=threading.Event)
    """Set once the whole answer has been sent."""

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def wait_until_gone(self, seconds: float = DEADLINE) -> bool:
        """Whether the client closed the connection within so many seconds."""
        return self.gone.wait(seconds)


def event(data: Any) -> bytes:
    """One server-sent event with that object."""
    return b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n"


def chunk(delta: dict[str, Any], finish: str | None = None, **members: Any) -> bytes:
    """One event of a streamed reply."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "fake-1", "object": "chat.completion.chunk", "created": 1, "model": "fake-model"}
    return event({**head, "choices": [choice], **members})


DONE = b"data: [DONE]\n\n"


def sse(*texts: str | Step, finish: str | None = "stop", status: int = 200) -> Answer:
    """A stream of these texts (and steps between), complete with usage and end unless `finish` is None."""
    steps: list[Step] = [chunk({"role": "assistant", "content": ""})]
    count = 0
    for text in texts:
        if isinstance(text, str):
            steps.append(chunk({"content": text}))
            count += 1
        else:
            steps.append(text)
    if finish is not None:
        usage = {"prompt_tokens": 7, "completion_tokens": count, "total_tokens": 7 + count}
        steps += [chunk({"content": ""}, finish, usage=usage), DONE]
    return Answer(status, {"content-type": "text/event-stream; charset=utf-8"}, steps)


def document(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """A JSON body."""
    body = json.dumps(data, ensure_ascii=False).encode()
    return Answer(status, {"content-type": "application/json", **(headers or {})}, [body])


def whole(text: str, finish: str = "stop") -> Answer:
    """A reply that is not streamed."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": finish}
    usage = {"prompt_tokens": 7, "completion_tokens": 1, "total_tokens": 8}
    head = {"id": "fake-1", "object": "chat.completion", "created": 1, "model": "fake-model"}
    return document({**head, "choices": [choice], "usage": usage})


def pieces_of(text: str, pieces: int) -> list[str]:
    """The text cut into about so many pieces."""
    size = max(1, -(-len(text) // max(1, pieces)))
    return [text[at : at + size] for at in range(0, len(text), size)]


class FakeServer:
    """A server in threads of its own; see the module's text."""

    def __init__(
        self,
        *,
        key: str | None = None,
        models: Sequence[str | dict[str, Any]] = ("fake-model",),
        port: int = 0,
        delay: float = 0.0,
    ) -> None:
        self.key = key
        self.models: list[str | dict[str, Any]] = list(models)
        self.delay = delay
        """Seconds between two pieces of an answer that is said back."""
        self.requests: list[Seen] = []
        self.connections = 0
        self._answers: list[Answer] = []
        self._fixed: dict[tuple[str, str], Answer] = {}
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._socket = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port: int = self._socket.getsockname()[1]
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.root}/v1"

    def __enter__(self) -> FakeServer:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Break all connections and end the threads."""
        self._closing.set()
        for thread in self._threads:
            thread.join(DEADLINE)
        self._socket.close()

    def reply_with(self, *answers: Answer) -> None:
        """Answer the next requests with these, one each."""
        with self._changed:
            self._answers.extend(answers)

    def on(self, method: str, path: str, answer: Answer) -> None:
        """Answer every request for that path (such as `/v1/models`) with this."""
        self._fixed[method, path] = answer

    def stream_text(
        self, text: str, pieces: int = 5, delay: float = 0.0, finish: str | None = "stop"
    ) -> None:
        """Answer the next request with a stream of this text in so many pieces, `delay` seconds apart."""
        steps: list[str | Step] = []
        for piece in pieces_of(text, pieces):
            steps += [piece, Pause(delay)] if delay else [piece]
        self.reply_with(sse(*steps, finish=finish))

    def wait_for(self, count: int, seconds: float = DEADLINE) -> list[Seen]:
        """The requests, once there are so many of them; fails the test if they don't come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, seconds):
                raise AssertionError(f"{len(self.requests)} requests came, not {count}")
            return list(self.requests)

    def _start(self, target: Any, *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        self._socket.settimeout(_TICK * 5)
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection, self.connections)

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.settimeout(_TICK * 5)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        inbox = bytearray()
        with connection, contextlib.suppress(OSError):
            while seen := self._read(connection, inbox, number):
                answer = self._answer(seen)
                with self._changed:
                    self.requests.append(seen)
                    self._changed.notify_all()
                if not _Sending(connection, seen, self._closing).send(answer):
                    return

    def _read(self, connection: socket.socket, inbox: bytearray, number: int) -> Seen | None:
        while b"\r\n\r\n" not in inbox:
            if not self._receive(connection, inbox) or not inbox[:1].isalpha():
                return None  # gone, or no HTTP (somebody tries TLS)
        head, _, _ = bytes(inbox).partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:])
        }
        length = int(headers.get("content-length", "0"))
        del inbox[: len(head) + 4]
        while len(inbox) < length:
            if not self._receive(connection, inbox):
                return None
        body = bytes(inbox[:length])
        del inbox[:length]
        return Seen(method, path, headers, body, number)

    def _receive(self, connection: socket.socket, inbox: bytearray) -> bool:
        while not self._closing.is_set():
            try:
                data = connection.recv(65536)
            except TimeoutError:
                continue
            inbox += data
            return bool(data)
        return False

    def _answer(self, seen: Seen) -> Answer:
        if self.key is not None and seen.headers.get("authorization") != f"Bearer {self.key}":
            return document({"detail": "Unauthorized"}, 401)
        path = seen.path.partition("?")[0]
        if fixed := self._fixed.get((seen.method, path)):
            return fixed
        if seen.method == "GET" and path == "/v1/models":
            cards = [
                m if isinstance(m, dict) else {"id": m, "object": "model"} for m in self.models
            ]
            return document({"object": "list", "data": cards})
        if seen.method != "POST" or path != "/v1/chat/completions":
            return document({"detail": "Not Found"}, 404)
        with self._changed:
            if self._answers:
                return self._answers.pop(0)
        return self._say_back(seen)

    def _say_back(self, seen: Seen) -> Answer:
        messages = seen.json.get("messages", [])
        said = next((m["content"] for m in reversed(messages) if m["role"] == "user"), "")
        text = f"You said: {said}"
        if not seen.json.get("stream"):
            return whole(text)
        steps: list[str | Step] = []
        for word in text.split(" "):
            steps += [word if not steps else f" {word}", Pause(self.delay)]
        return sse(*steps)


class _Sending:
    """The sending of one answer, with an eye on the client."""

    def __init__(self, connection: socket.socket, seen: Seen, closing: threading.Event) -> None:
        self._connection = connection
        self._seen = seen
        self._closing = closing

    def send(self, answer: Answer) -> bool:
        """Send it; False if the connection is at its end."""
        try:
            return self._send_raw(answer) if answer.raw else self._send_framed(answer)
        except (ConnectionError, TimeoutError):
            if not self._closing.is_set():
                self._seen.gone.set()
            return False

    def _send_all(self, data: bytes) -> None:
        """Send bytes to a client who may be slow to take them."""
        view = memoryview(data)
        while view:
            try:
                view = view[self._connection.send(view) :]
            except TimeoutError:
                if self._closing.is_set():
                    raise

    def _send_raw(self, answer: Answer) -> bool:
        for data in self._bytes(answer.steps):
            self._send_all(data)
        self._seen.answered.set()
        return False

    def _send_framed(self, answer: Answer) -> bool:
        names = {name.lower() for name in answer.headers}
        chunked = "content-length" not in names
        headers = dict(answer.headers)
        if chunked:
            headers["transfer-encoding"] = "chunked"
        lines = [f"HTTP/1.1 {answer.status} Fake", *(f"{n}: {v}" for n, v in headers.items())]
        self._send_all("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))
        for data in self._bytes(answer.steps):
            if data:
                self._send_all(b"%x\r\n%s\r\n" % (len(data), data) if chunked else data)
        if self._was_cut:
            return False
        if chunked:
            self._send_all(b"0\r\n\r\n")
        self._seen.answered.set()
        return "close" not in headers.get("connection", "")

    _was_cut = False

    def _bytes(self, steps: Sequence[Step]) -> Iterator[bytes]:
        for step in steps:
            match step:
                case bytes():
                    yield step
                case Pause(seconds):
                    end = time.monotonic() + seconds
                    self._wait(partial(_is_past, end), min(seconds, _TICK))
                case Hold(until):
                    self._wait(until.is_set)
                case Stop("hang"):
                    self._wait(lambda: False)
                case Stop():
                    self._was_cut = True
                    return

    def _wait(self, over: Callable[[], bool], tick: float = _TICK) -> None:
        """Wait until it is over; raises ConnectionError if the client goes or the server closes first."""
        while not over():
            readable, _, _ = select.select([self._connection], [], [], tick)
            if readable:
                if not self._connection.recv(1, socket.MSG_PEEK):
                    raise ConnectionResetError
                time.sleep(_TICK)  # the next request is there already
            if self._closing.is_set():
                raise ConnectionAbortedError


def _is_past(moment: float) -> bool:
    return time.monotonic() >= moment


def scripted(entry: dict[str, Any]) -> Answer:
    """An answer from its form in a script file."""
    if "say" in entry:
        steps: list[str | Step] = []
        for piece in pieces_of(entry["say"], entry.get("pieces", 5)):
            steps += [piece, Pause(entry.get("delay", 0.0))]
        ends = {"cut": CUT, "hang": HANG}
        if then := entry.get("then"):
            return sse(*steps, ends[then], finish=None)
        return sse(*steps, finish=entry.get("finish", "stop"))
    if "file" in entry:
        body = Path(entry["file"]).read_bytes()
    else:
        body = entry.get("body", "")
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
    headers = entry.get("headers", {"content-type": "application/json"})
    return Answer(entry.get("status", 200), headers, [body])


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description="A scripted chat-completions server on loopback.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key")
    parser.add_argument("--script", type=Path)
    parser.add_argument("--delay", type=float, default=0.0)
    options = parser.parse_args()
    with FakeServer(key=options.key, port=options.port, delay=options.delay) as server:
        if options.script:
            server.reply_with(*map(scripted, json.loads(options.script.read_text("utf-8"))))
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
