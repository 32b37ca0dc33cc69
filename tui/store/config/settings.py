"""The settings file, which the program and the user both write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tui.core.listing import Problem
from tui.store.disk import cause_of
from tui.store.toml.tolerant import read_tolerantly

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tui.core.settings import Settings
    from tui.store.places import Places


class SettingsFile:
    """`settings.toml`. It need not exist; what is wrong in it is told and costs nothing else."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.path = places.settings_file
        self.problems: list[Problem] = []
        """What was wrong with the file when it was last read."""
        self.is_broken = False
        """Whether it could be read in parts only then."""

    def glance(self) -> dict[str, Any]:
        """The file's members as they stand, unchecked and without pydantic: for theme and keys before the first frame."""
        table, _, self.problems = self._read()
        return table

    def load(self, before: Settings | None = None) -> Settings:
        """All settings, with defaults for those that are not set; see `problems`.

        What can't be used is as it was `before`, else it has its default, too.
        """
        from tui.store.config.settings_read import settings_of

        table, text, self.problems = self._read()
        self.is_broken = bool(self.problems)
        settings, wrong = settings_of(str(self.path), table, text, before)
        self.problems += wrong
        return settings

    def set(self, path: Sequence[str], value: Any) -> None:
        """Give one setting a value (None removes it); comments, order and all the rest stay.

        Raises `Failure` if the file does not parse or can't be written; it is then left as it is.
        """
        from tui.store.toml.edit import set_member

        set_member(self._places, self.path, path, value)

    def set_all(self, changes: Iterable[tuple[Sequence[str], Any]]) -> None:
        """Give several settings values in one go: all of them, or none and a `Failure`."""
        from tui.store.toml.edit import set_members

        set_members(self._places, self.path, changes)

    def stamp(self) -> tuple[int, int, int] | None:
        """Another stamp than before means that the file has changed; None if there is no file."""
        try:
            state = self.path.stat()
        except OSError:
            return None
        return state.st_ino, state.st_mtime_ns, state.st_size

    def key_lines(self, ids: Iterable[str]) -> dict[str, int]:
        """On which lines of the file the keys of these commands stand; 0 if it can't be told."""
        from tui.store.config.keymap import key_lines

        return key_lines(self._read()[1], ids)

    def set_key(self, command_id: str, keys: str | None) -> None:
        """Give a command other keys, behind commas; None puts it back to its default.

        Raises `Failure`; the file is then left as it is.
        """
        from tui.store.config.settings_edit import keys_of

        self.set(keys_of(f"keys.{command_id}", self._read()[0]), keys)

    def _read(self) -> tuple[dict[str, Any], str, list[Problem]]:
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return {}, "", []
        except OSError as error:
            words = f"it can't be read: {cause_of(error)}; bise runs with its defaults"
            return {}, "", [Problem(str(self.path), 0, words)]
        table, problems = read_tolerantly(self.path, data)
        return table, data.decode("utf-8-sig", "replace"), problems
