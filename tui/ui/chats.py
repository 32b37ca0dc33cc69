"""The list of chats as data: which there are, in which order, and how each stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.core.listing import Header


DAYS_BY_NAME = 7
"""So many days back, headings name the day of the week."""


class Mark(StrEnum):
    """How a chat stands, as one character."""

    NONE = " "
    WAITING = "◌"
    STREAMING = "●"
    UNREAD = "○"
    FAILED = "!"
    INTERRUPTED = "¦"
    DRAFT = "✎"
    UNSAVED = "△"
    BROKEN = "⚠"


@dataclass(slots=True, eq=False)
class Chat:
    """One row of the list."""

    id: str
    title: str
    changed: float
    """When it was last written to, in seconds since the epoch."""
    mark: Mark = Mark.NONE
    pinned: bool = False
    tags: tuple[str, ...] = ()


class ChatList:
    """Chats: first the pinned ones, which keep their places, then the others, most recently changed first."""

    def __init__(self) -> None:
        self.chats: list[Chat] = []
        self.version = 0
        """Another one whenever the list is."""
        self._by_id: dict[str, Chat] = {}

    def __len__(self) -> int:
        return len(self.chats)

    def get(self, chat_id: str) -> Chat | None:
        """The chat with that id."""
        return self._by_id.get(chat_id)

    def recent(self) -> list[Chat]:
        """All chats, most recently changed first."""
        return sorted(self.chats, key=lambda chat: chat.changed, reverse=True)

    def extend(self, headers: Iterable[Header]) -> None:
        """Add sessions that were found on disk; those that are known already stay as they are."""
        for header in headers:
            if header.id not in self._by_id:
                self._by_id[header.id] = _chat_of(header)
        self._settle()

    def merge(self, headers: Iterable[Header], is_ours: Callable[[str], bool]) -> None:
        """List just these sessions, which are all that there are.

        What `is_ours` knows better, because it is in memory, stays as it is, on disk or not.
        """
        before, self._by_id = self._by_id, {}
        for header in headers:
            known = before.pop(header.id, None)
            if known is None or is_ours(header.id):
                self._by_id[header.id] = known or _chat_of(header)
                continue
            fresh = _chat_of(header)
            fresh.mark = known.mark if fresh.mark is not Mark.BROKEN else fresh.mark
            self._by_id[header.id] = fresh
        self._by_id |= {chat_id: chat for chat_id, chat in before.items() if is_ours(chat_id)}
        self._settle()

    def touch(self, chat_id: str, title: str, now: float) -> Chat:
        """A chat has a new message: it goes to the top, and is added if it was not there."""
        chat = self._by_id.get(chat_id)
        if chat is None:
            chat = self._by_id[chat_id] = Chat(chat_id, title, now)
            self.chats.append(chat)
        chat.title, chat.changed = title, now
        if not chat.pinned:
            self.chats.remove(chat)
            pinned = next((i for i, one in enumerate(self.chats) if not one.pinned), None)
            self.chats.insert(len(self.chats) if pinned is None else pinned, chat)
        self.version += 1
        return chat

    def put(self, chat: Chat) -> None:
        """List a chat where it belongs, in the place of one with its id if there is one."""
        self._by_id[chat.id] = chat
        self._settle()

    def drop(self, chat_id: str) -> Chat | None:
        """List a chat no more, and give it; None if it is not there."""
        chat = self._by_id.pop(chat_id, None)
        if chat is not None:
            self.chats.remove(chat)
            self.version += 1
        return chat

    def renew(
        self,
        chat_id: str,
        *,
        title: str | None = None,
        pinned: bool | None = None,
        tags: Iterable[str] | None = None,
    ) -> None:
        """A chat's head has changed; None leaves a member as it is."""
        chat = self._by_id.get(chat_id)
        if chat is None:
            return
        before = chat.title, chat.pinned, chat.tags
        chat.title = chat.title if title is None else title
        chat.pinned = chat.pinned if pinned is None else pinned
        chat.tags = chat.tags if tags is None else tuple(tags)
        if before != (chat.title, chat.pinned, chat.tags):
            self._settle()

    def neighbour(self, chat_id: str, step: int) -> Chat | None:
        """The chat `step` rows further down (up if negative); the first one if `chat_id` is not listed."""
        chat = self._by_id.get(chat_id)
        if chat is None:
            return self.chats[0] if self.chats else None
        at = self.chats.index(chat) + step
        return self.chats[at] if 0 <= at < len(self.chats) else None

    def next_that(self, fits: Callable[[Chat], bool], behind: str) -> Chat | None:
        """The next chat that fits below that one, going on from the top; None if there is no other."""
        at = next((i for i, chat in enumerate(self.chats) if chat.id == behind), -1)
        around = [*self.chats[at + 1 :], *self.chats[: max(0, at)]]
        return next((chat for chat in around if fits(chat)), None)

    def _settle(self) -> None:
        self.chats = sorted(self._by_id.values(), key=lambda chat: chat.id, reverse=True)
        self.chats.sort(key=lambda chat: (not chat.pinned, 0.0 if chat.pinned else -chat.changed))
        self.version += 1


def _chat_of(header: Header) -> Chat:
    mark = Mark.BROKEN if header.problem else Mark.NONE
    return Chat(header.id, header.title, header.changed, mark, header.pinned, header.tags)


def day_of(changed: float, now: datetime) -> tuple[str, float]:
    """The heading under which a chat stands, and when that began, in seconds since the epoch.

    Today, Yesterday, a weekday, or a month.
    """
    try:
        when = datetime.fromtimestamp(changed, tz=now.tzinfo)
    except (ValueError, OverflowError, OSError):  # a file's time can be anything
        return "Some day", float("-inf")
    midnight = when.replace(hour=0, minute=0, second=0, microsecond=0)
    days = (now.date() - when.date()).days
    if days <= 0:
        return "Today", now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    if days == 1:
        return "Yesterday", midnight.timestamp()
    if days < DAYS_BY_NAME:
        return f"{when:%A}", midnight.timestamp()
    month = f"{when:%B}" if when.year == now.year else f"{when:%B %Y}"
    return month, _month_start(midnight)


def _month_start(midnight: datetime) -> float:
    try:
        return midnight.replace(day=1).timestamp()
    except (ValueError, OverflowError, OSError):
        return float("-inf")
