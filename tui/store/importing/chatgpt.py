"""ChatGPT's data export: `conversations.json`, with the `mapping` of each conversation as its tree.

OpenAI documents nothing of it. Taken from the unofficial specification of mohamed-chs/convoviz
(docs/dev/chatgpt-spec.md, 3.0 of February 2026), with older exports as described by
mitkury/chatgpt-export-parser. No export of an account was at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.store.importing.formats import Origin, Reading, each
from tui.store.importing.making import MOST_MESSAGES, Found, Making, Unfit, with_thinking
from tui.store.importing.messages import role_of
from tui.store.importing.pictures import image_chunk
from tui.store.importing.values import moment, name, rows, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.store.importing.streams import Value

_SILENT = {"reasoning_recap", "user_editable_context", "model_editable_context"}
"""Content that says nothing, or the user's own instructions, which are told of once."""
_ENDS = {"stop": "stop", "max_tokens": "length", "interrupted": "stopped"}


def read(origin: Origin, values: Iterable[Value]) -> Iterator[Reading]:
    """One session for each conversation, with all branches; the current one is shown."""
    return each(origin, _conversations(values), lambda raw: _Conversation(origin, raw).found())


def _conversations(values: Iterable[Value]) -> Iterator[Any]:
    for value in values:
        inner = table(value.data).get("conversations")
        if isinstance(inner, list):
            yield from inner
        else:
            yield value.data


class _Conversation:
    """One conversation on its way into a session."""

    def __init__(self, origin: Origin, raw: object) -> None:
        self._origin = origin
        self._raw = table(raw)
        nodes = self._raw.get("mapping")
        if not isinstance(nodes, dict):
            raise Unfit("it has no `mapping` of messages")
        if len(nodes) > MOST_MESSAGES:
            raise Unfit(f"the conversation has more than {MOST_MESSAGES} messages")
        self._nodes = {key: table(node) for key, node in nodes.items()}
        self._making = Making(
            "chatgpt",
            name(self._raw.get("conversation_id")) or name(self._raw.get("id")),
            text(self._raw.get("title")),
            moment(self._raw.get("create_time")),
        )
        self._making.is_pinned = self._raw.get("is_starred") is True
        self._making.is_archived = self._raw.get("is_archived") is True
        self._now: dict[str, str | None] = {}
        """By node: the message that stands for it, or for the nearest one above it that has any."""
        self._thought: dict[str, str] = {}
        """By node: what was thought since the last message."""

    def found(self) -> Found:
        """The session. Raises `Unfit`."""
        order = self._order()
        for key, parent in order:
            self._take(key, parent)
        if len(order) < len(self._nodes):
            self._making.note("messages that hang together in a circle were left out")
        return self._making.found(self._now.get(name(self._raw.get("current_node"))))

    def _order(self) -> list[tuple[str, str | None]]:
        """All nodes, each with its parent, parents first; not recursive, and circles are left out."""
        children: dict[str | None, list[str]] = {}
        for key, node in self._nodes.items():
            parent = node.get("parent")
            there = parent if isinstance(parent, str) and parent in self._nodes else None
            children.setdefault(there, []).append(key)
        for of, keys in children.items():
            listed = rows(self._nodes[of].get("children")) if of is not None else []
            places = {key: at for at, key in enumerate(listed) if isinstance(key, str)}
            keys.sort(key=lambda key: places.get(key, len(places)))
        order: list[tuple[str, str | None]] = []
        waiting: list[tuple[str, str | None]] = [
            (k, None) for k in reversed(children.get(None, []))
        ]
        while waiting:
            key, parent = waiting.pop()
            order.append((key, parent))
            waiting += [(child, key) for child in reversed(children.get(key, []))]
        return order

    def _take(self, key: str, parent: str | None) -> None:
        above = self._now.get(parent) if parent is not None else None
        thought = self._thought.get(parent, "") if parent is not None else ""
        self._now[key] = above
        message = table(self._nodes[key].get("message"))
        content = table(message.get("content"))
        kind = name(content.get("content_type"))
        if kind == "thoughts":
            said = [text(table(t).get("content")) for t in rows(content.get("thoughts"))]
            thought = "\n\n".join(filter(None, [thought, *said]))
        elif message and self._is_said(message, kind):
            chunks = self._chunks(content, kind)
            if chunks:
                self._now[key] = self._add(key, above, message, chunks, thought)
                thought = ""
        self._thought[key] = thought

    def _is_said(self, message: dict[str, Any], kind: str) -> bool:
        metadata = table(message.get("metadata"))
        if metadata.get("is_user_system_message") or kind == "user_editable_context":
            self._making.note("the custom instructions were left out")
            return False
        role = table(message.get("author")).get("role")
        hidden = metadata.get("is_visually_hidden_from_conversation") is True
        return not hidden and kind not in _SILENT and role != "system"

    def _chunks(self, content: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        if kind in {"code", "execution_output"}:
            words = text(content.get("text"))
            language = name(content.get("language"))
            language = "" if language == "unknown" else language
            return [_text_chunk(_fenced(words, language))] if words.strip() else []
        if kind not in {"text", "multimodal_text", ""}:
            self._making.note(f"what a tool of ChatGPT told ({kind[:40]}) was left out")
            return []
        chunks = [self._part(part) for part in rows(content.get("parts"))]
        return [chunk for chunk in chunks if chunk is not None and chunk.get("text") != ""]

    def _part(self, part: object) -> dict[str, Any] | None:
        if isinstance(part, str):
            return _text_chunk(text(part))
        members = table(part)
        kind = name(members.get("content_type"))
        if kind == "image_asset_pointer":
            return self._image(name(members.get("asset_pointer")))
        if isinstance(members.get("text"), str):
            return _text_chunk(text(members["text"]))
        self._making.note(f"a part of a message ({kind[:40] or 'of no type'}) was left out")
        return None

    def _image(self, pointer: str) -> dict[str, Any] | None:
        """The image that a pointer such as `sediment://file_0000…` means, if the export has it."""
        file_id = pointer.rpartition("/")[2].partition("#")[0].partition("?")[0]
        part = self._origin.shelf.containing(file_id) if len(file_id) > 8 else None
        data = self._origin.shelf.attachment(part) if part is not None else None
        chunk = image_chunk(data) if data is not None else None
        if chunk is None:
            self._making.note("an image that is not in the export was left out")
        return chunk

    def _add(
        self,
        key: str,
        above: str | None,
        message: dict[str, Any],
        chunks: list[dict[str, Any]],
        thought: str,
    ) -> str:
        role = role_of(table(message.get("author")).get("role"))
        metadata = table(message.get("metadata"))
        if rows(metadata.get("attachments")):
            self._making.note("attached files other than images were left out")
        is_reply = role == "assistant"
        content: Any = chunks
        if all(chunk["type"] == "text" for chunk in chunks):
            content = "\n\n".join(chunk["text"] for chunk in chunks)
        for_tool = is_reply and name(message.get("recipient")) not in {"", "all"}
        model = name(metadata.get("model_slug"))
        ended = _ENDS.get(name(table(metadata.get("finish_details")).get("type")))
        added = self._making.add(
            role,
            with_thinking(thought, content) if is_reply else content,
            key=key,
            parent=above,
            created=moment(message.get("create_time")),
            name=name(table(message.get("author")).get("name")) or None,
            completion={"model": model} if is_reply and model else None,
            ended=ended if is_reply else None,
            excluded=(for_tool or role == "tool") or None,
        )
        return added.id


def _text_chunk(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def _fenced(words: str, language: str) -> str:
    fence = "```"
    while fence in words:
        fence += "`"
    return f"{fence}{language}\n{words}\n{fence}"
