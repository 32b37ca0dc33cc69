"""Marks parts of replies: the beginning that the model was given, and what stop sequences would cut off.

Where a character of the source stands on the lines is found by laying out the source up to it.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from tui.ui.widgets.transcript.look import MARGIN
from tui.ui.widgets.transcript.marking import Overlay

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tui.ui.widgets.transcript.entry import Entry
    from tui.ui.widgets.transcript.laid import Laid
    from tui.ui.widgets.transcript.look import Look, Renderer
    from tui.ui.widgets.transcript.sheet import Sheet

FURTHEST: Final = 100_000
"""Characters of a source that are laid out to find a place in it; beyond them nothing is marked."""

LONG: Final = 400
"""Characters of a beginning that are marked in whole; of a longer one, only its last line is."""

_KEPT: Final = 20


class _Place(NamedTuple):
    """Where a character of the source stands."""

    source: str
    """All before it."""
    width: int
    render: Renderer
    line: int
    """Of the body."""
    cell: int


class Spans:
    """What is marked. It costs nothing where nothing is."""

    def __init__(self) -> None:
        self._cut: tuple[str, int] | None = None
        self._places: dict[tuple[str, str], _Place] = {}

    def cut_off(self, entry_id: str | None, offset: int) -> bool:
        """Mark what stands behind so many characters of an entry; tells whether that is another than before."""
        cut = None if entry_id is None else (entry_id, offset)
        changed = cut != self._cut
        self._cut = cut
        return changed

    def overlays(
        self, rows: Sequence[tuple[int, int]], sheet: Sheet, look: Look | None
    ) -> Mapping[int, Sequence[Overlay]]:
        """The marks in the lines in view, by their place in it."""
        found: dict[int, list[Overlay]] = {}
        if look is None:
            return found
        for index, group in groupby(enumerate(rows), lambda numbered: numbered[1][0]):
            entry = sheet.entries[index]
            given = _length_given(entry)
            cut = self._cut[1] if self._cut is not None and self._cut[0] == entry.id else -1
            if not given and cut < 0:
                continue
            laid = sheet.seen(index)
            lines = {line - laid.body_line: y for y, (_, line) in group}
            if given:
                self._mark_given(found, lines, laid, look, given)
            if 0 <= cut <= len(entry.body):
                self._mark_cut(found, lines, laid, look, cut)
        return found

    def _mark_given(
        self,
        found: dict[int, list[Overlay]],
        lines: Mapping[int, int],
        laid: Laid,
        look: Look,
        length: int,
    ) -> None:
        end = self._place(laid, look, length, "given")
        if end is None:
            return
        first = end.line if length > LONG else 0
        for line, y in lines.items():
            if first <= line <= end.line:
                cells = end.cell if line == end.line else _cells(laid, line)
                overlay = Overlay(MARGIN, MARGIN + cells, look.dress.given)
                found.setdefault(y, []).append(overlay)

    def _mark_cut(
        self,
        found: dict[int, list[Overlay]],
        lines: Mapping[int, int],
        laid: Laid,
        look: Look,
        offset: int,
    ) -> None:
        at = self._place(laid, look, offset, "cut")
        body = len(laid.body) if laid.body is not None else 0
        if at is None:
            return
        for line, y in lines.items():
            if not at.line <= line < body:
                continue
            first = _behind_spaces(laid, at) if line == at.line else 0
            marks = found.setdefault(y, [])
            cells = max(_cells(laid, line), first)
            marks.append(Overlay(MARGIN + first, MARGIN + cells, look.dress.cut_off))
            if line == at.line:
                here = min(MARGIN + first, look.cells - 1)
                marks.append(Overlay(here, here + 1, look.dress.at_hit))

    def _place(self, laid: Laid, look: Look, offset: int, what: str) -> _Place | None:
        if offset > FURTHEST:
            return None
        source = laid.entry.body[:offset]
        key = laid.entry.id, what
        known = self._places.get(key)
        if known is None or known[:3] != (source, look.width, look.render):
            rendered = look.render(look.palette, look.width, source, breaks=False)
            rendered.finish()
            rendered.lay_out()
            line = max(0, len(rendered) - 1)
            cells = cell_len(rendered.line(line).text.rstrip()) if len(rendered) else 0
            known = _Place(source, look.width, look.render, line, cells)
            self._places.pop(key, None)
            self._places[key] = known
            while len(self._places) > _KEPT:
                del self._places[next(iter(self._places))]
        return known


def _length_given(entry: Entry) -> int:
    """How many characters of the body are the given beginning. Its white space at the end may be missing."""
    given = entry.given
    if not given:
        return 0
    if entry.body.startswith(given):
        return len(given)
    given = given.rstrip()
    return len(given) if entry.body.startswith(given) else 0


def _behind_spaces(laid: Laid, at: _Place) -> int:
    """The cell of a place; spaces in front of it that end no line are no part of what is laid out up to it."""
    if not at.source[-1:].isspace():
        return at.cell
    text = laid.plain(laid.body_line + at.line)
    before = len(text)
    while before and cell_len(text[:before]) > at.cell:
        before -= 1
    spaces = len(text[before:]) - len(text[before:].lstrip(" "))
    return at.cell + spaces


def _cells(laid: Laid, line: int) -> int:
    return cell_len(laid.plain(laid.body_line + line))
