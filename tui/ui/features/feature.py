"""What a feature is: one topic's commands, with what they do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.ui.features.context import Context

Plain = Callable[[], "Awaitable[object] | object"]
"""Does a command that takes no argument. Raises `Failure` or `ValueError` with a sentence if it can't."""

Taking = Callable[[str], "Awaitable[object] | object"]
"""The same with an argument, which is empty when the command is run by key."""

Completer = Callable[[str], Iterable["Suggestion"]]
"""Whole arguments that an argument, as far as it is typed, may become. Called per key: it does no I/O."""

Suggestion = tuple[str, str]
"""What is put in the place of what was typed, and a few words about it."""


class Feature:
    """One topic. It holds no widget of the main screen itself: those it reaches through its context.

    A feature's module is imported at the start: what is heavy it imports in its methods.
    """

    def __init__(self, context: Context) -> None:
        self.ctx = context

    def commands(self) -> Mapping[str, Plain]:
        """What the commands do that take no argument, by id."""
        return {}

    def taking(self) -> Mapping[str, Taking]:
        """What the commands do that take one, by id."""
        return {}

    def completions(self) -> Mapping[str, Completer]:
        """How arguments are completed in the prompt, by the command's id."""
        return {}

    def begin(self) -> None:
        """All features are there: listen to hooks, offer rows to the palette. No service is loaded yet."""
