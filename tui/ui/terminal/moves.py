"""Finds rows that are wanted where others stand: the terminal moves them itself, which is cheap.

Terminals move rows in their whole width. What stands beside the moved part, a sidebar, is moved as
well and has to be mended; whether it pays all the same is counted in cells.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.ui.terminal.rows import Row

LEAST_ROWS = 4
"""Fewer changed rows than this are not worth a search."""
COST = 24
"""What a move costs, in cells that could be written instead."""
_EDGE = 2
"""Columns left out at the sides of the changed part, where a scroll bar may be."""


class Move(NamedTuple):
    """The rows from `top` to before `bottom` go up by so many rows; down if `by` is negative."""

    top: int
    bottom: int
    by: int


def likely_move(
    shown: Sequence[Row | None], wanted: Sequence[Row], changes: Mapping[int, Sequence[int]]
) -> Move | None:
    """The move that brings the most rows to where they are wanted, if any brings a few.

    `changes` holds the changed columns of every changed row.
    """
    left = min(columns[0] for columns in changes.values()) + _EDGE
    right = max(columns[-1] for columns in changes.values()) + 1 - _EDGE
    if right <= left:
        return None
    first, last = min(changes), max(changes)
    places: dict[str, list[int]] = {}
    for y in range(first, last + 1):
        old = shown[y]
        if old is None:
            return None
        places.setdefault("".join(old.glyphs[left:right]), []).append(y)
    matches: dict[int, list[int]] = {}
    votes: Counter[int] = Counter()
    for y in changes:
        text = "".join(wanted[y].glyphs[left:right])
        if text.isspace():
            continue
        for place in places.get(text, ()):
            matches.setdefault(place - y, []).append(y)
            votes[place - y] += 1
    votes.pop(0, None)
    if not votes:
        return None
    by, count = votes.most_common(1)[0]
    if count < LEAST_ROWS - 1:
        return None
    top, bottom = min(matches[by]), max(matches[by]) + 1
    return Move(top, bottom + by, by) if by > 0 else Move(top + by, bottom, by)
