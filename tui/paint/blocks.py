"""Markdown's block structure, line by line: each line goes to the block it belongs to, once.

This is the first phase of the parsing strategy in the CommonMark specification, which needs no
look-ahead: a list of containers that are open, and one leaf that may still grow. So the work for a
line depends on that line alone, however long the list, table or fence is that it belongs to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.paint.code import Code
from tui.paint.containers import (
    Container,
    ItemList,
    frame_of,
    new_item,
    new_note,
    new_quote,
    still_open,
)
from tui.paint.cursor import Cursor
from tui.paint.decided import LONGEST
from tui.paint.html import Html, ending
from tui.paint.plain import Empty, Maths, Rule
from tui.paint.prose import Prose
from tui.paint.table import Table, alignments, split_row
from tui.paint.verbatim import Verbatim

if TYPE_CHECKING:
    from tui.paint.inline import Inline
    from tui.paint.leaf import Frame, Leaf

_DEEPEST = 32
"""Containers in containers; markers of deeper ones are text."""

_HEADING = re.compile(r"(#{1,6})(?: +|$)")
_FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$", re.DOTALL)
_UNDERLINE = re.compile(r"(=+|-+) *$")
_RULE = re.compile(r"(?:(?:\* *){3,}|(?:_ *){3,}|(?:- *){3,})$")
_ITEM = re.compile(r"(?:([-+*])|([0-9]{1,9})([.)]))(?= |$)")
_NOTE = re.compile(r"\[\^([^\]\s]{1,64})\]:(?: +|$)")
_MATHS = re.compile(r"(?:\$\$|\\\[(?=[ \\]|.*\\\]|$))")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


class Blocks:
    """Takes lines and makes leaves."""

    def __init__(self, inline: Inline, width: int) -> None:
        self.leaves: list[Leaf] = []
        """All leaves, in the order of the document."""
        self.defined: list[str] = []
        """Labels of link definitions that have come in; the owner may clear it."""
        self._inline = inline
        self._width = width
        self._open: list[Container] = []
        self._tip: Leaf | None = None
        self._path: list[Container] = []  # the containers of the last leaf
        self._blank = False  # whether the line before was blank
        self._fence: tuple[str, int, int] = ("", 0, 0)  # character, length and indent
        self._pending_blanks = 0
        self._cursor = Cursor("")

    # Lines

    def line(self, raw: str, *, whole: bool) -> None:
        """Take a line without its end, or the beginning of one if that decides what it is."""
        self._cursor = cursor = Cursor(raw)
        whole = whole and len(raw) <= LONGEST
        matched = still_open(self._open, cursor)
        all_matched = matched == len(self._open)
        if all_matched and self._verbatim(whole):
            return
        if cursor.next() == len(cursor.text):
            self._blank_line(matched)
            return
        depth = self._open_blocks(matched, whole)
        if depth >= 0:
            self._text(depth, all_matched and depth == len(self._open), matched)
        self._blank = False

    def extend(self, text: str) -> None:
        """Take more of the line that was begun last."""
        if self._tip is not None:
            self._tip.extend(text)

    def end_line(self) -> None:
        """Note that the line which was begun last is complete."""
        if self._tip is not None:
            self._tip.end_line()
            if self._tip.is_ended:
                self._close_tip()

    def finish(self) -> None:
        """Close all that is open."""
        self._close_to(0)

    # What is open

    def _close_tip(self) -> None:
        if self._tip is not None:
            self.defined += self._tip.close()
            self._tip = None

    def _close_to(self, depth: int) -> None:
        """Close the leaf that may grow, and all containers from this depth on."""
        self._close_tip()
        while len(self._open) > depth:
            if not self._open[-1].is_filled and not isinstance(self._open[-1], ItemList):
                self._add(Empty(self._frame(), self._inline))
            self._open.pop()
        self._tip = None

    # Leaves

    def _frame(self) -> Frame:
        """The left side of a leaf that is opened now."""
        blank = self._blank or any(c.is_apart for c in self._open if c.is_fresh)
        path = self._path if self.leaves else None
        frame = frame_of(self._open, path, self._inline.palette, self._width, blank=blank)
        self._path = self._open[:]
        return frame

    def _add(self, leaf: Leaf) -> None:
        self.leaves.append(leaf)
        self._tip = leaf

    def _leave_lists(self) -> None:
        """Close a list whose item is closed, since what follows is no item."""
        while self._open and isinstance(self._open[-1], ItemList):
            self._open.pop()

    def _verbatim(self, whole: bool) -> bool:
        """Give the line to an open block that takes everything until its end."""
        line = self._cursor
        tip = self._tip
        start = line.next()
        if isinstance(tip, Code) and tip.language is not None:
            self._fence_line(tip, start, whole)
            return True
        if isinstance(tip, Code):
            if start == len(line.text):
                self._pending_blanks += 1
                self._blank = True
                return True
            if start - line.at >= 4:
                self._indented_line(tip)
                return True
        if isinstance(tip, Verbatim) and (tip.keeps_blank_lines or start < len(line.text)):
            tip.begin_line(line.tail(line.at))
            self._blank = False
            return True
        return False

    def _fence_line(self, tip: Code, start: int, whole: bool) -> None:
        line = self._cursor
        character, length, indent = self._fence
        rest = line.text[start:].rstrip()
        self._blank = False
        if whole and start - line.at < 4 and len(rest) >= length and not rest.strip(character):
            self._close_tip()
            return
        tip.begin_line(line.tail(line.at + min(indent, start - line.at)))

    def _indented_line(self, tip: Code) -> None:
        for _ in range(self._pending_blanks):
            tip.begin_line("")
            tip.end_line()
        self._pending_blanks = 0
        self._blank = False
        tip.begin_line(self._cursor.tail(self._cursor.at + 4))

    def _blank_line(self, matched: int) -> None:
        if matched < len(self._open):
            self._close_to(matched)
        if not isinstance(self._tip, Code):
            self._close_tip()
        self._blank = True

    def _open_blocks(self, matched: int, whole: bool) -> int:
        """Open the blocks that begin in this line.

        Gives -1 if a leaf took the rest of it, else how many containers the text is in.
        """
        line = self._cursor
        depth = matched
        lazy = isinstance(self._tip, Prose)
        continues = lazy and matched == len(self._open)
        while True:
            start = line.next()
            rest = line.text[start:]
            if not rest:
                return depth
            if start - line.at >= 4:
                if lazy:
                    return depth
                self._indented(depth)
                return -1
            if depth >= _DEEPEST or not self._container(rest, start, depth, continues, whole):
                return -1 if self._leaf(rest, start, depth, continues, whole) else depth
            depth = len(self._open)
            lazy = continues = False

    def _container(self, rest: str, start: int, depth: int, continues: bool, whole: bool) -> bool:
        """Open a container, if one begins here."""
        line = self._cursor
        palette = self._inline.palette
        if rest[0] == ">":
            self._close_to(depth)
            self._leave_lists()
            line.at = start + 1
            line.skip_space()
            self._push(new_quote(palette))
            return True
        if note := _NOTE.match(rest):
            self._close_to(depth)
            self._leave_lists()
            line.at = start + note.end()
            self._push(new_note(note.group(1), palette))
            return True
        item = _ITEM.match(rest)
        if item is None or (whole and _RULE.match(rest)):
            return False
        if whole and continues and _UNDERLINE.match(rest):
            return False
        return self._item(item, rest, start, depth, continues)

    def _item(
        self, item: re.Match[str], rest: str, start: int, depth: int, continues: bool
    ) -> bool:
        line = self._cursor
        content = rest[item.end() :]
        spaces = len(content) - len(content.lstrip(" "))
        empty = spaces == len(content)
        if continues and (empty or item.group(2) not in (None, "1")):
            return False
        self._close_to(depth)
        kind = item.group(1) or item.group(3)
        top = self._open[-1] if self._open else None
        if not (isinstance(top, ItemList) and top.kind == kind):
            self._leave_lists()
            self._push(ItemList(kind=kind))
        padding = spaces if 1 <= spaces <= 4 and not empty else 1
        indent = start - line.at
        line.at = min(len(line.text), start + item.end() + padding)
        bullets = sum(isinstance(c, ItemList) and c.kind in "-+*" for c in self._open)
        number = f"{int(item.group(2))}{kind}" if item.group(2) else ""
        offset = indent + item.end() + padding
        self._push(new_item(number, bullets, offset, self._inline.palette))
        return True

    def _push(self, container: Container) -> None:
        for outer in self._open:
            outer.is_filled = True
        container.is_apart = self._blank
        self._open.append(container)

    def _leaf(self, rest: str, start: int, depth: int, continues: bool, whole: bool) -> bool:
        """Open a leaf other than a paragraph, if one begins here."""
        if heading := _HEADING.match(rest):
            self._begin(depth)
            self._add(prose := Prose(self._frame(), self._inline, level=len(heading.group(1))))
            prose.begin_line(self._cursor.tail(start + heading.end()))
            return True
        if rest[0] == "<" and self._html(rest, depth, whole):
            return True
        if not whole:
            return False
        if continues and _UNDERLINE.match(rest) and self._underlined(rest):
            return True
        if _RULE.match(rest):
            self._begin(depth)
            self._add(Rule(self._frame(), self._inline))
            self._close_tip()
            return True
        if fence := _FENCE.match(rest):
            self._begin(depth)
            mark, info = fence.group(1) or fence.group(3), fence.group(2) or fence.group(4) or ""
            self._fence = (mark[0], len(mark), start - self._cursor.at)
            words = _ESCAPE.sub(r"\1", info).split()
            language = words[0] if words else ""
            self._add(Code(self._frame(), self._inline, language=language))
            return True
        return self._maths(rest, depth) or (continues and self._table(rest))

    def _begin(self, depth: int) -> None:
        self._close_to(depth)
        self._leave_lists()

    def _underlined(self, rest: str) -> bool:
        tip = self._tip
        if not isinstance(tip, Prose) or tip.is_all_definitions():
            return False
        tip.become_heading(1 if rest[0] == "=" else 2)
        self._close_tip()
        return True

    def _html(self, rest: str, depth: int, whole: bool) -> bool:
        tip, in_place = self._tip, depth == len(self._open)
        continues = isinstance(tip, Prose) or (isinstance(tip, Table) and in_place)
        end = ending(rest, whole=whole, continues=continues)
        if end is None:
            return False
        self._begin(depth)
        self._add(html := Html(self._frame(), self._inline, end))
        html.begin_line(self._cursor.tail(self._cursor.at))
        return True

    def _maths(self, rest: str, depth: int) -> bool:
        if not _MATHS.match(rest):
            return False
        end = "$$" if rest[0] == "$" else "\\]"
        inner = rest[2:].rstrip()
        if end in inner[:-2]:
            return False  # it ends in this line and something follows: part of a paragraph
        self._begin(depth)
        self._add(maths := Maths(self._frame(), self._inline, end))
        maths.begin_line(rest)
        return True

    def _table(self, rest: str) -> bool:
        tip = self._tip
        if not isinstance(tip, Prose) or not (aligns := alignments(rest)):
            return False
        header = tip.last_line
        if "|" not in header or len(split_row(header)) != len(aligns):
            return False
        tip.drop_last_line()
        if tip.text:
            self._close_tip()
            self._add(Table(self._frame(), self._inline, header, aligns))
        else:
            self.leaves.pop()
            self._add(Table(tip.frame, self._inline, header, aligns))
        return True

    def _indented(self, depth: int) -> None:
        self._begin(depth)
        self._pending_blanks = 0
        self._add(code := Code(self._frame(), self._inline, language=None))
        code.begin_line(self._cursor.tail(self._cursor.at + 4))

    def _text(self, depth: int, in_place: bool, matched: int) -> None:
        """Give the rest of the line to the paragraph or table that goes on, or to a new one."""
        tip = self._tip
        text = self._cursor.tail(self._cursor.next())
        if isinstance(tip, Prose) and depth == matched:  # in place, or lazily
            tip.begin_line(text)
            return
        if isinstance(tip, Table) and in_place:
            tip.begin_line(text)
            return
        self._begin(depth)
        if not text:
            return
        self._add(prose := Prose(self._frame(), self._inline))
        prose.begin_line(text)
