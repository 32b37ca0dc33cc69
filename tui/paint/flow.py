"""Puts styled text into rows of cells, breaking between words; a word that is too long is cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style

if TYPE_CHECKING:
    from collections.abc import Iterable

Span = tuple[str, Style]
"""Text in one style. A newline in it begins a new row, if anything came before it."""
Row = list[Segment]
"""One line of the screen."""

_EAST = "\u2e80-\u2fff\u3001-\u30ff\u3100-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uffef\U00020000-\U0003fffd"
_CLOSING = "\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\uff01\uff09\uff0c\uff1a\uff1b\uff1f\uff3d\uff5d"
_MARKS = "\u0300-\u036f\u200d\ufe0e\ufe0f\u3099\u309a\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef"
_PIECES = re.compile(f"\n| +|[{_EAST}][{_CLOSING}{_MARKS}]*|(?:(?![{_EAST}])[^\n ])+", re.DOTALL)
_EASTERN = re.compile(f"[{_EAST}]")
_PLAIN_PIECES = re.compile("\n| +|[^\n ]+")


def width_of(text: str) -> int:
    """Cells that the text takes."""
    return len(text) if text.isascii() else cell_len(text)


def row_width(row: Row) -> int:
    """Cells that a row takes."""
    return sum(width_of(segment.text) for segment in row)


def row_text(row: Row) -> str:
    """The text of a row, without its styles."""
    return "".join(segment.text for segment in row)


def cut(text: str, room: int, width: int) -> list[str]:
    """The text in parts: the first of at most `room` cells, the others of at most `width`.

    The first part may be empty. Only a grapheme wider than `width` makes a part wider.
    """
    if text.isascii():
        return [text[:room], *(text[at : at + width] for at in range(room, len(text), width))]
    parts: list[str] = []
    first_room = room
    start = used = 0
    spans, _ = split_graphemes(text)
    for first, _last, cells in spans:
        if used + cells > room and cells <= width:
            parts.append(text[start:first])
            start, used, room = first, 0, width
        used += cells
    parts.append(text[start:])
    if any(width_of(part) > limit for part, limit in _limited(parts, first_room, width)):
        return _cut_by_characters(text, first_room, width)
    return parts


def _limited(parts: list[str], room: int, width: int) -> list[tuple[str, int]]:
    """The parts with the cells that each may take. A single character may be wider than a row."""
    limits = [room, *[width] * (len(parts) - 1)]
    return [(part, limit) for part, limit in zip(parts, limits, strict=True) if len(part) > 1]


def _cut_by_characters(text: str, room: int, width: int) -> list[str]:
    """As `cut`, for text whose graphemes take other cells alone than together, as after a stray joiner."""
    parts = [""]
    for character in text:
        limit = room if len(parts) == 1 else width
        if (parts[-1] and width_of(parts[-1] + character) > limit) or (
            not parts[-1] and len(parts) == 1 and width_of(character) > room
        ):
            parts.append(character)
        else:
            parts[-1] += character
    return parts


def untabbed(text: str, column: int) -> tuple[str, int]:
    """The text with its tabs expanded if it begins in this column; and the column after it."""
    if "\t" in text:
        text = (" " * (column % 4) + text).expandtabs(4)[column % 4 :]
    return text, column + len(text)


class Cutter:
    """Cuts one very long line into rows as it arrives."""

    __slots__ = ("_column", "_width", "rest", "taken")

    def __init__(self, width: int) -> None:
        self._width = width
        self._column = 0
        self.rest = ""
        """The last row, which is not full or may still change."""
        self.taken = 0
        """Characters that were added."""

    def add(self, text: str) -> list[str]:
        """Take more; gives the rows that are full."""
        self.taken += len(text)
        text, self._column = untabbed(text, self._column)
        parts = cut(self.rest + text, self._width, self._width)
        self.rest = parts.pop()
        return parts


class Flow:
    """Takes spans and gives rows; can be copied, so that a last, uncertain part is laid out anew."""

    __slots__ = (
        "_column",
        "_east",
        "_forced",
        "_has_rows",
        "_row",
        "_space",
        "_used",
        "_width",
        "_word",
        "rows",
    )

    def __init__(self, width: int) -> None:
        self.rows: list[Row] = []
        self._width = max(1, width)
        self._row: list[Span] = []
        self._used = 0
        self._space: list[Span] = []
        self._column = 0  # cells of the word that is not yet in the row
        self._word: list[Span] = []
        self._east = False
        self._has_rows = False  # whether there were any, perhaps drained since
        self._forced = False  # whether the row ends in a part of a word that is too long

    def copy(self) -> Flow:
        """A flow that goes on from here, with none of the rows that are complete."""
        other = Flow(self._width)
        other._row = self._row[:]
        other._used = self._used
        other._space = self._space[:]
        other._column = self._column
        other._word = self._word[:]
        other._east = self._east
        other._forced = self._forced
        other._has_rows = self._has_rows
        return other

    def add(self, spans: Iterable[Span]) -> None:
        """Take more text."""
        for text, style in spans:
            pieces = _PLAIN_PIECES if text.isascii() else _PIECES
            for piece in pieces.findall(text):
                first = piece[0]
                if first == " ":
                    self._flush()
                    self._space.append((piece, style))
                elif first == "\n":
                    self._flush()
                    if self._row or self._has_rows:  # no blank row at the start
                        self._break()
                else:
                    self._put(piece, style)

    def drain(self) -> list[Row]:
        """The rows that are complete; they are forgotten here."""
        rows, self.rows = self.rows, []
        return rows

    def finish(self) -> list[Row]:
        """The rows that were completed since the start, the copy or the drain, and the last one."""
        self._flush()
        if self._row or not self._has_rows:
            self._break()
        return self.rows

    def _break(self) -> None:
        row: Row = []
        text, style = "", None
        for piece, its in self._row:
            if its is style and not _joins(piece[0]):
                text += piece
                continue
            if style is not None:
                row.append(Segment(text, style))
            text, style = piece, its
        if style is not None:
            row.append(Segment(text, style))
        self.rows.append(row)
        self._has_rows = True
        self._row, self._used, self._space = [], 0, []

    def _put(self, piece: str, style: Style) -> None:
        """Put a piece into the word that is waiting."""
        east = _EASTERN.match(piece) is not None
        if (self._word or self._forced) and (east or self._east) and piece[0] not in _CLOSING:
            self._flush()  # a break is allowed on either side of such a character
        self._east = east
        self._word.append((piece, style))
        self._column += width_of(piece)
        if self._forced or self._column > self._width:
            if not self._forced and self._row:
                self._break()
            self._force()
            self._forced = True

    def _flush(self) -> None:
        """Put the word that is waiting into the row, or into the next one."""
        self._forced = False
        if not self._word:
            return
        space = sum(len(text) for text, _ in self._space) if self._row else 0
        if self._used + space + self._column > self._width and self._row:
            self._break()
            space = 0
        if self._row and space:
            self._row += self._space
            self._used += space
        self._space = []
        self._row += self._word
        self._used += self._column
        self._word, self._column = [], 0

    def _force(self) -> None:
        """Put a word that is wider than a row into as many rows as it takes."""
        for text, style in self._word:
            parts = cut(text, self._width - self._used, self._width)
            for index, part in enumerate(parts):
                if index:
                    self._break()
                if part:
                    self._row.append((part, style))
                    self._used += width_of(part)
        self._word, self._column = [], 0


def _joins(character: str) -> bool:
    """Whether it belongs to the character before it, and may change that one's width."""
    return character > "\u02ff" and cell_len(character) == 0


def wrap(spans: Iterable[Span], width: int) -> list[Row]:
    """The rows of some spans; at least one."""
    flow = Flow(width)
    flow.add(spans)
    return flow.finish()
