"""What is searched for in all sessions, and what is found.

A query is one line of words: `cheese "blue veins" mar* -brie role:assistant tag:food after:2026-01-01`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from tui.core.words import Place, Role

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_TERMS = 24
"""Words of a query that count; the rest is dropped."""
LONGEST = 2_000
"""Characters of a query that are looked at."""

_PIECE = re.compile(
    r"""(?P<minus>-?)
        (?:(?P<name>[a-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<plain>\S+))
        |"(?P<phrase>[^"]*)"?(?P<star>\*?)
        |(?P<word>[^\s"]+)
        )""",
    re.VERBOSE,
)
_PLACE_WORDS = {
    "chats": (Place.OPEN,),
    "archive": (Place.ARCHIVE,),
    "trash": (Place.TRASH,),
    "all": tuple(Place),
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase."""

    words: str
    is_prefix: bool = False
    """Whether its last word may go on."""
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All terms must stand in a message, or in a title; and all filters must hold."""

    terms: tuple[Term, ...] = ()
    role: str = ""
    model: str = ""
    """A part of the model's name, in any case."""
    provider: str = ""
    """A part of the provider's name, in any case."""
    tag: str = ""
    session: str = ""
    """The beginning of the session's id."""
    places: tuple[Place, ...] = (Place.OPEN, Place.ARCHIVE)
    after: float | None = None
    """Seconds since the epoch; a message made then counts."""
    before: float | None = None
    """Seconds since the epoch; a message made then does not count."""
    each: int | None = None
    """So many hits of one session at most; None for no bound."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The query that a line of text means. Anything means something: bad filters are words.

        `"…"` is a phrase, `*` behind a word finds its continuations, `-` excludes. Filters are `role:`,
        `model:`, `provider:`, `tag:`, `session:`, `in:` (chats, archive, trash, all; without it all but
        the trash), `after:` and `before:` (a day as 2026-01-31, a month as 2026-01, a year; `after:`
        begins with it, `before:` ends before it, in local time).
        """
        terms: list[Term] = []
        filters: dict[str, Any] = {}
        for piece in _PIECE.finditer(text[:LONGEST].replace("\0", " ")):
            found = _filter(piece)
            if found:
                filters.update(found)
            elif len(terms) < MOST_TERMS:
                terms += _term(piece)
        return cls(terms=tuple(terms), **filters)

    def as_typed(self) -> Self:
        """The same query while it is still being typed: its last word may go on, if it has more than a letter."""
        last = self.terms[-1] if self.terms else None
        if last is None or last.is_excluded or len(last.words) < 2:
            return self
        return replace(self, terms=(*self.terms[:-1], replace(last, is_prefix=True)))

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return self == type(self)(places=self.places, each=self.each)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of text, raw as it was written, with what was found in it."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    """Where in `text` the words stand: start and end, in characters, in order."""
    is_cut_before: bool = False
    is_cut_behind: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One message or title in which the words stand."""

    session_id: str
    title: str
    place: Place
    """Where the session is filed."""
    message_id: str
    """"" if it is the title that was found."""
    role: str
    """"" for a title."""
    at: float
    """When the message was made, or the session's file last changed; in seconds since the epoch."""
    snippet: Snippet


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a search, best first."""

    hits: list[Hit] = field(default_factory=list)
    note: str = ""
    """What the user should know: that the index is not complete yet, or can't be had."""


def _filter(piece: re.Match[str]) -> dict[str, Any]:
    name = piece["name"]
    read = _FILTERS.get(name) if name and not piece["minus"] else None
    if read is None:
        return {}
    value = read((piece["quoted"] or piece["plain"] or "").strip())
    key = "places" if name == "in" else name
    return {key: value} if value not in (None, "") else {}


def _term(piece: re.Match[str]) -> list[Term]:
    word = piece["phrase"] or piece["word"] or ""
    if piece["name"]:
        word = piece.group().lstrip("-")
    is_prefix = bool(piece["star"]) or (not piece["phrase"] and word.endswith("*"))
    word = word.strip("* \t\n")
    if not any(map(str.isalnum, word)):
        return []  # nothing of it is in an index
    return [Term(word, is_prefix, bool(piece["minus"]))] if word else []


def _role(value: str) -> str | None:
    return value.lower() if value.lower() in set(Role) else None


def _places(value: str) -> tuple[Place, ...] | None:
    return _PLACE_WORDS.get(value.lower())


def _moment(value: str) -> float | None:
    for form in ("%Y-%m-%d", "%Y-%m", "%Y", "%Y-%m-%dT%H:%M"):
        with suppress(ValueError, OverflowError, OSError):
            return datetime.strptime(value, form).astimezone().timestamp()
    return None


_FILTERS: dict[str, Callable[[str], Any]] = {
    "role": _role,
    "model": str,
    "provider": str,
    "tag": str,
    "session": str,
    "in": _places,
    "after": _moment,
    "before": _moment,
}
