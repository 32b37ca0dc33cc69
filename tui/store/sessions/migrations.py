"""Brings session files of an older format to the present one, after a copy was put aside.

A step changes tables of tomlkit's, so that comments and order survive. The head and every message
are taken one by one: a message that can't be parsed stays as it is and harms no other.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.core.failure import Failure, FailureKind
from tui.core.listing import Problem
from tui.core.session import SCHEMA
from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.sessions import heads, whereabouts
from tui.store.sessions.locking import locked

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping
    from pathlib import Path

    from tui.core.session import Session
    from tui.store.places import Places
    from tui.store.sessions.toml_sessions import TomlSessions

    Change = Callable[[MutableMapping[str, Any]], None]

log = logging.getLogger("bise.filing")


@dataclass(frozen=True, slots=True)
class Step:
    """How a file of one format becomes one of the next; `schema` itself is changed by the caller."""

    head: Change
    message: Change


STEPS: dict[int, Step] = {}
"""By the schema that a file has. The first format was 1, so there are none yet."""


def is_old(data: bytes) -> bool:
    """Whether a file has an older format, from which there is a way to the present one."""
    return heads.schema_of(data) < SCHEMA and heads.schema_of(data) in STEPS


def prepare(places: Places, path: Path) -> None:
    """As `ready`, for a file that is about to be added to: no more of it is read than must be.

    Raises `Failure` and `OSError`.
    """
    first = heads.first_bytes(path)
    if heads.schema_of(first) != SCHEMA:
        ready(places, path, whereabouts.read_plain(path))


def ready(places: Places, path: Path, data: bytes) -> bytes:
    """What stands in a file that is about to be changed; it is brought to the present format first.

    The caller holds the session's lock. Raises `Failure` if a newer version of the program wrote it:
    nobody here knows what a change would break in it.
    """
    refuse_newer(path, data)
    return migrate(places, path, data) if is_old(data) else data


def refuse_newer(path: Path, data: bytes) -> None:
    """Raise `Failure` if a newer version of the program wrote the file."""
    schema = heads.schema_of(data)
    if schema > SCHEMA:
        raise Failure(
            FailureKind.DISK,
            f"A newer version of bise wrote {path} (schema {schema}); it is left as it is",
            advice="Update bise to go on in this chat.",
        )


def migrate(places: Places, path: Path, data: bytes) -> bytes:
    """Bring a file to the present format, after a copy of it; gives what stands in it then.

    The caller holds the session's lock. Raises `Failure`; the file is then as it was.
    """
    changed = migrated(data)
    copy = backup_path(places, path, data)
    try:
        places.ensure(places.backup)
        if not copy.exists() or copy.read_bytes() != data:
            atomic.replace(copy, data)
        atomic.replace(path, changed)
    except OSError as error:
        raise disk_failure(error, path, "bring to the present format") from error
    log.warning("%s had schema %d; a copy is %s", path, heads.schema_of(data), copy)
    return changed


def backup_path(places: Places, path: Path, data: bytes) -> Path:
    """Where the copy of a file goes that is to be migrated."""
    return places.backup / f"{path.name}.schema{heads.schema_of(data)}.bak"


def migrated(data: bytes) -> bytes:
    """The bytes of a file in the present format, whatever older one it has."""
    from tui.store.sessions.salvage import blocks_of

    schema = heads.schema_of(data)
    head = data[: heads.body_start(data)]
    blocks = [block.data for block in blocks_of(data)]
    while schema < SCHEMA and schema in STEPS:
        step = STEPS[schema]
        schema += 1
        head = _head_changed(head, step.head, schema)
        blocks = [_message_changed(block, step.message) for block in blocks]
    return head + b"".join(blocks)


def load_old(store: TomlSessions, places: Places, session_id: str) -> Session:
    """A session whose file has an older format. The file is migrated, and the session tells so.

    If the file can't be changed, the session is migrated in memory only. Raises `Failure` if it
    can't be read.
    """
    from tui.store.sessions.read import read_session

    data = b""
    try:
        with locked(places, session_id):
            path = whereabouts.path_of(places, session_id)
            data = whereabouts.read_plain(path)
            ready(places, path, data)
        session = store.load(session_id)
        words = f"it has the present format now, and a copy is {backup_path(places, path, data)}"
    except (Failure, OSError) as error:
        path = whereabouts.path_of(places, session_id)
        session = read_session(path, migrated(data or _read(path)), path.stat().st_mtime)
        words = f"it is shown, and left as it is: {error}"
    schema = heads.schema_of(data)
    words = f"an older version of bise wrote this (schema {schema}); {words}"
    session.problems.insert(0, Problem(str(path), 0, words))
    return session


def _read(path: Path) -> bytes:
    try:
        return whereabouts.read_plain(path)
    except OSError as error:
        raise disk_failure(error, path, "read") from error


def _head_changed(head: bytes, change: Change, schema: int) -> bytes:
    """A head one format further; a damaged one stays, so that it is told of as such."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(head.decode("utf-8-sig"))
    except (ValueError, TOMLKitError):
        return head
    change(document)
    document["schema"] = schema
    return tomlkit.dumps(document).encode()


def _message_changed(block: bytes, change: Change) -> bytes:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError
    from tomlkit.items import AoT

    try:
        document = tomlkit.parse(block.decode())
    except (ValueError, TOMLKitError):
        return block
    messages = document.get("message")
    if isinstance(messages, AoT):
        for message in messages:
            change(message)
    return tomlkit.dumps(document).encode()
