"""Slow work of which only the newest request counts: what was asked for meanwhile is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

Asked = TypeVar("Asked")


class Latest(Generic[Asked]):
    """Does one request at a time, and of those that came meanwhile only the last."""

    def __init__(
        self,
        do: Callable[[Asked], Awaitable[object]],
        start: Callable[[Coroutine[object, object, None]], object],
    ) -> None:
        """`start` runs work in the background."""
        self._do = do
        self._start = start
        self._waiting: list[Asked] = []
        self.is_busy = False
        """Whether something is being done."""

    def ask(self, what: Asked) -> None:
        """Have this done next, and nothing of what waits."""
        self._waiting[:] = [what]
        if not self.is_busy:
            self.is_busy = True
            self._start(self._work())

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._do(self._waiting.pop())
        finally:
            self.is_busy = False
