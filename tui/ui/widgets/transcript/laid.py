"""One entry as lines of cells."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from tui.core.text import one_line
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.transcript.long import LONG, LongText
from tui.ui.widgets.transcript.look import MARGIN
from tui.ui.widgets.transcript.wrapping import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rich.style import Style

    from tui.paint.rendering import Landmark
    from tui.ui.widgets.transcript.entry import Entry
    from tui.ui.widgets.transcript.look import Lines, Look, Rendered

BAR, CHOSEN_BAR = "▎", "▌"

_HEAD_LIMIT = 300
_KEPT_STRIPS = 2000
_BEGINNING = 200

AT_ONCE = 16_000
"""Characters of a text that are laid out when it is first looked at, if it is not a long one."""

SLICE = 2_000
"""Characters of a longer text that are laid out in one go after that."""

SPENT_S = 0.02
"""Seconds of work after which the rest has to wait for the next frame."""


class PlainLines:
    """A few lines of one style."""

    def __init__(self, lines: Sequence[str], style: Style) -> None:
        self._lines = lines
        self._style = style

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, index: int) -> Strip:
        """One line, not padded."""
        return Strip([Segment(self._lines[index], self._style)])


class TintedLines:
    """Lines of another text, in one style where they have none."""

    def __init__(self, lines: Lines, style: Style) -> None:
        self._lines = lines
        self._style = style

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, index: int) -> Strip:
        """One line, not padded."""
        return self._lines.line(index).apply_style(self._style)


class HeadLines:
    """The line above a message: its first word in the role's colour, the rest muted."""

    def __init__(self, head: str, role: Style, muted: Style, width: int) -> None:
        self._lines = wrap(one_line(head, _HEAD_LIMIT), width)
        self._role = role
        self._muted = muted

    def __len__(self) -> int:
        return len(self._lines)

    def line(self, index: int) -> Strip:
        """One line, not padded."""
        name, dot, rest = self._lines[index].partition(" · ")
        if index:
            return Strip([Segment(self._lines[index], self._muted)])
        return Strip([Segment(name, self._role), Segment(dot + rest, self._muted)])


def _counted(characters: int) -> str:
    return str(characters) if characters < 1000 else f"{characters / 1000:.1f}k"


def thinking_line(entry: Entry, unfolded: bool) -> str:
    """What stands for an entry's thinking: whether it goes on, how long it took, how much it is.

    Of a system prompt it is the prompt itself that is folded.
    """
    if entry.role == "system":
        words = f"System prompt, {_counted(len(entry.thinking))} characters"
        beginning = "" if unfolded else f": {one_line(entry.thinking, _BEGINNING)}"
        return f"{'▾' if unfolded else '▸'} {words}{beginning}"
    if entry.live and not entry.body:
        did = "thinking"
    elif entry.thought_s is None:
        did = "thought"
    else:
        did = f"thought for {max(1, round(entry.thought_s))} s"
    return f"{'▾' if unfolded else '▸'} {did}, {_counted(len(entry.thinking))} characters"


def _composed(segments: Iterable[Segment], base: Style, cells: int) -> Strip:
    """A line of that many cells, neighbours of one style joined: each change of style costs bytes."""
    joined: list[Segment] = []
    text, now, room = "", base, cells
    for piece, own, _ in segments:
        style = base + own if own else base
        room -= cell_len(piece)
        if style == now:
            text += piece
            continue
        if text:
            joined.append(Segment(text, now))
        text, now = piece, style
    if now != base:
        joined.append(Segment(text, now))
        text = ""
    text += " " * max(0, room)
    if text:
        joined.append(Segment(text, base))
    strip = Strip(joined, cells - min(0, room))
    return strip.crop(0, cells) if room < 0 else strip


class Laid:
    """An entry laid out: head, thinking, body, foot, and a blank line below."""

    def __init__(self, entry: Entry, look: Look, unfolded: bool) -> None:
        self.entry = entry
        self.unfolded = unfolded
        self.body: Rendered | None = None
        self._thinking: Rendered | None = None
        self._look = look
        self._sections: list[Lines] = []
        self._strips: dict[int, Strip] = {}
        self._shift = 0
        self._chosen = False
        self.height = 1
        """How many lines it has, the blank one included."""
        self.rewrite()

    def rewrite(self) -> None:
        """Lay all of it out anew from its entry."""
        entry = self.entry
        self.body = None
        if entry.role != "notice" and entry.body:
            make = self._maker(breaks=entry.role != "assistant")
            is_long = len(entry.body) > LONG
            body = LongText(make, entry.body) if is_long else make(entry.body)
            self.body = self._begun(body, ends=False)
        self._thinking = None
        if entry.thinking and self.unfolded:
            thinking = self._maker(breaks=True)(entry.thinking)
            self._thinking = self._begun(thinking, ends=bool(entry.body))
        self.reframe()

    def _maker(self, *, breaks: bool) -> Callable[[str], Rendered]:
        look = self._look
        return lambda source: look.render(look.palette, look.width, source, breaks=breaks)

    def _begun(self, rendered: Rendered, *, ends: bool) -> Rendered:
        rendered.shift = self._shift
        if ends or not self.entry.live:
            rendered.finish()
        rendered.lay_out(AT_ONCE)
        return rendered

    def reframe(self) -> None:
        """Lay out what stands around the body anew."""
        entry, dress, width = self.entry, self._look.dress, self._look.width
        sections: list[Lines] = []
        if entry.head:
            sections.append(HeadLines(entry.head, dress.role(entry.role), dress.muted, width))
        if entry.thinking:
            line = thinking_line(entry, self.unfolded)
            lines = [fitted(line, width)] if entry.role == "system" else wrap(line, width)
            sections.append(PlainLines(lines, dress.muted))
        if self._thinking is not None:
            sections.append(TintedLines(self._thinking, dress.thinking))
            if entry.body:
                sections.append(PlainLines([""], dress.muted))
        if self.body is not None:
            sections.append(self.body)
        elif entry.body:
            sections.append(PlainLines(wrap(entry.body, width), dress.tone(entry.tone)))
        if entry.foot:
            sections.append(PlainLines(wrap(entry.foot, width), dress.tone(entry.tone)))
        self._sections = sections
        self._measure(0)

    def _measure(self, changed: int) -> None:
        self.height = sum(map(len, self._sections)) + 1
        if len(self._strips) > _KEPT_STRIPS:
            self._strips.clear()
        for line in [line for line in self._strips if line >= changed]:
            del self._strips[line]

    def append(self, delta: str) -> None:
        """Take more of the body; `delta` is part of the entry already."""
        if self.body is None or not self.entry.live:
            self.rewrite()
            return
        self.body.append(delta)
        self._lay_out_body(AT_ONCE)

    def _lay_out_body(self, limit: int) -> None:
        if self.body is None:
            return
        above = 0
        for section in self._sections:
            if section is self.body:
                break
            above += len(section)
        self._measure(above + self.body.lay_out(limit))

    def append_thinking(self, delta: str) -> None:
        """Take more of the thinking; `delta` is part of the entry already."""
        if self.unfolded and (self._thinking is None or self.entry.body):
            self.rewrite()
        elif self._thinking is not None:
            self._thinking.append(delta)
            self._thinking.lay_out(AT_ONCE)
        self.reframe()

    def finish(self) -> None:
        """No more of it will come."""
        for rendered in (self._thinking, self.body):
            if rendered is not None:
                rendered.finish()
                rendered.lay_out(AT_ONCE)
        self.reframe()

    def shift_code(self, cells: int) -> bool:
        """Shift code that is not wrapped by so many cells more; tells whether it can be."""
        texts = [text for text in (self._thinking, self.body) if text is not None]
        shift = min(max((text.hidden for text in texts), default=0), max(0, self._shift + cells))
        if shift == self._shift:
            return False
        self._shift = shift
        for text in texts:
            text.shift = shift
        self._strips.clear()
        return True

    @property
    def is_behind(self) -> bool:
        """Whether some of a very long text is not laid out yet."""
        return any(text is not None and text.is_behind for text in (self._thinking, self.body))

    def advance(self) -> None:
        """Lay out some more of a very long text."""
        end = time.thread_time() + SPENT_S
        while self.is_behind:
            if self._thinking is not None and self._thinking.is_behind:
                self._thinking.lay_out(SLICE)
                self.reframe()
            else:
                self._lay_out_body(SLICE)
            if time.thread_time() > end:
                break

    def reach(self, line: int) -> bool:
        """Make a line be there that is near the end of a very long text; tells whether it wasn't."""
        if not isinstance(self.body, LongText) or not self.body.reach(line - self.body_line):
            return False
        self._measure(self.settled_lines.stop)
        return True

    def _section(self, line: int) -> tuple[Lines, int] | None:
        for section in self._sections:
            if line < len(section):
                return section, line
            line -= len(section)
        return None

    def strip(self, line: int, chosen: bool) -> Strip:
        """One line, as wide as the view."""
        if chosen is not self._chosen:
            self._chosen = chosen
            self._strips.clear()
        strip = self._strips.get(line)
        if strip is None:
            strip = self._strips[line] = self._painted(line)
        return strip

    def _painted(self, line: int) -> Strip:
        look, dress = self._look, self._look.dress
        found = self._section(line)
        if found is None:
            return Strip.blank(look.cells, dress.base)
        section, line = found
        bar, style = BAR, dress.role(self.entry.role)
        if self._chosen:
            bar, style = CHOSEN_BAR, dress.chosen
        elif self.entry.tone:
            style = dress.tone(self.entry.tone)
        text: Iterable[Segment] = section.line(line)
        if self.entry.dimmed:
            text = Segment.apply_style(text, post_style=dress.dimmed)
        segments = [Segment(bar, style), Segment(" " * (MARGIN - 1)), *text]
        return _composed(segments, dress.base, look.cells)

    def plain(self, line: int) -> str:
        """The characters of one line, without bar and margin."""
        found = self._section(line)
        return found[0].line(found[1]).text.rstrip() if found else ""

    def raw(self, line: int) -> Strip | None:
        """One line as its text was rendered, without bar and margin; None for the blank line at the end."""
        found = self._section(line)
        return found[0].line(found[1]) if found else None

    @property
    def text_lines(self) -> range:
        """The lines of unfolded thinking and of the body: all but what stands around them."""
        above = bool(self.entry.head) + bool(self.entry.thinking)
        below = len(self._sections) - bool(self.entry.foot)
        first = sum(map(len, self._sections[:above]))
        return range(first, first + sum(map(len, self._sections[above:below])))

    @property
    def settled_lines(self) -> range:
        """The first of those lines, which stay where they are: all but the end of what is laid out in part."""
        lines = self.text_lines
        if isinstance(self.body, LongText):
            return range(lines.start, self.body_line + self.body.settled)
        return lines

    @property
    def body_line(self) -> int:
        """The line in which the body begins."""
        lines = self.text_lines
        return lines.stop - len(self.body) if self.body is not None else lines.stop

    def landmarks(self) -> list[Landmark]:
        """The headings, blocks of code and tables of the body, with their lines in the entry."""
        if self.body is None:
            return []
        above = self.body_line
        return [mark._replace(line=above + mark.line) for mark in self.body.landmarks()]
