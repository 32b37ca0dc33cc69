"""Blocks that need no laying out of their own: rules, formulas, containers without content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from tui.paint.leaf import Leaf
from tui.paint.verbatim import Verbatim

if TYPE_CHECKING:
    from tui.paint.flow import Row
    from tui.paint.inline import Inline
    from tui.paint.leaf import Frame


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


class Maths(Verbatim):
    """A displayed formula."""

    __slots__ = ("_end",)

    def __init__(self, frame: Frame, inline: Inline, end: str) -> None:
        super().__init__(frame, inline, inline.palette.maths)
        self._end = end

    @property
    def is_ended(self) -> bool:
        """Whether its end has come."""
        last = self.lines[-1].rstrip()
        return last.endswith(self._end) and (len(self.lines) > 1 or len(last) > len(self._end))
