"""One row of the screen: what each cell shows and how it looks."""

from __future__ import annotations

from itertools import compress, count
from operator import is_not, ne, or_
from typing import TYPE_CHECKING

from tui.ui.terminal.cells import glyphs, leading_marks, risky

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.segment import Segment

    from tui.ui.terminal.pens import Pen, Pens


class Row:
    """The cells of a row, in two lists of the same length."""

    __slots__ = ("_odd", "glyphs", "pens")

    def __init__(self, glyphs: list[str], pens: list[Pen], odd: bool = False) -> None:
        self.glyphs = glyphs
        self.pens = pens
        self._odd = odd  # whether a risky glyph was ever drawn here

    @classmethod
    def empty(cls, width: int, pen: Pen) -> Row:
        """A row of spaces."""
        return cls([" "] * width, [pen] * width)

    def copy(self) -> Row:
        """The same row, to be changed."""
        return Row(self.glyphs[:], self.pens[:], self._odd)

    def put(self, x: int, segments: Iterable[Segment], pens: Pens) -> None:
        """Draw segments from column `x` on; what does not fit is cut off.

        A wide character that is overwritten by half becomes a space, as it does in a terminal.
        """
        shown, looks = self.glyphs, self.pens
        new_glyphs, new_pens = self._drawn(x, segments, pens)
        end = min(x + len(new_glyphs), len(shown))
        if end <= x:
            return
        if end - x < len(new_glyphs):
            if new_glyphs[end - x] == "":
                _blank_before(new_glyphs, end - x)
            del new_glyphs[end - x :], new_pens[end - x :]
        if shown[x] == "":
            _blank_before(shown, x)
        shown[x:end] = new_glyphs
        looks[x:end] = new_pens
        while end < len(shown) and shown[end] == "":
            shown[end] = " "
            end += 1

    def _drawn(
        self, x: int, segments: Iterable[Segment], pens: Pens
    ) -> tuple[list[str], list[Pen]]:
        """The cells of segments that are to stand from column `x` on."""
        new = Row([], [])
        pen: Pen | None = None
        for text, style, control in segments:
            if control:
                continue
            part = text if text.isascii() and text.isprintable() else glyphs(text)
            if part is not text:
                self._odd = self._odd or any(map(risky, part))
                self._mark(x, new, leading_marks(text), pen)
            new.glyphs += part
            pen = pens.of(style)
            blank = pen.blank
            if blank is None or blank is pen or " " not in text:
                new.pens += [pen] * len(part)
            else:
                # A space shows no foreground: one pen for all of them spares colour changes.
                new.pens += [blank if glyph == " " else pen for glyph in part]
        return new.glyphs, new.pens

    def _mark(self, x: int, new: Row, marks: str, pen: Pen | None) -> None:
        """Give marks that Textual has cut off back to the character before them."""
        if not marks:
            return
        if new.glyphs:
            _add_marks(new, len(new.glyphs), marks, pen)
        elif not "".join(self.glyphs[:x]).endswith(marks):  # else the same part is drawn once more
            _add_marks(self, x, marks, None)

    def changes(self, other: Row) -> list[int]:
        """The columns in which the rows differ, in order."""
        if self.glyphs == other.glyphs:
            if self.pens == other.pens:
                return []
            return list(compress(count(), map(is_not, self.pens, other.pens)))
        return list(
            compress(
                count(),
                map(
                    or_,
                    map(ne, self.glyphs, other.glyphs),
                    map(is_not, self.pens, other.pens),
                ),
            )
        )

    def first_risky(self) -> int:
        """The first column whose glyph terminals disagree about; the width if there is none."""
        if not self._odd:
            return len(self.glyphs)
        odd = [glyph for glyph in set(self.glyphs) if not glyph.isascii() and risky(glyph)]
        return min(map(self.glyphs.index, odd), default=len(self.glyphs))

    def tail(self) -> int:
        """The column from which on the row is blank, of one background, to its end."""
        end = len(self.glyphs)
        last = self.pens[-1]
        if last.blank is last:
            while end and self.glyphs[end - 1] == " " and self.pens[end - 1] is last:
                end -= 1
        return end


def _blank_before(shown: list[str], x: int) -> None:
    while x:
        x -= 1
        wide, shown[x] = shown[x], " "
        if wide != "":
            return


def _add_marks(row: Row, end: int, marks: str, pen: Pen | None) -> None:
    """Add marks to the character before a cell, which was drawn with `pen`."""
    for x in range(end - 1, -1, -1):
        if row.glyphs[x]:
            row.glyphs[x] += marks
            row.pens[x] = pen or row.pens[x]
            return
