"""The sequences that draw: cursor moves, changes of look, text and erasing, each as short as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.terminal.cells import risky

if TYPE_CHECKING:
    from tui.ui.terminal.moves import Move
    from tui.ui.terminal.pens import Pen, Pens
    from tui.ui.terminal.rows import Row
    from tui.ui.terminal.traits import Traits

_ERASE_FROM = 4
"""Blank cells to the end of the line that are erased rather than written."""
_SKIP_FROM = 9
"""Blank cells within a line that are erased and stepped over rather than written."""
_BRIDGE = 4
"""Unchanged cells that are written again rather than stepped over."""


class Strokes:
    """Collects what is to be written, and knows where that leaves the cursor and its look.

    It starts with an unknown cursor and the plain pen.
    """

    def __init__(self, pens: Pens, width: int, traits: Traits) -> None:
        self._pens = pens
        self._width = width
        self._traits = traits
        self._parts: list[str] = []
        self._ink = pens.plain
        self._x = self._y = -1

    def text(self) -> str:
        """Everything so far."""
        return "".join(self._parts)

    def length(self) -> int:
        """Characters so far."""
        return sum(map(len, self._parts))

    def move(self, x: int, y: int) -> None:
        """Put the cursor on a cell."""
        if (x, y) != (self._x, self._y):
            absolute = _absolute(x, y)
            relative = self._relative(x, y) if self._x >= 0 else absolute
            self._parts.append(relative if len(relative) < len(absolute) else absolute)
        self._x, self._y = x, y

    def _relative(self, x: int, y: int) -> str:
        if x == 0 and y == self._y + 1:
            return "\r\n"
        down, right = y - self._y, x - self._x
        if down < 0:
            return _absolute(x, y)
        vertical = f"\x1b[{down if down > 1 else ''}B" if down else ""
        if right >= 0:
            return vertical + (f"\x1b[{right if right > 1 else ''}C" if right else "")
        return vertical + ("\r" if x == 0 else "\b" * -right if right > -4 else f"\x1b[{x + 1}G")

    def lift(self) -> None:
        """Return to the plain pen, so that whatever else is written looks as it should."""
        self._use(self._pens.plain)

    def scroll(self, move: Move, height: int) -> None:
        """Move rows; those that come in are blank, of the terminal's own background.

        Lines are deleted and inserted within margins: every terminal since the VT102 can do that,
        and unlike scrolling it leaves nothing in a scrollback.
        """
        self._use(self._pens.plain)
        margins = move.bottom < height
        if margins:
            self._parts.append(f"\x1b[{move.top + 1};{move.bottom}r")
            self._x = -1
        self.move(0, move.top)
        count = abs(move.by)
        self._parts.append(f"\x1b[{count if count > 1 else ''}{'M' if move.by > 0 else 'L'}")
        if margins:
            self._parts.append("\x1b[r")
        self._x = -1

    def redraw(self, y: int, row: Row, changed: list[int]) -> None:
        """Draw those columns of a row that changed, which are in order and not none."""
        tail = row.tail()
        erase = -1
        if changed[-1] >= tail:
            in_tail = next(x for x in changed if x >= tail)
            if self._can_erase(row.pens[-1]) and self._width - in_tail >= _ERASE_FROM:
                erase = in_tail
        start = end = -1
        for x in changed:
            if 0 <= erase <= x:
                break
            if end >= 0 and (x == end or self._bridges(row, end, x)):
                end = x + 1
                continue
            if end >= 0:
                self._span(y, row, start, end)
            start, end = x, x + 1
        if end >= 0:
            self._span(y, row, start, end)
        if erase >= 0:
            self.move(erase, y)
            self._use_for_blank(row.pens[-1])
            self._parts.append("\x1b[K")

    def _bridges(self, row: Row, start: int, end: int) -> bool:
        """Whether writing the cells between two changes costs less than a move."""
        if end - start > _BRIDGE:
            return False
        pen = row.pens[start - 1]
        return all(
            row.glyphs[x].isascii() and (row.pens[x] is pen or row.pens[x] is pen.blank)
            for x in range(start, end)
        )

    def _span(self, y: int, row: Row, start: int, end: int) -> None:
        glyphs, pens = row.glyphs, row.pens
        while start and glyphs[start] == "":
            start -= 1
        while end < self._width and glyphs[end] == "":
            end += 1
        self.move(start, y)
        at = start
        while at < end:
            pen = pens[at]
            stop = at + 1
            while stop < end and pens[stop] is pen:
                stop += 1
            if pen.blank is pen and glyphs[at:stop] == [" "] * (stop - at):
                if stop - at >= _SKIP_FROM and self._can_erase(pen):
                    self._use_for_blank(pen)
                    self._parts.append(f"\x1b[{stop - at}X")
                    if stop < end:
                        self.move(stop, y)
                    at = stop
                    continue
                ahead = pens[stop] if stop < end else pen
                if self._ink.blank is not pen:
                    self._use_for_blank(pen) if ahead.blank is not pen else self._use(ahead)
            else:
                self._use(pen)
            self._write(y, glyphs, at, stop)
            at = stop

    def _write(self, y: int, glyphs: list[str], start: int, end: int) -> None:
        run = "".join(glyphs[start:end])
        if run.isascii() or not any(risky(glyph) for glyph in glyphs[start:end]):
            self.move(start, y)
            self._parts.append(run)
            # In the last column the cursor waits or stays, depending on the terminal.
            self._x = end if end < self._width else -1
            return
        for x in range(start, end):
            if glyphs[x] == "":
                continue
            self.move(x, y)
            after = x + 1
            while after < self._width and glyphs[after] == "":
                after += 1
            if risky(glyphs[x]):
                # A narrower drawing leaves no old cell beside it; a wider one is written over.
                self._parts.append(f"{' ' * (after - x)}\x1b[{x + 1}G{glyphs[x]}")
                self._x = -1
            else:
                self._parts.append(glyphs[x])
                self._x = after if after < self._width else -1

    def _can_erase(self, pen: Pen) -> bool:
        return self._traits.erases_in_color or not pen.background

    def _use_for_blank(self, blank: Pen) -> None:
        if self._ink.blank is not blank:
            self._use(self._pens.over(self._ink, blank))

    def _use(self, pen: Pen) -> None:
        if pen is not self._ink:
            self._parts.append(self._pens.change(self._ink, pen))
            self._ink = pen


def _absolute(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H"
