"""Renders only those lines of a widget that are to be seen in an update.

Textual 8.2.8 renders every widget that an update touches from its first line to its last, and those
that lie hidden behind others as well: one changed word costs two hundred lines of containers. The seam
is `Compositor._render_chops`, which is given the lines to be rendered; a screen takes this compositor
in place of Textual's by deriving from `FrugalScreen`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual._compositor import Compositor
from textual.geometry import Region
from textual.screen import Screen, ScreenResultType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from textual.strip import Strip


class FrugalCompositor(Compositor):
    """A compositor that leaves out what nobody sees."""

    def _render_chops(
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Sequence[Mapping[int, Strip]]:
        left, right = crop.column_span
        cuts = self.cuts
        chops: list[dict[int, Strip]] = [{} for _ in cuts]
        wanted = [y for y in crop.line_range if is_rendered_line(y)]
        # What is still to be painted of each line; widgets come from front to back.
        missing = {
            y: {x for x, end in zip(cuts[y], cuts[y][1:], strict=False) if x < right and end > left}
            for y in wanted
        }
        for widget, (region, clip) in self.visible_widgets.items():
            if not missing:
                break
            seen = region.intersection(clip)
            for first, last in _runs(seen, missing):
                lines = Region(seen.x - region.x, first - region.y, seen.width, last - first)
                for y, strip in enumerate(widget.render_lines(lines), first):
                    inner = [cut for cut in cuts[y] if seen.x <= cut <= seen.right]
                    parts = strip.divide([cut - seen.x for cut in inner[1:]])
                    for cut, part in zip(inner, parts, strict=False):
                        if cut in missing[y]:
                            missing[y].remove(cut)
                            chops[y][cut] = part
                    if not missing[y]:
                        del missing[y]
        whole: list[dict[int, Strip | None]] = [{} for _ in cuts]
        for y in wanted:
            whole[y] = {cut: chops[y].get(cut) for cut in cuts[y][:-1]}
        return cast("Sequence[Mapping[int, Strip]]", whole)  # as Textual has it


class FrugalScreen(Screen[ScreenResultType]):
    """A screen that is composed by the frugal compositor."""

    def __init__(
        self, name: str | None = None, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(name, id, classes)
        self._compositor = FrugalCompositor()


def _runs(seen: Region, missing: Mapping[int, set[int]]) -> Iterator[tuple[int, int]]:
    """The lines of a region, in runs from the first to before the last, that have parts missing there."""
    if not seen.width:
        return
    left, right = seen.column_span
    start = -1
    for y in seen.line_range:
        if any(left <= cut < right for cut in missing.get(y, ())):
            if start < 0:
                start = y
        elif start >= 0:
            yield start, y
            start = -1
    if start >= 0:
        yield start, seen.bottom
