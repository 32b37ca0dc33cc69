"""Ports to what the user types: drafts, the history of prompts, the files that prompts name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tui.core.listing import Draft
    from tui.core.mentions import Expanded


class Drafts(Protocol):
    """Keeps what was typed and not sent, per chat. Methods block on the disk and raise `Failure`."""

    def load(self) -> list[Draft]:
        """All drafts, the newest last; those of other running instances are left out."""
        ...

    def save(self, chat_id: str, text: str) -> None:
        """Keep a chat's draft; an empty one is removed."""
        ...


class History(Protocol):
    """Keeps the prompts of all chats and runs. Methods block on the disk and raise `Failure`."""

    def load(self) -> list[str]:
        """All of them, the newest last."""
        ...

    def add(self, text: str) -> None:
        """Keep one more."""
        ...

    @property
    def stamp(self) -> tuple[int, ...]:
        """Another value whenever somebody, perhaps another instance, has added one. Quick."""
        ...


class NamedFiles(Protocol):
    """Reads the files that prompts name by `@path`. Methods block on the disk."""

    def expanded(self, text: str) -> Expanded:
        """The prompt with what is in the files: text behind it, images and documents beside it.

        Raises `Failure` in a sentence for what is meant as a path and can't be had.
        """
        ...

    def paths_like(self, start: str) -> list[str]:
        """Paths that begin so, to complete what is being typed; folders end with a slash."""
        ...

    def told(self, text: str) -> list[str]:
        """Each file that a prompt mentions, with its size or what is wrong with it; nothing is read."""
        ...
