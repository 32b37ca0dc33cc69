"""Messages and the chunks that their content may consist of.

Shapes follow the chat-completions API. Everything here keeps members that it does not know, so
that a file or a reply of a newer version survives a load and a save.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter

from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(length: int = 8) -> str:
    """A fresh identifier of lower-case letters and digits (no i, l, o, u)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def utc_now() -> datetime:
    """The present moment in UTC, to the second, as files hold it."""
    return datetime.now(UTC).replace(microsecond=0)


class Chunk(BaseModel):
    """One element of a content list, of a type that has no model of its own; all members are kept."""

    model_config = ConfigDict(extra="allow")

    type: str


class TextChunk(Chunk):
    """Plain text."""

    type: str = "text"
    text: str


class ThinkingChunk(Chunk):
    """What a reasoning model thought before it answered."""

    type: str = "thinking"
    thinking: list[AnyChunk]
    closed: bool | None = None
    signature: str | None = None


class ReferenceChunk(Chunk):
    """A citation that belongs to the text before it."""

    type: str = "reference"
    reference_ids: list[int | str]


class ImageChunk(Chunk):
    """An image by URL or data URI; the API takes a string or `{url, detail}`."""

    type: str = "image_url"
    image_url: str | dict[str, Any]


def _tag(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return kind if kind in {"text", "thinking", "reference", "image_url"} else "other"


AnyChunk = Annotated[
    Annotated[TextChunk, Tag("text")]
    | Annotated[ThinkingChunk, Tag("thinking")]
    | Annotated[ReferenceChunk, Tag("reference")]
    | Annotated[ImageChunk, Tag("image_url")]
    | Annotated[Chunk, Tag("other")],
    Discriminator(_tag),
]
"""A chunk, as the model of its type, or as `Chunk` when the type is not known."""

ThinkingChunk.model_rebuild()

Content = str | list[AnyChunk]
"""A message's content: text, or a list of chunks."""

CONTENT: TypeAdapter[str | list[AnyChunk]] = TypeAdapter(Content)
"""Validates content that comes from outside."""


def _parts(content: str | Sequence[Chunk], kind: type[Chunk]) -> Iterable[Any]:
    return () if isinstance(content, str) else (c for c in content if isinstance(c, kind))


def text_of(content: str | Sequence[Chunk]) -> str:
    """The text of a content: the string itself, or its text chunks joined; no thinking."""
    if isinstance(content, str):
        return content
    return "".join(chunk.text for chunk in _parts(content, TextChunk))


def thinking_of(content: str | Sequence[Chunk]) -> str:
    """The text of a content's thinking chunks, joined."""
    return "".join(text_of(chunk.thinking) for chunk in _parts(content, ThinkingChunk))


class ToolCall(BaseModel):
    """A call of a tool that a reply asks for; `arguments` is JSON text, as the API streams it."""

    model_config = ConfigDict(extra="allow")

    id: str
    name: str
    arguments: str = "{}"


class Completion(BaseModel):
    """What was really sent for a reply, and what came of it; stored beside the reply.

    The parameters that were sent stand here under the API's own names, as extra members.
    """

    model_config = ConfigDict(extra="allow")

    model: str | None = None
    provider: str | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cached_tokens: int | None = None
    sent_messages: int | None = None
    """How many messages of the session were sent."""
    first_token_s: float | None = None
    """Seconds from sending the request to the first piece of the reply."""
    seconds: float | None = None
    """Seconds from sending the request to the end of the reply."""
    stop_reason: str | None = None
    """The stop sequence that ended the reply, where the server tells."""
    request_id: str | None = None
    error: str | None = None
    """What went wrong, if the reply is incomplete for that reason."""


class Message(BaseModel):
    """One entry of a conversation."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(default_factory=new_id)
    parent: str | None = None
    """The message before it in its branch; None for the first."""
    role: Role
    created: datetime | None = None
    content: Content = ""
    name: str | None = None
    tool_call_id: str | None = None
    tool_calls: list[ToolCall] = []
    prefix: str | None = None
    """For a reply: the beginning that was given to the model; `content` holds it as well."""
    ended: str | None = None
    """For a reply: why it ended; a word of `Ended` or the server's own finish reason."""
    completion: Completion | None = None
    excluded: bool = False
    """Whether it is shown and not sent."""
    edited: datetime | None = None
    """When its content was last changed by hand."""
    removed: datetime | None = None
    """When it was taken out of the conversation. It stays in the file, and can be put back."""
    former_of: str | None = None
    """For what an edited message said before: the id of that message. It is `removed` as well."""
    copied_from: str | None = None
    """The session that it was first said in, if this one was made from that."""

    @property
    def is_there(self) -> bool:
        """Whether it is part of the conversation: not removed."""
        return self.removed is None

    @property
    def text(self) -> str:
        """The message's text, without thinking."""
        return text_of(self.content)

    @property
    def thinking(self) -> str:
        """The text of the message's thinking."""
        return thinking_of(self.content)

    @property
    def is_empty(self) -> bool:
        """Whether there is neither content nor a tool call; the API refuses such a reply in a history."""
        return not self.content and not self.tool_calls
