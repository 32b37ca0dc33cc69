"""A long text whose beginning and end can be seen at once, while what is between them is laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.strip import Strip

from tui.paint.ending import part_before

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.paint.rendering import Landmark
    from tui.ui.widgets.transcript.look import Rendered

LONG = 16_000
"""Characters from which on a text is treated so."""

PART = 6_000
"""About so many characters of its beginning and of its end are laid out first: a screenful or two."""

_NEAR = 400
"""Lines above those of its end that are laid out too if they are looked at."""


class _End(NamedTuple):
    """A part of the end of a text."""

    text: Rendered
    gap: int
    """Blank lines above it."""

    @property
    def height(self) -> int:
        return self.gap + len(self.text)


class LongText:
    """A text that grows. Until all of it is laid out its height is an estimate.

    The lines between those that are laid out from its beginning and those of its end are blank
    meanwhile. No line that is seen moves, but for those of the end, which stay where they are as
    seen from the end.
    """

    def __init__(self, make: Callable[[str], Rendered], source: str) -> None:
        self._make = make
        self._source = source  # without what was appended since
        self._whole = make(source)
        self._begin = len(source)  # where in it the parts of the end begin
        self._ends: list[_End] = []  # from below upwards
        self._done = False
        self._finished = False
        self._estimate = 0
        self._shift = 0
        self._add_part()

    @property
    def shift(self) -> int:
        """Cells by which code that is not wrapped is shifted."""
        return self._shift

    @shift.setter
    def shift(self, cells: int) -> None:
        self._shift = cells
        for text in self._texts():
            text.shift = cells

    @property
    def hidden(self) -> int:
        """The most cells by which it can be."""
        return max(text.hidden for text in self._texts())

    def _texts(self) -> list[Rendered]:
        return [self._whole, *(end.text for end in self._ends)]

    def append(self, delta: str) -> None:
        """Take more text; nothing is laid out yet."""
        self._whole.append(delta)
        if self._ends:
            self._ends[0].text.append(delta)

    def finish(self) -> None:
        """No more will come."""
        self._finished = True
        self._whole.finish()
        if self._ends:
            self._ends[0].text.finish()

    @property
    def is_behind(self) -> bool:
        """Whether there is text without lines."""
        return not self._done

    @property
    def settled(self) -> int:
        """Lines from the beginning on that are where they will be."""
        return len(self._whole)

    def lay_out(self, limit: int | None = None) -> int:
        """Make lines of `limit` characters more; tells the first line that changed."""
        if not self._done and not self._estimate:
            limit = PART
        first = self._whole.lay_out(limit)
        if self._done:
            return first
        if not self._whole.is_behind:
            self._done, self._source, self._ends = True, "", []
            return min(first, len(self._whole))
        self._ends[0].text.lay_out()
        if not self._estimate:
            end = len(self._source) - self._begin
            self._estimate = self._end_height * len(self._source) // max(1, end)
        return first

    # What is seen of the end

    @property
    def _end_height(self) -> int:
        return sum(end.height for end in self._ends)

    def _add_part(self) -> None:
        """Lay out some more of the text, above what is there of its end."""
        part = part_before(self._source, self._begin, PART)
        text = self._make(part.source)
        text.shift = self._shift
        if self._ends:
            text.finish()
            text.lay_out()
        self._ends.append(_End(text, int(part.is_apart)))
        self._begin = part.begin

    def reach(self, line: int) -> bool:
        """Lay out what comes above the end, if this line is in it; tells whether that was so."""
        before = self._begin
        while not self._done and self._begin and len(self._whole) <= line < self._end_line:
            if self._end_line - line > _NEAR:
                break
            self._add_part()
        return self._begin < before

    @property
    def _end_line(self) -> int:
        return len(self) - self._end_height

    def __len__(self) -> int:
        if self._done:
            return len(self._whole)
        return max(self._estimate, len(self._whole) + self._end_height)

    def line(self, index: int) -> Strip:
        """One line, not padded."""
        if index < len(self._whole):
            return self._whole.line(index)
        from_end = len(self) - index
        for end in self._ends:
            if from_end <= len(end.text):
                return end.text.line(len(end.text) - from_end)
            from_end -= end.height
            if from_end <= 0:
                break
        return Strip([])

    def code_blocks(self) -> Sequence[str]:
        """The code of each code block that is laid out from the beginning, in order."""
        return self._whole.code_blocks()

    def landmarks(self) -> Sequence[Landmark]:
        """The headings, blocks of code and tables that are laid out, in order, with their lines."""
        found = list(self._whole.landmarks())
        above = self._end_line
        for end in reversed(self._ends):
            above += end.gap
            found += [mark._replace(line=above + mark.line) for mark in end.text.landmarks()]
            above += len(end.text)
        return found
