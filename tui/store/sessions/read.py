"""Makes sessions of what stands in their files, and says what is wrong with it by line."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from tui.core.failure import Failure, FailureKind
from tui.core.listing import Problem
from tui.core.message import Message
from tui.core.session import Session
from tui.core.wrong import wrong_with
from tui.store.sessions.salvage import Block, Entry, Pieces, blocks_of, read_pieces
from tui.store.toml.text import JSON_KEY, decode

if TYPE_CHECKING:
    from pathlib import Path

_LEAVE = "the file is left as it is"


def read_session(path: Path, data: bytes, changed: float) -> Session:
    """The session in a file's bytes; what could not be read stands in its `problems`.

    Raises `Failure` if nothing can be read at all.
    """
    pieces = _pieces(data)
    if pieces.head_is_bad and not pieces.entries:
        line, words = pieces.troubles[0]
        raise Failure(
            FailureKind.DISK,
            f"{path}, line {line}: {words}",
            advice="The chat can't be shown; its file is left as it is, to be mended by hand.",
        )
    problems = [Problem(str(path), line, f"{words}; {_LEAVE}") for line, words in pieces.troubles]
    if not data.strip():
        problems.append(Problem(str(path), 0, "the file is empty"))
    session = _head(path, pieces, data, changed, problems)
    session.messages = [message for _, message in _messages(path, pieces.entries, problems)]
    session.problems.extend(sorted(problems, key=lambda problem: problem.line))
    return session


def torn_message(path: Path, data: bytes) -> Message | None:
    """What can be had of the last message of a file that ends in its middle, or None if nothing."""
    entries = read_pieces(data).entries
    last = [block.line for block in blocks_of(data)][-1:]
    if not entries or [entries[-1].line] != last:
        return None
    entries = [Entry(decode(entry.table), entry.line, entry.text) for entry in entries]
    if _message(path, len(entries), entries[-1], []) is None:
        return None
    return _messages(path, entries, [])[-1][1]


def read_blocks(path: Path, data: bytes) -> list[tuple[Block, Message | None]] | None:
    """The messages' parts of a file, each with its message, or with None if it can't be read.

    None if the messages do not each begin with a `[[message]]` line.
    """
    entries = _pieces(data).entries
    blocks = list(blocks_of(data))
    if any(entry.line == 0 for entry in entries):
        return None
    read = {entry.line: message for entry, message in _messages(path, entries, [])}
    return [(block, read.get(block.line)) for block in blocks]


def _pieces(data: bytes) -> Pieces:
    troubles = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        troubles.append((line, "this is no UTF-8 text; what can't be read is shown as \ufffd"))
        text = data.decode("utf-8-sig", "replace")
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        pieces = read_pieces(data)
    else:
        pieces = _whole(table, data)
    if JSON_KEY.encode() in data:
        pieces.head = decode(pieces.head)
        pieces.entries = [
            Entry(decode(entry.table), entry.line, entry.text) for entry in pieces.entries
        ]
    pieces.troubles[:0] = troubles
    return pieces


def _whole(table: dict[str, Any], data: bytes) -> Pieces:
    messages = table.pop("message", [])
    if not isinstance(messages, list):
        troubles = [(_line_in(data.decode("utf-8", "replace"), "message"), "`message` is no list")]
        return Pieces(head=table, troubles=troubles)
    blocks = list(blocks_of(data))
    if len(blocks) != len(messages):  # written by hand, in a form of its own
        return Pieces(head=table, entries=[Entry(message, 0) for message in messages])
    entries = [
        Entry(message, block.line, block.data.decode("utf-8", "replace"))
        for message, block in zip(messages, blocks, strict=True)
    ]
    return Pieces(head=table, entries=entries)


def _head(
    path: Path, pieces: Pieces, data: bytes, changed: float, problems: list[Problem]
) -> Session:
    """The header; members of a wrong type are told and left out."""
    members = dict(pieces.head)
    named = members.pop("id", None)
    if named is not None and named != path.stem:
        words = f"its id is written as {named!r}, but the file's name counts"
        problems.append(Problem(str(path), _line_in(_sample(data), "id"), words))
    members["id"] = path.stem
    members.setdefault("created", datetime.fromtimestamp(changed, UTC).replace(microsecond=0))
    members.setdefault("schema", 1)
    if pieces.head_is_bad:
        members.setdefault("title", path.name)
    while True:
        try:
            session = Session.model_validate(members)
            session.created = _aware(session.created)
            if session.is_newer:
                line = _line_in(_sample(data), "schema")
                words = f"a newer version of bise wrote this (schema {session.schema_version}); it is shown, and not added to"
                problems.append(Problem(str(path), line, words))
            return session
        except ValidationError as error:
            first = error.errors()[0]
            keys = [str(part) for part in first["loc"][:2]]
            line = _line_in(_sample(data), keys[-1])
            what = wrong_with(f"`{'.'.join(keys)}`", first)
            words = f"{what}; it is not used, and {_LEAVE}"
            problems.append(Problem(str(path), line, words))
            if keys[0] == "created":
                members["created"] = datetime.fromtimestamp(changed, UTC).replace(microsecond=0)
            else:
                _leave_out(members, keys)


def _leave_out(members: dict[str, Any], keys: list[str]) -> None:
    inner = members.get(keys[0])
    if len(keys) > 1 and isinstance(inner, dict) and keys[1] in inner:
        members[keys[0]] = {key: value for key, value in inner.items() if key != keys[1]}
    else:
        del members[keys[0]]


def _messages(
    path: Path, entries: list[Entry], problems: list[Problem]
) -> list[tuple[Entry, Message]]:
    read = [
        (entry, position, message)
        for position, entry in enumerate(entries, 1)
        if (message := _message(path, position, entry, problems)) is not None
    ]
    taken = {message.id for _, _, message in read}
    now: dict[str, str] = {}
    """Which message an id means at this place of the file: the last one that bore it."""
    before: str | None = None
    for entry, position, message in read:
        written = message.id
        if not written or written in now:
            message.id = _derived(position, taken)
            if written:
                words = f"the id {written!r} stands twice; here it is read as {message.id!r}"
                problems.append(Problem(str(path), entry.line, words))
        message.parent = _parent(message.parent, before, now, taken)
        now[written or message.id] = before = message.id
        taken.add(message.id)
    return [(entry, message) for entry, _, message in read]


def _parent(
    written: str | None, before: str | None, now: dict[str, str], taken: set[str]
) -> str | None:
    """The parent, by the rules for files: "" is none; one that is not said, or not there, is the one before."""
    if written == "":
        return None
    if written in now:
        return now[written]
    return written if written in taken else before


def _derived(position: int, taken: set[str]) -> str:
    name = f"m{position}"
    while name in taken:
        name += "-"
    return name


def _message(path: Path, position: int, entry: Entry, problems: list[Problem]) -> Message | None:
    table = entry.table
    if isinstance(table, dict):
        table = {"id": "", **table}
    try:
        message = Message.model_validate(table)
        message.created = _aware(message.created) if message.created else None
        return message
    except ValidationError as error:
        first = error.errors()[0]
        keys = [str(part) for part in first["loc"][:1]]
        line = entry.line
        if line and keys:
            line += max(0, _line_in(entry.text, keys[0]) - 1)
        where = f"`{keys[0]}`" if keys else "it"
        words = f"message {position} is left out: {wrong_with(where, first)}; {_LEAVE}"
        problems.append(Problem(str(path), line, words))
        return None


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)  # written by hand


def _sample(data: bytes) -> str:
    return data[: 1 << 16].decode("utf-8", "replace")


def _line_in(text: str, key: str) -> int:
    """The line on which a key is given a value, or 0."""
    found = re.search(rf"(?m)^[ \t]*(\[+[ \t]*)?\"?{re.escape(key)}\"?[ \t]*[=\].]", text)
    return text.count("\n", 0, found.start()) + 1 if found else 0
