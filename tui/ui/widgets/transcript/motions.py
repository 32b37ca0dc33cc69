"""A cursor in the lines of a chat, and where each motion takes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.ui.widgets.transcript.view import View

_WORD = re.compile(r"\w+|[^\w\s]+")


class Cursor(NamedTuple):
    """A character of a chat; cursors compare by which comes first."""

    entry: int
    """Its index."""
    line: int
    """Of the entry's lines."""
    at: int = 0
    """Characters before it in the line; in an empty line it stands on nothing."""


class Walk:
    """Moves a cursor over what a view shows. Entries are laid out as the cursor comes to them."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._sheet = view.sheet

    def text(self, cursor: Cursor) -> str:
        """The line that the cursor is in."""
        return self._sheet.laid(cursor.entry).plain(cursor.line)

    def clamped(self, cursor: Cursor) -> Cursor:
        """The cursor on a character that is there."""
        return cursor._replace(at=max(0, min(cursor.at, len(self.text(cursor)) - 1)))

    def left(self, cursor: Cursor) -> Cursor:
        """One character back in the line."""
        return cursor._replace(at=max(0, cursor.at - 1))

    def right(self, cursor: Cursor) -> Cursor:
        """One character on in the line."""
        return self.clamped(cursor._replace(at=cursor.at + 1))

    def line_start(self, cursor: Cursor) -> Cursor:
        """The line's first character."""
        return cursor._replace(at=0)

    def line_end(self, cursor: Cursor) -> Cursor:
        """The line's last character."""
        return self.clamped(cursor._replace(at=1 << 30))

    def down(self, cursor: Cursor) -> Cursor:
        """The next line, in whatever entry it is; the same at the end."""
        if cursor.line + 1 < self._sheet.measure(cursor.entry):
            return cursor._replace(line=cursor.line + 1)
        if cursor.entry + 1 < len(self._sheet):
            return cursor._replace(entry=cursor.entry + 1, line=0)
        return cursor

    def up(self, cursor: Cursor) -> Cursor:
        """The line before; the same at the beginning."""
        if cursor.line > 0:
            return cursor._replace(line=cursor.line - 1)
        if cursor.entry > 0:
            height = self._sheet.measure(cursor.entry - 1)
            return cursor._replace(entry=cursor.entry - 1, line=height - 1)
        return cursor

    def page_down(self, cursor: Cursor) -> Cursor:
        """A page on."""
        return self._times(self.down, cursor)

    def page_up(self, cursor: Cursor) -> Cursor:
        """A page back."""
        return self._times(self.up, cursor)

    def _times(self, move: Callable[[Cursor], Cursor], cursor: Cursor) -> Cursor:
        for _ in range(max(1, self._view.height - 1)):
            cursor = move(cursor)
        return cursor

    def first(self, cursor: Cursor) -> Cursor:  # noqa: ARG002 (as the other motions)
        """The chat's first character."""
        return Cursor(0, 0)

    def last(self, cursor: Cursor) -> Cursor:  # noqa: ARG002 (as the other motions)
        """The chat's last line."""
        index = len(self._sheet) - 1
        return Cursor(index, self._sheet.measure(index) - 1)

    def word_on(self, cursor: Cursor) -> Cursor:
        """The beginning of the next word, in this line or a later one."""
        starts = (match.start() for match in _WORD.finditer(self.text(cursor)))
        at = next((start for start in starts if start > cursor.at), None)
        while at is None:
            below = self.down(cursor)
            if below == cursor:
                return self.line_end(cursor)
            cursor = below
            match = _WORD.search(self.text(cursor))
            at = match.start() if match else None
        return cursor._replace(at=at)

    def word_back(self, cursor: Cursor) -> Cursor:
        """The beginning of the word, or of the one before, in this line or an earlier one."""
        starts = [match.start() for match in _WORD.finditer(self.text(cursor))]
        before = [start for start in starts if start < cursor.at]
        while not before:
            above = self.up(cursor)
            if above == cursor:
                return cursor._replace(at=0)
            cursor = above
            before = [match.start() for match in _WORD.finditer(self.text(cursor))]
        return cursor._replace(at=before[-1])
