"""One completion: the request as the conversation means it, and the reply as it came.

No pydantic here: these objects are made and read inside the program only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.core.message import Message
    from tui.core.parameters import Parameters


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """What a conversation asks of a server; the wire turns it into that server's dialect."""

    messages: list[Message]
    parameters: Parameters
    retries: int = 3
    """How often a request may be sent again before the first event of its reply."""
    longest_wait_s: float = 60.0
    """The longest wait before that; if the server asks for a longer one the request fails."""
    name: str = ""
    """Under which what was sent and what comes of it is recorded: the id of the message that it makes."""
    body: dict[str, Any] | None = None
    """What is sent as it is, in place of what would be made of messages and parameters."""


@dataclass(frozen=True, slots=True)
class FillRequest:
    """Asks for the text that belongs between two others (fill in the middle)."""

    prompt: str
    """The text before the gap."""
    suffix: str
    """The text behind it."""
    parameters: Parameters
    retries: int = 3
    longest_wait_s: float = 60.0


@dataclass(slots=True)
class Usage:
    """Tokens, as the server counts them."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    total_tokens: int | None = None
    cached_tokens: int | None = None


@dataclass(slots=True)
class CallPiece:
    """A call of a tool, whole or so far."""

    id: str = ""
    name: str = ""
    arguments: str = ""
    """JSON text."""
    as_object: bool = False
    """Whether the server gave the arguments as an object and not as text."""


@dataclass(slots=True)
class Choice:
    """One of the replies to a request (there are several if `n` > 1)."""

    index: int = 0
    text: str = ""
    """All text in order, with the prefix once at its beginning."""
    thinking: str = ""
    content: str | list[dict[str, Any]] = ""
    """The same as the API's content: a string, or chunks in the order in which they came."""
    references: list[dict[str, Any]] = field(default_factory=list)
    """`{ids, offset}`; offsets in code points of `text`."""
    tool_calls: list[CallPiece] = field(default_factory=list)
    finish_reason: str | None = None
    stop_reason: str | None = None
    """The stop sequence that was hit, where the server tells (vLLM, llama.cpp)."""
    logprobs: Any = None
    uncut: str | None = None
    """The text as it came, if it was cut here and not by its server."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing came: neither content nor a tool call."""
        return not self.content and not self.tool_calls


@dataclass(slots=True)
class Reply:
    """All that came of a request."""

    choices: list[Choice] = field(default_factory=list)
    usage: Usage | None = None
    model: str | None = None
    id: str | None = None
    request_id: str | None = None
    """The server's correlation id, for bug reports."""
    prefix: str | None = None
    """The beginning that the server was given to continue; every choice's text holds it once."""
    notes: list[str] = field(default_factory=list)
    """What was left out, changed or repaired before sending, and what the server's headers tell, in words."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Top-level members that have no field here, such as `guardrails`."""
