"""Blocks of code, highlighted in chunks so that a long one costs no more than a short one.

Where a chunk ends depends on the code alone: before a line that is not indented, or, failing that,
after so many lines. Each chunk is highlighted by itself and then never touched again.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from tui.paint.flow import Row, Span, cut, row_width, width_of
from tui.paint.leaf import Frame, Leaf

if TYPE_CHECKING:
    from pygments.lexer import Lexer  # type: ignore[import-untyped]  # pygments has no types
    from pygments.token import _TokenType  # type: ignore[import-untyped]  # as above

    from tui.paint.inline import Inline

_LINES = (16, 32, 64)
_CHARACTERS = 4096
_STICKY = ("\u200d", "\ufe0e", "\ufe0f")
_LONGEST = 1024
"""Characters of a line that are highlighted; longer lines stay plain."""


@lru_cache(64)
def lexer_for(language: str) -> Lexer | None:
    """Pygments' lexer for the language named on a fence; None if there is none."""
    from pygments import lexers  # type: ignore[import-untyped]  # pygments has no types

    name = language.strip().lower()
    for title, aliases, patterns, _ in ((v[1], v[2], v[3], v[4]) for v in lexers.LEXERS.values()):
        if name == title.lower() or name in aliases or f"*.{name}" in patterns:
            found = lexers.find_lexer_class(title)
            break
    else:
        return None
    if found is None or found.name == "Text only":
        return None
    return found(stripnl=False, ensurenl=False)


class Code(Leaf):
    """A fence, or an indented block if `language` is None."""

    def __init__(self, frame: Frame, inline: Inline, *, language: str | None) -> None:
        super().__init__(frame, inline)
        self.language = language
        self.lines: list[str] = []
        """All lines, the last one perhaps not complete."""
        self._complete = 0
        self._lexer = lexer_for(language) if language else None
        self._begin()

    def _begin(self) -> None:
        self._chunk = 0  # the first line that is in no settled row
        self._tried = 0
        self._labelled = False
        self._shown = 0  # characters of a long last line that are in settled rows

    @property
    def code(self) -> str:
        """The code, as it was written."""
        return "\n".join(self.lines)

    def begin_line(self, text: str) -> None:
        """Begin a line with this text."""
        self.lines.append(text)
        self.dirty = True

    def extend(self, text: str) -> None:
        """Take more of the line that was begun last."""
        self.lines[-1] += text
        self.dirty = True

    def end_line(self) -> None:
        """Note that the last line is complete."""
        self._complete = len(self.lines)
        self.dirty = True

    def reset(self) -> None:
        """Forget all rows."""
        super().reset()
        self._begin()

    def _rows(self) -> tuple[list[Row], list[Row]]:
        settled: list[Row] = []
        if not self._labelled and self.language:
            settled.append(self._padded([Segment(f" {self.language}", self._label())]))
        self._labelled = True
        while count := self._boundary():
            settled += self._laid_out(self.lines[self._chunk : self._chunk + count])
            self._chunk += count
            self._tried = 0
        rows = self._laid_out(self.lines[self._chunk :])
        if not rows and not self.lines:
            rows = [self._padded([])]
        return settled, rows

    def _label(self) -> Style:
        return self.inline.palette.code_label

    def _boundary(self) -> int:
        """Lines in the next chunk, once that is certain; else 0."""
        ready = self._complete - self._chunk - 1  # the line after a chunk must be complete
        if self._lexer is None:
            return max(0, ready)
        lines, first = self.lines, self._chunk
        size = sum(map(len, lines[first : first + self._tried]))
        for count in range(max(1, self._tried), ready + 1):
            line, following = lines[first + count - 1], lines[first + count]
            size += len(line)
            self._tried = count + 1
            if count >= _LINES[2] or size >= _CHARACTERS or len(following) > _LONGEST:
                return count
            if len(line) > _LONGEST:
                return count
            at_margin = following[:1].strip(" \t)}]") != ""
            if not at_margin or count < _LINES[0] or (line.strip() and count < _LINES[1]):
                continue
            if self._is_settled(lines[first : first + count]):
                return count
        return 0

    def _is_settled(self, lines: list[str]) -> bool:
        """Whether no string or comment is open at the end of the lines."""
        from pygments.token import Comment, String

        tokens = self._tokens(lines)
        return not tokens or not (tokens[-1][0] in Comment.Multiline or tokens[-1][0] in String)

    def _tokens(self, lines: list[str]) -> list[tuple[_TokenType, str]]:
        if self._lexer is None:
            return []
        text = "\n".join(lines) + "\n"
        self.inline.parsed += len(text)
        return [(kind, value) for _, kind, value in self._lexer.get_tokens_unprocessed(text)]

    def _laid_out(self, lines: list[str]) -> list[Row]:
        style = self.inline.palette.code_block
        if self._lexer is None or any(len(line) > _LONGEST for line in lines):
            styled = [[(line, style)] for line in lines]
        else:
            styled = self._highlighted(lines)
        return [row for line in styled for row in self._wrapped(line)]

    def _highlighted(self, lines: list[str]) -> list[list[Span]]:
        base, syntax = self.inline.palette.code_block, self.inline.palette.syntax
        styled: list[list[Span]] = [[]]
        if not lines:
            return []
        styles: dict[_TokenType, Style] = {}
        for kind, value in self._tokens(lines):
            style = styles.get(kind)
            if style is None:
                known = kind
                while known not in syntax and known.parent is not None:
                    known = known.parent
                style = styles[kind] = base + syntax.get(known, Style.null())
            first, *others = value.split("\n")
            if first:
                styled[-1].append((first, style))
            styled.extend([(other, style)] if other else [] for other in others)
        return styled[: len(lines)]

    def _wrapped(self, spans: list[Span]) -> list[Row]:
        """The rows of one line of code."""
        margin = 1 if self.frame.width > 8 else 0
        room = self.frame.width - 2 * margin
        left = [Segment(" ", self.inline.palette.code_block)] if margin else []
        rows: list[Row] = [left[:]]
        used = column = 0
        for text, style in _whole(spans):
            if "\t" in text:
                text = _untabbed(text, column)
            column += len(text)
            first, *others = cut(text, room - used, room)
            if first:
                rows[-1].append(Segment(first, style))
            used += width_of(first)
            for part in others:
                rows.append([*left, Segment(part, style)])
                used = width_of(part)
        return [self._padded(row) for row in rows]

    def _padded(self, row: Row) -> Row:
        style = self.inline.palette.code_block
        missing = self.frame.width - row_width(row)
        return [*row, Segment(" " * missing, style)] if missing > 0 else row


def _untabbed(text: str, column: int) -> str:
    """The text with its tabs expanded, if it begins in this column."""
    return (" " * (column % 4) + text).expandtabs(4)[column % 4 :]


def _whole(spans: list[Span]) -> list[Span]:
    """The spans, with none that begins within a cluster of joined characters."""
    whole: list[Span] = []
    for text, style in spans:
        if whole and (text[:1] in _STICKY or whole[-1][0][-1:] == "\u200d"):
            whole[-1] = (whole[-1][0] + text, whole[-1][1])
        elif text:
            whole.append((text, style))
    return whole
