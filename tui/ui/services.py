"""Further services on the desk, in groups: each is a port of the core, or None where it is not to be had.

A feature that needs one says so in a sentence when it is None. They are filled in by
`tui.cli.services`, one function per group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.chat.indexing import Indexing
    from tui.chat.recalling import Recalling
    from tui.core.ports import (
        Catalogue,
        Exports,
        Filing,
        Inspector,
        ModelBook,
        NamedFiles,
        PresetShelf,
        PromptLibrary,
        ProviderShelf,
        Search,
        SettingsKeeper,
        ThemeShelf,
        Usage,
    )


@dataclass(slots=True)
class Drawer:
    """What works on many chats at once."""

    filing: Filing | None = None
    """Files chats away and back."""
    exports: Exports | None = None
    """Writes chats to files of the user's."""
    recalling: Recalling | None = None
    """The prompts of all chats and runs."""
    files: NamedFiles | None = None
    """The files that prompts name by `@path`."""
    usage: Usage | None = None
    """What all chats have used."""
    search: Search | None = None
    """Finds words in all chats."""
    indexing: Indexing | None = None
    """Keeps that up to date; laid here by whoever begins it, and ended with the desk."""


@dataclass(slots=True)
class Bench:
    """What works on parameters and on the request that they make."""

    book: ModelBook | None = None
    """Contexts and prices of models."""
    catalogue: Catalogue | None = None
    """The models to choose from."""
    inspector: Inspector | None = None
    """Shows what is sent, and what came of it."""
    presets: PresetShelf | None = None
    """Parameters with names."""
    prompts: PromptLibrary | None = None
    """The library of system prompts, and the files that they name."""


@dataclass(slots=True)
class House:
    """What works on the program itself."""

    themes: ThemeShelf | None = None
    """Colour themes."""
    providers: ProviderShelf | None = None
    """Adds, changes, checks and removes servers."""
    settings: SettingsKeeper | None = None
    """The settings file: what new chats begin with, stop sets, keys, theme."""
