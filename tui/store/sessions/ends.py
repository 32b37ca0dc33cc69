"""Getting the end of a session file ready for a message more: seeing that it is whole, mending it if not."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.core.failure import Failure, FailureKind
from tui.store import atomic
from tui.store.sessions.salvage import is_stub, is_torn, parses
from tui.store.sessions.tail import MARK, read_tail

if TYPE_CHECKING:
    from pathlib import Path

_ID = re.compile(rb'(?m)^id = "([0-9a-zA-Z_-]+)"$')


def make_ready(path: Path) -> tuple[str, bool]:
    """Make sure that a message can be put at the end of the file. The caller holds its lock.

    Gives what must stand before the message, and whether there are messages already. Reads the file
    from its last message on. A torn last message is cut off and what can be had of it is written
    whole, after a copy of the file has been put beside it. Raises `Failure` if the file's own form
    forbids an append, `OSError` if the disk does.
    """
    tail = read_tail(path)
    has_messages = MARK.match(tail) is not None
    if not has_messages:
        _check_form(path, tail)
    elif (stub := is_stub(tail)) or is_torn(tail):
        data = path.read_bytes()
        if parses(data) == stub:  # else the tail is a part of a text
            return "", _mend(path, data, len(data) - len(tail))
    return ("" if not tail or tail.endswith(b"\n") else "\n"), has_messages


def take_back(path: Path, message_id: str) -> bool:
    """Cut the last message off if it has that id: a write of it has failed, and could not be undone then.

    Gives whether the file holds messages afterwards. The caller holds its lock. Raises `OSError`.
    """
    tail = read_tail(path)
    found = _ID.search(tail) if MARK.match(tail) else None
    if found is None or found.group(1).decode() != message_id:
        return MARK.match(tail) is not None
    with path.open("r+b") as file:
        start = file.seek(0, os.SEEK_END) - len(tail)
        file.truncate(start)
    return MARK.match(read_tail(path)) is not None


def _check_form(path: Path, head: bytes) -> None:
    """Refuse a file whose messages are written in a way that no table can follow."""
    import tomllib

    try:
        table = tomllib.loads(head.decode("utf-8-sig", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return  # the message will be found by its first line, whatever is wrong before it
    if "message" in table:
        raise Failure(
            FailureKind.DISK,
            f"The messages in {path} are written in a form that bise can't add to",
            advice="Write each as a table that begins with [[message]].",
        )


def _mend(path: Path, data: bytes, start: int) -> bool:
    """Cut the torn message at `start` off; whether the file holds messages afterwards."""
    from tui.store.sessions.read import torn_message
    from tui.store.sessions.text import message_text

    keep_damaged(path, data)
    whole = data[:start].rstrip(b"\n")
    whole += b"\n" if whole else b""
    has_messages = MARK.search(whole) is not None
    message = torn_message(path, data)
    if message is not None:
        whole += message_text(message, after=has_messages).encode()
    atomic.replace(path, whole)
    return has_messages or message is not None


def keep_damaged(path: Path, data: bytes) -> Path:
    """Put a copy of a damaged file beside it, named by the time in UTC."""
    moment = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
    copy = path.with_name(f"{path.name}.damaged-{moment}")
    atomic.create(copy, data)
    return copy
