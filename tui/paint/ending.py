"""The end of a long Markdown text, to be seen before all that comes before it is laid out."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^[ ]{0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[ \t]*\r?\n(?=[^\s>\-+*0-9<|])")


def end_of(source: str, size: int) -> str:
    """About the last `size` characters of the text, from a place where a block begins.

    If that is in a fence, its first line stands before them. This is a guess: what a list, a quote
    or a definition far above makes of the end isn't known. It suits for the moments until it is.
    """
    start = len(source) - size
    if start <= 0:
        return source
    fence = _open_fence(source, start)
    latest = start + size // 2
    if not fence and (match := _PARAGRAPH.search(source, start, latest)):
        return source[match.end() :]
    line = source.find("\n", start, latest) + 1
    return fence + source[line or start :]


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
