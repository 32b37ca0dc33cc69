"""A long text whose beginning and end can be seen at once, while what is between them is laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from tui.paint.ending import end_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tui.paint.rendering import Landmark
    from tui.ui.widgets.transcript.look import Rendered

LONG = 16_000
"""Characters from which on a text is treated so."""

END = 8_000
"""About so many characters of its beginning and of its end are laid out first."""


class LongText:
    """A text that grows. Until all of it is laid out its height is an estimate.

    The lines between those that are laid out from its beginning and those of its end are blank
    meanwhile. No line that is seen moves, but for those of the end, which stay where they are as
    seen from the end.
    """

    def __init__(self, make: Callable[[str], Rendered], source: str) -> None:
        self._whole = make(source)
        end = end_of(source, END)
        self._end: Rendered | None = make(end)
        self._characters = (len(source), len(end))
        self._estimate = 0
        self._shift = 0

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
        return [self._whole] if self._end is None else [self._whole, self._end]

    def append(self, delta: str) -> None:
        """Take more text; nothing is laid out yet."""
        for text in self._texts():
            text.append(delta)

    def finish(self) -> None:
        """No more will come."""
        for text in self._texts():
            text.finish()

    @property
    def is_behind(self) -> bool:
        """Whether there is text without lines."""
        return self._end is not None

    @property
    def settled(self) -> int:
        """Lines from the beginning on that are where they will be."""
        return len(self._whole)

    def lay_out(self, limit: int | None = None) -> int:
        """Make lines of `limit` characters more; tells the first line that changed."""
        if self._end is not None and not self._estimate:
            limit = END
        first = self._whole.lay_out(limit)
        if self._end is None:
            return first
        if not self._whole.is_behind:
            self._end = None
            return min(first, len(self._whole))
        self._end.lay_out()
        if not self._estimate:
            source, end = self._characters
            self._estimate = len(self._end) * source // max(1, end)
        return first

    def __len__(self) -> int:
        if self._end is None:
            return len(self._whole)
        return max(self._estimate, len(self._whole) + len(self._end))

    def line(self, index: int) -> Strip:
        """One line, not padded."""
        if index < len(self._whole):
            return self._whole.line(index)
        from_end = index - len(self)
        if self._end is None or from_end < -len(self._end):
            return Strip([])
        return self._end.line(len(self._end) + from_end)

    def code_blocks(self) -> Sequence[str]:
        """The code of each code block that is laid out from the beginning, in order."""
        return self._whole.code_blocks()

    def landmarks(self) -> Sequence[Landmark]:
        """The headings, blocks of code and tables that are laid out, in order, with their lines."""
        found = list(self._whole.landmarks())
        if self._end is not None:
            above = len(self) - len(self._end)
            found += [mark._replace(line=above + mark.line) for mark in self._end.landmarks()]
        return found
