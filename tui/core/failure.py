"""What can go wrong, as one exception that the whole program understands.

Parts that touch the world raise `Failure`; faces (screen, command line) show its sentence.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.core.completion import Reply


class FailureKind(StrEnum):
    """The class of a failure. The first ten are the server's, the next five the line's, the rest ours."""

    BAD_REQUEST = "bad_request"
    CONTEXT_LENGTH = "context_length"
    AUTH = "auth"
    PAYMENT = "payment"
    PERMISSION = "permission"
    NOT_FOUND = "not_found"
    VALIDATION = "validation"
    RATE_LIMIT = "rate_limit"
    SERVER = "server"
    STREAM_ERROR = "stream_error"
    """The server reported an error in the middle of a reply."""

    TRUNCATED = "truncated"
    """The body ended before the reply did."""
    CONNECT = "connect"
    TIMEOUT = "timeout"
    TLS = "tls"
    PROTOCOL = "protocol"
    """The server answered something that is no chat completion, such as an HTML page."""

    CONFIG = "config"
    """Settings, keys, URLs, arguments."""
    DISK = "disk"
    """A file could not be read or written."""
    LOCAL = "local"
    """The embedded model could not be set up or started."""
    OURS = "ours"
    """A mistake in this program."""


class Failure(Exception):
    """Something went wrong that the user should hear of in a sentence.

    `message` is what happened, in the server's own words where it has any; it is hostile text and
    is cleaned where it is painted. It never holds a key. `advice` is what to do about it.
    """

    def __init__(
        self,
        kind: FailureKind,
        message: str,
        *,
        advice: str = "",
        words: str | None = None,
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after_s: float | None = None,
        retryable: bool = False,
        reply: Reply | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.advice = advice
        self.words = words
        """The server's own words, alone; None if it gave none."""
        self.status = status
        """HTTP status, if the server gave one."""
        self.code = code
        """The server's own code, as text."""
        self.request_id = request_id
        self.retry_after_s = retry_after_s
        """How long the server asks to wait, in seconds."""
        self.retryable = retryable
        """Whether the same request may succeed later."""
        self.reply = reply
        """What had arrived before it went wrong."""

    @property
    def sentence(self) -> str:
        """What happened and what to do, for people."""
        message = self.message.strip()
        if message and message[-1] not in ".!?…":
            message += "."
        return f"{message} {self.advice}".strip()
