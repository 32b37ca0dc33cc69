"""Ports to what the program itself needs: settings, first start, memory of how it was left, time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from tui.core.listing import Problem
    from tui.core.provider import Provider
    from tui.core.settings import Settings
    from tui.core.words import Kind, News


class SettingsKeeper(Protocol):
    """The settings file, which the user edits too. Methods block on the disk."""

    path: Path
    problems: list[Problem]
    """What was wrong with the file when it was last read."""
    is_broken: bool
    """Whether it could be read in parts only then."""

    def load(self, before: Settings | None = None) -> Settings:
        """All settings; those that can't be used are as `before`, else they have their defaults."""
        ...

    def set(self, path: Sequence[str], value: Any) -> None:
        """Give one setting a value (None removes it); all else in the file stays. Raises `Failure`."""
        ...

    def set_all(self, changes: Iterable[tuple[Sequence[str], Any]]) -> None:
        """Give several settings values in one go: all of them, or none and a `Failure`."""
        ...

    def stamp(self) -> tuple[int, int, int] | None:
        """Another stamp than before means that the file has changed; None if there is no file."""
        ...

    def set_key(self, command_id: str, keys: str | None) -> None:
        """Give a command other keys, behind commas; None puts it back. Raises `Failure`."""
        ...

    def key_lines(self, ids: Iterable[str]) -> dict[str, int]:
        """On which lines of the file the keys of these commands stand; 0 if it can't be told."""
        ...


class Setup(Protocol):
    """What the first-start screen can have done. All raise `Failure` with what happened and what to do."""

    @property
    def model_facts(self) -> str:
        """Name, size and licence of the embedded model, in a sentence."""
        ...

    async def try_key(self, key: str) -> Provider:
        """Check a Mistral key by asking for the model list, keep it, and give the provider that uses it."""
        ...

    async def fetch_model(self, progress: Callable[[int, int], None]) -> Provider:
        """Fetch the embedded model; `progress` hears bytes done and bytes in all."""
        ...

    async def try_server(self, url: str, kind: Kind, key: str, model: str) -> Provider:
        """Check another server by asking for its model list, and keep it; the first model if none is named."""
        ...


class Memory(Protocol):
    """Keeps across runs how the interface was left: widths, what was open, what was used last.

    It is a convenience: nothing of it is missed when it is gone. Methods block on the disk.
    """

    def load(self) -> dict[str, Any]:
        """What was kept, by dotted name; nothing if there is none or it can't be read."""
        ...

    def keep(self, changes: Mapping[str, Any]) -> None:
        """Keep some members anew; the others stay as they are, those of another instance too.

        Values are text, numbers, booleans, and lists of text. Raises `Failure`.
        """
        ...


class NewsKeeper(Protocol):
    """Keeps across runs which chats nobody has looked at since something came in them. Blocks on the disk.

    It is derived: nothing of it is missed when it is gone.
    """

    def load(self) -> dict[str, News]:
        """What was kept, by chat."""
        ...

    def keep(self, changes: Mapping[str, News | None]) -> None:
        """Keep these anew, None for those that somebody has looked at. Raises `Failure`."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> float:
        """Seconds of a clock that never goes back."""
        ...
