"""Finds texts by what is typed of them: words in any order, letters with gaps, no matter the case or accents.

Pure and quick: ten thousand titles per key. Whole words count more than their beginnings, those more
than pieces from inside, and those more than letters that merely come in that order.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LONGEST_TEXT = 500
"""Characters of a text that are looked at."""

LONGEST_QUERY = 100

_WHOLE, _START, _INSIDE = 120, 100, 60
_SCATTERED, _PER_START, _MOST_GAPS = 16, 5, 15

_NO_LETTER = re.compile(r"[\W_]")


class Haystack:
    """Texts among which is searched again and again, as somebody types."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [_padded(fold(text[:LONGEST_TEXT])) for text in texts]
        self._last: tuple[str, list[int]] = ("", list(range(len(self._texts))))
        """The last query, and which texts fitted."""

    def search(self, query: str) -> list[int]:
        """Which texts fit, the best first; equally good ones in the order in which they were given.

        All of them for an empty query.
        """
        words = [_Word(word) for word in _words(query)]
        folded = " ".join(word.word for word in words)
        before, fitting = self._last
        if not before or not folded.startswith(before):
            fitting = list(range(len(self._texts)))
        scores = dict.fromkeys(fitting, 0)
        for word in words:
            score_of = word.score
            scores = {
                index: score + more
                for index, score in scores.items()
                if (more := score_of(self._texts[index]))
            }
        fitting = list(scores)
        self._last = (folded, fitting)
        return sorted(fitting, key=scores.__getitem__, reverse=True) if words else fitting


def positions(query: str, text: str) -> tuple[int, ...]:
    """Which characters of a text the query fits, for marking them; none if it does not fit."""
    folded = _padded(fold(text[:LONGEST_TEXT]))
    spots: set[int] = set()
    for word in _words(query):
        here = _Word(word).positions(folded)
        if not here:
            return ()
        spots.update(at - 1 for at in here)  # without the padding
    return tuple(sorted(spots))


def is_near(query: str, text: str) -> bool:
    """Whether all words of a query stand in a text as they are, not merely their letters in that order."""
    folded = _padded(fold(text[:LONGEST_TEXT]))
    return all(word in folded for word in _words(query))


def nearest(name: str, names: Iterable[str], limit: int = 3) -> list[str]:
    """The names that somebody who typed `name` may have meant, the likeliest first."""
    import difflib

    known = list(names)
    begun = [one for one in known if name and fold(one).startswith(fold(name))]
    close = difflib.get_close_matches(fold(name), known, n=limit, cutoff=0.6)
    fitting = [known[index] for index in Haystack(known).search(name)] if name else []
    return list(dict.fromkeys([*begun, *close, *fitting]))[:limit]


def fold(text: str) -> str:
    """The text in small letters without accents, character by character: it keeps its length."""
    if text.isascii():
        return text.lower()
    return "".join(_folded(character) for character in text)


@lru_cache(4096)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFD", character)[0] if character > "\x7f" else character
    return plain.lower()[0]


def _padded(text: str) -> str:
    """The text with spaces around it and in the place of all that is neither letter nor digit."""
    return f" {_NO_LETTER.sub(' ', text)} "


def _words(query: str) -> list[str]:
    return _padded(fold(query[:LONGEST_QUERY])).split()


class _Word:
    """One word of a query."""

    __slots__ = ("_start", "_whole", "word")

    def __init__(self, word: str) -> None:
        self.word = word
        self._start = f" {word}"
        self._whole = f" {word} "

    def score(self, text: str) -> int:
        """How well it fits, more than 0 if it does."""
        if self.word not in text:
            return self._score_scattered(text)
        if self._start not in text:
            return _INSIDE
        first = 5 if text.startswith(self._start) else 0
        return (_WHOLE if self._whole in text else _START) + first

    def _score_scattered(self, text: str) -> int:
        spots = self._scattered(text)
        if not spots:
            return 0
        starts = sum(text[at - 1] == " " for at in spots)
        gaps = spots[-1] - spots[0] + 1 - len(spots)
        return _SCATTERED + _PER_START * starts - min(gaps, _MOST_GAPS)

    def positions(self, text: str) -> Sequence[int]:
        """The characters that it fits; none if it does not."""
        for wanted, skipped in ((self._whole, 1), (self._start, 1), (self.word, 0)):
            at = text.find(wanted)
            if at >= 0:
                return range(at + skipped, at + skipped + len(self.word))
        return self._scattered(text)

    def _scattered(self, text: str) -> list[int]:
        """Where its letters come in that order, as close together as where they first do."""
        at = 0
        for letter in self.word:
            at = text.find(letter, at) + 1
            if not at:
                return []
        spots = []
        for letter in reversed(self.word):
            at = text.rfind(letter, 0, at)
            spots.append(at)
        return spots[::-1]
