"""Plain text in lines of cells, for what is no Markdown."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

from tui.core.text import clean

_WORDS = re.compile(r" *[^ ]+")
_TAB = "    "


def wrap(text: str, width: int) -> list[str]:
    """The text, cleaned, broken between words into lines of at most `width` cells."""
    lines: list[str] = []
    for line in clean(text).replace("\t", _TAB).split("\n"):
        lines.extend(_wrap_line(line.rstrip(), width))
    return lines


def _wrap_line(line: str, width: int) -> list[str]:
    if cell_len(line) <= width:
        return [line]
    lines: list[str] = []
    now, room = "", width
    for match in _WORDS.finditer(line):
        word = match.group()
        cells = cell_len(word)
        if cells > room and now:
            lines.append(now)
            now, room, word = "", width, word.lstrip(" ")
            cells = cell_len(word)
        if cells > room:
            *full, word = chop_cells(word, max(2, width))
            lines.extend(full)
            cells = cell_len(word)
        now += word
        room -= cells
    return [*lines, now]
