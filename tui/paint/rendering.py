"""The lines of cells of one Markdown text, which grow with it at a cost that stays the same."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from textual.strip import Strip

from tui.core.text import clean
from tui.paint.blocks import Blocks
from tui.paint.code import Code
from tui.paint.decided import is_decided
from tui.paint.inline import Inline, References
from tui.paint.packing import Packing, text_of

if TYPE_CHECKING:
    from tui.paint.leaf import Leaf
    from tui.paint.packing import Packed
    from tui.paint.palette import Palette

_NARROWEST = 4


class Landmark(NamedTuple):
    """A place in a text that one may want to go to, or to copy from."""

    kind: str
    """`heading`, `code` or `table`."""
    line: int
    """The line where it begins."""
    text: str
    """The heading, the code, or the table's cells with tabs between them."""


class Rendering:
    """The lines of cells of one Markdown text at one width; grows with the text.

    What stands on the lines depends on the text alone, not on the pieces it came in. The beginning
    of a line is held back while it may still become one thing or another (`-`, `12`), so `finish`
    must be called when no more will come, for a text that was given as a whole as well.
    """

    def __init__(
        self,
        palette: Palette,
        width: int,
        source: str = "",
        *,
        breaks: bool = False,
        wrap_code: bool = True,
    ) -> None:
        self._source = [source]
        self._wraps_code = wrap_code
        self.shift = 0
        """Cells by which code is shifted, as far as it has more than is seen, if it is not wrapped."""
        self._finished = False
        self._references = References()
        self._inline = Inline(palette, self._references, breaks=breaks, wrap_code=wrap_code)
        self._blocks = Blocks(self._inline, max(_NARROWEST, width))
        self._todo = source
        self._at = 0  # characters of it that the blocks have
        self._arrived: list[str] = []
        self._held = ""  # the beginning of a line that does not tell what it is
        self._in_line = False  # whether a line has been begun and not ended
        self._closed = False
        self._packing = Packing()
        self._rows: list[Packed] = []
        self._starts: list[int] = []  # the first row of each leaf that has been laid out
        self._askers: dict[str, list[int]] = {}  # leaves that lack a link definition, by label

    @property
    def source(self) -> str:
        """The Markdown so far, as it came."""
        if len(self._source) > 1:
            self._source = ["".join(self._source)]
        return self._source[0]

    @property
    def work(self) -> int:
        """Characters that were parsed or highlighted so far, those parsed again counted again."""
        return self._inline.parsed

    @property
    def is_behind(self) -> bool:
        """Whether there is text that has not been laid out, because of a limit."""
        return bool(
            self._at < len(self._todo) or self._arrived or (self._finished and not self._closed)
        )

    def append(self, delta: str) -> None:
        """Take more text. Nothing is parsed until the next `lay_out`."""
        self._source.append(delta)
        self._arrived.append(delta)

    def finish(self) -> None:
        """Note that no more text will come."""
        self._finished = True

    def lay_out(self, limit: int | None = None) -> int:
        """Bring the lines up to date with the text, or with `limit` characters more of it.

        Gives the index of the first line that may have changed since the last call, the number of
        lines if none has.
        """
        self._feed(clean(self._next_text(limit)))
        if self._finished and self._at == len(self._todo) and not self._closed:
            self._end()
        first = self._resolve()
        return min(first, self._lay_out_leaves())

    def __len__(self) -> int:
        return len(self._rows)

    def line(self, index: int) -> Strip:
        """The cells of one line: at most `width` of them, and not padded."""
        row = self._packing.unpack(self._rows[index])
        if not self._wraps_code:
            number = bisect_right(self._starts, index) - 1
            leaf = self._blocks.leaves[number]
            if isinstance(leaf, Code) and leaf.window is not None:
                row = leaf.window.seen(row, index - self._starts[number], self.shift)
        return Strip(row)

    def whole_line(self, index: int) -> Strip:
        """One line with all of its code, if that is not wrapped: perhaps wider than `width`."""
        return Strip(self._packing.unpack(self._rows[index]))

    def plain_line(self, index: int) -> str:
        """The text of one line, with all of its code."""
        return text_of(self._rows[index])

    @property
    def hidden(self) -> int:
        """The most cells by which code that is not wrapped can be shifted."""
        windows = (leaf.window for leaf in self._blocks.leaves if isinstance(leaf, Code))
        return max((window.hidden for window in windows if window is not None), default=0)

    def code_blocks(self) -> list[str]:
        """The code of each fence and each indented block, in order, as of the last `lay_out`."""
        return [leaf.code for leaf in self._blocks.leaves if isinstance(leaf, Code)]

    def landmarks(self) -> list[Landmark]:
        """The headings, blocks of code and tables, in order, as of the last `lay_out`."""
        found: list[Landmark] = []
        for start, leaf in zip(self._starts, self._blocks.leaves, strict=False):
            kind, text = leaf.landmark()
            if kind:
                found.append(Landmark(kind, start + leaf.gap, text))
        return found

    # Text to blocks

    def _next_text(self, limit: int | None) -> str:
        """The next part of the text, `limit` characters of it at most."""
        if self._arrived:
            self._todo = self._todo[self._at :] + "".join(self._arrived)
            self._arrived, self._at = [], 0
        end = len(self._todo) if limit is None else min(len(self._todo), self._at + limit)
        if self._todo[end - 1 : end] == "\r":  # a newline may follow: the two are one line end
            if end < len(self._todo):
                end += self._todo[end] == "\n"
            elif not self._finished and end > self._at:
                end -= 1
        text = self._todo[self._at : end]
        self._at = end
        return text

    def _feed(self, text: str) -> None:
        """Give the text to the blocks, but for the beginning of a line that says too little."""
        text = self._held + text
        at, blocks = 0, self._blocks
        while at < len(text):
            end = text.find("\n", at)
            part = text[at:] if end < 0 else text[at:end]
            if self._in_line:
                blocks.extend(part)
            elif end >= 0 or is_decided(part.expandtabs(4)):
                blocks.line(part, whole=end >= 0)
                self._in_line = True
            else:
                break
            if end < 0:
                at = len(text)
                break
            blocks.end_line()
            self._in_line = False
            at = end + 1
        self._held = text[at:]

    def _end(self) -> None:
        if self._held:
            self._blocks.line(self._held, whole=True)
            self._held, self._in_line = "", True
        if self._in_line:
            self._blocks.end_line()
            self._in_line = False
        self._blocks.finish()
        self._closed = True

    # Blocks to lines

    def _resolve(self) -> int:
        """Lay out the leaves again whose link definitions have come in; gives the first new line."""
        labels, self._blocks.defined = self._blocks.defined, []
        concerned = {index for label in labels for index in self._askers.pop(label, ())}
        last = len(self._starts) - 1
        replaced: dict[int, list[Packed]] = {}
        for index in sorted(concerned):
            leaf = self._blocks.leaves[index]
            leaf.reset()
            if index < last:
                _, rows = leaf.lay_out()
                replaced[index] = self._packing.pack(rows)
                self._ask(index, leaf)
        return self._replace(replaced) if replaced else len(self._rows)

    def _replace(self, replaced: dict[int, list[Packed]]) -> int:
        """Put other rows in the place of some leaves'; gives the first line that is another."""
        begin = min(replaced)
        first = self._starts[begin]
        ends = [*self._starts[begin + 1 :], len(self._rows)]
        rows: list[Packed] = []
        for index, end in enumerate(ends, begin):
            start = self._starts[index]
            self._starts[index] = first + len(rows)
            rows += replaced[index] if index in replaced else self._rows[start:end]
        self._rows[first:] = rows
        return first

    def _lay_out_leaves(self) -> int:
        """Lay out what has changed at the end; gives the first line that is another one now."""
        leaves, starts = self._blocks.leaves, self._starts
        begin = max(0, len(starts) - 1)
        cut = len(self._rows)
        fresh: list[Packed] = []
        for index in range(begin, len(leaves)):
            leaf = leaves[index]
            if index == len(starts):
                starts.append(cut + len(fresh))
                _, rows = leaf.lay_out()
                fresh += self._packing.pack(rows)
            elif leaf.dirty:
                kept, rows = leaf.lay_out()
                cut = starts[index] + kept
                fresh += self._packing.pack(rows)
            self._ask(index, leaf)
            if index < len(leaves) - 1 and not leaf.missed:
                leaves[index] = leaf.settle()
        same = 0
        for old, new in zip(self._rows[cut:], fresh, strict=False):
            if old != new:
                break
            same += 1
        if cut + same == len(self._rows) and same == len(fresh):
            return len(self._rows)
        self._rows[cut + same :] = fresh[same:]
        if same == len(fresh):
            return max(0, len(self._rows) - 1)  # lines are gone: that is a change too
        return cut + same

    def _ask(self, index: int, leaf: Leaf) -> None:
        """Remember which definitions the leaf would need."""
        for label in leaf.missed - leaf.asked:
            self._askers.setdefault(label, []).append(index)
        leaf.asked |= leaf.missed
