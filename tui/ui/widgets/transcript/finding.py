"""Finds words in a chat: in the sources of all messages, in the lines of those that are looked at.

Sources are searched because laying out thousands of messages takes long. What stands on the lines
differs from them: line breaks are elsewhere, and the marks of Markdown are gone. So a space in the
query is any space or line break with marks around it, and marks may stand between words and signs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.ui.widgets.transcript.laid import Laid
    from tui.ui.widgets.transcript.sheet import Sheet

_TOKENS = re.compile(r"\w+|\s+|[^\w\s]+")
_MARKS = "[*_`~]{0,4}"  # bounded, so that no text makes the search slow
_GAP = _MARKS + r"\s[\s▎>*_`~]{0,40}"


class Spot(NamedTuple):
    """Where a hit, or a part of one that is broken over lines, stands in an entry's lines."""

    line: int
    start: int
    """Characters, from here to before `end`."""
    end: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Which of how many hits the reader is at."""

    number: int = 0
    """Counted from 1; 0 if at none."""
    total: int = 0
    wrapped: str = ""
    """`top` or `bottom` if the search has just gone on from there."""


class Query:
    """What is looked for: without regard to case, unless it has a capital."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folds = text == text.lower()
        tokens = _TOKENS.findall(text)
        self._words = [token for token in tokens if not token.isspace()]
        self._is_one_word = len(tokens) == 1
        self._pattern = re.compile(_pattern(tokens), re.IGNORECASE if self._folds else 0)

    def __bool__(self) -> bool:
        return bool(self._words)

    def count(self, source: str) -> int:
        """How many hits there are in a source."""
        if self._folds:
            source = source.lower()
        if not all(word in source for word in self._words):
            return 0
        if self._is_one_word:
            return source.count(self.text)
        return sum(1 for _ in self._pattern.finditer(source))

    def spots(self, laid: Laid, lines: range) -> list[list[Spot]]:
        """The hits in some of an entry's lines; one that is broken over lines has several spots."""
        texts = [laid.plain(line) for line in lines]
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        found = []
        for match in self._pattern.finditer("\n".join(texts)):
            first = bisect_right(starts, match.start()) - 1
            last = bisect_right(starts, max(match.start(), match.end() - 1)) - 1
            parts = []
            for at in range(first, last + 1):
                start = max(0, match.start() - starts[at])
                end = min(len(texts[at]), match.end() - starts[at])
                if at > first:  # a quote's bar is no part of what is found
                    start += len(texts[at]) - len(texts[at].lstrip(" ▎"))
                if start < end:
                    parts.append(Spot(lines[at], start, end))
            if parts:
                found.append(parts)
        return found


def _pattern(tokens: Sequence[str]) -> str:
    pattern, apart = "", True
    for token in tokens:
        if token.isspace():
            pattern += _GAP
            apart = True
        else:
            pattern += ("" if apart else _MARKS) + re.escape(token)
            apart = False
    return pattern


class Hits:
    """How many hits each entry of a chat has, and the way from one to the next."""

    def __init__(self, sheet: Sheet, query: Query) -> None:
        self.counts = [query.count(sheet.source(index)) for index in range(len(sheet))]
        self.total = sum(self.counts)

    def tally(self, index: int, number: int, wrapped: str = "") -> Tally:
        """The words for being at an entry's hit, its number counted from 0."""
        return Tally(sum(self.counts[:index]) + number + 1, self.total, wrapped)

    def first_from(self, index: int, number: int) -> tuple[int, int, str]:
        """The first hit that is not above an entry's one, going on from the top if there is none."""
        if index < len(self.counts) and number < self.counts[index]:
            return index, number, ""
        below = next((at for at in range(index + 1, len(self.counts)) if self.counts[at]), None)
        if below is not None:
            return below, 0, ""
        return next(at for at, count in enumerate(self.counts) if count), 0, "top"

    def last_before(self, index: int, number: int) -> tuple[int, int, str]:
        """The last hit above an entry's one, going on from the bottom if there is none."""
        if index < len(self.counts) and 0 < number <= self.counts[index]:
            return index, number - 1, ""
        above = next((at for at in range(index - 1, -1, -1) if self.counts[at]), None)
        wrapped = "" if above is not None else "bottom"
        if above is None:
            above = max(at for at, count in enumerate(self.counts) if count)
        return above, self.counts[above] - 1, wrapped


def locate(spots: Sequence[Sequence[Spot]], laid: Laid, number: int, count: int) -> Sequence[Spot]:
    """Where one of an entry's hits stands, by its number in the source.

    If the lines have another number of hits than the source, it is the one that is about as far
    down; nothing if they have none.
    """
    if not spots:
        return ()
    if len(spots) == count or laid.is_behind:
        return spots[min(number, len(spots) - 1)]
    return spots[number * len(spots) // max(1, count)]
