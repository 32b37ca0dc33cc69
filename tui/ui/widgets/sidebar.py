"""The list of chats: one widget that draws only the rows in view, however many there are."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.core.text import one_line
from tui.ui.chats import Mark, day_of
from tui.ui.keys import bindings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.binding import BindingType

    from tui.ui.chats import Chat

SLOTS = 9
"""The first so many chats carry their number."""


class Sidebar(ScrollView, can_focus=True):
    """All chats under their days; one of them is open, one has the cursor."""

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

    def __init__(self) -> None:
        super().__init__()
        self._chats: Sequence[Chat] = ()
        self._rows: list[str | int] = []
        """What stands in each row: a day's name, or an index into the chats."""
        self._row_of: list[int] = []
        """The row of each chat."""
        self._open: str | None = None
        self._cursor = 0
        self._complete = False

    # -- facts that come down

    def show(self, chats: Sequence[Chat], open_id: str | None, *, complete: bool = True) -> None:
        """List these chats; `open_id` is the one on the screen; `complete` is False while more are being read."""
        at_cursor = self._chats[self._cursor].id if self._cursor < len(self._chats) else None
        self._chats = list(chats)
        self._open = open_id
        self._complete = complete
        self._cursor = self._index(at_cursor if self.has_focus else open_id)
        self._lay_out()
        self.refresh()

    def renew(self, chat_id: str) -> None:
        """A chat's mark has changed: draw its row again."""
        index = self._index(chat_id, -1)
        if index >= 0:
            self._refresh_row(self._row_of[index])

    def _index(self, chat_id: str | None, default: int = 0) -> int:
        return next((i for i, chat in enumerate(self._chats) if chat.id == chat_id), default)

    def _lay_out(self) -> None:
        now = datetime.now().astimezone()
        self._rows, self._row_of = [], []
        heading = None
        for index, chat in enumerate(self._chats):
            day = day_of(chat.changed, now)
            if day != heading:
                heading = day
                self._rows.append(day)
            self._row_of.append(len(self._rows))
            self._rows.append(index)
        self.virtual_size = Size(self.size.width, max(1, len(self._rows)))

    def _refresh_row(self, row: int) -> None:
        y = row - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    # -- painting

    def render_line(self, y: int) -> Strip:
        """One row of the list."""
        width = self.size.width
        row = y + self.scroll_offset.y
        if row >= len(self._rows):
            empty = row == 0 and self._complete
            text = " no chats yet" if empty else ""
            return self._line(text, width, "sidebar--faint")
        entry = self._rows[row]
        if isinstance(entry, str):
            return self._line(f" {entry}", width, "sidebar--day")
        return self._chat_strip(entry, width)

    def _line(self, text: str, width: int, component: str) -> Strip:
        style = self.get_component_rich_style(component)
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def _chat_strip(self, index: int, width: int) -> Strip:
        chat = self._chats[index]
        style = self.rich_style
        if self.has_focus and index == self._cursor:
            style = self.get_component_rich_style("sidebar--cursor")
        elif chat.id == self._open:
            style = self.get_component_rich_style("sidebar--open")
        mark = "sidebar--failed" if chat.mark in {Mark.FAILED, Mark.BROKEN} else "sidebar--mark"
        slot = f"{index + 1}" if index < SLOTS else " "
        room = max(0, width - 6)
        title = one_line(chat.title or "New chat", max(1, room))
        while cell_len(title) > room:  # wide characters take two cells each
            title = title[:-2] + "…" if len(title) > 1 else ""
        return Strip(
            [
                Segment(f" {slot} ", self._over(style, "sidebar--faint")),
                Segment(set_cell_size(title, room), style),
                Segment(f" {chat.mark} ", self._over(style, mark)),
            ]
        ).crop_extend(0, width, style)

    def _over(self, style: Style, component: str) -> Style:
        """A component's foreground on the background of its row."""
        return style + Style(color=self.get_component_rich_style(component).color)

    # -- keys and mouse

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
        self._go(len(self._chats) - 1)

    def action_page_up(self) -> None:
        """Cursor a page up."""
        self._go(self._cursor - max(1, self.size.height - 2))

    def action_page_down(self) -> None:
        """Cursor a page down."""
        self._go(self._cursor + max(1, self.size.height - 2))

    def action_open(self) -> None:
        """Open the chat under the cursor."""
        if self._cursor < len(self._chats):
            self.post_message(self.Chosen(self, self._chats[self._cursor].id))

    def _go(self, index: int) -> None:
        if not self._chats:
            return
        before, self._cursor = self._cursor, max(0, min(index, len(self._chats) - 1))
        if before < len(self._row_of):
            self._refresh_row(self._row_of[before])
        row = self._row_of[self._cursor]
        top = 0 if self._cursor == 0 else row
        self.scroll_to_region(Region(0, top, 1, 1), animate=False)
        self._refresh_row(row)

    def on_click(self, event: events.Click) -> None:
        """Open the chat that was clicked."""
        at = bisect_left(self._row_of, event.y + self.scroll_offset.y)
        if at < len(self._row_of) and self._row_of[at] == event.y + self.scroll_offset.y:
            self._cursor = at
            self.action_open()

    def on_focus(self) -> None:
        """The cursor is shown."""
        self.refresh()

    def on_blur(self) -> None:
        """The cursor is hidden."""
        self.refresh()
