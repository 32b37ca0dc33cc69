"""The screen twice: as it is wanted, and as it was last written to the terminal."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tui.ui.terminal.pens import Pens
from tui.ui.terminal.rows import Row
from tui.ui.terminal.strokes import Strokes

if TYPE_CHECKING:
    from rich.color import ColorSystem
    from textual._compositor import ChopsUpdate, LayoutUpdate

    from tui.ui.terminal.traits import Traits


class Canvas:
    """Takes Textual's updates and gives the difference to what the terminal shows."""

    def __init__(self, color_system: ColorSystem, traits: Traits) -> None:
        self.color_system = color_system
        self.traits = traits
        self._pens = Pens(color_system)
        self._width = 0
        self._wanted: list[Row] = []
        self._shown: list[Row | None] = []
        self._touched: set[int] = set()
        self._cursor: tuple[int, int] | None = None

    def forget(self) -> None:
        """The terminal may show anything by now: the next difference is the whole screen."""
        self._shown = [None] * len(self._wanted)
        self._touched = set(range(len(self._wanted)))
        self._cursor = None

    def draw(self, update: LayoutUpdate) -> None:
        """Take the whole screen."""
        region = update.region
        if (region.width, region.height) != (self._width, len(self._wanted)):
            self._width = region.width
            self._wanted = [Row.empty(region.width, self._pens.plain) for _ in region.line_range]
            self.forget()
        for y, strips in enumerate(update.strips):
            self._row(y).put(0, chain.from_iterable(strips), self._pens)

    def patch(self, update: ChopsUpdate) -> bool:
        """Take the parts of the screen that changed; false if they are parts of another screen."""
        if len(update.chops) != len(self._wanted):
            return False
        for y, x1, x2 in update.spans:
            row = self._row(y)
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                row.put(x, strip if end <= x2 else strip.crop(0, x2 - x), self._pens)
        return True

    def difference(self, cursor: tuple[int, int]) -> str:
        """What to write so that the terminal shows the wanted screen, the cursor at (x, y).

        It counts as written from now on.
        """
        strokes = Strokes(self._pens, self._width, self.traits)
        everything = list(range(self._width))
        drawn = False
        for y in sorted(self._touched):
            row, old = self._wanted[y], self._shown[y]
            changed = everything if old is None else _changed(old, row)
            if changed:
                strokes.redraw(y, row, changed)
                drawn = True
            self._shown[y] = row
        self._touched.clear()
        if not drawn and cursor == self._cursor:
            return ""
        self._cursor = cursor
        strokes.lift()
        strokes.move(*cursor)
        return strokes.text()

    def _row(self, y: int) -> Row:
        """The wanted row, to be drawn on."""
        row = self._wanted[y]
        if row is self._shown[y]:
            row = self._wanted[y] = row.copy()
        self._touched.add(y)
        return row


def _changed(old: Row, new: Row) -> list[int]:
    """The columns to write: those that differ, and more where the terminal may have lost count."""
    changed = new.changes(old)
    if changed:
        risky = min(old.first_risky(), new.first_risky())
        if changed[-1] >= risky:
            return [x for x in changed if x < risky] + list(range(risky, len(new.glyphs)))
    return changed
