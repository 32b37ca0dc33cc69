"""What a session in memory and its file have in common, kept up to date as the file is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui.core.merging import Stamp, digests, head_of, merge_tables, rebased

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from tui.core.merging import Base
    from tui.core.session import Session

_LATE = re.compile(rb"\n[ \t]*\[[ \t]*(?:parameters|shown|forked_from)\b")
"""What looks like a section of the head."""


def stamp_of(state: os.stat_result) -> Stamp:
    """The state of a file: inode, size, and time of change in nanoseconds."""
    return state.st_ino, state.st_size, state.st_mtime_ns


def all_in_common(session: Session, stamp: Stamp) -> None:
    """A session and its file are the same."""
    base = session.base
    base.head, base.messages, base.stamp = head_of(session), digests(session.messages), stamp


def head_written(session: Session, theirs: Session, before: Stamp) -> None:
    """Our changes were put into a head in which `theirs` stood, when the file's state was `before`."""
    ours, base = head_of(session), session.base
    if base.head is None or base.stamp == before:
        base.head = ours
    else:
        written, _ = merge_tables(base.head, ours, head_of(theirs))
        base.head = rebased(base.head, ours, written)


def moved_on(base: Base, before: Stamp, after: Stamp) -> None:
    """We wrote to the file: if all of it was known before, all of it is known now."""
    if base.stamp == before:
        base.stamp = after


def with_head(path: Path, data: bytes, changed: float, session: Session) -> tuple[bytes, Session]:
    """The file's bytes with our changes to the head, and what stood there. Raises `Failure`."""
    from tui.core.session import Session
    from tui.store.sessions.head_clash import kept_apart, with_notes
    from tui.store.sessions.head_edit import check_head, edited
    from tui.store.sessions.heads import body_start
    from tui.store.sessions.read import read_session
    from tui.store.sessions.text import head_members

    check_head(path, data)
    late = _LATE.search(data, body_start(data))  # written by hand
    theirs = read_session(path, data if late else data[: body_start(data)], changed)
    disk = head_members(theirs)
    known = session.base.head
    base = disk if known is None else head_members(Session.model_validate(known))
    wanted, notes = kept_apart(base, head_members(session), disk)
    return with_notes(edited(path, data, base, wanted), notes), theirs
