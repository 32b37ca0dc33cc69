"""A terminal to compare screens on: pyte, taught what it lacks (dim, links, widths of clusters)."""

from __future__ import annotations

import re
from typing import NamedTuple
from unicodedata import category

import pyte
from pyte.screens import Char
from rich.cells import split_graphemes

_LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\")
_UNKNOWN_TO_PYTE = {2: "dim", 8: "conceal", 21: "double", 51: "frame", 52: "circle", 53: "over"}
_OFF = {22: {"dim"}, 24: {"double"}, 28: {"conceal"}, 54: {"frame", "circle"}, 55: {"over"}}


class Cell(NamedTuple):
    glyph: str
    look: tuple[object, ...]


class _Screen(pyte.Screen):
    def __init__(self, width: int, height: int, erases_in_color: bool) -> None:
        self.erases_in_color = erases_in_color
        self.extra: frozenset[str] = frozenset()
        self.color = "default"
        self.link = ""
        super().__init__(width, height)

    def select_graphic_rendition(self, *codes: int, **options: object) -> None:
        self.cursor.attrs = self.cursor.attrs._replace(fg=self.color)
        super().select_graphic_rendition(*codes)
        self.color = self.cursor.attrs.fg
        extra = set(self.extra)
        at = 0
        codes = codes or (0,)
        while at < len(codes):
            code = codes[at]
            if code in (38, 48):
                at += 3 if codes[at + 1] == 5 else 5
                continue
            if code == 0:
                extra.clear()
            extra -= _OFF.get(code, set())
            extra |= {_UNKNOWN_TO_PYTE[code]} if code in _UNKNOWN_TO_PYTE else set()
            at += 1
        self.extra = frozenset(extra)
        self.mark()

    def mark(self) -> None:
        marks = [self.color, *sorted(self.extra), *([self.link] if self.link else [])]
        self.cursor.attrs = self.cursor.attrs._replace(fg=" ".join(marks))

    def draw(self, data: str) -> None:
        for glyph, width in _clusters(data):
            self.draw_glyph(glyph, width)

    def draw_glyph(self, glyph: str, width: int) -> None:
        line, cursor = self.buffer[self.cursor.y], self.cursor
        if not width:
            if cursor.x and category(glyph[0]).startswith("M") and glyph[0] != "\ufe0f":
                before = cursor.x - (2 if line[cursor.x - 1].data == "" else 1)
                line[before] = line[before]._replace(data=line[before].data + glyph)
            return
        cursor.x = min(cursor.x, self.columns - width)
        if line[cursor.x].data == "":
            self.widow(cursor.x)
        line[cursor.x] = cursor.attrs._replace(data=glyph)
        for x in range(cursor.x + 1, cursor.x + width):
            line[x] = cursor.attrs._replace(data="")
        cursor.x += width
        x = cursor.x
        while x < self.columns and line[x].data == "":
            line[x] = line[x]._replace(data=" ")
            x += 1

    def widow(self, x: int) -> None:
        line = self.buffer[self.cursor.y]
        while x:
            x -= 1
            wide = line[x].data
            line[x] = line[x]._replace(data=" ")
            if wide:
                return

    def erase(self, start: int, end: int) -> None:
        line = self.buffer[self.cursor.y]
        if start < self.columns and line[start].data == "":
            self.widow(start)
        bg = self.cursor.attrs.bg if self.erases_in_color else "default"
        for x in range(start, end):
            line[x] = Char(" ", bg=bg)
        while end < self.columns and line[end].data == "":
            line[end] = line[end]._replace(data=" ")
            end += 1

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        assert how == 0
        self.erase(min(self.cursor.x, self.columns - 1), self.columns)

    def erase_characters(self, count: int | None = None) -> None:
        self.erase(self.cursor.x, min(self.cursor.x + (count or 1), self.columns))


def _clusters(text: str) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for start, end, width in split_graphemes(text)[0]:
        glyph = text[start:end]
        before = found[-1][0] if found else ""
        flag = len(before) == 1 and _is_flag(before) and _is_flag(glyph)
        if before and (flag or "\U0001f3fb" <= glyph[0] <= "\U0001f3ff"):
            found[-1] = before + glyph, found[-1][1] + width
        else:
            found.append((glyph, width))
    return found


def _is_flag(glyph: str) -> bool:
    return "\U0001f1e6" <= glyph[0] <= "\U0001f1ff"


class Emulator:
    """A terminal of a size, to be fed with what was written to it."""

    def __init__(self, width: int, height: int, *, erases_in_color: bool = True) -> None:
        self._screen = _Screen(width, height, erases_in_color)
        self._stream = pyte.Stream(self._screen)
        self.feed("\x1b[?7l")

    def feed(self, text: str) -> None:
        at = 0
        for match in _LINK.finditer(text):
            self._stream.feed(text[at : match.start()])
            self._screen.link = match[1]
            self._screen.mark()
            at = match.end()
        self._stream.feed(text[at:])

    def resize(self, width: int, height: int) -> None:
        self._screen.resize(height, width)

    def scribble(self) -> None:
        """Show what no program of ours has written."""
        for y in range(self._screen.lines):
            for x in range(self._screen.columns):
                self._screen.buffer[y][x] = Char("?", fg="red")

    @property
    def cursor(self) -> tuple[int, int]:
        return min(self._screen.cursor.x, self._screen.columns - 1), self._screen.cursor.y

    @property
    def at_rest(self) -> bool:
        """Whether what else is written would look plain and could go anywhere."""
        return self._screen.cursor.attrs == Char(" ") and self._screen.margins is None

    def rows(self) -> list[list[Cell]]:
        """What a user sees: a space without marks has no colour but its background."""
        return [
            [_seen(self._screen.buffer[y][x]) for x in range(self._screen.columns)]
            for y in range(self._screen.lines)
        ]

    def text(self) -> list[str]:
        return ["".join(cell.glyph for cell in row) for row in self.rows()]


def _seen(char: Char) -> Cell:
    marked = char.underscore or char.strikethrough or char.reverse or char.blink
    if char.data == " " and not marked:
        kept = [word for word in char.fg.split(" ")[1:] if word != "dim"]
        return Cell(" ", (char.bg, *kept))
    return Cell(char.data, tuple(char[1:]))


def differences(got: list[list[Cell]], expected: list[list[Cell]]) -> list[tuple[object, ...]]:
    """The cells in which two screens differ, with their places."""
    return [
        (x, y, left, right)
        for y, rows in enumerate(zip(got, expected, strict=True))
        for x, (left, right) in enumerate(zip(*rows, strict=True))
        if left != right
    ]
