"""Talks HTTP with one provider: sends requests, gives out replies, lists models."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import httpx

from tui.core.events import Finished, Opened, Retrying
from tui.core.failure import Failure, FailureKind
from tui.core.nesting import read_json
from tui.core.text import scrub
from tui.core.words import Kind
from tui.wire import failures
from tui.wire.address import base_url, below, host_of
from tui.wire.fill import build_fill
from tui.wire.form import Form
from tui.wire.gather import joined
from tui.wire.models import cards, context_in_use
from tui.wire.moderation import build_moderation, verdicts
from tui.wire.reader import BodyReader
from tui.wire.recording import Recording
from tui.wire.reply import Assembler
from tui.wire.request import build
from tui.wire.retry import wait_before
from tui.wire.secret import Secret
from tui.wire.transport import failure_of, open_client
from tui.wire.unpacking import bytes_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from tui.core.completion import CompletionRequest, FillRequest, Reply
    from tui.core.events import ReplyEvent
    from tui.core.models import ModelCard
    from tui.core.provider import Provider
    from tui.wire.moderation import ModerationRequest, Verdict
    from tui.wire.recording import Recorder
    from tui.wire.request import BuiltRequest

_LONGEST_ERROR: Final = 1 << 20
"""Bytes of an error's body that are read."""
_LONGEST_LIST: Final = 32 << 20
"""Bytes that a list of models, or another short answer, may have."""
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = {301, 302, 307, 308}
_LIST_S: Final = 60.0
"""How long a list of models may take, the whole of it."""
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE: Final = re.compile(r"[\t -~]*")
_VERSION_AT_END: Final = re.compile(r"/v\d+[a-z0-9]*$")
_LINGER_S: Final = 5.0
"""How long the end of a stream is waited for once every choice has its finish reason."""
_DRAIN_S: Final = 0.2
"""How long the end of a body is waited for, so that its connection can be used again."""


class Client:
    """One provider's server; satisfies `core.ports.Backend`."""

    def __init__(
        self,
        provider: Provider,
        key: str | None,
        *,
        keep_alive: bool = True,
        recorder: Recorder | None = None,
    ) -> None:
        """Nothing is sent yet; `recorder` keeps what comes of requests that have a name. Raises `Failure` if the provider's address or the key cannot be right."""
        self._provider = provider
        self._key = Secret(key)
        self._recorder = recorder
        self._base = base_url(provider)
        self._host = host_of(self._base)
        # llama.cpp's server often closes a kept connection just as the next request is sent
        self._keep_alive = keep_alive and provider.kind is not Kind.LLAMACPP
        self._drain_s = _DRAIN_S if self._keep_alive else 0.0
        self._http: httpx.AsyncClient | None = None
        self._check_headers()

    async def stream(self, request: CompletionRequest) -> AsyncGenerator[ReplyEvent]:
        """The events of one reply; see `core.events` for their order. Raises `Failure`."""
        built = build(request, self._provider.kind)
        async with aclosing(
            self._stream(built, request.retries, request.longest_wait_s, request.name)
        ) as events:
            async for event in events:
                yield event

    async def fill(self, request: FillRequest) -> AsyncGenerator[ReplyEvent]:
        """The events of a text that fills a gap, as those of a reply. Raises `Failure`."""
        built = build_fill(request, self._provider.kind)
        async with aclosing(self._stream(built, request.retries, request.longest_wait_s)) as events:
            async for event in events:
                yield event

    async def _stream(
        self, built: BuiltRequest, retries: int, longest_wait_s: float, name: str = ""
    ) -> AsyncGenerator[ReplyEvent]:
        url = self._root(built.path) if built.at_root else below(self._base, built.path)
        recording = self._record(name, url, built)
        attempt = 0
        while True:
            attempt += 1
            try:
                response = await self._open("POST", url, built.body)
                break
            except Failure as failure:
                recording.tell(failure.message)
                wait = wait_before(failure, attempt, longest_wait_s)
                if wait is None or attempt > retries:
                    raise
                skipped = asyncio.Event()
                recording.tell(f"waiting for {wait:.1f} s before the next try")
                yield Retrying(attempt, wait, failure, skipped.set)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(skipped.wait(), wait)
        recording.answered(f"HTTP {response.status_code}", response.headers)
        try:
            async with aclosing(self._read(response, built, recording)) as events:
                async for event in events:
                    yield event
        except Failure as failure:
            recording.tell(failure.message)
            raise
        finally:
            await response.aclose()

    def _record(self, name: str, url: httpx.URL, built: BuiltRequest) -> Recording:
        """Where is noted what comes of a request; it is let go of at once if nobody keeps it."""
        recording = Recording(
            self._provider, str(url), built.body, (*built.notes, *built.renamed), self._key
        )
        if self._recorder is not None and name:
            self._recorder.begin(name, recording)
        return recording

    async def models(self) -> list[ModelCard]:
        """The models on offer for chats, one card each. Raises `Failure`."""
        found = cards(await self._get(below(self._base, "/models")))
        if found is None:
            raise self._misdirected(f"{self._host} answered no list of models")
        if self._provider.kind is Kind.LLAMACPP and len(found) == 1:
            return [replace(found[0], context=await self._context_in_use() or found[0].context)]
        return found

    async def _context_in_use(self) -> int | None:
        try:
            return context_in_use(await self._get(self._root("/props")))
        except Failure:
            return None  # not every build tells; the list itself has come

    def _root(self, path: str) -> httpx.URL:
        """The URL of a path that stands beside the API's version."""
        return self._base.copy_with(path=_VERSION_AT_END.sub("", self._base.path) + path)

    async def moderate(self, asked: ModerationRequest) -> list[Verdict]:
        """What the server thinks of some text or a chat; one verdict per text. Raises `Failure`."""
        path, body = build_moderation(asked, self._provider.kind)
        found = verdicts(await self._exchange("POST", below(self._base, path), body))
        if found is None:
            raise self._misdirected(f"{self._host} answered no moderation")
        return found

    async def upload(self, name: str, data: bytes, purpose: str = "ocr") -> str:
        """Put a file on the server; gives its id. Raises `Failure`."""
        form = Form({"purpose": purpose}, {"file": (name, data)})
        answer = await self._exchange("POST", below(self._base, "/files"), form)
        return self._text_in(answer, "id")

    async def signed_url(self, file_id: str, hours: int = 24) -> str:
        """An address under which anybody can read an uploaded file for so many hours. Raises `Failure`."""
        url = below(self._base, f"/files/{quote(file_id, safe='')}/url")
        answer = await self._get(url.copy_add_param("expiry", str(hours)))
        return self._text_in(answer, "url")

    def _text_in(self, answer: Any, member: str) -> str:
        value = answer.get(member) if isinstance(answer, dict) else None
        if not isinstance(value, str) or not value:
            raise self._misdirected(f"{self._host} answered no {member} of a file")
        return scrub(value)

    async def look(self, path: str, *, at_root: bool = False) -> Any:
        """The JSON behind a path, below the API's version or beside it. Raises `Failure`."""
        return await self._get(self._root(path) if at_root else below(self._base, path))

    async def _get(self, url: httpx.URL) -> Any:
        return await self._exchange("GET", url, None)

    async def _exchange(
        self, method: str, url: httpx.URL, body: dict[str, Any] | Form | None
    ) -> Any:
        """Send something and read the JSON that comes back."""
        try:
            async with asyncio.timeout(_LIST_S):
                response = await self._open(method, url, body)
                try:
                    return read_json(await self._whole(response))
                finally:
                    await response.aclose()
        except (ValueError, RecursionError):
            raise self._misdirected(f"{self._host} answered no JSON") from None
        except TimeoutError:
            what = f"{self._host} did not answer within {_LIST_S:g} s"
            raise Failure(FailureKind.TIMEOUT, what, retryable=True) from None
        except httpx.HTTPError as error:
            raise failure_of(error, self._host, self._provider) from None

    async def aclose(self) -> None:
        """Close all connections."""
        if self._http is not None:
            await self._http.aclose()
            self._http = None

    # Sending

    def _check_headers(self) -> None:
        if not self._key.is_sendable():
            raise Failure(
                FailureKind.CONFIG,
                f"The key for {self._provider.name} holds characters that no key has",
                advice="Copy it again, without line breaks and spaces.",
            )
        for name, value in self._provider.headers.items():
            if not (_HEADER_NAME.fullmatch(name) and _HEADER_VALUE.fullmatch(value)):
                raise Failure(
                    FailureKind.CONFIG,
                    f"The header “{name}” of the provider {self._provider.name} cannot be sent",
                    advice="Names and values of headers are plain ASCII on one line.",
                )

    def _headers(self, accept: str) -> dict[str, str]:
        headers = {**self._provider.headers, "Accept": accept, "Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = self._key.bearer()
        return headers

    async def _open(
        self, method: str, url: httpx.URL, body: dict[str, Any] | Form | None
    ) -> httpx.Response:
        """Send a request; gives back the response, its body unread, if the server accepted it."""
        if self._http is None:
            self._http = open_client(self._provider, self._base, keep_alive=self._keep_alive)
        streams = isinstance(body, dict) and body.get("stream")
        headers = self._headers("text/event-stream" if streams else "application/json")
        content = _encoded(body) if isinstance(body, dict) else None
        if isinstance(body, Form):
            content, headers["Content-Type"] = body.encoded()
        for _ in range(_MOST_REDIRECTS):
            request = self._http.build_request(method, url, content=content, headers=headers)
            try:
                response = await self._http.send(request, stream=True)
            except httpx.HTTPError as error:
                raise failure_of(error, self._host, self._provider) from None
            if response.is_success:
                return response
            if not response.has_redirect_location:
                raise await self._refusal(response)
            await response.aclose()
            url = self._redirected(url, response)
        raise self._misdirected(f"{self._host} redirects without end")

    def _redirected(self, url: httpx.URL, response: httpx.Response) -> httpx.URL:
        """Where the server sends us, if that is itself: the key goes to no other."""
        if response.status_code not in _REDIRECTS:  # 303: the answer is to be fetched elsewhere
            raise self._misdirected(f"{self._host} answered {response.status_code} to the request")
        try:
            target = url.join(response.headers.get("location", ""))
        except (httpx.InvalidURL, ValueError):
            raise self._misdirected(f"{self._host} redirects to no URL") from None
        if (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port):
            there = f"{target.scheme}://{host_of(target)}"
            raise self._misdirected(f"{self._host} redirects to {there}, which was not followed")
        return target

    async def _whole(self, response: httpx.Response) -> bytes:
        """The body, if it is of a size that makes sense."""
        body = bytearray()
        async for data in bytes_of(response):
            body += data
            if len(body) > _LONGEST_LIST:
                raise self._misdirected(f"{self._host} sends without end")
        return bytes(body)

    def _misdirected(self, what: str) -> Failure:
        advice = f"Check {self._provider.setting('base_url')}."
        return Failure(FailureKind.PROTOCOL, self._key.scrub(what), advice=advice)

    async def _refusal(self, response: httpx.Response) -> Failure:
        body = bytearray()
        try:
            async for data in bytes_of(response):
                body += data
                if len(body) >= _LONGEST_ERROR:
                    break
        except httpx.HTTPError:
            pass  # what has come of the body may say enough
        finally:
            await response.aclose()
        return failures.from_response(
            response.status_code,
            response.headers,
            bytes(body),
            host=self._host,
            key=self._key,
            now=time.time(),
        )

    # Reading

    async def _read(
        self, response: httpx.Response, built: BuiltRequest, recording: Recording
    ) -> AsyncGenerator[ReplyEvent]:
        assembler = Assembler(built.prefix, built.shortest_echo)
        reader = BodyReader(
            assembler,
            host=self._host,
            key=self._key,
            content_type=response.headers.get("content-type", ""),
            adapt=built.adapt,
        )

        def so_far() -> Reply:
            reply = assembler.reply()
            self._complete(reply, response, built)
            return reply

        yield Opened(tuple(built.notes), so_far)
        try:
            async with aclosing(self._events(response, reader, recording)) as events:
                async for event in events:
                    yield event
        except Failure as failure:
            if failure.reply is not None:
                self._complete(failure.reply, response, built)
            failure.request_id = failure.request_id or failures.request_id_of(response.headers)
            raise
        yield Finished(so_far())

    async def _events(
        self, response: httpx.Response, reader: BodyReader, recording: Recording
    ) -> AsyncGenerator[ReplyEvent]:
        trouble: Failure | None = None
        body = _until_finished(bytes_of(response), reader, self._drain_s)
        try:
            async with aclosing(body):
                async for data in body:
                    recording.took(data)
                    for event in joined(reader.feed(data)):
                        yield event
        except (httpx.TimeoutException, httpx.DecodingError) as error:
            if not reader.is_finished:
                trouble = failure_of(error, self._host, self._provider)
        except httpx.HTTPError:
            pass  # the line broke: the reader knows whether the reply was whole by then
        for event in joined(reader.break_off(trouble) if trouble else reader.close()):
            yield event

    def _complete(self, reply: Reply, response: httpx.Response, built: BuiltRequest) -> None:
        """Add what the response's headers tell."""
        reply.request_id = failures.request_id_of(response.headers)
        reply.prefix = built.prefix
        reply.notes = list(built.notes)
        if gone := response.headers.get("x-model-deprecation-timestamp"):
            reply.notes.append(f"this model goes away on {gone}")
        limits = {name: value for name, value in response.headers.items() if "ratelimit" in name}
        if limits:
            reply.extra["rate_limits"] = limits


def _encoded(body: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise Failure(
            FailureKind.CONFIG,
            f"The parameters cannot be written as JSON: {error}",
            advice="Look for nan, inf and dates among them.",
        ) from None
    return scrub(text).encode()


async def _until_finished(
    body: AsyncIterator[bytes], reader: BodyReader, drain_s: float
) -> AsyncGenerator[bytes]:
    """The body's pieces, as long as they matter."""
    iterator = aiter(body)
    while not reader.is_done or drain_s:
        try:
            if reader.is_finished:
                async with asyncio.timeout(drain_s if reader.is_done else _LINGER_S):
                    data = await anext(iterator)
            else:
                data = await anext(iterator)
        except (StopAsyncIteration, TimeoutError):
            return
        yield data
