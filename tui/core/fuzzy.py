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
    from collections.abc import Iterable, Mapping, Sequence

LONGEST_TEXT = 500
"""Characters of a text that are looked at."""

LONGEST_QUERY = 100

_WHOLE, _START, _INSIDE, _FIRST = 120, 100, 60, 5
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
            scores = word.scores(self._texts, scores)
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

    __slots__ = ("_backwards", "_in_order", "_start", "_whole", "word")

    def __init__(self, word: str) -> None:
        self.word = word
        self._start = f" {word}"
        self._whole = f" {word} "
        self._backwards = word[::-1]
        steps = "".join(f"[^{letter}]*+{letter}" for letter in map(re.escape, word))
        self._in_order = re.compile(steps).match
        """Goes to the first place at which all letters have come in that order, never looking back."""

    def scores(self, texts: Sequence[str], before: Mapping[int, int]) -> dict[int, int]:
        """Of the texts that fitted before, with their scores, those that it fits as well.

        This is all that a key in a filter waits for, so it calls nothing else of ours.
        """
        word, start, whole = self.word, self._start, self._whole
        in_order, backwards, steps = self._in_order, self._backwards, len(self.word) - 1
        scores: dict[int, int] = {}
        for index, score in before.items():
            text = texts[index]
            if word in text:
                more = _INSIDE
                if start in text:
                    more = _WHOLE if whole in text else _START
                    if text.startswith(start):
                        more += _FIRST
                scores[index] = score + more
            elif found := in_order(text):
                at = end = found.end()
                starts = 0
                for letter in backwards:
                    at = text.rfind(letter, 0, at)
                    if text[at - 1] == " ":
                        starts += 1
                gaps = end - 1 - at - steps
                scores[index] = score + _SCATTERED + _PER_START * starts - min(gaps, _MOST_GAPS)
        return scores

    def positions(self, text: str) -> Sequence[int]:
        """The characters that it fits; none if it does not."""
        for wanted, skipped in ((self._whole, 1), (self._start, 1), (self.word, 0)):
            at = text.find(wanted)
            if at >= 0:
                return range(at + skipped, at + skipped + len(self.word))
        return self._scattered(text)

    def _scattered(self, text: str) -> list[int]:
        """Where its letters come in that order, as close together as where they first do."""
        found = self._in_order(text)
        if found is None:
            return []
        at = found.end()
        spots = []
        for letter in self._backwards:
            at = text.rfind(letter, 0, at)
            spots.append(at)
        return spots[::-1]
