"""Ports to what is kept by name in files that the user edits too: prompts, presets, themes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from tui.core.listing import Problem
    from tui.core.presets import Preset, Presets
    from tui.core.prompts import PromptFile
    from tui.core.themes import ThemeFile, Themes


class Prompts(Protocol):
    """The library of system prompts, and the files that they name. Methods block on the disk and raise `Failure`."""

    def text(self, name: str) -> str:
        """A prompt of the library, as it stands in its file."""
        ...

    def file(self, path: str) -> str:
        """The text of a file that a prompt names; refuses what is no text, or too much."""
        ...


class PromptLibrary(Prompts, Protocol):
    """The library as it is edited. Methods block on the disk and raise `Failure`."""

    def listing(self) -> list[PromptFile]:
        """All prompts, by name."""
        ...

    def path(self, name: str) -> Path:
        """A prompt's file, whether it exists or not."""
        ...

    def save(self, name: str, text: str) -> Path:
        """Write a prompt's file, new or in place of the old one."""
        ...


class PresetShelf(Protocol):
    """Keeps presets. Methods block on the disk and raise `Failure`."""

    def load(self) -> Presets:
        """All presets; what is wrong with a file is among the problems."""
        ...

    def path(self, name: str) -> Path:
        """The file of a preset of the user's, whether it exists or not."""
        ...

    def save(self, preset: Preset) -> Path:
        """Write a preset's file; comments and unknown members in it stay."""
        ...

    def remove(self, name: str) -> Path:
        """Put a preset of the user's out of the way; gives the file in which it is kept."""
        ...

    def restore(self, name: str) -> Path:
        """Bring back what was removed last by that name."""
        ...


class ThemeShelf(Protocol):
    """Keeps themes. Methods block on the disk."""

    def load(self) -> Themes:
        """All themes; what is wrong with a file is among the problems."""
        ...

    def read(self, name: str) -> tuple[ThemeFile | None, list[Problem]]:
        """One theme as its file has it now, or what is wrong with that."""
        ...

    def stamp(self, name: str) -> tuple[str, int, int] | None:
        """Another stamp than before means that the theme's file has changed; None if there is none."""
        ...
