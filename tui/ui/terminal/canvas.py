"""The screen twice: as it is wanted, and as it was last written to the terminal."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from tui.ui.terminal.moves import COST, LEAST_ROWS, likely_move
from tui.ui.terminal.pens import Pens
from tui.ui.terminal.rows import Row
from tui.ui.terminal.strokes import Strokes

if TYPE_CHECKING:
    from rich.color import ColorSystem
    from textual._compositor import ChopsUpdate, LayoutUpdate
    from textual.strip import Strip

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
        self._parts: list[
            dict[int, Strip]
        ] = []  # what was drawn last at a column, if it is all there
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
            self._parts = [{} for _ in region.line_range]
            self.forget()
        for y, strips in enumerate(update.strips):
            self._parts[y].clear()
            self._row(y).put(0, chain.from_iterable(strips), self._pens)

    def patch(self, update: ChopsUpdate) -> bool:
        """Take the parts of the screen that changed; false if they are parts of another screen."""
        if len(update.chops) != len(self._wanted):
            return False
        for y, x1, x2 in update.spans:
            parts = self._parts[y]
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is None or x >= x2 or end <= x1:
                    continue
                if parts.get(x) is strip:
                    continue
                shown = strip if end <= x2 else strip.crop(0, x2 - x)
                self._place(parts, x, shown)
                self._row(y).put(x, shown, self._pens)
        return True

    def put(self, x: int, y: int, strip: Strip) -> None:
        """Draw on one row, from column `x` on."""
        parts = self._parts[y]
        if parts.get(x) is not strip:
            self._place(parts, x, strip)
            self._row(y).put(x, strip, self._pens)

    def _place(self, parts: dict[int, Strip], x: int, strip: Strip) -> None:
        """Note that a strip is drawn, over what was drawn there before."""
        end = x + strip.cell_length
        for at in [at for at, part in parts.items() if at < end and at + part.cell_length > x]:
            del parts[at]
        parts[x] = strip

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows; none before the whole screen was drawn once."""
        return self._width, len(self._wanted)

    @property
    def is_behind(self) -> bool:
        """Whether the terminal may show something else than what is wanted."""
        return bool(self._touched)

    def difference(self, cursor: tuple[int, int], limit: int | None = None) -> str:
        """What to write so that the terminal shows the wanted screen, the cursor at (x, y).

        It counts as written from now on. Of more than `limit` characters only a part is given, the
        rows next to the cursor first, and the next difference goes on with the others.
        """
        strokes = Strokes(self._pens, self._width, self.traits)
        changes = {y: columns for y in sorted(self._touched) if (columns := self._changes(y))}
        if self.traits.scrolls and len(changes) >= LEAST_ROWS:
            changes = self._moved(strokes, changes)
        for y in self._touched - changes.keys():
            self._shown[y] = self._wanted[y]
        self._touched.intersection_update(changes)
        order = list(changes)
        if limit is not None:
            order.sort(key=lambda y: abs(y - cursor[1]))
        for y in order:
            strokes.redraw(y, self._wanted[y], changes[y])
            self._shown[y] = self._wanted[y]
            self._touched.remove(y)
            if limit is not None and strokes.length() >= limit:
                break
        if not changes and cursor == self._cursor:
            return ""
        self._cursor = cursor
        strokes.lift()
        strokes.move(*cursor)
        return strokes.text()

    def _changes(self, y: int) -> list[int]:
        """The columns of a row that are to be written."""
        old, new = self._shown[y], self._wanted[y]
        return list(range(self._width)) if old is None else _changed(old, new)

    def _moved(self, strokes: Strokes, changes: dict[int, list[int]]) -> dict[int, list[int]]:
        """The changes that are left after moving rows, if that pays; else the same changes."""
        move = likely_move(self._shown, self._wanted, changes)
        if move is None:
            return changes
        top, bottom, by = move
        fresh: list[Row | None] = [Row.empty(self._width, self._pens.plain)] * abs(by)
        old = self._shown[top:bottom]
        moved = [*old[by:], *fresh] if by > 0 else [*fresh, *old[:by]]
        left = {y: columns for y, columns in changes.items() if not top <= y < bottom}
        for y, row in enumerate(moved, top):
            if row is not None and (columns := _changed(row, self._wanted[y])):
                left[y] = columns
        if _cells(left) + COST >= _cells(changes) or not self._unseen(changes, left):
            return changes
        strokes.scroll(move, len(self._wanted))
        self._shown[top:bottom] = moved
        self._touched.update(range(top, bottom))
        return dict(sorted(left.items()))

    def _unseen(self, changes: dict[int, list[int]], left: dict[int, list[int]]) -> bool:
        """Whether nobody sees what a move displaces until it is mended."""
        if self.traits.synchronised:
            return True
        first = min(columns[0] for columns in changes.values())
        last = max(columns[-1] for columns in changes.values())
        return all(first <= columns[0] and columns[-1] <= last for columns in left.values())

    def _row(self, y: int) -> Row:
        """The wanted row, to be drawn on."""
        row = self._wanted[y]
        if row is self._shown[y]:
            row = self._wanted[y] = row.copy()
        self._touched.add(y)
        return row


def _cells(changes: dict[int, list[int]]) -> int:
    return sum(map(len, changes.values()))


def _changed(old: Row, new: Row) -> list[int]:
    """The columns to write: those that differ, and more where the terminal may have lost count."""
    changed = new.changes(old)
    if changed:
        risky = min(old.first_risky(), new.first_risky())
        if changed[-1] >= risky:
            return [x for x in changed if x < risky] + list(range(risky, len(new.glyphs)))
    return changed
