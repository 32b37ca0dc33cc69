"""Lines of code that are not wrapped: the part of them that is in view, with marks where more is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.style import Style

    from tui.paint.flow import Row

WIDEST = 1024
"""Cells of a row of code that is not wrapped; what is longer goes on in the next row all the same."""

_BEFORE, _BEYOND = "‹", "›"


class Window:
    """What is seen of the rows of one block of code.

    A row is what stands left of the block, a margin of one cell, and the code.
    """

    __slots__ = ("_begin", "_mark", "_pad", "_room", "_sides", "head", "widest")

    def __init__(
        self, begin: int, sides: tuple[int, int], room: int, pad: Style, mark: Style
    ) -> None:
        self._begin = begin  # rows above the block
        self._sides = sides  # cells left of the block, in its first row and in the others
        self._room = room
        self._pad = pad
        self._mark = mark
        self.head = begin
        """Rows before those of the code; they stay where they are."""
        self.widest = 0
        """Cells of its widest row of code."""

    @property
    def hidden(self) -> int:
        """Cells of the widest row for which there is no room."""
        return max(0, self.widest - self._room)

    def seen(self, row: Row, number: int, shift: int) -> Row:
        """What is seen of the row with this number when the code is shifted by so many cells."""
        if number < self._begin:
            return row
        shift = 0 if number < self.head else min(shift, self.hidden)
        left = self._sides[number > self._begin]
        strip = Strip(row)
        start = left + 1 + shift
        end = start + self._room
        width = strip.cell_length
        if not shift and width <= end:
            return [*row, Segment(" " * (end + 1 - width), self._pad)]
        code = strip.crop(start, end)
        before, beyond = shift and width > left + 1, width > end
        return [
            *strip.crop(0, left),
            Segment(_BEFORE, self._mark) if before else Segment(" ", self._pad),
            *code,
            Segment(" " * (self._room - code.cell_length + (not beyond)), self._pad),
            *([Segment(_BEYOND, self._mark)] if beyond else ()),
        ]
