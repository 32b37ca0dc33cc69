"""Changes members of a session's head on disk, whoever has the session open, and nothing else of it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tui.store import atomic
from tui.store.disk import disk_failure
from tui.store.sessions import heads, migrations, whereabouts
from tui.store.sessions.locking import locked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tui.store.places import Places

    Change = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def change_head(places: Places, session_id: str, change: Change) -> Mapping[str, Any]:
    """Put the members into a head that `change` makes of what stands there; None removes one.

    Gives what `change` gave. Raises `Failure`; the file is then as it was.
    """
    if whereabouts.place_of(places, session_id) is None:
        raise whereabouts.no_session(session_id)
    with locked(places, session_id):
        path = whereabouts.path_of(places, session_id)
        try:
            data = migrations.ready(places, path, whereabouts.read_plain(path))
            members = change(head_of(data))
            changed = head_changed(path, data, members)
            if changed != data:
                atomic.replace(path, changed)
        except OSError as error:
            raise disk_failure(error, path, "save") from error
    return members


def head_of(data: bytes) -> dict[str, Any]:
    """The members of a file's head; none if it can't be parsed."""
    try:
        return tomllib.loads(data[: heads.body_start(data)].decode("utf-8-sig", "replace"))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def head_changed(path: Path, data: bytes, members: Mapping[str, Any]) -> bytes:
    """The file's bytes with members put into its head; None removes one. Raises `Failure`."""
    from tui.store.sessions.head_edit import edited
    from tui.store.toml.text import encode

    wanted = {key: encode(value) for key, value in members.items() if value is not None}
    return edited(path, data, {key: None for key in members if key not in wanted}, wanted)
