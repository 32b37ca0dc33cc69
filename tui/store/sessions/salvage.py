"""Reads damaged session files: cuts them into the head and the messages, each parsed alone.

In what we write, a line that looks like `[[message]]` always begins a message, so one bad message
hides no other, whatever is wrong with it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tui.core.words import Ended
from tui.store.sessions.heads import error_line, error_words
from tui.store.sessions.tail import MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

_HALF_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,7})?\Z")
_NEXT = re.compile(rb"\n[ \t]*\[\[[ \t]*message[ \t]*\]\]")
"""As `MARK`, and thirty times as fast in long texts, since it begins with a character."""
_STUB = 200
"""Bytes beyond which a message says something."""
_ONE_LINE_TEXT = re.compile(r'(?:content|text) = "')


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a file, as a plain table."""

    table: Any
    line: int
    """Where it begins, counted from 1; 0 if that is not known."""
    text: str = ""
    """Its part of the file, to find the line of a member in."""


@dataclass(slots=True)
class Pieces:
    """What could be read of a file."""

    head: dict[str, Any] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    troubles: list[tuple[int, str]] = field(default_factory=list)
    """Line and words of each thing that is wrong."""
    head_is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One message's part of a file."""

    start: int
    """Offset of its first byte in the file."""
    line: int
    data: bytes


def blocks_of(data: bytes) -> Iterator[Block]:
    """The messages' parts of a file, in order."""
    starts = [0] if MARK.match(data) else []
    starts += [match.start() + 1 for match in _NEXT.finditer(data)]
    line, at = 1, 0
    for start, end in pairwise([*starts, len(data)]):
        line += data.count(b"\n", at, start)
        at = start
        yield Block(start, line, data[start:end])


def read_pieces(data: bytes) -> Pieces:
    """All that can be read of a file that does not parse as a whole."""
    pieces = Pieces()
    found = MARK.search(data)
    head = data[: found.start()] if found else data
    try:
        pieces.head = _parse(head)
    except tomllib.TOMLDecodeError as error:
        pieces.head_is_bad = True
        pieces.troubles.append((error_line(error, _text(head)), error_words(error)))
    blocks = list(blocks_of(data))
    for block in blocks:
        try:
            table = _parse(block.data)["message"][0]
        except tomllib.TOMLDecodeError as error:
            text = _text(block.data)
            line = block.line + error_line(error, text) - 1
            pieces.troubles.append((line, error_words(error)))
            rest = torn_table(block.data) if block is blocks[-1] else None
            if rest:
                pieces.entries.append(Entry(rest, block.line, text))
        else:
            pieces.entries.append(Entry(table, block.line, _text(block.data)))
    return pieces


def is_torn(data: bytes) -> bool:
    """Whether a message's part of a file breaks off: it can't be parsed, for something at its very end.

    A mistake in its middle is somebody's edit and makes it no torn one.
    """
    text = _text(data)
    try:
        _parse(data)
    except tomllib.TOMLDecodeError as error:
        return "\0" in text or error_line(error, text) > text.count("\n")
    return False


def is_stub(data: bytes) -> bool:
    """Whether a message's part of a file ends before it says anything, though it can be parsed."""
    if len(data) > _STUB:
        return False
    try:
        table = _parse(data)["message"][0]
    except (tomllib.TOMLDecodeError, LookupError):
        return False
    return set(table) <= {"id", "parent"}


def parses(data: bytes) -> bool:
    """Whether the whole of a file is good TOML."""
    try:
        _parse(data)
    except tomllib.TOMLDecodeError:
        return False
    return True


def torn_table(data: bytes) -> dict[str, Any] | None:
    """What can be had of a message whose end is missing; None if that is nothing.

    The end may be cut off at any byte, or be overwritten by zeros, as after a power cut. If the
    text itself was cut, the message is marked as interrupted.
    """
    text = _text(data.split(b"\0", 1)[0], at_end="ignore")
    for attempt, cut in _closed(text):
        try:
            table = tomllib.loads(attempt)["message"][0]
        except (tomllib.TOMLDecodeError, RecursionError):
            continue
        content = table.get("content")
        if isinstance(content, list) and content and content != (whole := _without_stub(content)):
            table["content"] = whole
            cut = True
        if "role" not in table or not (table.get("content") or table.get("tool_calls")):
            return None
        return {**table, "ended": str(Ended.INTERRUPTED)} if cut else table
    return None


def _without_stub(chunks: list[Any]) -> list[Any]:
    """The chunks without the last one if no more than its type was written; the same inside it."""
    *before, last = chunks
    if not isinstance(last, dict):
        return chunks
    inner = last.get("thinking")
    if isinstance(inner, list) and inner:
        last = {**last, "thinking": _without_stub(inner)}
    return before if len(last) < 2 else [*before, last]


def _closed(text: str) -> Iterator[tuple[str, bool]]:
    """The text, closed in the ways in which our own messages may be cut; and whether a text of its was."""
    yield text, False
    open_end = _HALF_ESCAPE.sub(r"\1", text)
    quotes = 0
    while quotes < 2 and _ends_in_quote(open_end[: len(open_end) - quotes]):
        quotes += 1
    yield f'{open_end[: len(open_end) - quotes]}"""', True
    above, _, line = text.rpartition("\n")
    if _ONE_LINE_TEXT.match(line):
        yield f'{open_end}"', True
    if line.startswith("["):
        yield above + "\n", line.startswith("[[message.")
    yield above + "\n", "\n[[message." in above or "\nended = " not in above


def _ends_in_quote(text: str) -> bool:
    """Whether a text ends in a quote that is not escaped."""
    before = text.removesuffix('"')
    return before != text and (len(before) - len(before.rstrip("\\"))) % 2 == 0


def _parse(data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(data))
    except RecursionError:
        raise tomllib.TOMLDecodeError("it is nested too deeply") from None


def _text(data: bytes, at_end: str = "replace") -> str:
    return data.decode("utf-8-sig", at_end)
