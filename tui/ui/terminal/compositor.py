"""Paints only what is to be seen of an update, and without delay.

Textual 8.2.8 renders every widget that an update touches from its first line to its last, and those
that lie hidden behind others as well: one changed word costs two hundred lines of containers. The seam
is `Compositor._render_chops`, which is given the lines to be rendered.

It paints on the next beat of a timer of sixty a second, so that a key is echoed up to 17 ms late: the
seam is `Screen._on_idle`. And what streams in costs more in its compositor than anywhere else: a widget
that nothing lies over can be painted past it.

A screen takes all that in place of Textual's by deriving from `FrugalScreen`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, cast

from textual._compositor import Compositor
from textual.geometry import Region
from textual.screen import Screen, ScreenResultType

from tui.ui.terminal.output import DifferenceOutput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from textual import events
    from textual.strip import Strip
    from textual.widget import Widget

EAGER_AFTER_S = 1 / 60
"""A screen that was not painted for so many seconds is painted at once, else with the timer's next beat."""


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
        self._painted_at = 0.0
        self._bare: tuple[object, Widget, Region | None] | None = None

    def paint(self, widget: Widget, lines: Sequence[tuple[int, Strip]]) -> bool:
        """Show lines of a widget that has no border now, past the compositor.

        They are as wide as its content, and what it would render in their place. False if that can't
        be: the widget is partly hidden, or all is about to be laid out anew, or the output is
        Textual's own. It has to be refreshed as usual then.
        """
        app = self.app
        if not isinstance(app, DifferenceOutput) or app.screen is not self or self._is_unsettled:
            return False
        region = self._bare_region(widget)
        if region is None:
            return False
        size = region.size
        if any(y >= size.height or line.cell_length != size.width for y, line in lines):
            return False  # the widget has not heard of its new size yet
        return app.draw(region.x, ((region.y + y, line) for y, line in _filtered(widget, lines)))

    @property
    def _is_unsettled(self) -> bool:
        """Whether the whole screen is about to be laid out or painted."""
        return (
            self._layout_required
            or self._scroll_required
            or self._repaint_required
            or self._recompose_required
        )

    def _bare_region(self, widget: Widget) -> Region | None:
        """Where the content of a widget stands on the screen, if all of it is seen."""
        visible = self._compositor.visible_widgets
        if self._bare is None or self._bare[0] is not visible or self._bare[1] is not widget:
            self._bare = visible, widget, self._find_bare(widget)
        return self._bare[2]

    def _find_bare(self, widget: Widget) -> Region | None:
        visible = self._compositor.visible_widgets
        if widget not in visible:
            return None
        whole, clip = visible[widget]
        region = Region(*whole.offset, *widget.scrollable_content_region.size)
        if not clip.contains_region(region) or not self.size.region.contains_region(region):
            return None
        for other, (place, its_clip) in visible.items():
            if other is widget:
                return region
            if place.intersection(its_clip).overlaps(region):
                return None
        return None

    def _compositor_refresh(self) -> None:
        is_asked = self._repaint_required
        super()._compositor_refresh()
        self._painted_at = time.monotonic()
        if self.app.screen is not self:
            # Textual 8.2.8 has a screen below another ask itself for the next repaint, which asks
            # for the one after it, as often as it hears anything. The upper screen has been told
            # what to paint; only what somebody else has asked for is still to be done.
            self._repaint_required = is_asked

    def _on_timer_update(self) -> None:
        keep_changes(self)
        super()._on_timer_update()

    async def _on_idle(self, event: events.Idle) -> None:
        # Textual's own handler is called as well, unless it is prevented.
        if (
            self._dirty_widgets
            and not self._is_unsettled
            and self.is_current
            and time.monotonic() - self._painted_at >= EAGER_AFTER_S
        ):
            event.prevent_default()
            self._on_timer_update()


def keep_changes(screen: Screen[ScreenResultType]) -> None:
    """Have a screen that is about to be repainted in parts paint what has changed in it, too.

    Textual 8.2.8 has the upper screen repainted where a lower one has changed, and forgets over it which
    widgets of the upper one are to be painted: a list would stay as it was.
    """
    dirty = screen._dirty_widgets  # noqa: SLF001
    if screen._repaint_required and dirty and not screen._layout_required:  # noqa: SLF001
        screen._compositor.update_widgets(dirty)  # noqa: SLF001


def _filtered(widget: Widget, lines: Iterable[tuple[int, Strip]]) -> Iterable[tuple[int, Strip]]:
    """The lines as they leave a widget's own rendering: with the app's filters applied."""
    for line_filter in widget.get_line_filters():
        background = widget.background_colors[1]
        lines = [(y, line.apply_filter(line_filter, background)) for y, line in lines]
    return lines


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
