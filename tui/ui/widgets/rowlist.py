"""A list of rows of which only those in view are drawn, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.core.fuzzy import positions
from tui.core.text import one_line
from tui.ui.widgets.cells import fitted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from textual import events

Value_co = TypeVar("Value_co", covariant=True)

LONGEST = 300
"""Characters of a row that are looked at."""


@dataclass(frozen=True, slots=True)
class Row(Generic[Value_co]):
    """One row. Texts may be hostile: they are cleaned when they are drawn."""

    value: Value_co
    """What is chosen with it."""
    text: str
    detail: str = ""
    """On the right, as far as there is room."""
    group: str = ""
    """The heading under which it stands; rows of one group come together."""
    lead: str = ""
    """Drawn in front of the text as it is: lines of a tree."""


class RowList(ScrollView, can_focus=False):
    """Rows under the headings of their groups, one of them under the cursor."""

    DEFAULT_CSS = """
    RowList { height: 1fr; background: $surface; color: $foreground; scrollbar-size-vertical: 1; overflow-x: hidden; }
    RowList > .rows--group { color: $foreground 60%; }
    RowList > .rows--cursor { background: $primary 30%; text-style: bold; }
    RowList > .rows--detail { color: $foreground 60%; }
    RowList > .rows--hit { color: $accent; text-style: underline; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "rows--group", "rows--cursor", "rows--detail", "rows--hit",
    }  # fmt: skip

    class Clicked(Message):
        """The row under the cursor was clicked."""

    class Moved(Message):
        """Another row is under the cursor."""

    def __init__(self, empty: str = "nothing fits") -> None:
        super().__init__()
        self._rows: Sequence[Row[object]] = ()
        self._lines: list[str | int] = []
        """What stands in each line: a heading, or an index into the rows."""
        self._line_of: list[int] = []
        self._query = ""
        self._at = 0
        self._empty = empty

    @property
    def at(self) -> int:
        """Which row the cursor is on."""
        return self._at

    def show(self, rows: Sequence[Row[object]], query: str = "", at: int = 0) -> None:
        """List these rows, letters that fit the query marked, with the cursor on one of them."""
        self._rows, self._query = rows, query
        self._lines, self._line_of = [], []
        heading = ""
        for index, row in enumerate(rows):
            if row.group != heading:
                heading = row.group
                self._lines.append(heading)
            self._line_of.append(len(self._lines))
            self._lines.append(index)
        self.virtual_size = Size(self.size.width, max(1, len(self._lines)))
        self._at = 0
        self.scroll_to(0, 0, animate=False)
        self.go(at)
        self.refresh()

    def go(self, index: int) -> None:
        """Put the cursor on a row, or on the nearest that there is."""
        self._at = max(0, min(index, len(self._rows) - 1))
        if self._rows:
            line = self._line_of[self._at]
            top = 0 if self._at == 0 else line
            self.scroll_to_region(Region(0, top, 1, line - top + 1), animate=False, force=True)
        self.refresh()
        self.post_message(self.Moved())

    @property
    def page(self) -> int:
        """How many rows a page is."""
        return max(1, self.size.height - 2)

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        line = event.y + self.scroll_offset.y
        if line < len(self._lines) and isinstance(self._lines[line], int):
            self.go(int(self._lines[line]))
            self.post_message(self.Clicked())

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        width = self.size.width
        line = y + self.scroll_offset.y
        if line >= len(self._lines):
            text = f" {self._empty}" if line == 0 else ""
            return self._faint(text, width)
        entry = self._lines[line]
        if isinstance(entry, str):
            return self._faint(f" {one_line(entry, LONGEST)}", width)
        return self._row_strip(entry, width)

    def _faint(self, text: str, width: int) -> Strip:
        style = self.get_component_rich_style("rows--group")
        return Strip([Segment(set_cell_size(text, width), style)], width)

    def _row_strip(self, index: int, width: int) -> Strip:
        row = self._rows[index]
        is_here = index == self._at
        style = self.get_component_rich_style("rows--cursor") if is_here else self.rich_style
        text, detail = one_line(row.text, LONGEST), one_line(row.detail, LONGEST)
        room = max(1, width - 4)
        left = max(room // 4, room - cell_len(text) - 2)
        detail = fitted(detail, left) if detail else ""
        room -= len(
            lead := row.lead[-(room // 2) :]
        )  # what is deep in a tree can be read all the same
        text = fitted(text, max(1, room - (cell_len(detail) + 2 if detail else 0)))
        gap = " " * (room - cell_len(text) - cell_len(detail))
        spots = frozenset(positions(self._query, text)) if self._query else ()
        before = Segment(f" › {lead}" if is_here else f"   {lead}", style)
        segments = [before, *self._marked(text, spots, style)]
        faint = style + Style(color=self.get_component_rich_style("rows--detail").color)
        segments += [Segment(gap, style), Segment(f"{detail} ", style if is_here else faint)]
        return Strip(segments).crop_extend(0, width, style)

    def _marked(self, text: str, spots: Collection[int], style: Style) -> list[Segment]:
        """The text in as few pieces as its marked letters allow."""
        if not spots:
            return [Segment(text, style)]
        hit = self.get_component_rich_style("rows--hit")
        marked = style + Style(color=hit.color, underline=True)
        pieces: list[Segment] = []
        start = 0
        for at in range(1, len(text) + 1):
            if at == len(text) or (at in spots) != (start in spots):
                pieces.append(Segment(text[start:at], marked if start in spots else style))
                start = at
        return pieces
