"""Paragraphs and headings, laid out in segments so that a long one costs no more than a short one.

What inline Markdown means may depend on all that follows in the paragraph. So a paragraph of more
than a thousand characters is cut, at a space where no emphasis, code or link is open, or at the
latest after two thousand. Where it is cut depends on its text alone, never on how it arrived.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.paint.flow import Flow, Row
from tui.paint.inline import Inline, definitions, is_settled
from tui.paint.leaf import Frame, Leaf

if TYPE_CHECKING:
    from rich.style import Style

_SOFT, _STEP, _HARD = 1024, 256, 2048
_BREAK = re.compile(
    r"(?P<hard>(?: {2,}|(?<!\\)\\)\n)(?=\S)"
    r"|(?<=[^\s\\])[ \n](?=\S)"
    r"|(?<=[\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f])(?=\S)"
)
_NO_CUT_BEFORE = re.compile("[\u0300-\u036f\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_TASK = re.compile(r"\[([ xX])\](?=[ \n])")
_CLOSING_HASHES = re.compile(r"(?:^|[ ]+)#+[ ]*$")
_DEFINITION = re.compile(r"\[(?:[^\\\]]|\\.){1,999}\]:", re.DOTALL)


class Prose(Leaf):
    """A paragraph, or a heading if `level` is not 0."""

    __slots__ = (
        "_definitions",
        "_flow",
        "_has_task",
        "_is_first",
        "_last_line",
        "_marker",
        "_pieces",
        "_rising",
        "_tail",
        "_tried",
        "level",
    )

    def __init__(self, frame: Frame, inline: Inline, *, level: int = 0) -> None:
        super().__init__(frame, inline)
        self.level = level
        self._rising = 0  # the level that a line below has given it
        self._pieces: list[str] = []
        self._last_line = 0  # index in _pieces
        self._definitions: list[str] = []
        self._marker = frame.first[frame.task] if frame.task >= 0 else ("", frame.base)
        self._begin(())

    def _begin(self, pieces: tuple[str, ...] | list[str]) -> None:
        """Lay out again from the start, with other text."""
        self._pieces = list(pieces)
        self._tail = "".join(pieces)
        self._tried = 0
        self._is_first = True  # whether no segment is settled
        self._has_task = False
        if self.frame.task >= 0:
            self.frame.first[self.frame.task] = self._marker
        self._flow = Flow(self.frame.width)
        super().reset()

    @property
    def text(self) -> str:
        """The Markdown of the paragraph."""
        return "".join(self._pieces)

    @property
    def is_ended(self) -> bool:
        """A heading is one line."""
        return self.level > 0

    @property
    def last_line(self) -> str:
        """The last line so far."""
        return "".join(self._pieces[self._last_line :]).lstrip("\n")

    def begin_line(self, text: str) -> None:
        """Begin a line with this text."""
        self._last_line = len(self._pieces)
        self.extend("\n" + text if self._pieces else text)

    def extend(self, text: str) -> None:
        """Take more of the line that was begun last."""
        text = text.replace("\t", " ")
        self._pieces.append(text)
        self._tail += text
        self.dirty = True

    def end_line(self) -> None:
        """A heading loses the hashes that close it."""
        if self.level and self._pieces:
            self._begin([_CLOSING_HASHES.sub("", self.text)])

    def drop_last_line(self) -> str:
        """Give the last line away; what is left may be empty."""
        line = self.last_line
        self._begin(self._pieces[: self._last_line])
        self._last_line = 0
        return line

    def become_heading(self, level: int) -> None:
        """Turn into a heading, since a line of `=` or `-` stands below."""
        self._rising = level
        self._begin([self.text.rstrip()])

    def is_all_definitions(self) -> bool:
        """Whether it holds nothing but definitions of links."""
        if not _DEFINITION.match(self.text):
            return False
        _, lines = definitions(self.text)
        return lines > self.text.count("\n")

    def close(self) -> list[str]:
        """Split off the link definitions that it begins with; gives their labels."""
        if self.level:
            return []
        self.level = self._rising
        if not _DEFINITION.match(self.text):
            return []
        fresh, count = self.inline.references.learn(self.text)
        if count:
            lines = self.text.split("\n")
            self._definitions = lines[:count]
            self._begin(["\n".join(lines[count:])])
        return fresh

    def landmark(self) -> tuple[str, str]:
        """A heading is one."""
        return ("heading", self.text) if self.level else ("", "")

    def reset(self) -> None:
        """Forget all rows."""
        self._begin(self._pieces)

    def settle(self) -> Leaf:
        """Keep nothing but a heading's text."""
        if not self.level:
            return super().settle()
        self._pieces = [self.text]
        del self._flow, self._tail, self.frame
        return self

    def _rows(self) -> tuple[list[Row], list[Row]]:
        self.inline.references.missed = set()
        base = self._base()
        if self._is_first:
            self._start()
        newline = self.inline.newline
        while cut := self._boundary():
            end, begin, parting = cut
            segment, self._tail = self._tail[:end], self._tail[begin:]
            self._tried, self._is_first = 0, False
            self._flow.add(self.inline.spans(segment, base, newline))
            if parting:
                self._flow.add([(newline if parting == "\n" else parting.strip(" ") or " ", base)])
        settled = self._flow.drain()
        flow = self._flow.copy()
        if self._tail or not self.level:
            flow.add(self.inline.spans(self._tail, base, newline))
        else:
            flow.add([("#" * self.level, self.inline.palette.faint)])  # a heading without text
        if self.inline.references.missed - self.missed:
            self.missed |= self.inline.references.missed
        return settled, flow.finish()

    def _base(self) -> Style:
        heading = self.inline.palette.headings[self.level - 1] if self.level else None
        return self.frame.base if heading is None else self.frame.base + heading

    def _start(self) -> None:
        """See what the first segment begins with; may be done again while that one is open."""
        palette, frame = self.inline.palette, self.frame
        if self._definitions:
            text = "\n".join(self._definitions)
            self._flow = Flow(frame.width)
            self._flow.add([(text + "\n" if self._tail else text, palette.faint)])
        if frame.task < 0 or self._has_task:
            return
        if task := _TASK.match(self._tail):
            self._has_task = True
            done = task.group(1) != " "
            style = palette.task_done if done else palette.task_open
            frame.first[frame.task] = ("☑ " if done else "☐ ", style)
            self._tail = self._tail[task.end() + 1 :]

    def _boundary(self) -> tuple[int, int, str] | None:
        """Where the first segment of the tail ends and the second begins, and what parts them.

        None until that is certain.
        """
        tail = self._tail
        if len(tail) < _SOFT:
            return None
        at = self._tried or _SOFT
        while at < _HARD:
            match = _BREAK.search(tail, at - 1, _HARD + 1)
            if match is None:
                break
            if is_settled(tail[: match.start()]):
                return _cut(match)
            self.inline.parsed += match.start()
            at = self._tried = match.start() + _STEP
        return self._forced_boundary() if len(tail) >= _HARD + 64 else None

    def _forced_boundary(self) -> tuple[int, int, str]:
        """The last place for a cut before the hard limit, or just any."""
        tail = self._tail
        if matches := list(_BREAK.finditer(tail, _HARD // 2, _HARD)):
            return _cut(matches[-1])
        end = _HARD
        while end < _HARD + 32 and (
            _NO_CUT_BEFORE.match(tail, end) or tail[end - 1] in "\u200d\\ \n"
        ):
            end += 1
        return end, end, ""


def _cut(match: re.Match[str]) -> tuple[int, int, str]:
    parting = " \n" if match.group("hard") else match.group()
    return match.start(), match.end(), parting
