"""Parts of a long Markdown text, to be seen before all that comes before them is laid out."""

from __future__ import annotations

import re
from typing import NamedTuple

_FENCE = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[ \t]*\r?\n(?=[^\s>\-+*0-9<|])")


class Part(NamedTuple):
    """A part of a text."""

    begin: int
    """Where in the text it begins."""
    source: str
    """Its Markdown; before it the first line of the fence that it is in, if it is in one."""
    is_apart: bool
    """Whether it begins with a block that a blank line parts from what is before it."""


def part_before(source: str, end: int, size: int) -> Part:
    """About `size` characters of the text that end at `end`, from a place where a block begins.

    This is a guess: what a list, a quote or a definition far above makes of the part isn't known.
    It suits for the moments until it is.
    """
    start = end - size
    if start <= 0:
        return Part(0, source[:end], is_apart=False)
    fence = _open_fence(source, start)
    latest = start + size // 2
    if not fence and (match := _PARAGRAPH.search(source, start, latest)):
        return Part(match.end(), source[match.end() : end], is_apart=True)
    begin = (source.find("\n", start, latest) + 1) or start
    return Part(begin, fence + source[begin:end], is_apart=False)


def _open_fence(source: str, end: int) -> str:
    """The line, with its end, that begins the fence in which this place is; empty if it is in none."""
    opened = mark = ""
    for match in _FENCE.finditer(source, 0, end):
        found, rest = match.groups()
        if not opened:
            if "`" not in rest:
                opened, mark = match.group(), found
        elif found[0] == mark[0] and len(found) >= len(mark) and not rest.strip():
            opened = ""
    return f"{opened}\n" if opened else ""
