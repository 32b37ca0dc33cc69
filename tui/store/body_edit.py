"""Changes messages anywhere in a session file: those that stay the same stay byte for byte.

Comments and blank lines in front of a message belong to it and stay with it. What can't be read
stays behind the message that it stood behind.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure, FailureKind
from tui.core.merging import Merged, digests, merge_messages
from tui.store.heads import body_start
from tui.store.session_read import read_blocks
from tui.store.session_toml import message_text
from tui.store.toml_text import line_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tui.core.message import Message

_PARENT = re.compile(rb'(?m)^parent = "[^"\\\n]*"')


@dataclass(slots=True)
class _Part:
    """A message's part of a file, with the comments before it."""

    message: Message | None
    """None for what can't be read."""
    lead: bytes
    block: bytes


def rewritten(
    path: Path, data: bytes, base: Mapping[str, int] | None, ours: Sequence[Message]
) -> tuple[bytes, Merged]:
    """The file's bytes with our changes since `base` put in, and the messages that it holds then.

    Raises `Failure` if its messages are written in a form of their own.
    """
    start = body_start(data)
    head, parts, end = _parts(path, data, start)
    theirs = [part.message for part in parts if part.message is not None]
    there = digests(theirs)
    merged = merge_messages(base, ours, theirs, there)
    wanted = digests(merged.messages)
    if [*wanted.items()] == [*there.items()]:
        return data, merged
    pieces = [head]
    for part, message in _placed(parts, merged.messages):
        first = len(pieces) == 1
        if message is None:
            pieces += [part.lead + part.block] if part is not None else []
        elif part is not None and there[message.id] == wanted[message.id]:
            pieces.append(part.lead + _explicit(part.block, message, first=first))
        else:
            block = _reattached(part, message) or _written(message, first=first)
            pieces.append((part.lead if part is not None else b"") + block)
    return _joined(pieces) + end, merged


def _parts(path: Path, data: bytes, start: int) -> tuple[bytes, list[_Part], bytes]:
    """The head, the parts of the messages, and the comments behind them."""
    blocks = read_blocks(path, data)
    if blocks is None:
        raise Failure(
            FailureKind.DISK,
            f"The messages in {path} are written in a form that bise can't change",
            advice="Write each as a table that begins with [[message]].",
        )
    head, lead = _lead_behind(data[:start])
    parts = []
    for block, message in blocks:
        if message is None:
            parts.append(_Part(None, lead, block.data))
            lead = b""
            continue
        own, behind = _lead_behind(block.data)
        parts.append(_Part(message, lead, own))
        lead = behind
    return head, parts, lead


def _lead_behind(data: bytes) -> tuple[bytes, bytes]:
    """A part of a file without the comments at its end, which are about what follows; and these."""
    lines = data.splitlines(keepends=True)
    at = len(lines)
    while at and (not (line := lines[at - 1].strip()) or line.startswith(b"#")):
        at -= 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    if at == len(lines):
        return data, b""
    own, lead = b"".join(lines[:at]), b"".join(lines[at:])
    try:
        same = tomllib.loads(own.decode("utf-8-sig")) == tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return data, b""  # these lines are the end of a text
    return (own, lead) if same else (data, b"")


def _placed(
    parts: Sequence[_Part], messages: Sequence[Message]
) -> Iterator[tuple[_Part | None, Message | None]]:
    """The wanted messages with their parts, if they have some, and what can't be read in its place."""
    by_id = {part.message.id: part for part in parts if part.message is not None}
    bad: dict[str | None, list[_Part]] = {}
    wanted = {message.id for message in messages}
    before: str | None = None
    for part in parts:
        if part.message is None:
            bad.setdefault(before, []).append(part)
        elif part.message.id in wanted:
            before = part.message.id
    yield from ((part, None) for part in bad.get(None, []))
    for message in messages:
        yield by_id.get(message.id), message
        yield from ((part, None) for part in bad.get(message.id, []))


def _explicit(block: bytes, message: Message, *, first: bool) -> bytes:
    """A message's part which says id and parent itself, whatever stands before it."""
    table: dict[str, Any] = tomllib.loads(block.decode("utf-8-sig"))["message"][0]
    id_is_said = table.get("id") == message.id
    parent = message.parent or ""
    parent_is_said = table.get("parent") == parent or (first and not parent)
    if (not id_is_said and "id" in table) or (not parent_is_said and "parent" in table):
        return _written(message, first=first)
    said = "" if id_is_said else f"id = {line_text(message.id)}\n"
    said += "" if parent_is_said else f"parent = {line_text(parent)}\n"
    if not said:
        return block
    line = block.find(b"\n") + 1 or len(block)
    mark = block[:line] if block[:line].endswith(b"\n") else block[:line] + b"\n"
    return mark + said.encode() + block[line:]


def _reattached(part: _Part | None, message: Message) -> bytes | None:
    """A message's part with another parent, if nothing else of it has changed and that can be done."""
    if part is None or part.message is None:
        return None
    if part.message.model_copy(update={"parent": message.parent}) != message:
        return None
    line = f"parent = {line_text(message.parent or '')}".encode()
    changed = _PARENT.sub(lambda _: line, part.block, count=1)
    try:
        before, after = (
            tomllib.loads(block.decode("utf-8-sig")) for block in (part.block, changed)
        )
    except (ValueError, RecursionError):
        return None
    before["message"][0]["parent"] = message.parent or ""
    said = "id" in before["message"][0] and before == after
    return changed if said else None


def _written(message: Message, *, first: bool) -> bytes:
    return message_text(message, after=not first).lstrip("\n").encode()


def _joined(pieces: Sequence[bytes]) -> bytes:
    """The parts with an empty line between any two, and none at the end."""
    result = bytearray()
    for piece in filter(None, pieces):
        if result.strip():
            while not result.endswith(b"\n\n"):
                result += b"\n"
        result += piece
    return bytes(result).rstrip(b"\n") + b"\n"
