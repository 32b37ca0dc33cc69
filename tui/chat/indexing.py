"""Keeps the search index up to date behind the conversations, without getting into their way."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.core.ports import Search

REST_S = 0.03
"""How long the work rests after each piece, so that the screen gets its turn, in seconds."""
PAUSE_S = 2.0
"""How long it is left alone after it was done, however often it is asked for, in seconds."""


class Indexing:
    """Has the index take in what has changed, when it is asked to. Lives on the event loop.

    Ask for it some time after the start, and whenever somebody is about to search.
    """

    def __init__(
        self,
        search: Search,
        told: Callable[[], None] = lambda: None,
        *,
        rest_s: float = REST_S,
        pause_s: float = PAUSE_S,
    ) -> None:
        self._search = search
        self._told = told
        self._rest_s = rest_s
        self._pause_s = pause_s
        self._wanted = asyncio.Event()
        self._closing = threading.Event()
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.progress: tuple[int, int] | None = None
        """Sessions done and to do, while there is something to do; `told` is called when it changes."""

    def ask(self) -> None:
        """Have it looked through soon."""
        if self._closing.is_set():
            return
        self._wanted.set()
        if self._task is None:
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._run(), name="indexing")

    async def close(self) -> None:
        """End the work within a moment; what was taken in is kept."""
        self._closing.set()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await asyncio.to_thread(self._search.refresh, self._hear)
            self._show(None)
            await asyncio.sleep(self._pause_s)

    def _hear(self, done: int, total: int) -> bool:
        """Called in the thread that works; rests there."""
        if self._loop is not None and total and not self._closing.is_set():
            with contextlib.suppress(RuntimeError):  # the loop has just been closed
                self._loop.call_soon_threadsafe(self._show, (done, total))
        return not self._closing.wait(self._rest_s)

    def _show(self, progress: tuple[int, int] | None) -> None:
        if progress != self.progress:
            self.progress = progress
            self._told()
