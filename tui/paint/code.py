"""Blocks of code, highlighted in chunks so that a long one costs no more than a short one.

Where a chunk ends depends on the code alone: before a line that is not indented, or, failing that,
after so many lines. Each chunk is highlighted by itself and then never touched again. A line that
is very long stays plain, and its rows are final as soon as they are full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from tui.paint.flow import Cutter, Row, Span, cut, row_width, untabbed, width_of
from tui.paint.highlight import Highlighter
from tui.paint.leaf import Frame, Leaf
from tui.paint.sideways import WIDEST, Window

if TYPE_CHECKING:
    from tui.paint.inline import Inline

_LINES = (12, 24, 40)
"""Lines after which a chunk may end: at a blank line; at any line; wherever it is."""
_CHARACTERS = 2048
_LONGEST = 1024
"""Characters of a line that are highlighted."""
_STICKY = ("\u200d", "\ufe0e", "\ufe0f")


class Code(Leaf):
    """A fence, or an indented block if `language` is None."""

    __slots__ = (
        "_chunk",
        "_cutter",
        "_highlighter",
        "_in_line",
        "_is_labelled",
        "_known",
        "_left",
        "_length",
        "_lines",
        "_pieces",
        "_room",
        "_taken",
        "_tried",
        "language",
        "window",
    )

    def __init__(self, frame: Frame, inline: Inline, *, language: str | None) -> None:
        super().__init__(frame, inline)
        self.language = language
        self._lines: list[str] = []
        self._pieces: list[str] = []  # of the line that is not complete
        self._length = 0
        self._in_line = False
        margin = 1 if frame.width > 8 else 0
        self._room = frame.width - 2 * margin
        self._left = [Segment(" ", inline.palette.code_block)] if margin else []
        self.window = self._window() if margin and not inline.wrap_code else None
        """What is seen of its rows if they are not wrapped."""
        self._highlighter = Highlighter(inline, language or "")
        self._begin()

    def _window(self) -> Window:
        frame, palette, room = self.frame, self.inline.palette, self._room
        self._room = WIDEST
        first, rest = (
            sum(width_of(text) for text, _ in side) for side in (frame.first, frame.rest)
        )
        pad = palette.code_block
        begin = self.gap + len(frame.above)
        return Window(begin, (first, rest), room, pad, pad + palette.faint)

    def _begin(self) -> None:
        self._is_labelled = False
        self._chunk = 0  # the first line that is not in a settled row
        self._tried = 0  # lines of the chunk after which it can't end
        self._known: list[tuple[list[Span], list[Row]]] = []  # the open chunk's complete lines
        self._cutter: Cutter | None = None  # of a long line
        self._taken = 0  # pieces of the long line that it has

    @property
    def code(self) -> str:
        """The code, with tabs, without what the container puts before its lines."""
        return "\n".join([*self._lines, "".join(self._pieces)] if self._in_line else self._lines)

    def begin_line(self, text: str) -> None:
        """Begin a line with this text."""
        self._in_line = True
        self._pieces, self._length = [], 0
        self.extend(text)

    def extend(self, text: str) -> None:
        """Take more of the line that was begun last."""
        self._pieces.append(text)
        self._length += len(text)
        self.dirty = True

    def end_line(self) -> None:
        """Note that the line is complete."""
        if self._in_line:
            self._lines.append("".join(self._pieces))
            self._in_line = False
            self.dirty = True

    def landmark(self) -> tuple[str, str]:
        """The code."""
        return "code", self.code

    def reset(self) -> None:
        """Forget all rows."""
        super().reset()
        self._begin()

    def settle(self) -> Leaf:
        """Keep nothing but the code."""
        self._lines = [self.code]
        self._in_line = False
        self._pieces, self._known, self._left = [], [], []
        del self._highlighter, self.frame
        return self

    def _rows(self) -> tuple[list[Row], list[Row]]:
        settled: list[Row] = []
        if self.language and not self._is_labelled:
            style = self.inline.palette.code_label
            settled += self._wrapped([(self.language, style)])
            if self.window is not None:
                self.window.head = self.gap + len(self.frame.above) + len(settled)
        self._is_labelled = True
        while self._chunk < len(self._lines) or self._is_long_open():
            if self._is_long():
                settled += self._long_rows()
                if self._cutter is not None:
                    break
            elif count := self._boundary():
                settled += self._chunk_rows(self._lines[self._chunk : self._chunk + count])
                self._next_chunk(count)
            else:
                break
        return settled, self._open_rows()

    def _next_chunk(self, count: int) -> None:
        self._chunk += count
        self._tried = 0
        self._known = []

    # Long lines

    def _is_long_open(self) -> bool:
        return self._in_line and self._length > _LONGEST

    def _is_long(self) -> bool:
        """Whether the chunk begins with a long line."""
        if self._chunk < len(self._lines):
            return len(self._lines[self._chunk]) > _LONGEST
        return self._is_long_open()

    def _long_rows(self) -> list[Row]:
        """The rows of the long line that are full; all of them if the line is complete."""
        if self._cutter is None:
            self._cutter = Cutter(self._room)
        if self._chunk == len(self._lines):
            parts = self._cutter.add("".join(self._pieces[self._taken :]))
            self._taken = len(self._pieces)
        else:
            parts = self._cutter.add(self._lines[self._chunk][self._cutter.taken :])
            parts.append(self._cutter.rest)
            self._cutter = None
            self._taken = 0
            self._next_chunk(1)
        return [self._plain_row(part) for part in parts]

    # Chunks

    def _boundary(self) -> int:
        """Lines in the next chunk, once that is certain; else 0."""
        lines = self._lines[self._chunk :]
        if self._highlighter.is_plain:
            long = (index for index, line in enumerate(lines) if len(line) > _LONGEST)
            return next(long, len(lines))
        size = sum(map(len, lines[: self._tried]))
        for count in range(self._tried + 1, len(lines) + 1):
            size += len(lines[count - 1])
            if count < len(lines):
                following = lines[count]
            elif self._is_long_open():
                following = "x" * (_LONGEST + 1)
            else:
                break
            self._tried = count
            if count >= _LINES[2] or size >= _CHARACTERS or len(following) > _LONGEST:
                return count
            if self._may_end(lines[:count], following):
                return count
        return 0

    def _may_end(self, lines: list[str], following: str) -> bool:
        blank = not lines[-1].strip()
        if len(lines) < _LINES[0 if blank else 1] or not following.strip(" \t)}]"):
            return False
        if following[0] in " \t)}]":
            return False
        return self._highlighter.open_style(lines) is None

    def _chunk_rows(self, lines: list[str]) -> list[Row]:
        """The rows of the chunk's first lines."""
        for index, spans in enumerate(self._highlighter.spans(lines)):
            if index == len(self._known):
                self._known.append((spans, self._wrapped(spans)))
            elif self._known[index][0] != spans:
                self._known[index] = (spans, self._wrapped(spans))
        return [row for _, rows in self._known[: len(lines)] for row in rows]

    def _open_rows(self) -> list[Row]:
        if self._cutter is not None:
            return [self._plain_row(self._cutter.rest)]
        rows: list[Row] = []
        lines = self._lines[self._chunk :]
        if lines:
            rows += self._chunk_rows(lines)
        if self._in_line:
            line = "".join(self._pieces)
            style = self._highlighter.open_style(lines)
            rows += self._wrapped(
                [(line, style)] if style is not None else self._highlighter.spans([line])[0]
            )
        elif not self._lines:
            rows += self._wrapped([])
        return rows

    # Rows

    def _plain_row(self, text: str) -> Row:
        return self._padded([*self._left, Segment(text, self.inline.palette.code_block)])

    def _wrapped(self, spans: list[Span]) -> list[Row]:
        """The rows of one line of code."""
        rows: list[Row] = [self._left[:]]
        used = column = 0
        for text, style in _whole(spans):
            text, column = untabbed(text, column)
            first, *others = cut(text, self._room - used, self._room)
            if first:
                rows[-1].append(Segment(first, style))
            used += width_of(first)
            for part in others:
                rows.append([*self._left, Segment(part, style)])
                used = width_of(part)
        return [self._padded(row) for row in rows]

    def _padded(self, row: Row) -> Row:
        if self.window is not None:
            self.window.widest = max(self.window.widest, row_width(row) - 1)
            return row
        missing = self.frame.width - row_width(row)
        if missing > 0:
            row.append(Segment(" " * missing, self.inline.palette.code_block))
        return row


def _whole(spans: list[Span]) -> list[Span]:
    """The spans, with none that begins within a cluster of joined characters."""
    whole: list[Span] = []
    for text, style in spans:
        if whole and (text[:1] in _STICKY or whole[-1][0][-1:] == "\u200d"):
            whole[-1] = (whole[-1][0] + text, whole[-1][1])
        elif text:
            whole.append((text, style))
    return whole
