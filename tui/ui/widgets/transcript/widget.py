"""The widget that shows a chat: its interface, keys and mouse, and when it is painted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, ClassVar, overload

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui.ui.keys import bindings
from tui.ui.widgets.transcript.choosing import choose_next, choose_previous, shown
from tui.ui.widgets.transcript.difference import difference
from tui.ui.widgets.transcript.dress import COMPONENTS, Dress
from tui.ui.widgets.transcript.look import Look, Renderer, render_markdown
from tui.ui.widgets.transcript.marking import highlighted, row_number, selected_text, with_offsets
from tui.ui.widgets.transcript.messages import (
    CopyRequested,
    EntrySelected,
    LinkChosen,
    TailChanged,
)
from tui.ui.widgets.transcript.pace import SHORTEST_S, Pace
from tui.ui.widgets.transcript.place import Place
from tui.ui.widgets.transcript.sheet import Sheet
from tui.ui.widgets.transcript.shelf import Shelf
from tui.ui.widgets.transcript.view import STEP, View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.await_remove import AwaitRemove
    from textual.binding import BindingType
    from textual.selection import Selection
    from textual.timer import Timer

    from tui.paint.palette import Palette
    from tui.ui.widgets.transcript.entry import Entry


class Transcript(ScrollView, can_focus=True, inherit_bindings=False):
    """A chat of any length. It has no border or padding: what stands around it belongs to its parent.

    An id that is not in the chat shown is ignored by all methods, so a reply to another chat may
    go on telling what it gets.
    """

    DEFAULT_CSS = """
    Transcript {
        height: 1fr;
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-color: $panel;
        scrollbar-color-hover: $secondary;
        scrollbar-color-active: $secondary;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
    }
    Transcript > .transcript--user { color: $secondary; text-style: bold; }
    Transcript > .transcript--assistant { color: $primary; text-style: bold; }
    Transcript > .transcript--system { color: $foreground 70%; text-style: bold; }
    Transcript > .transcript--tool { color: $success; text-style: bold; }
    Transcript > .transcript--notice { color: $foreground 50%; }
    Transcript > .transcript--muted { color: $foreground 60%; }
    Transcript > .transcript--thinking { color: $foreground 60%; text-style: italic; }
    Transcript > .transcript--chosen { color: $foreground; text-style: bold; }
    Transcript > .transcript--error { color: $error; }
    Transcript > .transcript--warning { color: $warning; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("transcript")]

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
        self._wanted: Place | None = None
        self._chosen: str | None = None
        self._copied: tuple[str, int] = ("", 0)
        self._thinking_since: dict[str, float] = {}
        self._strips: list[Strip] = []
        self._pace = Pace()
        self._beat: Timer | None = None
        self._stirred = False
        self._more = False
        self._told = (True, False)
        self._thumb = (-1, -1)

    # -- what the screen tells it

    def show(self, entries: Sequence[Entry], place: Place | None = None) -> None:
        """Show another chat, at the place where the reader left it; without one, at its end."""
        self._sheet = Sheet(entries, self._look, self._shelf)
        self._view = View(self._sheet, self._view.height)
        self._chosen = place.selected if place else None
        self._thinking_since.clear()
        self._stirred = self._more = False
        self._unmark()
        self._wanted = place
        if self._look is not None:
            self._view.go(place)
            self._present()

    def add(self, entry: Entry) -> None:
        """Put an entry at the end."""
        self._sheet.add(entry)
        self._came(0)

    @overload
    def remove(self) -> AwaitRemove: ...
    @overload
    def remove(self, entry_id: str) -> None: ...
    def remove(self, entry_id: str | None = None) -> AwaitRemove | None:
        """Take an entry out; without an id, the widget itself from the screen, as Textual means it."""
        if entry_id is None:
            return super().remove()
        self._take_out(entry_id)
        return None

    def _take_out(self, entry_id: str) -> None:
        if self._sheet.index(entry_id) is None:
            return
        self._sheet.remove(entry_id)
        if self._chosen == entry_id:
            self._chosen = None
        self._unmark()
        self._changed(0)

    def append_text(self, entry_id: str, delta: str) -> None:
        """More of an entry's body has arrived. It costs an append; painting has its own pace."""
        if delta and self._sheet.index(entry_id) is not None:
            self._end_thinking(entry_id)
            self._sheet.append(entry_id, delta)
            self._stir()

    def append_thinking(self, entry_id: str, delta: str) -> None:
        """More of an entry's thinking has arrived."""
        if delta and self._sheet.index(entry_id) is not None:
            self._thinking_since.setdefault(entry_id, time.monotonic())
            self._sheet.append_thinking(entry_id, delta)
            self._stir()

    def amend(
        self,
        entry_id: str,
        *,
        head: str | None = None,
        foot: str | None = None,
        body: str | None = None,
        live: bool | None = None,
        tone: str | None = None,
    ) -> None:
        """Change members of an entry; None leaves one as it is. `live=False` ends its rendering."""
        index = self._sheet.index(entry_id)
        if index is None:
            return
        wanted = {"head": head, "foot": foot, "body": body, "live": live, "tone": tone}
        if live is False:
            self._end_thinking(entry_id)
        changes = {name: value for name, value in wanted.items() if value is not None}
        if self._sheet.amend(index, **changes):
            self._came(0)

    def place(self) -> Place:
        """Where the reader is, for `show` to come back to."""
        if self._look is None:
            return self._wanted or Place(None, 0, True, self._chosen)
        return self._view.place(self._chosen)

    @property
    def at_tail(self) -> bool:
        """Whether the end is in view and what comes is followed."""
        return self._view.at_tail

    def go_to_tail(self) -> None:
        """Go to the end and follow what comes."""
        if self._look is None:
            self._wanted = None
            return
        self._view.follow(0)
        self._present()

    def flush(self) -> None:
        """Bring what is waiting onto the screen now."""
        if self._look is not None:
            self._frame()

    @property
    def palette(self) -> Palette | None:
        """The styles of  What is in view takes a new one at once, the rest when it is seen."""
        return self._palette

    @palette.setter
    def palette(self, palette: Palette) -> None:
        self._palette = palette
        self._relook()

    # -- frames

    def _stir(self) -> None:
        """Something has arrived: paint it, now if the last frame is long enough ago."""
        self._stirred = True
        if self._beat is None and self._look is not None:
            self._frame()

    def _frame(self) -> None:
        started = time.thread_time()
        self._stirred = False
        behind = self._view.behind()
        for index in behind:
            self._sheet.advance(index)
        if behind:
            self._changed(STEP - 1)
        else:
            self._came(STEP - 1)
        self.call_after_refresh(lambda: self._pace.spent(time.thread_time() - started))
        self._beat_in(SHORTEST_S if behind else self._pace.wait_s)

    def _beat_in(self, seconds: float) -> None:
        if self._beat is not None:
            self._beat.stop()
        self._beat = self.set_timer(seconds, self._next_beat)

    def _next_beat(self) -> None:
        self._beat = None
        if self._stirred or self._view.behind():
            self._frame()

    def _came(self, lead: int) -> None:
        """Something is new below or in an entry."""
        self._more = self._more or not self._view.at_tail
        self._changed(lead)

    def _changed(self, lead: int) -> None:
        if self._look is None:
            return
        if self._view.at_tail:
            self._view.follow(lead)
        elif self._view.is_stale():
            self._view.settle()
        elif not self._view.behind():
            self._tell()
            return
        self._present()

    def _present(self) -> None:
        """Bring the screen in line with the view: only the cells that differ are painted."""
        strips = self._painted()
        blank = Strip.blank(self._look.cells, self._look.dress.base) if self._look else Strip([])
        strips.extend([blank] * (self._view.height - len(strips)))
        regions = []
        for y, (old, new) in enumerate(zip(self._strips, strips, strict=False)):
            if old is not new:
                start, end = difference(old, new)
                if end > start:
                    regions.append(Region(start, y, end - start, 1))
        if len(strips) != len(self._strips):
            regions = [self.size.region]
        self._strips = strips
        if regions:
            self.refresh(*regions)
        self._move_scrollbar()
        self._tell()
        if self._beat is None and self._view.behind():
            self._beat_in(SHORTEST_S)

    def _painted(self) -> list[Strip]:
        sheet, selection = self._sheet, self.text_selection
        chosen = sheet.index(self._chosen) if self.has_focus else None
        strips = []
        for index, line in self._view.rows():
            strip = sheet.seen(index).strip(line, index == chosen)
            if selection is not None:
                span = selection.get_span(row_number(index, line))
                if span is not None:
                    style = self.screen.get_component_rich_style("screen--selection")
                    strip = highlighted(strip, span, style)
            strips.append(strip)
        return strips

    def _move_scrollbar(self) -> None:
        """Tell Textual where the view is, without the layout and repaint that it would answer with."""
        view = self._view
        width = self._look.cells if self._look else 0
        self.set_reactive(Widget.virtual_size, Size(width, view.extent))
        self.set_reactive(Widget.scroll_y, float(view.top))
        self.set_reactive(Widget.scroll_target_y, float(view.top))
        if not view.height:
            return
        eighths = 8 * view.height / max(view.extent, 1)
        thumb = round(view.top * eighths), round(view.height * eighths)
        if thumb != self._thumb:
            self._thumb = thumb
            bar = self.vertical_scrollbar
            bar.window_virtual_size, bar.window_size = view.extent, view.height
            bar.position = view.top

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

    def _end_thinking(self, entry_id: str) -> None:
        since = self._thinking_since.pop(entry_id, None)
        index = self._sheet.index(entry_id)
        if since is not None and index is not None:
            self._sheet.entries[index].thought_s = time.monotonic() - since

    # -- the mouse

    def on_click(self, event: events.Click) -> None:
        """Choose an entry, or a link in it."""
        event.prevent_default()  # a double click would select everything
        if event.y >= len(rows := self._view.rows()):
            return
        url = event.style.meta.get("link")
        if isinstance(url, str):
            self.post_message(LinkChosen(url))
        elif not self.screen.selections:
            self._choose(rows[event.y][0])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The text selected with the mouse, as it stands on the screen."""
        return selected_text(self._sheet, selection), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 Textual's signature
        """Paint the lines in which the selection changed."""
        self._present()

    def _unmark(self) -> None:
        if self.is_attached and self.text_selection is not None:
            self.screen.clear_selection()

    def _on_focus(self, event: events.Focus) -> None:
        """Take the focus without the repaint that Textual would make of it."""
        event.prevent_default()
        self.has_focus = True
        if self._chosen is None and (index := self._current()) is not None:
            self._choose(index)
        else:
            self._present()

    def _on_blur(self, event: events.Blur) -> None:
        """Lose the focus likewise."""
        event.prevent_default()
        self.has_focus = False
        self._present()

    # -- the keys

    def _choose(self, index: int, top: int | None = None) -> None:
        entry_id = self._sheet.entries[index].id
        changed, self._chosen = entry_id != self._chosen, entry_id
        if top is not None and top != self._view.top:
            self._view.scroll(top)
        self._present()
        if changed:
            self.post_message(EntrySelected(entry_id))

    def _can_choose(self) -> bool:
        return self._look is not None and len(self._sheet) > 0

    def action_next(self) -> None:
        """Choose the next entry, or go on through a tall one."""
        if self._can_choose():
            self._choose(*choose_next(self._view, self._sheet.index(self._chosen)))

    def action_previous(self) -> None:
        """Choose the entry before, or go back through a tall one."""
        if self._can_choose():
            self._choose(*choose_previous(self._view, self._sheet.index(self._chosen)))

    def action_first(self) -> None:
        """Choose the first entry."""
        if self._can_choose():
            self._choose(*shown(self._view, 0))

    def action_last(self) -> None:
        """Choose the last entry, and follow what comes."""
        if self._can_choose():
            self._view.follow(0)
            self._choose(len(self._sheet) - 1)

    def action_page_up(self) -> None:
        """Scroll back by a page, less one line."""
        self._scroll(max(0, self._view.top - max(1, self._view.height - 1)))

    def action_page_down(self) -> None:
        """Scroll on by a page, less one line."""
        self._scroll(min(self._view.last_top, self._view.top + max(1, self._view.height - 1)))

    def _current(self) -> int | None:
        """The chosen entry; without one, the last in view."""
        index = self._sheet.index(self._chosen)
        if index is None and self._can_choose():
            index = self._view.visible()[-1]
        return index

    def action_copy(self) -> None:
        """Ask for the entry's source to be copied."""
        index = self._current()
        if index is not None:
            self.post_message(CopyRequested(self._sheet.take_in(index).body, "message"))

    def action_copy_code(self) -> None:
        """Ask for the entry's next code block to be copied; after the last comes the first again."""
        index = self._current()
        body = self._sheet.laid(index).body if index is not None else None
        blocks = body.code_blocks() if body is not None else ()
        if index is None or not blocks:
            return
        entry_id = self._sheet.entries[index].id
        before, count = self._copied
        number = count % len(blocks) if before == entry_id else 0
        self._copied = entry_id, number + 1
        what = f"code block {number + 1} of {len(blocks)}"
        self.post_message(CopyRequested(blocks[number], what))

    def action_thinking(self) -> None:
        """Unfold the entry's thinking, or fold it again."""
        index = self._current()
        if index is not None and self._sheet.fold(index):
            self._changed(0)
