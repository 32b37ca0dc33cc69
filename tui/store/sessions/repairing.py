"""Mends damaged session files: what can be read is written anew, after a copy of the file was put aside.

Messages that are well stay byte for byte. What can't be read is left out; it stands in the copy.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.core.text import one_line
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.sessions import heads, migrations, whereabouts
from tui.store.sessions.checking import without_left
from tui.store.sessions.head_change import head_of
from tui.store.sessions.head_edit import edited
from tui.store.sessions.locking import locked
from tui.store.sessions.read import read_blocks, read_session
from tui.store.sessions.text import head_members, head_text, message_text, session_text
from tui.store.toml.text import decode, encode, table_text
from tui.store.toml.tolerant import read_tolerantly

if TYPE_CHECKING:
    from pathlib import Path

    from tui.core.message import Message
    from tui.core.session import Session
    from tui.store.places import Places


_COMMENT = re.compile(r"""(?m)(?:^[ \t]*|["'\]\w][ \t]+)(#[^"'\n]*)$""")


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done to a file."""

    done: list[str] = field(default_factory=list)
    """What was wrong, in words; nothing if the file is well."""
    copy: Path | None = None
    """The file as it was."""


def repair(places: Places, session_id: str) -> Repair:
    """Mend a session's file. Raises `Failure`; the file is then as it was."""
    whereabouts.check_id(session_id)
    with locked(places, session_id):
        path = whereabouts.path_of(places, session_id)
        try:
            data = whereabouts.read_plain(path)
            mended, done = repaired(path, data, path.stat().st_mtime)
            if mended == data:
                return Repair()
            copy = places.ensure(places.backup) / f"{path.name}.{_now()}.bak"
            atomic.create(copy, data)
            atomic.replace(path, mended)
        except OSError as error:
            raise disk_failure(error, path, "repair") from error
    return Repair(done, copy)


def repaired(path: Path, data: bytes, changed: float) -> tuple[bytes, list[str]]:
    """A file's bytes, mended, and what was wrong with them, in words.

    Raises `Failure` for a file of a newer version, and for one that can't be mended.
    """
    migrations.refuse_newer(path, data)
    session, done = _read(path, data, changed)
    if not done:
        return data, []
    for attempt in (_pieced(path, data, session), session_text(session).encode()):
        if _is_well(path, attempt, session, changed):
            return attempt, [*done, *_lost_comments(data, attempt)]
    raise Failure(FailureKind.DISK, f"{path} can't be mended by itself", advice="Mend it by hand.")


def _read(path: Path, data: bytes, changed: float) -> tuple[Session, list[str]]:
    """All that can be had of a file, and what is wrong with it."""
    head = data[: heads.body_start(data)]
    try:
        session = read_session(path, data, changed)
    except Failure:  # there is nothing but a damaged head
        session = read_session(path, b"schema = 1\n", changed)
    problems = session.problems
    table, troubles = read_tolerantly(path, head)
    if troubles:
        members = table_text(encode(table)).encode() or b"schema = 1\n"
        better = read_session(path, members, changed)
        better.messages = session.messages
        body = [problem for problem in problems if problem.line > head.count(b"\n")]
        problems = [*troubles, *better.problems, *body]
        session = better
    return session, [_told(problem.line, without_left(problem)) for problem in problems]


def _pieced(path: Path, data: bytes, session: Session) -> bytes:
    """The file with what is well in it as it was, and the rest anew."""
    blocks = read_blocks(path, data)
    if blocks is None:
        return b""
    pieces = [_head(path, data[: heads.body_start(data)], session)]
    for block, message in blocks:
        if message is not None and _is_same(block.data, message):
            pieces.append(block.data)
        elif message is not None:
            text = message_text(message, after=len(pieces) > 1)
            pieces.append((text.lstrip() + "\n").encode())
    ended = (piece if piece.endswith(b"\n") else piece + b"\n" for piece in pieces)
    return b"".join(ended).rstrip(b"\n") + b"\n"


def _head(path: Path, head: bytes, session: Session) -> bytes:
    members = head_members(session)
    there = head_of(head)
    if not there:
        return head_text(session).encode()
    base = {key: value for key, value in there.items() if value != members.get(key)}
    wanted = {key: members[key] for key in base if key in members}
    try:
        return edited(path, head, base, wanted)
    except Failure:
        return head_text(session).encode()


def _is_same(block: bytes, message: Message) -> bool:
    """Whether a part of the file, read alone, says what the message is."""
    from pydantic import ValidationError

    from tui.core.message import Message

    try:
        table = decode(tomllib.loads(block.decode("utf-8-sig"))["message"][0])
        alone = Message.model_validate({"id": message.id, **table})
    except (ValueError, RecursionError, ValidationError):
        return False
    return alone.id == message.id and alone.content == message.content


def _is_well(path: Path, data: bytes, session: Session, changed: float) -> bool:
    """Whether the bytes hold the session, and nothing is wrong with them."""
    try:
        tomllib.loads(data.decode())
        found = read_session(path, data, changed)
    except (ValueError, RecursionError, Failure):
        return False
    return not found.problems and found.messages == session.messages and bool(data)


def _lost_comments(before: bytes, after: bytes) -> list[str]:
    """That comments beside what was damaged are gone, in words; nothing if all are still there."""
    text = after.decode("utf-8", "replace")
    found = _COMMENT.findall(before.decode("utf-8-sig", "replace"))
    lost = [comment for comment in found if comment.strip() not in text]
    if not lost:
        return []
    which = "a comment" if len(lost) == 1 else f"{len(lost)} comments"
    stands = "stands" if len(lost) == 1 else "stand"
    return [f"{which} beside what was damaged {stands} only in the copy: {one_line(lost[0], 60)}"]


def _told(line: int, words: str) -> str:
    return f"line {line}: {words}" if line else words


def _now() -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
