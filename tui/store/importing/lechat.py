"""Le Chat's data export: `chat-<uuid>.json`, a list of messages, and `chat-<uuid>-files/` beside it.

Mistral documents nothing of it. Taken from what reads real exports: Superkikim/nexus-ai-chat-importer
(src/providers/lechat as of commit 1d8ffd8). The messages stand there in no order, and know no parent: they
are put in the order of time, and replies in a row are taken for versions of each other. Where a
message names a parent (`parentId`), that counts. No export of an account was at hand.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tui.core.words import Role
from tui.store.importing.formats import Origin, Reading, each
from tui.store.importing.making import Found, Making, Unfit, thinking_chunk
from tui.store.importing.messages import role_of
from tui.store.importing.pictures import image_chunk
from tui.store.importing.streams import LONGEST
from tui.store.importing.values import moment, name, rows, table, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tui.store.importing.streams import Value

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def is_message(data: object) -> bool:
    """Whether this looks like a message of Le Chat's."""
    return isinstance(data, dict) and "chatId" in data and "role" in data


def read(origin: Origin, values: Iterable[Value]) -> Iterator[Reading]:
    """One session for each list of messages."""
    return each(origin, _chats(values), lambda chat: _Chat(origin, chat).found())


def _chats(values: Iterable[Value]) -> Iterator[Any]:
    for alone, several in groupby(values, lambda v: None if isinstance(v.data, list) else v.group):
        if alone is None:
            yield from (value.data for value in several)
            continue
        messages, size = [], 0
        for value in several:
            size += value.size
            if size <= LONGEST:
                messages.append(value.data)
        yield messages if size <= LONGEST else None


class _Chat:
    """One chat on its way into a session."""

    def __init__(self, origin: Origin, raw: object) -> None:
        if raw is None:
            raise Unfit(f"it is larger than {LONGEST >> 20} MB")
        self._origin = origin
        self._messages = [table(message) for message in rows(raw)]
        if not all(is_message(message) for message in self._messages):
            raise Unfit("not all that stands in it is a message of Le Chat's")
        self._messages.sort(key=_time)
        chat_id = name(self._messages[0]["chatId"]) if self._messages else ""
        self._making = Making("lechat", chat_id)

    def found(self) -> Found:
        """The session. Raises `Unfit`."""
        by_name: dict[str, str] = {}
        before: tuple[Role, str | None, str] | None = None
        for raw in self._messages:
            role = role_of(raw.get("role"))
            parent = by_name.get(name(raw.get("parentId") or raw.get("parentMessageId")))
            if parent is None and before is not None:
                last_role, last_parent, last = before
                again = role is Role.ASSISTANT is last_role
                parent = last_parent if again else last
            key = name(raw.get("id"))
            added = self._making.add(
                role,
                self._content(raw),
                key=key,
                parent=parent,
                created=moment(raw.get("createdAt")),
            )
            by_name[key] = added.id
            before = (role, parent, added.id)
        return self._making.found()

    def _content(self, raw: dict[str, Any]) -> Any:
        """The chunks where there are any: `content` then is their text once more."""
        chunks = [c for item in rows(raw.get("contentChunks")) if (c := self._chunk(item))]
        images = [c for file in rows(raw.get("files")) if (c := self._file(raw, file))]
        words = text(raw.get("content"))
        if not chunks and not images:
            return words
        if not chunks and words:
            chunks = [{"type": "text", "text": words}]
        if not images and all(chunk["type"] == "text" for chunk in chunks):
            return "".join(chunk["text"] for chunk in chunks)
        return [*chunks, *images]

    def _chunk(self, item: object) -> dict[str, Any] | None:
        chunk = table(item)
        kind = name(chunk.get("type"))
        if kind == "text":
            return {"type": "text", "text": text(chunk.get("text"))}
        if kind == "reference":
            ids = [
                i for i in rows(chunk.get("referenceIds")) if type(i) is int or isinstance(i, str)
            ]
            return {"type": "reference", "reference_ids": ids}
        if kind == "thinking" and isinstance(chunk.get("thinking"), str):
            return thinking_chunk(chunk["thinking"])
        what = {"tool_call": "the call of a tool", "custom_element": "an element of the page"}
        self._making.note(f"{what.get(kind, f'a chunk of the type {kind[:40]!r}')} was left out")
        return None

    def _file(self, raw: dict[str, Any], file: object) -> dict[str, Any] | None:
        named = name(table(file).get("name"))
        folder = f"chat-{name(raw.get('chatId'))}-files"
        before = self._origin.part.name.rpartition("/")[0]
        part = self._origin.shelf.named("/".join(filter(None, [before, folder, named])))
        data = self._origin.shelf.attachment(part) if part is not None else None
        chunk = image_chunk(data) if data is not None else None
        if chunk is None:
            self._making.note(
                f"the file {named[:80]!r} was left out" + ("" if data else ": it is not there")
            )
        return chunk


def _time(raw: dict[str, Any]) -> datetime:
    """When a message was made, as exactly as it is written."""
    try:
        found = datetime.fromisoformat(text(raw.get("createdAt"))[:64])
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        return _EVER
