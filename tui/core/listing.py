"""What the list of chats shows of a session, read without reading its messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.core.words import Place

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that could not be read; the file itself is kept as it is."""

    path: str
    line: int
    """Counted from 1; 0 when no line can be named."""
    message: str

    def __str__(self) -> str:
        where = f"{self.path}, line {self.line}" if self.line else self.path
        return f"{where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a session."""

    id: str
    title: str
    created: datetime
    changed: float
    """When something was said in it last, in seconds since the epoch; if that is not known, when its file was written."""
    problem: Problem | None = None
    pinned: bool = False
    tags: tuple[str, ...] = ()
    place: Place = Place.OPEN


@dataclass(frozen=True, slots=True)
class Listing:
    """Sessions: the pinned ones first, then by what was said last, the newest first."""

    headers: list[Header] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    """Files that are no sessions at all; those that can be shown have their problem in the header."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed in a chat and not sent."""

    chat_id: str
    text: str
    has_chat: bool = True
    """Whether the chat has a file; a new chat in which nothing was said has none."""
