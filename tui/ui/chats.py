"""The list of chats as data: which there are, in which order, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.core.listing import Header


class Mark(StrEnum):
    """How a chat stands, as one character."""

    NONE = " "
    WAITING = "◌"
    STREAMING = "●"
    UNREAD = "○"
    FAILED = "!"
    DRAFT = "✎"
    BROKEN = "⚠"


@dataclass(slots=True)
class Chat:
    """One row of the list."""

    id: str
    title: str
    changed: float
    """When it was last written to, in seconds since the epoch."""
    mark: Mark = Mark.NONE


class ChatList:
    """All chats, most recently changed first."""

    def __init__(self) -> None:
        self.chats: list[Chat] = []
        self._by_id: dict[str, Chat] = {}

    def __len__(self) -> int:
        return len(self.chats)

    def get(self, chat_id: str) -> Chat | None:
        """The chat with that id."""
        return self._by_id.get(chat_id)

    def extend(self, headers: Iterable[Header]) -> None:
        """Add sessions that were found on disk; those that are known already stay as they are."""
        for header in headers:
            if header.id not in self._by_id:
                mark = Mark.BROKEN if header.problem else Mark.NONE
                chat = Chat(header.id, header.title, header.changed, mark)
                self._by_id[chat.id] = chat
                self.chats.append(chat)
        self.chats.sort(key=lambda chat: chat.changed, reverse=True)

    def touch(self, chat_id: str, title: str, now: float) -> Chat:
        """A chat has a new message: it goes to the top, and is added if it was not there."""
        chat = self._by_id.get(chat_id)
        if chat is None:
            chat = self._by_id[chat_id] = Chat(chat_id, title, now)
        else:
            self.chats.remove(chat)
        chat.title, chat.changed = title, now
        self.chats.insert(0, chat)
        return chat

    def neighbour(self, chat_id: str, step: int) -> Chat | None:
        """The chat `step` rows further down (up if negative); the first one if `chat_id` is not listed."""
        if not self.chats:
            return None
        ids = [chat.id for chat in self.chats]
        if chat_id not in self._by_id:
            return self.chats[0]
        at = ids.index(chat_id) + step
        return self.chats[at] if 0 <= at < len(self.chats) else None


def day_of(changed: float, now: datetime) -> str:
    """The heading under which a chat stands: Today, Yesterday, a weekday, or a month."""
    when = datetime.fromtimestamp(changed, tz=now.tzinfo)
    days = (now.date() - when.date()).days
    if days <= 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    if now - when < timedelta(days=7):
        return f"{when:%A}"
    return f"{when:%B}" if when.year == now.year else f"{when:%B %Y}"
