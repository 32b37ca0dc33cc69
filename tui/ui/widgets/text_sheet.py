"""A long text to read: wrapped, scrolled, and drawn only where it is in view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.core.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual import events

LONGEST = 20_000
"""Characters of one line that are shown; an image in a request may have millions."""


class TextSheet(ScrollView, can_focus=True):
    """Shows a text, whatever is in it. Whoever has it moves it by `go`; it has no keys of its own."""

    DEFAULT_CSS = """
    TextSheet { height: 1fr; background: $surface; color: $foreground; scrollbar-size-vertical: 1; overflow-x: hidden; overflow-y: scroll; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._rows: list[str] = []
        self._width = 0

    def show(self, text: str, *, stay: bool = False) -> None:
        """Show another text, from its beginning unless it is to stay where it is."""
        if text == self._text and stay:
            return
        self._text = text
        self._lay_out()
        if not stay:
            self.scroll_to(0, 0, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew for another width."""
        if event.size.width != self._width:
            self._lay_out()

    def _lay_out(self) -> None:
        self._width = self.scrollable_content_region.width
        if self._width <= 0:
            return
        self._rows = list(_wrapped(clean(self._text).split("\n"), self._width))
        self.virtual_size = Size(self._width, len(self._rows))
        self.refresh()

    def go(self, rows: int) -> None:
        """So many rows down; up if negative."""
        self.scroll_to(0, self.scroll_offset.y + rows, animate=False, force=True)

    def page(self, pages: int) -> None:
        """So many pages down; up if negative."""
        self.go(pages * max(1, self.size.height - 1))

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        at = y + self.scroll_offset.y
        text = self._rows[at] if at < len(self._rows) else ""
        width = self.size.width
        return Strip([Segment(text, self.rich_style)]).crop_extend(0, width, self.rich_style)


def _wrapped(lines: Iterable[str], width: int) -> Iterator[str]:
    """The lines in pieces that fit, what is wrapped as far to the right as its line begins."""
    for whole in lines:
        line = whole.expandtabs(4)
        if len(line) > LONGEST:
            line = f"{line[:LONGEST]} … ({len(line) - LONGEST:,} characters more)"
        if len(line) <= width and cell_len(line) <= width:
            yield line
            continue
        body = line.lstrip(" ")
        indent = min(len(line) - len(body), width // 2)
        room = width - indent
        if body.isascii():
            pieces = [body[at : at + room] for at in range(0, len(body), room)]
        else:
            pieces = chop_cells(body, room)
        for piece in pieces:
            yield " " * indent + piece
