"""Tables: columns as wide as their cells, or cells that wrap where the screen is too narrow.

Widths come from all complete rows. In a long table they grow in steps, so that the rows which are
already laid out are seldom laid out again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.segment import Segment

from tui.paint.flow import Row, Span, row_width, width_of, wrap
from tui.paint.leaf import Frame, Leaf

if TYPE_CHECKING:
    from rich.style import Style

    from tui.paint.inline import Inline

_DELIMITER = re.compile(r"^[-:|][-:| ]*$")
_COLUMN = re.compile(r"^:?-+:?$")
_PIPE = re.compile(r"(?<!\\)\|")
_EXACT_ROWS = 32
"""Rows up to which columns are exactly as wide as needed."""
_STEP = 4
_NARROWEST, _WORD = 4, 16
"""Cells that a column has at least, and for the longest word in it at most."""
_SEPARATOR = 3

Cells = tuple[tuple[str | int, ...], ...]
"""The cells of a row, each as texts and the numbers of their styles in turn: a table may have very
many, and CPython's garbage collector leaves such tuples alone."""


def split_row(line: str) -> list[str]:
    """The cells of a row."""
    line = line.strip()
    cells: list[str] = []
    current = ""
    escaped = False
    for part in re.split(r"(\||\\)", line):
        if part == "|":
            if escaped:
                current = current[:-1] + "|"
            else:
                cells.append(current)
                current = ""
            escaped = False
        elif part == "\\":
            current += part
            escaped = not escaped
        elif part:
            current += part
            escaped = False
    cells.append(current)
    if cells and not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return [cell.strip() for cell in cells]


def alignments(line: str) -> list[str]:
    """How each column is aligned, by the line below the header; nothing if it is no such line."""
    line = line.strip()
    if len(line) < 2 or not _DELIMITER.match(line) or line.startswith("- "):
        return []
    parts = [part.strip() for part in line.split("|")]
    if not parts[0]:
        parts.pop(0)
    if parts and not parts[-1]:
        parts.pop()
    if not all(_COLUMN.match(part) for part in parts):
        return []
    return [_alignment(part) for part in parts]


def _alignment(part: str) -> str:
    if part.endswith(":"):
        return "center" if part.startswith(":") else "right"
    return "left"


class Table(Leaf):
    """A table; a row is shown when its line is complete."""

    __slots__ = (
        "_aligns",
        "_is_crowded",
        "_least",
        "_natural",
        "_open",
        "_painted",
        "_parsed",
        "_sources",
        "_styles",
        "_text",
        "_widths",
    )

    def __init__(self, frame: Frame, inline: Inline, header: str, aligns: list[str]) -> None:
        super().__init__(frame, inline)
        self._aligns = aligns
        self._sources = [header.replace("\t", " ")]
        self._open: list[str] = []
        self._text = ""
        self._begin()

    def _begin(self) -> None:
        self._styles: dict[Style, int] = {}
        self._parsed: list[Cells] = []
        self._natural = [1] * len(self._aligns)  # cells that each column needs not to wrap
        self._least = [1] * len(self._aligns)  # cells that its longest word needs
        self._widths: list[int] = []
        self._is_crowded = False  # whether some cells wrap, so that rows need lines between them
        self._painted = 0

    @property
    def sources(self) -> list[list[str]]:
        """The Markdown of all cells, row by row, the header first."""
        return [split_row(source) for source in self._sources]

    def begin_line(self, text: str) -> None:
        """Begin a row with this text."""
        self._open = [text.replace("\t", " ")]

    def extend(self, text: str) -> None:
        """Take more of the row that was begun last."""
        self._open.append(text.replace("\t", " "))

    def end_line(self) -> None:
        """Note that the row is complete."""
        if not self._open:
            return  # the line below the header
        self._sources.append("".join(self._open))
        self._open = []
        self.dirty = True

    def landmark(self) -> tuple[str, str]:
        """The cells' text, with tabs between them."""
        return "table", self._text or self._tabbed()

    def settle(self) -> Leaf:
        """Keep nothing but the text."""
        self._text = self._tabbed()
        self._parsed, self._sources = [], []
        del self.frame
        return self

    def _tabbed(self) -> str:
        rows = (("".join(map(str, cell[::2])) for cell in row) for row in self._parsed)
        return "\n".join(map("\t".join, rows))

    def _packed(self, spans: list[Span]) -> tuple[str | int, ...]:
        parts: list[str | int] = []
        for text, style in spans:
            parts += (text, self._styles.setdefault(style, len(self._styles)))
        return tuple(parts)

    def _spans(self, index: int) -> list[list[Span]]:
        """The cells of a row."""
        styles = list(self._styles)
        return [
            [
                (str(text), styles[int(number)])
                for text, number in zip(cell[::2], cell[1::2], strict=True)
            ]
            for cell in self._parsed[index]
        ]

    def reset(self) -> None:
        """Forget all rows."""
        super().reset()
        self._begin()

    def _rows(self) -> tuple[list[Row], list[Row]]:
        self.inline.references.missed = set()
        for source in self._sources[len(self._parsed) :]:
            self._parse(source)
        self.missed |= self.inline.references.missed
        widths = self._wanted()
        is_crowded = sum(widths) < sum(self._natural)
        if widths != self._widths or is_crowded != self._is_crowded:
            self._widths, self._is_crowded = widths, is_crowded
            self._painted = 0
            self._kept = 0
        return [], []

    def lay_out(self) -> tuple[int, list[Row]]:
        """How many rows stay from the last time, and the rows that follow them."""
        self.dirty = False
        self._rows()
        kept, first = self._kept, self._painted
        rows: list[Row] = []
        for index in range(first, len(self._parsed)):
            rows += self._record(index) if not self._widths else self._painted_row(index)
        self._painted = len(self._parsed)
        framed = self.frame.around(rows, at_start=not kept)
        self._kept = kept + len(framed)
        return kept, framed

    def _parse(self, source: str) -> None:
        palette = self.inline.palette
        cells = split_row(source)
        columns = len(self._aligns)
        if len(cells) > columns:  # more than there are columns: nothing is lost
            cells[columns - 1 :] = [" | ".join(cells[columns - 1 :])]
        cells += [""] * (columns - len(cells))
        base = self.frame.base
        if not self._parsed:
            base += palette.table_header
        parsed = [self.inline.spans(cell, base) for cell in cells]
        self._parsed.append(tuple(map(self._packed, parsed)))
        for column, spans in enumerate(parsed):
            needed = sum(width_of(text) for text, _ in spans)
            self._natural[column] = max(self._natural[column], needed)
            self._least[column] = max(self._least[column], longest_word(spans))

    def _wanted(self) -> list[int]:
        """The widths of the columns; none if they would be too narrow to be read."""
        columns = len(self._natural)
        room = self.frame.width - _SEPARATOR * (columns - 1) - 2
        needed = (
            min(wide, _WORD, max(_NARROWEST, narrow))
            for wide, narrow in zip(self._natural, self._least, strict=True)
        )
        if room < sum(needed):
            return []
        step = _STEP if len(self._parsed) > _EXACT_ROWS else 1
        natural = [min(room, -(-width // step) * step) for width in self._natural]
        if sum(natural) <= room:
            return natural
        least = [min(room, -(-width // step) * step) for width in self._least]
        if sum(least) > room:
            return _shared(least, room)
        spare = _shared(
            [wide - narrow for wide, narrow in zip(natural, least, strict=True)], room - sum(least)
        )
        return [narrow + more for narrow, more in zip(least, spare, strict=True)]

    def _painted_row(self, index: int) -> list[Row]:
        palette = self.inline.palette
        border = Segment(" │ ", palette.table_border)
        cells = [
            wrap(spans, width)
            for spans, width in zip(self._spans(index), self._widths, strict=True)
        ]
        height = max(map(len, cells))
        rows: list[Row] = []
        for line in range(height):
            row: Row = [Segment(" ", palette.table_border)]
            for column, cell in enumerate(cells):
                if column:
                    row.append(border)
                content = cell[line] if line < len(cell) else []
                row += self._aligned(content, column)
            rows.append(row)
        if index == 0:
            rows.append([Segment(self._line("━", "┿"), palette.table_border)])
        elif index > 1 and self._is_crowded:
            rows.insert(0, [Segment(self._line("─", "┼"), palette.table_border)])
        return rows

    def _line(self, dash: str, cross: str) -> str:
        return f"{dash}{cross}{dash}".join(dash * width for width in self._widths).join(
            (dash, dash)
        )

    def _aligned(self, row: Row, column: int) -> Row:
        missing = self._widths[column] - row_width(row)
        if missing <= 0:
            return row
        left = {"right": missing, "center": missing // 2}.get(self._aligns[column], 0)
        style = self.frame.base
        before = [Segment(" " * left, style)] if left else []
        after = [Segment(" " * (missing - left), style)] if missing > left else []
        return [*before, *row, *after]

    def _record(self, index: int) -> list[Row]:
        """A row of a table with too many columns: a line for each cell."""
        palette = self.inline.palette
        if index == 0:
            dot: Span = (" · ", palette.table_border)
            names = [span for name in self._spans(0) for span in (dot, *name)]
            return wrap(names[1:], self.frame.width)
        rows: list[Row] = [[Segment("─" * self.frame.width, palette.table_border)]]
        for name, cell in zip(self._spans(0), self._spans(index), strict=True):
            colon: Span = (": ", palette.table_header)
            rows += wrap([*name, colon, *cell], self.frame.width)
        return rows


def longest_word(spans: list[Span]) -> int:
    """Cells of the longest word."""
    text = "".join(text for text, _ in spans)
    return max((width_of(word) for word in text.split(" ")), default=0)


def _shared(natural: list[int], room: int) -> list[int]:
    """Widths that fit into the room: narrow columns get what they need, wide ones share the rest."""
    widths = natural[:]
    order = sorted(range(len(natural)), key=lambda column: natural[column])
    left = room
    for position, column in enumerate(order):
        share = left // (len(order) - position)
        widths[column] = min(natural[column], share)
        left -= widths[column]
    return widths
