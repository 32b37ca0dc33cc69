"""All features by their kind, and all commands that they do by id."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, TypeVar, cast

from tui.core.failure import Failure
from tui.ui.commands import BY_ID
from tui.ui.features.feature import Feature

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.widget import Widget

    from tui.ui.features.context import Context
    from tui.ui.features.feature import Completer, Plain, Taking

Kind = TypeVar("Kind", bound=Feature)


class Features:
    """Does commands by their id. Features that are not needed at once are built when they are."""

    def __init__(self, context: Context, late: Callable[[], Iterable[type[Feature]]]) -> None:
        self._context = context
        self._late = late
        self._has_late = False
        self._features: dict[type[Feature], Feature] = {}
        self._plain: dict[str, Plain] = {}
        self._taking: dict[str, Taking] = {}
        self._completers: dict[str, Completer] = {}

    def add(self, kinds: Iterable[type[Feature]]) -> None:
        """Build features, and let them begin once all of these are there."""
        new = [kind(self._context) for kind in kinds]
        for feature in new:
            self._features[type(feature)] = feature
            self._plain |= feature.commands()
            self._taking |= feature.taking()
            self._completers |= feature.completions()
        for feature in new:
            feature.begin()

    def add_late(self) -> None:
        """Build the features that the first frame did without, unless that was done."""
        if not self._has_late:
            self._has_late = True
            self.add(self._late())

    def one(self, kind: type[Kind]) -> Kind:
        """The feature of that kind, for what other features need of it."""
        if kind not in self._features:
            self.add_late()
        return cast("Kind", self._features[kind])

    def ids(self) -> set[str]:
        """All commands that features do."""
        self.add_late()
        return self._plain.keys() | self._taking.keys()

    def completer(self, command_id: str) -> Completer | None:
        """How the argument of a command is completed."""
        self.add_late()
        return self._completers.get(command_id)

    async def do(self, command_id: str, argument: str = "") -> None:
        """Do a command; if it can't be done, tell why."""
        try:
            await self.run(command_id, argument)
        except (Failure, ValueError) as trouble:
            self._context.complain(trouble)

    async def run(self, command_id: str, argument: str = "") -> None:
        """Do a command. Raises `Failure` or `ValueError`, with a sentence, if it can't be done."""
        if command_id not in self._plain and command_id not in self._taking:
            self.add_late()
        if command_id in self._taking:
            done = self._taking[command_id](argument)
        elif command_id in self._plain:
            done = self._plain[command_id]()
        else:
            done = self._run_own(command_id)
        if inspect.isawaitable(done):
            await done

    async def _run_own(self, command_id: str) -> None:
        """Run the action of the widget that a command belongs to, which gets the focus."""
        command = BY_ID[command_id]
        widgets: dict[str, Widget] = {
            "transcript": self._context.transcript,
            "sidebar": self._context.sidebar,
            "composer": self._context.composer,
        }
        widget = widgets.get(command.where)
        if widget is not None:
            self._context.focus(widget)
        await (widget or self._context.screen).run_action(command.action)
