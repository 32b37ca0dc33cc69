"""The surface of the transcript: what is painted of a view, and when."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui.ui.terminal.compositor import FrugalScreen
from tui.ui.widgets.transcript.difference import difference
from tui.ui.widgets.transcript.dress import Dress
from tui.ui.widgets.transcript.look import Look, Renderer, render_markdown
from tui.ui.widgets.transcript.marking import (
    Overlay,
    highlighted,
    overlaid,
    row_number,
    with_offsets,
)
from tui.ui.widgets.transcript.messages import TailChanged
from tui.ui.widgets.transcript.pace import SHORTEST_S, Pace
from tui.ui.widgets.transcript.sheet import Sheet
from tui.ui.widgets.transcript.shelf import Shelf
from tui.ui.widgets.transcript.spans import Spans
from tui.ui.widgets.transcript.view import STEP, View
from tui.ui.widgets.transcript.warming import warm_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.selection import Selection

    from tui.paint.palette import Palette
    from tui.ui.widgets.transcript.place import Place

THUMB_S = 0.5
"""Seconds by which the scroll bar may lag behind while text arrives."""


class Surface(ScrollView):
    """Paints the lines of a view. It has no border or padding: what stands around it belongs to its parent."""

    def __init__(
        self,
        *,
        render_text: Renderer = render_markdown,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.auto_links = False  # Textual would repaint everything for a link under the mouse
        self._render_text = render_text
        self._palette: Palette | None = None
        self._look: Look | None = None
        self._shelf = Shelf()
        self._sheet = Sheet([], None, self._shelf)
        self._view = View(self._sheet, 0)
        self._wanted: Place | None = None  # where to begin, once there is a size
        self._chosen: str | None = None
        self._strips: list[Strip] = []
        self._marks: dict[int, tuple[Strip, Sequence[Overlay], Strip]] = {}  # by place in view
        self._spans = Spans()
        self._pace = Pace()
        self._beat: asyncio.TimerHandle | None = None
        self._stirred = False
        self._more = False
        self._told = (True, False)
        self._thumb = (-1, -1)
        self._thumb_beat: asyncio.TimerHandle | None = None

    @property
    def palette(self) -> Palette | None:
        """The styles of messages. What is in view takes a new one at once, the rest when it is seen."""
        return self._palette

    @palette.setter
    def palette(self, palette: Palette) -> None:
        self._palette = palette
        self._relook()

    def flush(self) -> None:
        """Bring what is waiting onto the screen now."""
        if self._look is not None:
            self._frame()

    # -- frames

    def _stir(self, characters: int) -> None:
        """So much has arrived: paint it, now if the last frame is long enough ago."""
        self._stirred = True
        self._more = not self._view.at_tail
        self._pace.arrived(characters)
        if self._beat is None and self._look is not None:
            wait = self._pace.left(time.monotonic())
            if wait > 0:
                self._beat_in(wait)
            else:
                self._frame()

    def _frame(self) -> None:
        """Paint what has arrived, if any of it is in view."""
        self._stirred = False
        self._rest()
        self._pace.paints(time.monotonic())
        behind = self._view.behind()
        if not (behind or self._view.at_tail or self._view.is_stale()):
            self._tell()
            return
        began = time.thread_time()
        for index in behind:
            self._view.advance(index)
            self._advanced(index)
        self._follow(STEP - 1)
        if self._present_now():
            self._pace.spent(time.thread_time() - began)
        else:
            self.call_after_refresh(lambda: self._pace.spent(time.thread_time() - began))
        warm_up()

    def _beat_in(self, seconds: float) -> None:
        """Look in so many seconds whether there is something to paint."""
        self._rest()
        loop = asyncio.get_running_loop()
        self._beat = loop.call_later(seconds, self.call_next, self._next_beat)

    def _rest(self) -> None:
        if self._beat is not None:
            self._beat.cancel()
            self._beat = None

    def _next_beat(self) -> None:
        self._beat = None
        if self._stirred or self._view.behind():
            self._frame()

    def on_unmount(self) -> None:
        """Paint no more."""
        self._rest()
        self._rest_thumb()

    def _came(self, lead: int) -> None:
        """Something is new below or in an entry."""
        self._more = self._more or not self._view.at_tail
        self._changed(lead)

    def _changed(self, lead: int) -> None:
        """Show the end if it is followed, or what has changed in view; elsewhere it costs nothing."""
        if self._look is not None and self.is_attached:
            self._follow(lead)
            self._present()

    def _follow(self, lead: int) -> None:
        if self._view.at_tail:
            self._view.follow(lead)
        elif self._view.is_stale():
            self._view.settle()

    def _present(self) -> None:
        """Bring the screen in line with the view: only the cells that differ are painted."""
        before, changed = self._renew()
        self._ask_for_paint(before, changed)
        self._move_thumb()
        self._presented()

    def _present_now(self) -> bool:
        """The same at once, past Textual's compositor; false if that can't be, and comes later."""
        before, changed = self._renew()
        painted = len(before) == len(self._strips) and self._paint(changed)
        if not painted:
            self._ask_for_paint(before, changed)
        self._move_thumb_soon()
        self._presented()
        return painted

    def _paint(self, lines: Sequence[int]) -> bool:
        screen = self.screen
        if not lines:
            return True
        return isinstance(screen, FrugalScreen) and screen.paint(
            self, [(y, self._strips[y]) for y in lines]
        )

    def _renew(self) -> tuple[Sequence[Strip], Sequence[int]]:
        """Take in what is in view; gives the lines as they were, and which of them are others now."""
        strips = self._painted()
        blank = Strip.blank(self._look.cells, self._look.dress.base) if self._look else Strip([])
        strips.extend([blank] * (self._view.height - len(strips)))
        before, self._strips = self._strips, strips
        pairs = enumerate(zip(before, strips, strict=False))
        return before, [y for y, (old, new) in pairs if old is not new]

    def _presented(self) -> None:
        self._move_scrollbar()
        self._tell()
        if self._beat is None and self._view.behind():
            self._beat_in(SHORTEST_S)

    def _ask_for_paint(self, before: Sequence[Strip], lines: Iterable[int]) -> None:
        """Have Textual paint the cells of those lines that differ."""
        if len(before) != len(self._strips):
            self.refresh(self.size.region)
            return
        spans = ((y, *difference(before[y], self._strips[y])) for y in lines)
        regions = [Region(start, y, end - start, 1) for y, start, end in spans if end > start]
        if regions:
            self.refresh(*regions)

    def _advanced(self, index: int) -> None:
        """More of a very long entry has been laid out; for those who look for something in it."""

    def _overlays(self, rows: Sequence[tuple[int, int]]) -> Mapping[int, Sequence[Overlay]]:
        """What is marked in the lines in view, by their place in it."""
        return self._spans.overlays(rows, self._sheet, self._look)

    def _painted(self) -> list[Strip]:
        sheet, selection = self._sheet, self.text_selection
        chosen = sheet.index(self._chosen) if self.has_focus else None
        strips = []
        rows = self._view.rows()
        overlays = self._overlays(rows)
        for y, (index, line) in enumerate(rows):
            strip = sheet.seen(index).strip(line, index == chosen)
            if selection is not None:
                span = selection.get_span(row_number(index, line))
                if span is not None:
                    strip = highlighted(strip, span, self._selection_style())
            if marks := overlays.get(y, ()):
                strip = self._marked(y, strip, marks)
            strips.append(strip)
        return strips

    def _marked(self, y: int, strip: Strip, marks: Sequence[Overlay]) -> Strip:
        """The line with its marks; the same as in the last frame if nothing in it has changed."""
        known = self._marks.get(y)
        if known is not None and known[0] is strip and known[1] == marks:
            return known[2]
        result = strip
        for overlay in marks:
            result = overlaid(result, overlay)
        self._marks[y] = strip, marks, result
        return result

    def _selection_style(self) -> Style:
        """The theme's style for selected text; its text colour is none in most, which Rich cannot say."""
        style = self.screen.get_visual_style("screen--selection")
        colours = Style(bgcolor=style.background.rich_color if style.background else None)
        if style.foreground is not None and style.foreground.a:
            colours += Style(color=style.foreground.rich_color)
        return Style(reverse=True) if self.app.no_color else colours

    def _move_scrollbar(self) -> None:
        """Tell Textual where the view is, without the layout and repaint that it would answer with."""
        view = self._view
        width = self._look.cells if self._look else 0
        self.set_reactive(Widget.virtual_size, Size(width, view.extent))
        self.set_reactive(Widget.scroll_y, float(view.top))
        self.set_reactive(Widget.scroll_target_y, float(view.top))

    def _move_thumb(self) -> None:
        """Paint the scroll bar anew if it looks different now."""
        self._rest_thumb()
        view = self._view
        if not view.height:
            return
        eighths = 8 * view.height / max(view.extent, 1)
        thumb = round(view.top * eighths), round(view.height * eighths)
        if thumb != self._thumb:
            self._thumb = thumb
            bar = self.vertical_scrollbar
            bar.window_virtual_size, bar.window_size = view.extent, view.height
            bar.position = view.top

    def _move_thumb_soon(self) -> None:
        """The same in a while: it costs as much as a frame of text, and follows the text all the time."""
        if self._thumb_beat is None:
            loop = asyncio.get_running_loop()
            self._thumb_beat = loop.call_later(THUMB_S, self.call_next, self._move_thumb)

    def _rest_thumb(self) -> None:
        if self._thumb_beat is not None:
            self._thumb_beat.cancel()
            self._thumb_beat = None

    def _tell(self) -> None:
        at_tail = self._view.at_tail
        self._more = self._more and not at_tail
        if (at_tail, self._more) != self._told:
            self._told = at_tail, self._more
            self.post_message(TailChanged(at_tail, self._more))

    # -- what Textual asks for

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in a region, as they were last presented; there is nothing else to paint."""
        base = self._look.dress.base if self._look else self.rich_style
        width, filters = self.size.width, self.get_line_filters()
        background = self.background_colors[1]
        lines = []
        for y in crop.line_range:
            strip = self._strips[y] if 0 <= y < len(self._strips) else Strip([])
            strip = strip.adjust_cell_length(width, base)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            lines.append(strip.crop(crop.x, crop.right))
        return lines

    def render_line(self, y: int) -> Strip:
        """One line, as Textual asks for it to learn what text the mouse is on."""
        rows = self._view.rows()
        if not 0 <= y < len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        row = row_number(*rows[y]) if y < len(rows) else row_number(len(self._sheet), y)
        return with_offsets(self._strips[y], row)

    def on_resize(self) -> None:
        """Lay out for the new size."""
        self._relook()

    def notify_style_update(self) -> None:
        """The style sheet has been applied; perhaps the theme is another."""
        super().notify_style_update()
        if self._look is not None:
            self.call_next(self._redress)  # Textual applies the styles of components last (8.2.8)

    def _redress(self) -> None:
        super().notify_style_update()  # forgets what was asked for too early
        if self._look is not None and self._dress() != self._look.dress:
            self._relook()

    def _dress(self) -> Dress:
        return Dress.of(self.rich_style, lambda name: self.get_visual_style(name).rich_style)

    def _relook(self) -> None:
        width, height = self.scrollable_content_region.size
        if not (self.is_mounted and width and height):
            return
        if self._palette is None:
            from tui.paint.palette import Palette

            self._palette = Palette.of(self.app.theme_variables, dark=self.app.current_theme.dark)
        self._strips = []
        first = self._look is None
        self._look = Look(width, self._dress(), self._palette, self._render_text)
        if first:
            self._sheet.relook(self._look)
            self._view.height = height
            self._view.go(self._wanted)
        else:
            self._view.reshape(self._look, height)
        self._present()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:  # noqa: ARG002 Textual's signature
        """The reader scrolls with the wheel or the scrollbar."""
        if self._view.height == self.scrollable_content_region.height:
            self._scroll(round(new_value))

    def scroll_to(self, x: float | None = None, y: float | None = None, **options: Any) -> None:
        """Scroll at once: nothing here moves by itself, so `animate` is not heeded."""
        super().scroll_to(x, y, **(options | {"animate": False}))

    def _scroll(self, top: int) -> None:
        if self._look is not None and top != self._view.top:
            self._view.scroll(top)
            self._present()

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 Textual's signature
        """Paint the lines in which the selection changed."""
        self._present()
