"""Makes another session's file of a session's file, comments and all."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tui.core.message import utc_now
from tui.store.filing import trash_mark
from tui.store.sessions import heads, migrations
from tui.store.sessions.head_change import head_changed, head_of
from tui.store.sessions.salvage import blocks_of
from tui.store.toml.text import line_text

if TYPE_CHECKING:
    from pathlib import Path


def duplicated(path: Path, data: bytes, new_id: str) -> bytes:
    """The bytes of a copy of the session in `data`, which lies at `path`.

    Its messages say where they were first said, so that they are not counted twice. Raises `Failure`
    if the head can't be changed, or a newer version of the program wrote it.
    """
    migrations.refuse_newer(path, data)
    data = migrations.migrated(data)
    head = data[: heads.body_start(data)]
    title = head_of(head).get("title")
    changes: dict[str, Any] = {
        "id": new_id,
        "created": utc_now(),
        "forked_from": {"session": path.stem},
        "pinned": None,
        "asides": None,
        "imported": None,
        trash_mark.KEY: None,
    }
    if isinstance(title, str) and title:
        changes["title"] = f"{title} (copy)"
    blocks = [_with_origin(block.data, path.stem) for block in blocks_of(data)]
    return head_changed(path, head, changes) + b"".join(blocks)


def _with_origin(block: bytes, origin: str) -> bytes:
    """A message's part of a file that says where the message comes from; a damaged one stays as it is."""
    try:
        table = tomllib.loads(block.decode("utf-8-sig"))["message"][0]
    except (ValueError, LookupError, TypeError, RecursionError):
        return block
    if "copied_from" in table:
        return block
    mark, newline, rest = block.partition(b"\n")
    return mark + newline + f"copied_from = {line_text(origin)}\n".encode() + rest
