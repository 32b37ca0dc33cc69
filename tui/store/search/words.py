"""How texts and queries are made into words: the same way for the index, the plain scan and the marks.

Case and the accents of Latin, Greek and Cyrillic letters do not count. Scripts that put no spaces between words
(Chinese, Japanese, Thai …), and Korean, are taken apart into single characters, so that any part of
a sentence is found, one character too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from tui.core.text import scrub

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.core.search import Query, Term

_ALONE = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),
    (0x3040, 0x31FF),  # Hiragana, Katakana, Bopomofo
    (0x3400, 0x9FFF),
    (0xAC00, 0xD7AF),  # Hangul
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
_ALONE_CLASS = "".join(f"{chr(first)}-{chr(last)}" for first, last in _ALONE)
_MARKS = (
    "\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff\u0e31\u0e34-\u0e3a"
    "\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u102b-\u103e\u17b4-\u17d3"
)
"""Vowel signs and the like, which belong to words but are no letters to `re`."""
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
_IN_WORD = rf"(?:(?![{_ALONE_CLASS}]){_LETTER})"
"""What goes on a word: a character that stands alone does not."""
_GAP = rf"(?:(?!{_LETTER})[\s\S])"


def _stands_alone(character: str) -> bool:
    code = ord(character)
    return code >= _ALONE[0][0] and any(first <= code <= last for first, last in _ALONE)


class _Plain(dict[int, str]):
    """What each character counts as, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code))
        kept = "".join(part for part in parts if not 0x300 <= ord(part) < 0x370)
        self[code] = unicodedata.normalize("NFC", kept).casefold()
        return self[code]


class _Spaced(dict[int, str]):
    """The same, with spaces around what is a word by itself."""

    def __missing__(self, code: int) -> str:
        plain = _PLAIN[code]
        self[code] = "".join(f" {part} " if _stands_alone(part) else part for part in plain)
        return self[code]


_PLAIN = _Plain()
_SPACED = _Spaced()


def index_form(text: str) -> str:
    """The text as the index is given it. Whoever changes this changes the index's version too."""
    return text if text.isascii() else text.translate(_SPACED)


def phrase_of(term: Term) -> str:
    """A term as a phrase of FTS5; nothing if there is no word in it."""
    form = index_form(scrub(term.words)).replace('"', " ").replace("\0", " ").strip()
    if not any(map(str.isalnum, form)):
        return ""
    return f'"{form}" *' if term.is_prefix else f'"{form}"'


def expression_of(query: Query) -> str:
    """A query's words as an expression of FTS5; nothing if it asks for none."""
    wanted = [phrase_of(term) for term in query.terms if not term.is_excluded]
    unwanted = [phrase_of(term) for term in query.terms if term.is_excluded]
    expression = " AND ".join(filter(None, wanted))
    for phrase in filter(None, unwanted):
        expression = f"({expression}) NOT {phrase}" if expression else ""
    return expression


def pattern_of(term: Term) -> re.Pattern[str] | None:
    """What finds a term in a text in its plain form; None if there is no word in it."""
    tokens = re.findall(rf"{_LETTER}+", index_form(term.words).lower())
    if not tokens:
        return None
    pattern = "" if _stands_alone(tokens[0][0]) else rf"(?<!{_IN_WORD})"
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None:
            pattern += (
                r"[\W_]*" if _stands_alone(before[0]) or _stands_alone(token[0]) else r"[\W_]+"
            )
        pattern += re.escape(token)
    if not _stands_alone(tokens[-1][0]):
        pattern += rf"{_IN_WORD}*" if term.is_prefix else rf"(?!{_IN_WORD})"
    return re.compile(pattern)


def plain_form(text: str) -> tuple[str, Sequence[int] | None]:
    """The text as patterns are looked for in it, and where each of its characters comes from.

    The places are None if it is character for character as long as the text, and one more if not.
    """
    if text.isascii():
        return text.lower(), None
    pieces = [_PLAIN[ord(character)] for character in text]
    form = "".join(pieces)
    if len(form) == len(text) and all(len(piece) == 1 for piece in pieces):
        return form, None
    places = [at for at, piece in enumerate(pieces) for _ in piece]
    return form, [*places, len(text)]


def patterns_of(terms: Iterable[Term]) -> list[re.Pattern[str]]:
    """What finds the terms that are wanted."""
    found = (pattern_of(term) for term in terms if not term.is_excluded)
    return [pattern for pattern in found if pattern is not None]
