"""Quotes, lists and notes: what stands left of the blocks in them, and what parts those blocks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.paint.leaf import Frame, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.paint.cursor import Cursor
    from tui.paint.flow import Row, Span
    from tui.paint.palette import Palette

_BULLETS = "•◦▪"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(eq=False, slots=True)
class Container:
    """A block that holds others."""

    marker: list[Span] = field(default_factory=list)
    """What stands left of its first row."""
    rest: list[Span] = field(default_factory=list)
    """What stands left of the other rows."""
    is_fresh: bool = True
    """Whether the marker has not been painted yet."""
    is_filled: bool = False
    """Whether there is something in it."""
    is_apart: bool = False
    """Whether a blank line came before it."""


@dataclass(eq=False, slots=True)
class Quote(Container):
    """A block quote."""


@dataclass(eq=False, slots=True)
class ItemList(Container):
    """A list, of items of one kind."""

    kind: str = "-"


@dataclass(eq=False, slots=True)
class Item(Container):
    """An item of a list; its content begins in the column `offset`."""

    offset: int = 2


@dataclass(eq=False, slots=True)
class Note(Container):
    """The text of a footnote."""


def new_quote(palette: Palette) -> Quote:
    """A quote with its bar."""
    return Quote([("▎ ", palette.quote_bar)], [("▎ ", palette.quote_bar)])


def new_note(label: str, palette: Palette) -> Note:
    """A footnote with its number or label."""
    shown = label.translate(_RAISED) if label.isascii() and label.isdecimal() else f"[{label}]"
    return Note([(f"{shown} ", palette.footnote)], [("  ", palette.text)])


def new_item(number: str, bullets: int, offset: int, palette: Palette) -> Item:
    """An item with its number, or with a bullet by how many lists with bullets it is in."""
    text = f"{number or _BULLETS[min(bullets, len(_BULLETS)) - 1]} "
    return Item([(text, palette.marker)], [(" " * len(text), palette.text)], offset=offset)


def still_open(containers: Sequence[Container], line: Cursor) -> int:
    """How many of the containers go on in a line; what is theirs of it has been read then."""
    for index, container in enumerate(containers):
        start = line.next()
        blank = start == len(line.text)
        indent = start - line.at
        match container:
            case Quote():
                if indent > 3 or blank or line.text[start] != ">":
                    return index
                line.at = start + 1
                line.skip_space()
            case Item():
                if blank and container.is_filled:
                    line.at = min(start, line.at + container.offset)
                elif not blank and indent >= container.offset:
                    line.at += container.offset
                else:
                    return index
            case Note():
                if blank:
                    line.at = min(start, line.at + 4)
                elif indent >= 4:
                    line.at += 4
                else:
                    return index
    return len(containers)


def frame_of(
    containers: Sequence[Container],
    before: Sequence[Container] | None,
    palette: Palette,
    width: int,
    *,
    blank: bool,
) -> Frame:
    """The left side of a leaf in these containers, which are not fresh then.

    `before` are the containers of the leaf before it, None if there is none; `blank` tells whether
    a blank line came between the two.
    """
    quoted = any(isinstance(container, Quote) for container in containers)
    base = palette.text + palette.quote if quoted else palette.text
    gap: list[Row] = []
    if before is not None:
        common = _common(containers, before)
        if blank or _is_always_apart(containers, before, common):
            bars = [container.rest for container in containers[:common]]
            gap = fit(bars, bars, [], width, base).around([[]], at_start=False)
    has_task = bool(containers) and containers[-1].is_fresh and isinstance(containers[-1], Item)
    first = [c.marker if c.is_fresh else c.rest for c in containers]
    frame = fit(first, [container.rest for container in containers], gap, width, base)
    if has_task and frame.first and not frame.above:
        frame.task = len(frame.first) - 1
    for container in containers:
        container.is_fresh, container.is_filled = False, True
    return frame


def _common(ours: Sequence[Container], theirs: Sequence[Container]) -> int:
    """How many containers the two are both in."""
    for index, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one is not other:
            return index
    return min(len(ours), len(theirs))


def _is_always_apart(ours: Sequence[Container], theirs: Sequence[Container], common: int) -> bool:
    """Whether there is a gap even if there was no blank line: not in lists, nor between notes."""
    if common and isinstance(ours[common - 1], Item | ItemList):
        return False
    both = [*ours[common : common + 1], *theirs[common : common + 1]]
    return not (len(both) == 2 and all(isinstance(container, Note) for container in both))
