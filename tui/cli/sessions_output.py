"""What `bise sessions` prints: rows for people, tabs for pipes, JSON for programs; never an escape."""

from __future__ import annotations

import json
import shutil
import sys
from bisect import bisect_right
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

from tui.cli.sessions_naming import FOLDERS
from tui.cli.telling import DONE, output_lost
from tui.core.text import clean, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tui.core.listing import Header


def header_object(header: Header, path: Path) -> dict[str, Any]:
    """A session's head as a JSON object."""
    return {
        "id": header.id,
        "title": header.title,
        "created": header.created.isoformat(),
        "changed": datetime.fromtimestamp(header.changed).astimezone().isoformat("T", "seconds"),
        "pinned": header.pinned,
        "tags": list(header.tags),
        "place": FOLDERS[header.place],
        "path": str(path),
        "problem": str(header.problem) if header.problem else None,
    }


def header_row(header: Header) -> str:
    """A session's head as a line: aligned and cut on a terminal, with tabs in a pipe."""
    changed = f"{datetime.fromtimestamp(header.changed).astimezone():%Y-%m-%d %H:%M}"
    tags = " ".join(f"#{one_line(tag)}" for tag in header.tags)
    title = one_line(header.title) or "(no title)"
    if header.problem:
        title += f"  ⚠ {one_line(header.problem.message)}"
    if not sys.stdout.isatty():
        marks = " ".join(filter(None, ["pinned" if header.pinned else "", str(header.place)]))
        return "\t".join([header.id, changed, marks, tags, title])
    marks = ("★" if header.pinned else " ") + {"archive": "a", "trash": "t"}.get(header.place, " ")
    line = f"{header.id}  {changed}  {marks}  {title}{'  ' + tags if tags else ''}"
    return cut(line, shutil.get_terminal_size().columns)


def cut(line: str, width: int) -> str:
    """A line of harmless text, cut to so many columns with an ellipsis; its spaces stay."""
    columns = list(accumulate(2 if east_asian_width(c) in "WF" else 1 for c in line))
    if not columns or columns[-1] <= width:
        return line
    return line[: bisect_right(columns, width - 1)] + "…"


def print_json(value: Any) -> int:
    """Print a value as JSON; gives the exit status."""
    return print_lines([json.dumps(value, ensure_ascii=True, indent=2, default=str)])


def print_lines(lines: Iterable[str]) -> int:
    """Print lines that are harmless already; gives the exit status."""
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="")  # type: ignore[union-attr]  # a TextIOWrapper
    try:
        for line in lines:
            sys.stdout.write(f"{clean(line)}\n")
        sys.stdout.flush()
    except OSError as error:
        return output_lost(error)
    return DONE
