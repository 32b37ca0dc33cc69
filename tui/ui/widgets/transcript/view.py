"""The part of a sheet that is in view, and how it stays where the reader wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.ui.widgets.transcript.place import Place

if TYPE_CHECKING:
    from tui.ui.widgets.transcript.look import Look
    from tui.ui.widgets.transcript.sheet import Sheet

STEP = 6
"""Lines by which the view moves on when a growing text reaches its bottom: between two moves the
text stands still under the reader's eyes, and a screenful is painted a quarter as often."""


class View:
    """A window of `height` lines on a sheet, its top line at `top`."""

    def __init__(self, sheet: Sheet, height: int) -> None:
        self.sheet = sheet
        self.height = height
        self.top = 0
        self.at_tail = True
        """Whether the end is in view and followed."""
        self._slack = 0

    @property
    def extent(self) -> int:
        """The height of all that can be scrolled to."""
        return self.sheet.heights.total + self._slack

    @property
    def last_top(self) -> int:
        """The top line when the view is at the end."""
        return max(0, self.extent - self.height)

    def visible(self) -> range:
        """The indexes of the entries in view, by the heights known now."""
        count = len(self.sheet)
        if not count or not self.height:
            return range(0)
        first, _ = self.sheet.heights.find(self.top)
        last, _ = self.sheet.heights.find(self.top + self.height - 1)
        return range(min(first, count), min(last + 1, count))

    def rows(self) -> list[tuple[int, int]]:
        """What stands in each line of the view: an entry's index and the line in it. Nothing, below the end."""
        rows: list[tuple[int, int]] = []
        span = self.visible()
        line = self.top - self.sheet.heights.before(span.start)
        for index in span:
            height = self.sheet.heights[index]
            room = self.height - len(rows)
            rows.extend((index, at) for at in range(line, min(height, line + room)))
            line = 0
        return rows

    def is_stale(self) -> bool:
        """Whether what is in view is not laid out as it is by now.

        What has arrived of an entry whose end is below the view changes nothing in it.
        """
        bottom = self.top + self.height
        for index in self.visible():
            if not self.sheet.is_measured(index):
                end = self.sheet.heights.before(index) + self.sheet.heights[index] - 1
                if end <= bottom or not self.sheet.only_grows(index):
                    return True
        return False

    def behind(self) -> list[int]:
        """The very long entries in view of which not all is laid out."""
        return [index for index in self.visible() if self.sheet.is_behind(index)]

    def advance(self, index: int) -> None:
        """Lay out some more of such an entry. What is seen of its end stays in its line."""
        heights = self.sheet.heights
        line, height = self.top - heights.before(index), heights[index]
        is_at_end = line >= self.sheet.seen(index).settled_lines.stop
        self.sheet.advance(index)
        if is_at_end:
            self.top += heights[index] - height

    def settle(self) -> None:
        """Measure what is in view. What was measured before stays in its line."""
        sheet = self.sheet
        while True:
            self.top = max(0, min(self.top, self.last_top))
            span = self.visible()
            fresh = [index for index in span if not sheet.is_measured(index)]
            if not fresh:
                self._reach()
                return
            known = (index for index in span if sheet.is_measured(index))
            anchor = span.start if sheet.is_laid(span.start) else next(known, None)
            if anchor is None:
                self._enter(span.start)
                continue
            row = sheet.heights.before(anchor) - self.top
            for index in fresh:
                sheet.measure(index)
            self.top = sheet.heights.before(anchor) - row

    def _reach(self) -> None:
        """Have lines laid out that are seen in the midst of a very long entry."""
        heights = self.sheet.heights
        for index in self.visible():
            height = heights[index]
            if self.sheet.reach(index, max(0, self.top - heights.before(index))):
                self.top += heights[index] - height

    def _enter(self, index: int) -> None:
        """Measure the entry at the top, of which so far only a guess was known."""
        above = self.sheet.heights.before(index)
        line, guess = self.top - above, self.sheet.heights[index]
        height = self.sheet.measure(index)
        self.top = above + (line * height // guess if line else 0)

    def scroll(self, top: int) -> None:
        """The reader scrolls: the top line is to be that one."""
        goes_down = top > self.top
        self.top = top
        self.settle()
        end = self.sheet.heights.total if goes_down else self.extent
        self.at_tail = self.top + self.height >= end
        if self.at_tail:
            self.follow(0)

    def stay(self) -> None:
        """Follow the end no more, even if it is in view."""
        self.at_tail = False

    def follow(self, lead: int) -> None:
        """Bring the end into view, with `lead` empty lines below it if the view has to move for that."""
        self._measure_tail()
        total, room = self.sheet.heights.total, min(STEP - 1, self.height // 4)
        if total <= self.height:
            self.top = self._slack = 0
        elif total <= self.top + self.height <= total + room:
            self._slack = self.top + self.height - total
        else:
            self._slack = min(lead, room)
            self.top = total - self.height + self._slack
        self.at_tail = True
        self.settle()

    def _measure_tail(self) -> None:
        rows = 0
        for index in range(len(self.sheet) - 1, -1, -1):
            rows += self.sheet.measure(index)
            if rows >= self.height:
                break

    def remove(self, entry_id: str) -> None:
        """Take an entry out. What is in view below it stays in its line."""
        index = self.sheet.index(entry_id)
        if index is None:
            return
        if index < self.visible().start:
            self.top -= self.sheet.heights[index]
        self.sheet.remove(entry_id)
        if not self.at_tail:
            self.settle()

    def place(self, selected: str | None) -> Place:
        """Where the reader is."""
        if not len(self.sheet):
            return Place(None, 0, self.at_tail, selected)
        index, line = self.sheet.heights.find(self.top)
        return Place(self.sheet.entries[index].id, line, self.at_tail, selected)

    def go(self, place: Place | None) -> None:
        """Show that place; None is the end. So is an entry that is gone."""
        index = self.sheet.index(place.entry_id) if place else None
        self._slack = 0
        if place is None or place.at_tail or index is None:
            self.top = 0
            self.follow(0)
            return
        height = self.sheet.measure(index)
        top = self.sheet.heights.before(index) + min(place.line, height - 1)
        if place.is_held:
            self._hold(top)
        else:
            self.scroll(top)

    def _hold(self, top: int) -> None:
        """Keep a line at the top, with empty lines below the end if there is no more to fill the view."""
        self.top, self._slack = top, self.height
        self.settle()
        missing = self.top + self.height - self.sheet.heights.total
        self._slack = max(0, missing)
        self.at_tail = missing == 0 or self.sheet.heights.total <= self.height

    def reshape(self, look: Look, height: int) -> None:
        """Lay out in another look or height. The line at the top, or the end, stays in view."""
        sheet, self.height = self.sheet, height
        index, line = sheet.heights.find(self.top)
        rewrapped = sheet.look is None or not look.breaks_like(sheet.look)
        known = sheet.heights[index] if index < len(sheet) else 0
        sheet.relook(look)
        self._slack = 0
        if self.at_tail or not known:
            self.top = 0
            self.follow(0)
            return
        measured = sheet.measure(index)
        self.top = sheet.heights.before(index) + (line * measured // known if rewrapped else line)
        self.settle()
