"""How the interface was left: `interface.toml` in the state folder."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tui.core.text import scrub
from tui.store import atomic
from tui.store.disk import disk_failure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tui.store.places import Places

LONGEST = 100_000
"""Bytes beyond which a file is not one of ours."""


class FileMemory:
    """Implements `core.ports.Memory`. A file that can't be read counts as none, and is replaced."""

    def __init__(self, places: Places) -> None:
        self._places = places

    @property
    def _path(self) -> Path:
        return self._places.state / "interface.toml"

    def load(self) -> dict[str, Any]:
        """What was kept, by dotted name."""
        try:
            with self._path.open("rb") as file:
                data = file.read(LONGEST + 1)
            found = tomllib.loads(data.decode()) if len(data) <= LONGEST else {}
        except (OSError, ValueError, RecursionError):
            return {}
        return {name: value for name, value in found.items() if _is_plain(value)}

    def keep(self, changes: Mapping[str, Any]) -> None:
        """Keep some members anew. Raises `Failure`."""
        import tomli_w

        kept = self.load() | {name: _scrubbed(value) for name, value in changes.items()}
        path = self._path
        self._places.ensure(path.parent)
        try:
            atomic.replace(path, tomli_w.dumps(kept).encode())
        except OSError as error:
            raise disk_failure(error, path, "save") from error


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, str | int | float | bool)


def _scrubbed(value: Any) -> Any:
    if isinstance(value, str):
        return scrub(value)
    return [scrub(one) for one in value] if isinstance(value, list) else value
