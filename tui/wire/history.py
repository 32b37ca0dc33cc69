"""Brings a conversation into an order and a form that its server accepts.

The messages themselves are never changed; what had to be repaired is told in words.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any

from tui.core.message import ImageChunk, ReferenceChunk, TextChunk, ThinkingChunk
from tui.core.nesting import read_json
from tui.core.text import scrub
from tui.core.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.core.message import Chunk, Message, ToolCall
    from tui.wire.dialects import Dialect

_NINE = re.compile(r"[A-Za-z0-9]{9}")
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_CHUNKS_OF = {
    Role.SYSTEM: set[str](),  # the schema takes thinking there, the newest models do not
    Role.ASSISTANT: {"thinking", "reference"},
}
"""Chunks beside text that Mistral takes in a message of that role; the others take all but these."""
_MEMBERS_OF = {
    "reference": {"type", "reference_ids"},
    "image_url": {"type", "image_url"},
    "document_url": {"type", "document_url", "document_name"},
    "file": {"type", "file_id"},
    "input_audio": {"type", "input_audio"},
    "resource": {"type", "uri", "content"},
    "resource_link": {"type", "uri", "metadata"},
}
"""Mistral refuses chunks with any other member."""

Sent = dict[str, Any]
"""One message as it is sent."""


class History:
    """The messages to send, and in `notes` what was repaired."""

    def __init__(
        self, messages: Sequence[Message], dialect: Dialect, *, keeps_last_reply: bool = False
    ) -> None:
        """`keeps_last_reply`: whether the conversation may end with a reply; for a completion it may not."""
        self._dialect = dialect
        self.notes: dict[str, None] = {}
        """In words; a dict for its order, since one repair may be needed many times."""
        kept = self._balanced(messages)
        if not keeps_last_reply:
            kept = self._without_trailing_replies(kept)
        sent = [self._sent(message) for message in kept]
        if dialect.strict_turns:
            sent = self._merged(self._with_one_system(sent))
        elif dialect.short_call_ids:
            sent = self._with_early_systems(sent)
        self.messages = sent

    def _note(self, words: str) -> None:
        self.notes[words] = None

    # What is sent at all

    def _balanced(self, messages: Sequence[Message]) -> list[Message]:
        """Every call with its one result, every result with its call, no empty reply."""
        kept: list[Message] = []
        at = 0
        while at < len(messages):
            message = messages[at]
            at += 1
            if message.role is Role.TOOL:
                self._note("a tool result without its call was left out")
            elif message.role is not Role.ASSISTANT:
                kept.append(message)
            else:
                results: dict[str, Message] = {}
                while at < len(messages) and messages[at].role is Role.TOOL:
                    self._collect(results, message, messages[at])
                    at += 1
                if not kept:  # calls before anything was asked are refused
                    results.clear()
                kept += self._reply_with(message, results)
        return kept

    def _collect(self, results: dict[str, Message], reply: Message, result: Message) -> None:
        call_id = result.tool_call_id or ""
        if call_id in results or all(call.id != call_id for call in reply.tool_calls):
            self._note("a tool result without its call was left out")
        else:
            results[call_id] = result

    def _reply_with(self, reply: Message, results: dict[str, Message]) -> list[Message]:
        calls: dict[str, ToolCall] = {call.id: call for call in reply.tool_calls}
        answered = [call for call in calls.values() if call.id in results]
        if len(answered) < len(reply.tool_calls):
            self._note("a tool call without its result was left out")
        reply = reply.model_copy(update={"tool_calls": answered})
        if not answered and not self._content(reply):
            self._note("an empty reply was left out")
            return []
        return [reply, *(results[call.id] for call in answered)]

    def _without_trailing_replies(self, messages: list[Message]) -> list[Message]:
        end = len(messages)
        while end and messages[end - 1].role is Role.ASSISTANT:
            end -= 1
            self._note("a reply at the end of the conversation was left out")
        return messages[:end]

    # One message

    def _sent(self, message: Message) -> Sent:
        sent: Sent = {"role": str(message.role), "content": self._content(message)}
        if message.name and message.role in self._dialect.names_in:
            sent["name"] = scrub(message.name)
        if message.role is Role.TOOL:
            sent["tool_call_id"] = self._call_id(message.tool_call_id or "")
        if message.role is Role.ASSISTANT:
            self._add_thinking(sent, message)
            if message.tool_calls:
                sent["tool_calls"] = [self._call(call) for call in message.tool_calls]
        return sent

    def _add_thinking(self, sent: Sent, message: Message) -> None:
        if self._dialect.takes_chunks or not message.thinking:
            return
        if self._dialect.thinking_member:
            sent[self._dialect.thinking_member] = scrub(message.thinking)
        else:
            self._note(
                f"{self._dialect.name} takes no thinking back: it was left out of the history"
            )

    def _content(self, message: Message) -> str | list[dict[str, Any]]:
        if isinstance(message.content, str):
            return scrub(message.content)
        chunks = [sent for chunk in message.content if (sent := self._chunk(chunk, message.role))]
        if all(chunk["type"] == "text" for chunk in chunks):
            return "".join(chunk["text"] for chunk in chunks)
        return chunks

    def _chunk(self, chunk: Chunk, role: Role) -> dict[str, Any] | None:
        """The chunk as it is sent, or None if it has no place in this message."""
        if isinstance(chunk, TextChunk):
            return {"type": "text", "text": scrub(chunk.text)}
        if not self._dialect.takes_chunks:
            return self._foreign_chunk(chunk)
        if not _is_allowed(chunk.type, role):
            self._note(f"a {chunk.type} chunk was left out of a message by the {role}")
            return None
        if isinstance(chunk, ThinkingChunk):
            return self._thinking_chunk(chunk)
        return chunk.model_dump(include=_MEMBERS_OF[chunk.type], exclude_none=True)

    def _thinking_chunk(self, chunk: ThinkingChunk) -> dict[str, Any] | None:
        inner = [
            c.model_dump(include={"type", "text"}) if isinstance(c, TextChunk) else c.model_dump()
            for c in chunk.thinking
            if isinstance(c, TextChunk | ReferenceChunk)
        ]
        if not inner:
            return None
        sent: dict[str, Any] = {"type": "thinking", "thinking": inner, "closed": True}
        if chunk.signature:
            sent["signature"] = chunk.signature
        return sent

    def _foreign_chunk(self, chunk: Chunk) -> dict[str, Any] | None:
        if isinstance(chunk, ImageChunk):
            image = chunk.image_url
            shape = {"url": image} if isinstance(image, str) else dict(image)
            inline = str(shape.get("url")).startswith("data:")
            if inline or not self._dialect.images_inline_only:
                return {"type": "image_url", "image_url": shape}
            self._note(f"{self._dialect.name} takes no images by address: one was left out")
        elif not isinstance(chunk, ThinkingChunk | ReferenceChunk):
            self._note(f"{self._dialect.name} takes no {chunk.type} chunks: one was left out")
        return None

    # Tool calls

    def _call(self, call: ToolCall) -> dict[str, Any]:
        name = call.name
        if not _FUNCTION_NAME.fullmatch(name):
            name = re.sub(r"[^A-Za-z0-9_-]", "_", name)[:64] or "unnamed"
            self._note("the name of a called tool was changed to one that the API allows")
        arguments = call.arguments
        try:
            read_json(arguments)
        except (ValueError, RecursionError):
            if arguments.strip():
                self._note("arguments of a tool call that are no JSON were left out")
            arguments = "{}"
        function = {"name": name, "arguments": scrub(arguments)}
        return {"id": self._call_id(call.id), "type": "function", "function": function}

    def _call_id(self, call_id: str) -> str:
        if not self._dialect.short_call_ids:
            return scrub(call_id)
        if _NINE.fullmatch(call_id):
            return call_id
        self._note("ids of tool calls were changed to the form that Mistral wants")
        return hashlib.sha256(call_id.encode("utf-8", "replace")).hexdigest()[:9]

    # Order

    def _with_early_systems(self, sent: Iterable[Sent]) -> list[Sent]:
        """Mistral takes a system message at the start, or after a system or user message."""
        kept: list[Sent] = []
        for message in sent:
            late = kept and kept[-1]["role"] in {"assistant", "tool"}
            kept.append(self._as_user(message) if late else message)
        if len(kept) > 1 and kept[-1]["role"] == "system":
            kept[-1] = self._as_user(kept[-1])
        return kept

    def _with_one_system(self, sent: Iterable[Sent]) -> list[Sent]:
        """Templates take one system message, at the start."""
        kept: list[Sent] = []
        for message in sent:
            begins = all(earlier["role"] == "system" for earlier in kept)
            kept.append(message if begins else self._as_user(message))
        return kept

    def _as_user(self, message: Sent) -> Sent:
        if message["role"] != "system":
            return message
        self._note("a system message in the middle was sent as the user's")
        return {**message, "role": "user"}

    def _merged(self, sent: Iterable[Sent]) -> list[Sent]:
        """No two messages of one role in a row, where templates may refuse that."""
        kept: list[Sent] = []
        for message in sent:
            last = kept[-1] if kept else None
            if last and last["role"] == message["role"] != "tool" and "tool_calls" not in last:
                self._note(f"two messages in a row by the {message['role']} were sent as one")
                kept[-1] = {
                    **last,
                    **message,
                    "content": _joined(last["content"], message["content"]),
                }
            else:
                kept.append(message)
        return kept


def _is_allowed(chunk_type: str, role: Role) -> bool:
    if role in _CHUNKS_OF:
        return chunk_type in _CHUNKS_OF[role]
    return chunk_type in _MEMBERS_OF and chunk_type != "reference"


def _joined(first: Any, second: Any) -> Any:
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}\n\n{second}"
    return [*_as_chunks(first), *_as_chunks(second)]


def _as_chunks(content: Any) -> list[Any]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content
