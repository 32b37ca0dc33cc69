"""Cuts the piece out of a text in which the words of a query stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.search import Snippet
from tui.store.search.words import plain_form

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

LENGTH = 240
"""Characters of a snippet at most."""

_BEFORE = 60
"""Characters before the first word that was found."""
_STEP = 8_192
_MARKS = 40


def snippet(text: str, patterns: Sequence[re.Pattern[str]]) -> Snippet:
    """The first piece of a text in which most of the patterns are found; its beginning if none is."""
    window = _window(text, patterns)
    start = _word_start(text, max(0, window - _BEFORE)) if window > _BEFORE else 0
    end = min(len(text), start + LENGTH)
    if end < len(text):
        space = max(
            text.rfind(" ", start + LENGTH // 2, end), text.rfind("\n", start + LENGTH // 2, end)
        )
        end = space if space > 0 else end
    piece = text[start:end]
    return Snippet(piece, _marks(piece, patterns), start > 0, end < len(text))


def marks(text: str, patterns: Sequence[re.Pattern[str]]) -> list[tuple[int, int]]:
    """Where the patterns stand in a text, in order; marks that touch are made one."""
    form, places = plain_form(text)
    found = sorted(
        (match.start(), match.end())
        for pattern in patterns
        for match in pattern.finditer(form)
        if match.end() > match.start()
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if places is not None:
            start, end = places[start], max(places[end - 1] + 1, places[end])
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _marks(piece: str, patterns: Sequence[re.Pattern[str]]) -> tuple[tuple[int, int], ...]:
    return tuple(marks(piece, patterns)[:_MARKS])


def _window(text: str, patterns: Sequence[re.Pattern[str]]) -> int:
    """Where the snippet's first word stands: as many different words as can be had follow it closely."""
    best, best_count = 0, 0
    for at in range(0, len(text), _STEP):
        form, places = plain_form(text[at : at + _STEP + LENGTH])
        found = sorted(
            (match.start(), number)
            for number, pattern in enumerate(patterns)
            for match in pattern.finditer(form)
        )
        for index, (start, _) in enumerate(found):
            near = {n for where, n in found[index : index + 20] if where < start + LENGTH - _BEFORE}
            if len(near) > best_count:
                best = at + (places[start] if places is not None else start)
                best_count = len(near)
                if best_count == len(patterns):
                    return best
    return best


def _word_start(text: str, at: int) -> int:
    """The start of the first word behind a place, if one begins soon."""
    space = text.find(" ", at, at + _BEFORE // 2)
    return space + 1 if space >= 0 else at
