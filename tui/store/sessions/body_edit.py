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
from tui.core.merging import Merged, digest, digests, merge_messages
from tui.store.sessions.heads import body_start
from tui.store.sessions.read import read_blocks
from tui.store.sessions.salvage import blocks_of
from tui.store.sessions.text import message_text
from tui.store.toml.text import line_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tui.core.merging import Base, Stamp
    from tui.core.message import Message

_OWN = re.compile(rb'\[\[message\]\]\nid = "([\w-]+)"\n(?:parent = "([\w-]*)"\n)?role = "')
_PARENT = re.compile(rb'(?m)^parent = "[^"\\\n]*"')


@dataclass(slots=True)
class _Part:
    """A message's part of a file, with the comments before it."""

    id: str | None
    """The message's; None for what can't be read."""
    parent: str | None
    lead: bytes
    block: bytes
    is_own: bool = False
    """Whether it is known to say its id and its parent itself."""


@dataclass(slots=True)
class _Body:
    """The parts of a file."""

    head: bytes
    parts: list[_Part]
    end: bytes
    """The comments behind the last message."""
    there: Mapping[str, int]
    """By message: its digest."""


def rewritten(
    path: Path, data: bytes, base: Base, ours: Sequence[Message], before: Stamp
) -> tuple[bytes, Merged]:
    """The file's bytes with our changes since `base` put in, and the messages that it holds then.

    `before` is the file's state: if it is the base's, nothing but what we changed is looked at.
    Raises `Failure` if its messages are written in a form of their own.
    """
    body = _known_body(data, base) if base.stamp == before else None
    if body is not None:
        merged = Merged(messages=list(ours))
    else:
        body, theirs = _read_body(path, data)
        merged = merge_messages(base.messages, ours, theirs, body.there)
    wanted = merged.digests = digests(merged.messages)
    if [*wanted.items()] == [(part.id, body.there[part.id]) for part in body.parts if part.id]:
        return data, merged
    pieces = [body.head]
    for part, message in _placed(body.parts, merged.messages):
        first = len(pieces) == 1
        if message is None:
            pieces += [part.lead + part.block] if part is not None else []
        elif part is None:
            pieces.append(_written(message, first=first))
        elif body.there[message.id] == wanted[message.id]:
            pieces.append(part.lead + _explicit(part, message, first=first))
        else:
            block = _reattached(part, message, body.there[message.id])
            pieces.append(part.lead + (block or _written(message, first=first)))
    return _joined(pieces) + body.end, merged


def _known_body(data: bytes, base: Base) -> _Body | None:
    """The parts of a file that is as we know it, if all are in the form that we write."""
    known = base.messages or {}
    heads = [(block.data, _OWN.match(block.data)) for block in blocks_of(data)]
    ids = [found.group(1).decode() for _, found in heads if found is not None]
    if len(ids) != len(heads) or len(set(ids)) != len(ids) or set(ids) != set(known):
        return None
    start = body_start(data)
    body = _Body(b"", [], b"", known)
    body.head, lead = _lead_behind(data[:start])
    for at, (block, found) in zip(ids, heads, strict=True):
        parent = found.group(2) if found is not None else None
        own, behind = _lead_behind(block)
        is_own = parent is not None
        body.parts.append(_Part(at, parent.decode() if parent else None, lead, own, is_own))
        lead = behind
    body.end = lead
    return body


def _read_body(path: Path, data: bytes) -> tuple[_Body, list[Message]]:
    """The parts of a file, whatever they look like, and its messages."""
    blocks = read_blocks(path, data)
    if blocks is None:
        raise Failure(
            FailureKind.DISK,
            f"The messages in {path} are written in a form that bise can't change",
            advice="Write each as a table that begins with [[message]].",
        )
    theirs = [message for _, message in blocks if message is not None]
    body = _Body(b"", [], b"", digests(theirs))
    body.head, lead = _lead_behind(data[: body_start(data)])
    for block, message in blocks:
        if message is None:
            body.parts.append(_Part(None, None, lead, block.data))
            lead = b""
            continue
        own, behind = _lead_behind(block.data)
        body.parts.append(_Part(message.id, message.parent, lead, own))
        lead = behind
    body.end = lead
    return body, theirs


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
    by_id = {part.id: part for part in parts if part.id is not None}
    bad: dict[str | None, list[_Part]] = {}
    wanted = {message.id for message in messages}
    before: str | None = None
    for part in parts:
        if part.id is None:
            bad.setdefault(before, []).append(part)
        elif part.id in wanted:
            before = part.id
    yield from ((part, None) for part in bad.get(None, []))
    for message in messages:
        yield by_id.get(message.id), message
        yield from ((part, None) for part in bad.get(message.id, []))


def _explicit(part: _Part, message: Message, *, first: bool) -> bytes:
    """A message's part which says id and parent itself, whatever stands before it."""
    block = part.block
    if part.is_own and part.parent == message.parent:  # else it names one that is not there
        return block
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


def _reattached(part: _Part, message: Message, known: int) -> bytes | None:
    """A message's part with another parent, if nothing else of it has changed and that can be done."""
    if digest(message.model_copy(update={"parent": part.parent})) != known:
        return None
    line = f"parent = {line_text(message.parent or '')}".encode()
    changed = _PARENT.sub(lambda _: line, part.block, count=1)
    try:
        before, after = (tomllib.loads(data.decode("utf-8-sig")) for data in (part.block, changed))
    except (ValueError, RecursionError):
        return None
    before["message"][0]["parent"] = message.parent or ""
    said = "id" in before["message"][0] and before == after
    return changed if said else None


def _written(message: Message, *, first: bool) -> bytes:
    return message_text(message, after=not first).lstrip("\n").encode()


def _joined(pieces: Sequence[bytes]) -> bytes:
    """The parts with an empty line between any two, and none at the end."""
    result: list[bytes] = []
    for piece in filter(None, pieces):
        if result:
            before = result[-1]
            result.append(b"" if before.endswith(b"\n\n") else b"\n")
            result.append(b"" if before.endswith(b"\n") else b"\n")
        result.append(piece)
    return b"".join(result).rstrip(b"\n") + b"\n"
