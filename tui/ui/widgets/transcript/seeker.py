"""Find in chat: goes from hit to hit and marks all that are in view."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.ui.widgets.transcript.finding import Hits, Query, Tally, locate
from tui.ui.widgets.transcript.look import MARGIN
from tui.ui.widgets.transcript.marking import Overlay
from tui.ui.widgets.transcript.messages import HitReached
from tui.ui.widgets.transcript.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.ui.widgets.transcript.finding import Spot
    from tui.ui.widgets.transcript.laid import Laid
    from tui.ui.widgets.transcript.look import Renderer
    from tui.ui.widgets.transcript.place import Place

_GROWTH = 1.5
"""How much more of a very long entry is laid out before a hit is looked for again in it."""


class Seeker(Reader):
    """A reader who looks for words."""

    def __init__(
        self, *, render_text: Renderer, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(render_text=render_text, id=id, classes=classes)
        self._query: Query | None = None
        self._marks_hits = False
        self._hit: tuple[str, int] | None = None  # the entry, and which of its hits
        self._found: tuple[Laid, Sequence[Spot]] | None = None  # where that stands, in what lines
        self._began: Place | None = None  # where the reader was before
        self._looked_at = 0  # lines of the entry when the hit was looked for in vain

    # -- what the screen tells it

    def find(self, text: str) -> Tally:
        """Look for a text, and go to the first hit in view or below; if there is none, to the last above.

        In view is what was so when the reader began to look for something.
        """
        if self._look is None:
            return Tally()
        if self._began is not None:
            self._view.go(self._began)
        query = Query(text)
        self._hit, self._marks_hits = None, bool(query)
        self._query = query if query else None
        if not query:
            self._present()
            return Tally()
        hits = Hits(self._sheet, query)
        if not hits.total:
            self._present()
            return Tally()
        index, line = self._sheet.heights.find(self._view.top)
        above = 0
        if index < len(hits.counts) and hits.counts[index]:
            above = len(self._spots(index, self._sheet.laid(index).text_lines.start, line))
        reached = hits.first_from(index, above)
        if reached[2]:  # nothing but what is above
            reached = (*hits.last_before(len(hits.counts), 0)[:2], "")
        return self._reach(hits, *reached)

    def find_in(self, entry_id: str, text: str) -> Tally:
        """Look for a text, and go to the first hit in one entry; if there is none, stay and mark nothing."""
        query, index = Query(text), self._sheet.index(entry_id)
        if self._look is None or index is None or not query:
            return Tally()
        hits = Hits(self._sheet, query)
        if not hits.counts[index]:
            return Tally()
        self._query, self._marks_hits = query, True
        return self._reach(hits, index, 0, "")

    def find_next(self) -> Tally:
        """Go to the next hit."""
        return self._step(1)

    def find_previous(self) -> Tally:
        """Go to the hit before."""
        return self._step(-1)

    def end_find(self) -> None:
        """Stay here; hits stay marked."""
        self._began = None

    def cancel_find(self) -> None:
        """Go back to where the reader was; nothing is marked any more."""
        self._marks_hits = False
        self._looked_at = 0
        if self._began is not None:
            self._chosen = self._began.selected
            self._view.go(self._began)
            self._began = None
        self._present()

    def unmark_hits(self) -> None:
        """Mark no hits any more. What was looked for is still known to `n`."""
        self._looked_at = 0
        if self._marks_hits:
            self._marks_hits = False
            self._present()

    def forget_hits(self) -> None:
        """Another chat is shown."""
        self._hit = self._found = self._began = None
        self._marks_hits = False
        self._looked_at = 0

    # -- keys

    async def action_find(self) -> None:
        """Have the screen give the keys to a field in which is typed what is to be found.

        It is there when this returns: keys that came in one piece with this one find it.
        """
        if self._look is not None:
            self._began = self._view.place(self._chosen)
            await self.run_action("screen.begin_find")

    def action_find_next(self) -> None:
        """Go to the next hit, and tell."""
        if self._query is not None:
            self.post_message(HitReached(self._step(1)))

    def action_find_previous(self) -> None:
        """Go to the hit before, and tell."""
        if self._query is not None:
            self.post_message(HitReached(self._step(-1)))

    # -- going there

    def _step(self, step: int) -> Tally:
        query = self._query
        if query is None or self._look is None:
            return Tally()
        self._marks_hits = True
        hits = Hits(self._sheet, query)
        if not hits.total:
            self._hit = None
            self._present()
            return Tally()
        entry_id, number = self._hit or (None, 0)
        index = self._sheet.index(entry_id)
        if index is None:
            index, _ = self._sheet.heights.find(self._view.top)
            number = 0 if step < 0 else -1
        if step > 0:
            return self._reach(hits, *hits.first_from(index, number + 1))
        return self._reach(hits, *hits.last_before(index, number))

    def _reach(self, hits: Hits, index: int, number: int, wrapped: str) -> Tally:
        self._hit = self._sheet.entries[index].id, number
        self._go_to_hit(index, number, hits.counts[index])
        return hits.tally(index, number, wrapped)

    def _go_to_hit(self, index: int, number: int, count: int) -> None:
        """Bring a hit into view; it need not move for that."""
        laid = self._sheet.laid(index)
        lines = laid.settled_lines
        spots = self._spots(index, lines.start, lines.stop)
        found = locate(spots, laid, number, count)
        is_coming = laid.is_behind and number >= len(spots)
        self._looked_at = lines.stop if is_coming else 0
        self._found = laid, () if is_coming else found
        if is_coming:
            line = lines.stop - 1  # the end of what there is: more is laid out as it is looked at
        elif found:
            line = found[0].line
        else:
            line = lines.start + len(lines) * number // max(1, count)
        row, view = self._sheet.heights.before(index) + line, self._view
        if not view.top <= row < view.top + view.height:
            view.scroll(max(0, min(row - view.height // 3, view.last_top)))
        if not is_coming:
            view.stay()  # text that arrives would push the hit out of view
        self._choose(index)

    def _spots(self, index: int, start: int, stop: int) -> list[list[Spot]]:
        """The hits in some of an entry's lines."""
        if self._query is None:
            return []
        return self._query.spots(self._sheet.laid(index), range(start, stop))

    def _advanced(self, index: int) -> None:
        """Look again for a hit far down in a very long entry, now and then while it is laid out."""
        if not self._looked_at or self._hit is None or self._query is None:
            return
        entry_id, number = self._hit
        laid = self._sheet.seen(index)
        if self._sheet.index(entry_id) != index:
            return
        if laid.settled_lines.stop >= self._looked_at * _GROWTH or not laid.is_behind:
            self._go_to_hit(index, number, self._query.count(self._sheet.source(index)))
        else:
            row = self._sheet.heights.before(index) + laid.settled_lines.stop - 1
            self._view.scroll(max(0, min(row - self._view.height // 3, self._view.last_top)))

    # -- painting

    def _overlays(self, rows: Sequence[tuple[int, int]]) -> Mapping[int, Sequence[Overlay]]:
        """All hits in view."""
        overlays = {y: list(marks) for y, marks in super()._overlays(rows).items()}
        if not self._marks_hits or self._query is None or self._look is None:
            return overlays
        dress = self._look.dress
        for index, group in groupby(enumerate(rows), lambda numbered: numbered[1][0]):
            ys = {line: y for y, (_, line) in group}
            laid = self._sheet.seen(index)
            at = self._spots_at(index, laid)
            lines = laid.text_lines
            first, last = max(lines.start, min(ys) - 1), min(lines.stop, max(ys) + 2)
            for spots in self._query.spots(laid, range(first, last)):
                for spot in spots:
                    if spot.line in ys:
                        style = dress.at_hit if spot in at else dress.hit
                        text = laid.plain(spot.line)
                        left = MARGIN + cell_len(text[: spot.start])
                        right = MARGIN + cell_len(text[: spot.end])
                        overlays.setdefault(ys[spot.line], []).append(Overlay(left, right, style))
        return overlays

    def _spots_at(self, index: int, laid: Laid) -> Sequence[Spot]:
        """Where the hit that the reader is at stands, if it is in this entry."""
        if self._hit is None or self._query is None or self._sheet.index(self._hit[0]) != index:
            return ()
        if self._found is None or self._found[0] is not laid:  # laid out anew, after a resize
            lines = laid.text_lines
            count = self._query.count(self._sheet.source(index))
            spots = self._query.spots(laid, lines)
            self._found = laid, locate(spots, laid, self._hit[1], count)
        return self._found[1]
