"""Text selected with the mouse or by keys: where it is, how it is painted, what is copied.

Textual wants a row number for each line of text. Heights of entries change while the reader
scrolls, so a line's number is made of its entry's index and its line in the entry.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.ui.widgets.transcript.look import MARGIN

if TYPE_CHECKING:
    from rich.style import Style
    from textual.selection import Selection

    from tui.ui.widgets.transcript.sheet import Sheet

_ENTRY = 1 << 24
_WORD = re.compile(r"[\w/.:@#%+~-]*\w|\S")


class Overlay(NamedTuple):
    """Cells of a line that are painted in another style, from the first to before the last."""

    first: int
    last: int
    style: Style


def row_number(index: int, line: int) -> int:
    """The number by which Textual knows a line of an entry."""
    return index * _ENTRY + line


def with_offsets(strip: Strip, row: int) -> Strip:
    """The line, telling the mouse for each character where it is in the text."""
    margin, text = strip.crop(0, MARGIN), strip.crop(MARGIN)
    return Strip.join([margin.apply_offsets(0, row), text.apply_offsets(0, row)])


def highlighted(strip: Strip, span: tuple[int, int], style: Style) -> Strip:
    """The line with a span of its text marked. Spans are in characters, to -1 for the end."""
    text = strip.crop(MARGIN).text.rstrip()
    start, end = span
    first = MARGIN + cell_len(text[:start])
    last = MARGIN + cell_len(text if end == -1 else text[:end])
    return overlaid(strip, Overlay(first, last, style))


def overlaid(strip: Strip, overlay: Overlay) -> Strip:
    """The line with some of its cells in another style."""
    first, last, style = overlay
    if last <= first:
        return strip
    marked = Strip(Segment.apply_style(strip.crop(first, last), post_style=style), last - first)
    return Strip.join([strip.crop(0, first), marked, strip.crop(last)])


def selected_text(sheet: Sheet, selection: Selection) -> str:
    """The text of a selection, as it stands on the screen; of entries not laid out, their source."""
    start, end = selection
    first, top = divmod(start.y, _ENTRY) if start else (0, 0)
    last, bottom = divmod(end.y, _ENTRY) if end else (len(sheet) - 1, _ENTRY)
    pieces: list[str] = []
    for index in range(first, min(last + 1, len(sheet))):
        whole = (index > first or not start) and (index < last or not end)
        if whole and not sheet.is_laid(index):
            pieces.append(sheet.take_in(index).body + "\n")
            continue
        laid = sheet.laid(index)
        above = top if index == first else 0
        below = min(laid.height - 1, bottom if index == last else laid.height)
        for line in range(above, below + 1):
            span = selection.get_span(row_number(index, line))
            if span is not None:
                text = laid.plain(line)
                pieces.append(text[span[0] : None if span[1] == -1 else span[1]])
    return "\n".join(pieces)


def word_at(text: str, cell: int) -> tuple[int, int] | None:
    """The characters of the word that stands in that cell of a line, from and to; None if none does."""
    for match in _WORD.finditer(text):
        first = cell_len(text[: match.start()])
        if first <= cell < first + cell_len(match.group()):
            return match.span()
    return None
