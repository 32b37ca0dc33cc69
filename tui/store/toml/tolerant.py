"""Reads a TOML file that people edit so that one mistake costs no more than itself.

A line that can't be read is left out, and told. Nothing of a provider whose text holds a mistake
is used: half a provider could send a key to the wrong server.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from tui.core.listing import Problem
from tui.store.sessions.heads import error_line, error_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SECTION = re.compile(r"\s*\[\[?\s*([^\[\]=]+?)\s*\]?\]?\s*(#.*)?")
_KEY = re.compile(r"""\s*("[^"\n]*"|'[^'\n]*'|[\w.-]+)""")


def read_tolerantly(path: Path, data: bytes) -> tuple[dict[str, Any], list[Problem]]:
    """What can be read of a file, and the mistakes in it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return {}, [Problem(str(path), line, "this is no UTF-8 text; nothing of it is used")]
    lines = text.replace("\r\n", "\n").split("\n")
    problems: list[Problem] = []
    distrusted = False
    while True:
        now = "\n".join(lines)
        try:
            table = tomllib.loads(now)
        except RecursionError:
            return {}, [*problems, Problem(str(path), 0, "it is nested too deeply")]
        except tomllib.TOMLDecodeError as error:
            at, start, end = _faulty(lines, error_line(error, now))
            key = _key_of(lines[at])
            what = "this line is" if end - start == 1 else f"lines {start + 1} to {end} are"
            words = f"{error_words(error)}; {what} not used"
            problems.append(Problem(str(path), at + 1, f"`{key}`: {words}" if key else words))
            distrusted = distrusted or (start == at and key.startswith("providers."))
            lines[start:end] = [""] * (end - start)
        else:
            if distrusted:  # one line of `providers.x.y = …` is missing, whichever it belongs to
                table.pop("providers", None)
            return table, problems


def line_of(text: str, keys: Sequence[str]) -> int:
    """The line, counted from 1, on which a member is given its value; 0 if it can't be told.

    Falls back to the line of the table that it would stand in.
    """
    section: list[str] = []
    best, depth = 0, 0
    for number, line in enumerate(text.split("\n"), 1):
        header = _SECTION.fullmatch(line)
        if header:
            section = _split(header.group(1))
            here = section
        elif (match := _KEY.match(line)) and "=" in line:
            here = [*section, *_split(match.group(1))]
        else:
            continue
        if len(here) > depth and list(keys[: len(here)]) == here:
            best, depth = number, len(here)
    return best


def _faulty(lines: list[str], number: int) -> tuple[int, int, int]:
    """Where a mistake is that the parser saw on line `number`, and the lines to leave out for it, as a half-open range."""
    at = min(number, len(lines)) - 1
    if not lines[at].strip() or number >= len(lines):
        at = _unfinished(lines)
        end = len(lines)
    else:
        end = at + 1
    start = _section_start(lines, at)
    section = _key_of(lines[start]) if start is not None else ""
    if start is not None and (start == at or section.startswith("providers")):
        return at, start, max(end, _section_end(lines, at))
    return at, at, end


def _unfinished(lines: list[str]) -> int:
    """The line that begins what is never closed: all before it can be read."""
    for at in range(len(lines) - 1, -1, -1):
        if not lines[at].strip():
            continue
        try:
            tomllib.loads("\n".join(lines[:at]))
        except tomllib.TOMLDecodeError:
            continue
        return at
    return 0


def _section_start(lines: list[str], at: int) -> int | None:
    return next((n for n in range(at, -1, -1) if lines[n].lstrip().startswith("[")), None)


def _section_end(lines: list[str], at: int) -> int:
    return next((n for n in range(at + 1, len(lines)) if _SECTION.fullmatch(lines[n])), len(lines))


def _key_of(line: str) -> str:
    header = _SECTION.fullmatch(line)
    if header:
        return header.group(1)
    found = _KEY.match(line.lstrip().lstrip("["))
    return found.group(1) if found else ""


def _split(dotted: str) -> list[str]:
    """The parts of a dotted key, unquoted."""
    parts = re.findall(r"""\s*(?:"([^"]*)"|'([^']*)'|([^.\s"']+))\s*(?:\.|$)""", dotted)
    return [next(filter(None, part), "") for part in parts]
