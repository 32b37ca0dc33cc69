"""What all blocks that hold text have in common: a place among their containers, and rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment

from tui.paint.flow import Row, Span, row_width, wrap

if TYPE_CHECKING:
    from rich.style import Style

    from tui.paint.inline import Inline


@dataclass(slots=True)
class Frame:
    """What stands left of a block: bullets and bars of the containers that it is in."""

    first: list[Span]
    """Before its first row."""
    rest: list[Span]
    """Before the others."""
    gap: list[Row]
    """The rows that part it from the block before it."""
    width: int
    """Cells that are left for the block."""
    above: list[Row]
    """Markers for which there is no room beside the block."""
    base: Style
    """The style of its text."""
    task: int = -1
    """The index in `first` of the marker that a task's box replaces; -1 if there can be none."""

    def around(self, rows: list[Row], *, at_start: bool) -> list[Row]:
        """The rows with their left sides; at the block's start also with what stands above."""
        rest = [Segment(text, style) for text, style in self.rest]
        framed = [[*rest, *row] for row in rows] if rest else rows
        if not at_start:
            return framed
        if framed:
            framed = [[*(Segment(*span) for span in self.first), *rows[0]], *framed[1:]]
        return [*self.gap, *self.above, *framed]


def fit(
    first: list[list[Span]], rest: list[list[Span]], gap: list[Row], width: int, base: Style
) -> Frame:
    """A frame of the parts that each container has; the outermost go if the room is too small."""
    room = width - min(width, max(10, width // 3))
    start, used = len(first), 0
    while start and used + _cells(first[start - 1]) <= room:
        start -= 1
        used += _cells(first[start])
    above: list[Row] = []
    if start and start == len(first):
        above = wrap(first[-1], width)
    return Frame(
        first=[span for part in first[start:] for span in part],
        rest=[span for part in rest[start:] for span in part],
        gap=gap,
        width=width - used,
        above=above,
        base=base,
    )


def _cells(part: list[Span]) -> int:
    return row_width([Segment(text) for text, _ in part])


class Leaf:
    """A block that holds text. It may grow at its end until it is closed."""

    __slots__ = ("_kept", "asked", "dirty", "frame", "gap", "inline", "missed")

    def __init__(self, frame: Frame, inline: Inline) -> None:
        self.frame = frame
        self.inline = inline
        self.dirty = True
        """Whether it has changed since it was laid out."""
        self.missed: frozenset[str] = frozenset()
        """Labels of links for which there was no definition."""
        self.asked: frozenset[str] = frozenset()
        """Those among them that the owner knows of."""
        self.gap = len(frame.gap)
        """Rows that part it from the leaf before it."""
        self._kept = 0

    def extend(self, text: str) -> None:
        """Take more of the line that was begun last."""

    def end_line(self) -> None:
        """Note that the line which was begun last is complete."""

    @property
    def is_ended(self) -> bool:
        """Whether nothing more can come, after a line that is complete."""
        return False

    def close(self) -> list[str]:
        """Note that no more will come; gives the labels of the links defined in it."""
        return []

    def landmark(self) -> tuple[str, str]:
        """What it is for somebody who looks for it, and its text; nothing if just text."""
        return "", ""

    def reset(self) -> None:
        """Forget all rows, since something that they depend on has changed."""
        self.dirty = True
        self._kept = 0

    def settle(self) -> Leaf:
        """What to keep of it when it is closed and lacks nothing: of most leaves next to nothing."""
        return _SETTLED

    def lay_out(self) -> tuple[int, list[Row]]:
        """How many rows stay from the last time, and the rows that follow them."""
        self.dirty = False
        kept = self._kept
        settled, open_rows = self._rows()
        rows = self.frame.around(settled + open_rows, at_start=not kept)
        self._kept = kept + len(rows) - len(open_rows) if kept or settled else 0
        return kept, rows

    def _rows(self) -> tuple[list[Row], list[Row]]:
        """The rows that have become final since the last call, and those that may change still."""
        raise NotImplementedError


_SETTLED = Leaf.__new__(Leaf)
