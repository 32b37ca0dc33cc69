"""The cells of one row of the screen, made from styled text.

This is the last gate before the terminal: what is not a printable character never becomes part
of a cell, whatever a widget has put into its segments.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from unicodedata import category

from rich.cells import cell_len

from tui.core.text import UNSAFE

_JOINER = "\u200d"
_FLAGS = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_UNSETTLED = (
    _FLAGS,
    _SKIN_TONES,
    range(0x1160, 0x1200),  # vowels and finals of Hangul, which join what stands before them
    range(0x1FA70, 0x1FB00),  # emoji still being added: a terminal may know fewer than we do
)
_SELECTORS = range(0xFE00, 0xFE10)
_LONGEST = 32
"""Characters of one glyph; marks beyond that are left out."""
_LINE_CONTROLS = re.compile("[\t\n]")


def glyphs(text: str) -> tuple[str, ...] | str:
    """What each cell of `text` shows, from left to right.

    A wide character fills its first cell, the others hold an empty string. Marks, joined emoji and
    flags are one glyph. Characters that could act on the terminal are left out.
    """
    return text if text.isascii() and text.isprintable() else _glyphs(text)


@lru_cache(2048)
def leading_marks(text: str) -> str:
    """The marks at the start of a text that belong to the character before it."""
    return "".join(takewhile(lambda character: _is_mark(character, ("Mn", "Mc", "Me")), text))


def _is_mark(character: str, categories: tuple[str, ...] = ("Mn",)) -> bool:
    """Whether the character adds to the one before it without changing its width."""
    return (
        category(character) in categories
        and ord(character) not in _SELECTORS
        and not cell_len(character)
    )


@lru_cache(4096)
def risky(glyph: str) -> bool:
    """Whether terminals disagree on the width of this glyph."""
    first, marks = glyph[:1], glyph[1:]
    if not all(map(_is_mark, marks)):
        return True
    return first >= "\u0300" and (
        any(ord(first) in block for block in _UNSETTLED)
        or category(first) in ("Mn", "Mc", "Me", "Cf", "Cn")
    )


@lru_cache(2048)
def _glyphs(text: str) -> tuple[str, ...]:
    text = text[len(leading_marks(text)) :]
    safe = _LINE_CONTROLS.sub("", UNSAFE.sub(lambda match: "\ufffd" * cell_len(match[0]), text))
    found: list[str] = []
    for cluster in _clusters(safe):
        width = cell_len(cluster)
        if width:
            found += [cluster, *[""] * (width - 1)]
    return tuple(found)


def _clusters(text: str) -> list[str]:
    """The text in pieces that a terminal may draw as one glyph."""
    found: list[str] = []
    joined = False
    for character in text:
        if found and (joined or _continues(found[-1], character)):
            if len(found[-1]) < _LONGEST:
                found[-1] += character
        else:
            found.append(character)
        joined = character == _JOINER
    return found


def _continues(cluster: str, character: str) -> bool:
    if character < "\u0300":
        return False
    code = ord(character)
    if code in _FLAGS:
        return len(cluster) == 1 and ord(cluster) in _FLAGS
    return code in _SKIN_TONES or cell_len(character) == 0
