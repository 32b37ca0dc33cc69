"""Which chats the list shows, in which lines: those of a place, all or what fits the filter.

Headings are found by halving, and lines are worked out as they are drawn, so that ten thousand
chats cost no more than ten.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from tui.core.words import Place
from tui.ui.chats import ChatList, day_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.core.fuzzy import Haystack
    from tui.ui.chats import Chat

SLOTS = 9
"""The first so many chats carry their number."""

NAMES = {Place.OPEN: "chats", Place.ARCHIVE: "archive", Place.TRASH: "trash"}
"""What the places are called on the screen."""

_TITLE = 500
"""Characters of a title that are looked at."""


class Rows:
    """Chats under headings; what stands in a line is asked for by its number."""

    def __init__(
        self,
        chats: Sequence[Chat] = (),
        headings: Sequence[tuple[int, str]] = (),
        slots: Sequence[Chat] = (),
        empty: str = "",
    ) -> None:
        """`headings` stand above the chats with these indexes; `slots` have numbers, from 1."""
        self.chats = chats
        self.empty = empty
        """What is said if there are none."""
        self._starts = [index for index, _ in headings]
        self._lines = [index + above for above, (index, _) in enumerate(headings)]
        self._words = [words for _, words in headings]
        self._slots = {chat.id: number for number, chat in enumerate(slots, 1)}

    def __len__(self) -> int:
        return len(self.chats) + len(self._lines)

    def line(self, number: int) -> str | int:
        """What stands in a line: a heading, or an index into the chats."""
        above = bisect_right(self._lines, number)
        if above and self._lines[above - 1] == number:
            return self._words[above - 1]
        return number - above

    def line_of(self, index: int) -> int:
        """The line in which a chat stands."""
        return index + bisect_right(self._starts, index)

    def top_of(self, index: int) -> int:
        """The same, or the line of the heading right above it."""
        line = self.line_of(index)
        return line - (index in self._starts)

    def index(self, chat_id: str | None) -> int | None:
        """Where a chat stands among the chats; None if it is not there."""
        return self._indexes.get(chat_id or "")

    @cached_property
    def _indexes(self) -> dict[str, int]:
        return {chat.id: index for index, chat in enumerate(self.chats)}

    def slot(self, chat: Chat) -> str:
        """The number that a chat carries, if it has one."""
        return str(self._slots.get(chat.id, ""))


class Listed:
    """The lists of all places, and what of them is shown."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now().astimezone()) -> None:
        self.places = {place: ChatList() for place in Place}
        self.place = Place.OPEN
        """Which of them is shown."""
        self.complete: set[Place] = set()
        """Those lists that hold every session on disk."""
        self._now = now
        self._made: tuple[tuple[object, ...], Rows] = ((), Rows())
        self._haystack: tuple[tuple[object, ...], Haystack] | None = None

    @property
    def shown(self) -> ChatList:
        """The list that is shown."""
        return self.places[self.place]

    def find(self, chat_id: str) -> Chat | None:
        """A chat, in whichever place it is listed."""
        found = (chats.get(chat_id) for chats in self.places.values())
        return next((chat for chat in found if chat is not None), None)

    def place_of(self, chat_id: str) -> Place:
        """Where a chat is listed; among the open ones if it is not."""
        listed = (place for place, chats in self.places.items() if chats.get(chat_id) is not None)
        return next(listed, Place.OPEN)

    def slot(self, chat: Chat) -> str:
        """The number of an open chat among the first in the list, if it has one."""
        first = self.places[Place.OPEN].chats[:SLOTS]
        return str(first.index(chat) + 1) if chat in first else ""

    def rows(self, query: str = "") -> Rows:
        """What the list shows for what is typed in its filter. Quick: it may be asked per key."""
        now = self._now()
        state = (
            self.place, self.shown.version, query.strip(), now.date(), self.place in self.complete,
        )  # fmt: skip
        if self._made[0] != state:
            self._made = state, self._fitting(query) if query.strip() else self._all(now)
        return self._made[1]

    def prepare(self) -> None:
        """The filter is about to be used."""
        self._searched()

    def fitting(self, query: str) -> list[Chat]:
        """The chats of the place that is shown which fit what is typed, the best first.

        `#word` asks for a tag that begins so.
        """
        chats = self.shown.chats
        words = query.split()
        tags = [word[1:].casefold() for word in words if word.startswith("#")]
        text = " ".join(word for word in words if not word.startswith("#"))
        found = [chats[index] for index in self._searched().search(text)] if text else list(chats)
        return [chat for chat in found if _has_tags(chat, tags)] if tags else found

    def _fitting(self, query: str) -> Rows:
        found = self.fitting(query)
        headings = [(0, f"{len(found):,} of {len(self.shown):,}")] if found else []
        slots = self.shown.chats[:SLOTS] if self.place is Place.OPEN else ()
        return Rows(found, headings, slots, "no chat fits")

    def _all(self, now: datetime) -> Rows:
        chats = self.shown.chats
        is_open = self.place is Place.OPEN
        empty = "no chats yet" if is_open else f"the {NAMES[self.place]} is empty"
        if self.place not in self.complete:
            empty = ""
        return Rows(chats, _headings(chats, now), chats[:SLOTS] if is_open else (), empty)

    def _searched(self) -> Haystack:
        state = (self.place, self.shown.version)
        if self._haystack is None or self._haystack[0] != state:
            from tui.core.fuzzy import Haystack

            texts = (chat.title[:_TITLE] or "New chat" for chat in self.shown.chats)
            self._haystack = state, Haystack(texts)
        return self._haystack[1]


def _has_tags(chat: Chat, wanted: Sequence[str]) -> bool:
    tags = [tag.casefold() for tag in chat.tags]
    return all(any(tag.startswith(one) for tag in tags) for one in wanted)


def _headings(chats: Sequence[Chat], now: datetime) -> list[tuple[int, str]]:
    """The days of chats that are in their order, each with the index of its first chat."""
    at = bisect_left(chats, True, key=lambda chat: not chat.pinned)
    headings = [(0, "Pinned")] if at else []
    while at < len(chats):
        day, began = day_of(chats[at].changed, now)
        headings.append((at, day))
        at = max(at + 1, bisect_right(chats, -began, lo=at, key=lambda chat: -chat.changed))
    return headings
