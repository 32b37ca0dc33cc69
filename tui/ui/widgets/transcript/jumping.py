"""Where the next heading or block of code is, in a chat of which little is laid out.

Only messages whose source looks as if it had one are laid out, one after the other, until it has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.ui.widgets.transcript.sheet import Sheet

_LOOKS_LIKE = {
    "heading": re.compile(r"^[ >\-*+0-9.]{0,12}#{1,6}\s|^ {0,3}(?:=+|-+) *$", re.MULTILINE),
    "code": re.compile(r"```|~~~|^(?: {4}|\t)", re.MULTILINE),
}

TRIED = 60
"""Messages that are laid out in vain at most."""


class Mark(NamedTuple):
    """A heading or a block of code in a chat."""

    entry: int
    """Its index."""
    line: int
    """Of the entry's lines, the one where it begins."""
    number: int
    """Which of its kind it is in the entry, from 0."""


def next_mark(sheet: Sheet, kind: str, index: int, line: int) -> Mark | None:
    """The first one below an entry's line, or None."""
    for at, marks in _marks(sheet, kind, range(index, len(sheet))):
        below = (mark for mark in marks if at > index or mark.line > line)
        found = next(below, None)
        if found is not None:
            return found
    return None


def previous_mark(sheet: Sheet, kind: str, index: int, line: int) -> Mark | None:
    """The last one above an entry's line, or None."""
    for at, marks in _marks(sheet, kind, range(index, -1, -1)):
        above = [mark for mark in marks if at < index or mark.line < line]
        if above:
            return above[-1]
    return None


def _marks(sheet: Sheet, kind: str, indexes: range) -> Iterable[tuple[int, list[Mark]]]:
    """The marks of each entry that has some; those that are not laid out yet are, one by one."""
    tried = 0
    for index in indexes:
        if not _LOOKS_LIKE[kind].search(sheet.source(index)):
            continue
        tried += 1
        if tried > TRIED:
            return
        found = (mark for mark in sheet.laid(index).landmarks() if mark.kind == kind)
        marks = [Mark(index, mark.line, number) for number, mark in enumerate(found)]
        if marks:
            tried = 0
            yield index, marks
