"""Text that is shown as it is written, line by line; what is complete is laid out once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from tui.paint.flow import Cutter, Row, wrap
from tui.paint.leaf import Frame, Leaf

if TYPE_CHECKING:
    from rich.style import Style

    from tui.paint.inline import Inline

_LONGEST = 1024
"""Characters of a line that is broken between words; a longer one is cut wherever a row is full."""


class Verbatim(Leaf):
    """Lines as they are written, in one style; links in them can be opened."""

    __slots__ = ("_cutter", "_done", "_length", "_pieces", "_style", "_taken", "lines")

    def __init__(self, frame: Frame, inline: Inline, style: Style) -> None:
        super().__init__(frame, inline)
        self.lines: list[str] = []
        """The lines that are complete."""
        self._style = style
        self._done = 0  # lines that have their rows
        self._pieces: list[str] = []  # of the line that is not complete
        self._length = 0
        self._cutter: Cutter | None = None  # of a long line
        self._taken = 0  # pieces of the long line that it has

    @property
    def keeps_blank_lines(self) -> bool:
        """Whether blank lines belong to it."""
        return False

    def begin_line(self, text: str) -> None:
        """Begin a line with this text."""
        self._pieces, self._length, self._taken = [], 0, 0
        self.extend(text)

    def extend(self, text: str) -> None:
        """Take more of the line that was begun last."""
        self._pieces.append(text)
        self._length += len(text)
        self.dirty = True

    def end_line(self) -> None:
        """Note that the line is complete."""
        self.lines.append("".join(self._pieces))
        self._pieces, self._length, self._taken = [], 0, 0
        self.dirty = True

    def _rows(self) -> tuple[list[Row], list[Row]]:
        is_long = self._length > _LONGEST
        open_line = "" if is_long else "".join(self._pieces)
        end = len(self.lines)
        if not is_long and _is_blank(open_line):  # shown when something follows
            while end > self._done and _is_blank(self.lines[end - 1]):
                end -= 1
        settled: list[Row] = []
        for line in self.lines[self._done : end]:
            settled += self._line_rows(line)
        self._done = end
        if not is_long:
            return settled, [] if _is_blank(open_line) else self._wrapped(open_line)
        self._cutter = self._cutter or Cutter(self.frame.width)
        parts = self._cutter.add("".join(self._pieces[self._taken :]))
        self._taken = len(self._pieces)
        settled += [self._cut_row(part) for part in parts]
        return settled, [self._cut_row(self._cutter.rest)]

    def _line_rows(self, line: str) -> list[Row]:
        """The rows of a complete line that have not been made yet."""
        if len(line) <= _LONGEST:
            return self._wrapped(line)
        cutter, self._cutter = self._cutter or Cutter(self.frame.width), None
        parts = cutter.add(line[cutter.taken :])
        return [self._cut_row(part) for part in [*parts, cutter.rest]]

    def _wrapped(self, line: str) -> list[Row]:
        """The rows of a line, all of them indented as it is."""
        line = line.expandtabs(4)
        text = line.lstrip(" ")
        indent = min(len(line) - len(text), self.frame.width // 2)
        rows = wrap(self.inline.literal(text, self._style), self.frame.width - indent)
        space = [Segment(" " * indent, self._style)] if indent and text else []
        return [[*space, *row] for row in rows]

    def _cut_row(self, text: str) -> Row:
        return [Segment(text, self._style)]


def _is_blank(line: str) -> bool:
    return len(line) <= _LONGEST and not line.strip()
