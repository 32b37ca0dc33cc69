"""The list of chats: one widget that draws only the rows in view, however many there are."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from tui.core.text import one_line
from tui.ui.chats import Mark
from tui.ui.keys import actions, bindings
from tui.ui.listed import Rows
from tui.ui.terminal.compositor import FrugalScreen
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.passing import passed_on
from tui.ui.widgets.typed_line import TypedLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from textual import events
    from textual.binding import BindingType

    from tui.ui.chats import Chat

_BAD = {Mark.FAILED, Mark.UNSAVED, Mark.BROKEN}
HEAD = 1
"""Lines above the list that do not scroll: the filter."""

_TAGS_FROM = 8
"""Columns that must be left beside a title for its tags to be shown."""


class Sidebar(ScrollView, can_focus=True):
    """Chats under their headings; one of them is open, one has the cursor.

    What is typed in its filter, or as a title, is part of it: keys take hold at once and in order.
    """

    DEFAULT_CSS = """
    Sidebar {
        width: 28; height: 1fr; background: $panel; color: $foreground;
        scrollbar-size-vertical: 1; overflow-x: hidden;
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "sidebar--day",
        "sidebar--open",
        "sidebar--cursor",
        "sidebar--mark",
        "sidebar--failed",
        "sidebar--faint",
    }
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("sidebar")]
    PLACE = "sidebar"

    class Chosen(Message):
        """A chat is to be opened."""

        def __init__(self, sidebar: Sidebar, chat_id: str) -> None:
            super().__init__()
            self.sidebar = sidebar
            self.chat_id = chat_id

        @property
        def control(self) -> Sidebar:
            """The list that it came from."""
            return self.sidebar

    def __init__(self, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.rows_for: Callable[[str], Rows] = lambda _query: Rows()
        """The rows for what is typed in the filter; called per key."""
        self.title_taken: Callable[[str, str], object] = lambda _chat_id, _title: None
        """Hears the title that was typed for a chat; called at once."""
        self.name_of_place = "chats"
        """What is listed, in a word."""
        self._own = actions(("sidebar",), keymap or {})
        self._everywhere = actions(("chat",), keymap or {})
        self._rows = Rows()
        self._plain: Style | None = None
        """The style of a row, while rows are drawn."""
        self._open: str | None = None
        self._cursor = 0
        self._filter = TypedLine()
        self._is_filtering = False
        self._title: TypedLine | None = None
        self._renamed = ""
        """The chat whose title is being typed."""

    # -- facts that come down

    def show(self, open_id: str | None) -> None:
        """Bring the list up to date; `open_id` is the chat on the screen."""
        rows = self.rows_for(self._filter.text)
        if rows is self._rows and open_id == self._open:
            return
        before = self.chat
        at_cursor = before.id if before is not None else None
        follows = not self.has_focus or at_cursor == self._open
        moved = open_id != self._open or not follows
        self._rows, self._open = rows, open_id
        at = rows.index(open_id if follows else at_cursor)
        self._cursor = at if at is not None else min(self._cursor, max(0, len(rows.chats) - 1))
        self._measure()
        if moved:
            self._bring()
        self.refresh()

    def renew(self, chat_id: str) -> None:
        """A chat's mark has changed: draw its row again."""
        index = self._rows.index(chat_id)
        if index is not None:
            self._refresh_line(self._rows.line_of(index))

    @property
    def chat(self) -> Chat | None:
        """The chat under the cursor."""
        return self._rows.chats[self._cursor] if self._cursor < len(self._rows.chats) else None

    def go_to(self, chat_id: str) -> None:
        """Put the cursor on a chat, if it is listed."""
        at = self._rows.index(chat_id)
        if at is not None:
            self._go(at)

    def _measure(self) -> None:
        """Tell Textual how long the list is: it lays the screen out anew if a scroll bar comes or goes."""
        before, size = self.virtual_size, Size(1, max(1, len(self._rows)) + HEAD)
        height = self.size.height
        if size == before:
            return
        if (size.height > height) != (before.height > height):
            self.virtual_size = size
        else:
            self.set_reactive(Widget.virtual_size, size)
            if self.show_vertical_scrollbar:
                self.vertical_scrollbar.window_virtual_size = size.height
            self.scroll_y = self.validate_scroll_y(self.scroll_y)  # the list may be shorter now

    def _refresh_line(self, line: int) -> None:
        y = line - self.scroll_offset.y + HEAD
        if HEAD <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    # -- the filter

    def begin_filter(self) -> None:
        """What is typed from now on narrows the list down."""
        self._is_filtering = True
        self.refresh()

    def clear_filter(self) -> bool:
        """List everything again; False if nothing was typed, nor to be typed."""
        was = self._is_filtering or bool(self._filter.text)
        self._is_filtering, chat = False, self.chat
        if self._filter.text:
            self._filter = TypedLine()
            self._narrow()
            self.go_to(chat.id if chat is not None else "")
        self.refresh()
        return was

    def _narrow(self) -> None:
        rows = self.rows_for(self._filter.text)
        if rows is not self._rows:
            self._rows, self._cursor = rows, 0
            self._measure()
            self.scroll_to(0, 0, animate=False, force=True)
        self._show_now()

    # -- a title

    def begin_title(self, chat_id: str, title: str) -> None:
        """Have the title of a chat typed, in its row."""
        self.go_to(chat_id)
        if self._rows.index(chat_id) is not None:
            self._title, self._renamed = TypedLine(title), chat_id
            self.refresh()

    def leave_title(self) -> bool:
        """The title stays as it was; False if none is being typed."""
        was, self._title = self._title is not None, None
        self.refresh()
        return was

    def _take_title(self) -> None:
        title, self._title = self._title, None
        self.refresh()
        if title is not None:
            self.title_taken(self._renamed, title.text)

    # -- painting

    def _show_now(self) -> None:
        """Paint all of it past the compositor, which takes longer than all else that a key in the filter does."""
        screen, width = self.screen, self.scrollable_content_region.width  # without the scroll bar
        with self._one_style():
            lines = [(y, self.render_line(y).crop(0, width)) for y in range(self.size.height)]
        if isinstance(screen, FrugalScreen) and screen.paint(self, lines):
            self._styles_cache.clear()  # its lines are those from before
        else:
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows of the list."""
        with self._one_style():
            return super().render_lines(crop)

    @contextmanager
    def _one_style(self) -> Iterator[None]:
        """While rows are drawn: the style that they share is worked out once."""
        self._plain = self.rich_style
        try:
            yield
        finally:
            self._plain = None

    def render_line(self, y: int) -> Strip:
        """One row of the list; the filter above it."""
        width = self.size.width
        if y < HEAD:
            return self._head(width)
        line = y - HEAD + self.scroll_offset.y
        if line >= len(self._rows):
            return self._line(f" {self._rows.empty}" if not line else "", width, "sidebar--faint")
        entry = self._rows.line(line)
        if isinstance(entry, str):
            return self._line(f" {entry}", width, "sidebar--day")
        return self._chat_strip(entry, width)

    def _line(self, text: str, width: int, component: str) -> Strip:
        style = self.get_component_rich_style(component)
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def _head(self, width: int) -> Strip:
        if not self._is_filtering and not self._filter.text:
            words = (
                "filter" if self.name_of_place == "chats" else f"filter the {self.name_of_place}"
            )
            return self._line(f" ⌕ {words}", width, "sidebar--faint")
        style = self.rich_style + Style(bold=True)
        has_cursor = self._is_filtering and self.has_focus and self._title is None
        typed = self._typed(self._filter, width - 4, style, has_cursor=has_cursor)
        sign = Segment(" ⌕ ", self._over(style, "sidebar--mark"))
        return Strip([sign, *typed]).crop_extend(0, width, style)

    def _typed(
        self, line: TypedLine, width: int, style: Style, *, has_cursor: bool
    ) -> list[Segment]:
        text, at = line.view(max(1, width))
        if not has_cursor:
            return [Segment(text, style)]
        under = text[at : at + 1] or " "
        reverse = style + Style(reverse=True)
        return [Segment(text[:at], style), Segment(under, reverse), Segment(text[at + 1 :], style)]

    def _chat_strip(self, index: int, width: int) -> Strip:
        chat = self._rows.chats[index]
        style = self._plain or self.rich_style
        if self.has_focus and index == self._cursor:
            style = self.get_component_rich_style("sidebar--cursor")
        elif chat.id == self._open:
            style = self.get_component_rich_style("sidebar--open")
        mark = "sidebar--failed" if chat.mark in _BAD else "sidebar--mark"
        faint = self._over(style, "sidebar--faint")
        room = max(1, width - 6)
        slot = Segment(set_cell_size(f" {self._rows.slot(chat)}", 3), faint)
        if self._title is not None and chat.id == self._renamed:
            typed = self._typed(self._title, room, style, has_cursor=self.has_focus)
            return Strip([slot, *typed]).crop_extend(0, width, style)
        title = one_line(chat.title, room + 1) or "New chat"
        title = fitted(f"★ {title}" if chat.pinned else title, room)
        tags = self._tags(chat, room - cell_len(title))
        gap = " " * (room - cell_len(title) - cell_len(tags))
        return Strip(
            [
                slot,
                Segment(title + gap, style),
                Segment(tags, faint),
                Segment(f" {chat.mark} ", self._over(style, mark)),
            ]
        ).crop_extend(0, width, style)

    def _tags(self, chat: Chat, room: int) -> str:
        if not chat.tags or room < _TAGS_FROM:
            return ""
        return fitted(" ".join(f"#{one_line(tag, room)}" for tag in chat.tags), room - 1)

    def _over(self, style: Style, component: str) -> Style:
        """A component's foreground on the background of its row."""
        return style + Style(color=self.get_component_rich_style(component).color)

    # -- keys and mouse

    async def _on_key(self, event: events.Key) -> None:
        """Take what is typed, and run keys in the order in which they come."""
        if await passed_on(self, event):
            return
        names = (event.key, event.character or "")  # `slash` is what Textual calls the key `/`
        found = (keys.get(name) for keys in (self._own, self._everywhere) for name in names)
        action = next((one for one in found if one is not None), None)
        if self._types(event):
            action = ""
        elif self._title is not None and action in self._own.values():
            action = ""  # nothing is done in the list meanwhile
        if action is None:
            return
        event.stop()
        event.prevent_default()
        if action:
            await self.run_action(action)

    def _types(self, event: events.Key) -> bool:
        """Whether a key was one for the line that is being typed, and is done."""
        if self._title is not None:
            is_taken = event.key == "enter" or self._title.take(event)
            if event.key == "enter":
                self._take_title()
            self._refresh_line(self._rows.line_of(self._cursor))
            return is_taken
        if not self._is_filtering:
            return False
        if event.key == "tab" and self._filter.text:
            self._is_filtering = False  # from now on keys are for the chats that fit
            self.refresh(Region(0, 0, self.size.width, HEAD))
            return True
        is_taken = self._filter.take(event)
        if is_taken:
            self._narrow()
        return is_taken

    def _on_paste(self, event: events.Paste) -> None:
        """Put what was pasted into the line that is being typed."""
        event.stop()
        if self._title is not None:
            self._title.insert(event.text)
            self.refresh()
        elif self._is_filtering:
            self._filter.insert(event.text)
            self._narrow()

    def action_next(self) -> None:
        """Cursor to the next chat."""
        self._go(self._cursor + 1)

    def action_previous(self) -> None:
        """Cursor to the previous chat."""
        self._go(self._cursor - 1)

    def action_first(self) -> None:
        """Cursor to the first chat."""
        self._go(0)

    def action_last(self) -> None:
        """Cursor to the last chat."""
        self._go(len(self._rows.chats) - 1)

    def action_page_up(self) -> None:
        """Cursor a page up."""
        self._go(self._cursor - max(1, self.size.height - HEAD - 1))

    def action_page_down(self) -> None:
        """Cursor a page down."""
        self._go(self._cursor + max(1, self.size.height - HEAD - 1))

    def _go(self, index: int) -> None:
        if not self._rows.chats:
            return
        before, self._cursor = self._cursor, max(0, min(index, len(self._rows.chats) - 1))
        self._refresh_line(self._rows.line_of(before))
        self._bring()
        self._refresh_line(self._rows.line_of(self._cursor))

    def _bring(self) -> None:
        """Scroll the chat under the cursor into view, with the heading right above it."""
        room = self.size.height - HEAD
        if not self._rows.chats or room < 1:
            return
        top, line = self._rows.top_of(self._cursor), self._rows.line_of(self._cursor)
        offset = self.scroll_offset.y
        if top < offset:
            self.scroll_to(y=top, animate=False, force=True)
        elif line >= offset + room:
            self.scroll_to(y=line - room + 1, animate=False, force=True)

    def on_click(self, event: events.Click) -> None:
        """Open the chat that was clicked, or begin to filter."""
        line = event.y - HEAD + self.scroll_offset.y
        if event.y < HEAD:
            self.begin_filter()
        elif line < len(self._rows) and isinstance(at := self._rows.line(line), int):
            self._cursor = at
            self.post_message(self.Chosen(self, self._rows.chats[at].id))

    def on_resize(self) -> None:
        """Keep the chat under the cursor in view."""
        self._measure()
        self._bring()

    def on_focus(self) -> None:
        """The cursor is shown."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is hidden; a title that was being typed is left as it was."""
        self._title = None
        self._is_filtering = False
        self.refresh()
