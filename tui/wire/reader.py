"""Reads the body of an answer: a stream of events or one JSON object, whichever it turns out to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tui.core.failure import Failure, FailureKind
from tui.core.nesting import read_json
from tui.wire import failures
from tui.wire.sse import Decoder, TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tui.core.events import ReplyEvent
    from tui.wire.reply import Assembler
    from tui.wire.secret import Secret
    from tui.wire.sse import Event

LARGEST_DOCUMENT: Final = 64_000_000
"""Bytes that a reply in one piece may have."""
_SPACE: Final = b" \t\r\n\xef\xbb\xbf"
_DOCUMENT_STARTS: Final = b"{[<"
_FIELD_STARTS: Final = b":deir"
"""What the lines of an event stream begin with: comments, data, event, error, id, retry."""
_DONE: Final = "[DONE]"


class BodyReader:
    """Turns the bytes of a body, cut anywhere, into the events of a reply.

    `feed` and `close` give out what is certain and then raise `Failure`, with `reply` set, when the
    body reports an error, ends too early or is no reply at all.
    """

    def __init__(
        self,
        assembler: Assembler,
        *,
        host: str,
        key: Secret,
        content_type: str = "",
        adapt: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
    ) -> None:
        """`adapt` brings objects of other endpoints into the form of chat completions."""
        self._adapt = adapt
        self._assembler = assembler
        self._host = host
        self._key = key
        self._is_stream = content_type.lower().startswith("text/event-stream")
        self._decoder = Decoder()
        self._started = False
        self._document: list[bytes] | None = None
        """The body so far, if it is one document."""
        self._size = 0
        self._has_broken_event = False
        self.is_done = False
        """Whether the reply is whole; what may still come is of no interest."""

    @property
    def is_finished(self) -> bool:
        """Whether the reply is whole, or only formalities such as the usage may still come."""
        return self.is_done or self._assembler.is_finished

    def feed(self, data: bytes) -> Iterator[ReplyEvent]:
        """The events that these bytes complete."""
        if self.is_done:
            return
        if not self._started:
            data = self._start(data)
        if self._document is not None:
            self._keep(data)
        else:
            yield from self._take(self._decoded(data))

    def _keep(self, data: bytes) -> None:
        """One more piece of a document."""
        assert self._document is not None  # noqa: S101 - for the type checker
        self._document.append(data)
        self._size += len(data)
        if self._size > LARGEST_DOCUMENT:
            raise self._endless()

    def _decoded(self, data: bytes) -> list[Event]:
        try:
            return self._decoder.feed(data)
        except TooLarge:
            raise self._endless() from None

    def _endless(self) -> Failure:
        """Something does not end; what it is made of is let go."""
        self._document, self._decoder = None, Decoder()
        failure = self._no_reply("sends without end")
        failure.reply = self._assembler.reply()
        return failure

    def _start(self, data: bytes) -> bytes:
        """Tell from the body's first byte what it is."""
        rest = data.lstrip(_SPACE)
        if not rest:
            return data
        self._started = True
        is_line = self._is_stream or rest[0] in _FIELD_STARTS
        if rest[0] in _DOCUMENT_STARTS or not is_line:
            self._document = []
            return rest
        return data

    def close(self) -> Iterator[ReplyEvent]:
        """The events that the end of the body completes."""
        if self.is_done:
            return
        if self._document is not None:
            yield from self._take_document(b"".join(self._document))
        else:
            yield from self._take(self._decoder.close())
        if self._assembler.is_finished and not self._has_broken_event:
            yield from self._finish()
        if not self.is_done:
            yield from self.break_off(self._truncated())

    def break_off(self, failure: Failure) -> Iterator[ReplyEvent]:
        """End the reply before its time: what is certain of it, then the failure."""
        yield from self._assembler.break_off()
        failure.reply = self._assembler.reply()
        raise failure

    def _finish(self) -> Iterator[ReplyEvent]:
        if self.is_done:
            return
        if self._assembler.has_failed:
            yield from self.break_off(self._reported(None))
        yield from self._assembler.finish()
        self.is_done = True

    def _take(self, events: Iterable[Event]) -> Iterator[ReplyEvent]:
        for event in events:
            if self.is_done:
                return
            if self._has_broken_event:
                yield from self.break_off(self._no_reply("sent an event that is no valid JSON"))
            if event.data.strip() == _DONE:
                yield from self._finish()
            else:
                yield from self._take_event(event)

    def _take_event(self, event: Event) -> Iterator[ReplyEvent]:
        data: Any = None
        try:
            data = read_json(event.data) if event.data.strip() else None
        except (ValueError, RecursionError):
            if event.name.endswith("error"):
                data = event.data
            else:
                self._has_broken_event = True  # at the very end of the body it is a truncation
        if isinstance(data, dict) and not failures.is_error(data, event.name):
            yield from self._assembler.add(self._adapt(data) if self._adapt else data)
        elif isinstance(data, dict) or event.name.endswith("error"):
            yield from self.break_off(self._reported(data))

    def _take_document(self, body: bytes) -> Iterator[ReplyEvent]:
        try:
            data = read_json(body.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            if body[:1] in {b"{", b"["}:
                return  # cut short
            yield from self.break_off(self._no_reply(f"answered “{self._headline(body)}”"))
            return
        if isinstance(data, dict) and failures.is_error(data, ""):
            yield from self.break_off(self._reported(data))
        if self._adapt is not None and isinstance(data, dict):
            data = self._adapt(data)
        if not isinstance(data, dict) or not isinstance(data.get("choices"), list):
            yield from self.break_off(self._no_reply("answered JSON that is no chat completion"))
            return
        self._assembler.expect_echo()
        yield from self._assembler.add(data)
        yield from self._finish()

    def _headline(self, body: bytes) -> str:
        text = failures.words_of_page(body.decode("utf-8", "replace")) or "an HTML page"
        return self._key.scrub(text[:200])

    def _no_reply(self, what: str) -> Failure:
        return Failure(
            FailureKind.PROTOCOL,
            f"{self._host} {what}",
            advice="This is no chat-completions server, or not its address: check the base URL.",
        )

    def _reported(self, data: Any) -> Failure:
        """The failure that the server reported in place of the reply, or of the rest of it."""
        has_begun = self._assembler.has_begun
        return failures.from_event(data, host=self._host, key=self._key, has_begun=has_begun)

    def _truncated(self) -> Failure:
        how_far, advice = "was complete", "What had arrived is kept: continue it, or send it again."
        if not self._assembler.has_begun:
            how_far = "began"
            advice = "Send it again; if that does not help, check the base URL."
        return Failure(
            FailureKind.TRUNCATED,
            f"{self._host} ended the connection before the reply {how_far}",
            advice=advice,
            retryable=True,
        )
