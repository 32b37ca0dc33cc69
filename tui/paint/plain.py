"""Blocks that need no laying out of their own: rules, formulas, containers without content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from tui.paint.flow import Row, wrap
from tui.paint.leaf import Frame, Leaf

if TYPE_CHECKING:
    from tui.paint.inline import Inline


class Rule(Leaf):
    """A line across the block's width."""

    __slots__ = ()

    def _rows(self) -> tuple[list[Row], list[Row]]:
        return [], [[Segment("─" * self.frame.width, self.inline.palette.rule)]]


class Empty(Leaf):
    """Nothing, so that the marker of an empty item is seen."""

    __slots__ = ()

    def _rows(self) -> tuple[list[Row], list[Row]]:
        return [], [[]]


class Maths(Leaf):
    """A displayed formula, its lines as they are written."""

    __slots__ = ("_end", "_lines")

    def __init__(self, frame: Frame, inline: Inline, end: str) -> None:
        super().__init__(frame, inline)
        self._end = end
        self._lines: list[str] = []

    @property
    def is_ended(self) -> bool:
        """Whether its end has come."""
        last = self._lines[-1].rstrip()
        return last.endswith(self._end) and (len(self._lines) > 1 or len(last) > len(self._end))

    def begin_line(self, text: str) -> None:
        """Begin a line with this text."""
        self._lines.append(text)
        self.dirty = True

    def extend(self, text: str) -> None:
        """Take more of the line that was begun last."""
        self._lines[-1] += text
        self.dirty = True

    def _rows(self) -> tuple[list[Row], list[Row]]:
        style = self.inline.palette.maths
        return [], [
            row
            for line in self._lines
            for row in wrap([(line.expandtabs(4), style)], self.frame.width)
        ]
