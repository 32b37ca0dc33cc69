"""How the interface was left: at hand at once, and saved off the event loop a moment after it changes."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, TypeVar

from tui.core.failure import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.core.ports import Memory

WITHIN_S = 0.5
"""How long after a change it is written, in seconds."""

Value = TypeVar("Value", str, int, float, bool, list[str])

log = logging.getLogger("bise")


class Remembered:
    """Values by dotted name, such as `pane.width`. Without a memory they are forgotten at the end."""

    def __init__(
        self, memory: Memory | None = None, known: Mapping[str, Any] | None = None
    ) -> None:
        self._memory = memory
        self._known = dict(known or {})
        self._changes: dict[str, Any] = {}
        self._task: asyncio.Task[None] | None = None

    def get(self, name: str, default: Value) -> Value:
        """The value, or the default if there is none of that type."""
        value = self._known.get(name, default)
        return value if type(value) is type(default) else default

    def set(self, name: str, value: str | float | list[str]) -> None:
        """Remember a value."""
        if self._known.get(name) == value:
            return
        self._known[name] = self._changes[name] = value
        if self._memory is not None and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._later(), name="remember")

    async def flush(self) -> None:
        """Save what has changed now. What can't be saved is noted in the log."""
        changes, self._changes = self._changes, {}
        if self._memory is None or not changes:
            return
        try:
            await asyncio.to_thread(self._memory.keep, changes)
        except Failure as failure:
            log.warning("how the screen was left is not kept: %s", failure.sentence)

    async def _later(self) -> None:
        while self._changes:
            await asyncio.sleep(WITHIN_S)
            await self.flush()
