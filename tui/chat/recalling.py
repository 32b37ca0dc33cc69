"""Remembers prompts: in memory at once, on disk behind, and takes in what other instances have sent."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.core.recall import Recall

if TYPE_CHECKING:
    from tui.core.ports import History

log = logging.getLogger("bise")


class Recalling:
    """The history of prompts, as the composer and its search use it."""

    def __init__(self, history: History) -> None:
        self.recall = Recall()
        """What is known now."""
        self._history = history
        self._stamp: tuple[int, ...] | None = None
        self._waiting: list[str] = []
        self._task: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def refresh(self) -> None:
        """Take in what is new in the file; quick if there is nothing. Trouble with the disk is logged."""
        async with self._lock:
            stamp = self._history.stamp
            if stamp == self._stamp:
                return
            try:
                texts = await asyncio.to_thread(self._history.load)
            except Failure as failure:
                log.warning("the history of prompts was not read: %s", failure.sentence)
                return
            self._stamp = stamp
            self.recall = Recall([*texts, *self._waiting])

    def add(self, text: str) -> None:
        """A prompt was sent."""
        self.recall.add(text)
        self._waiting.append(text)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write(), name="history")

    async def flush(self) -> None:
        """Wait until all is on disk, or was given up."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _write(self) -> None:
        while self._waiting:
            async with self._lock:
                text = self._waiting[0]
                try:
                    await asyncio.to_thread(self._history.add, text)
                except Failure as failure:
                    log.warning("a prompt was not put into the history: %s", failure.sentence)
                self._waiting.pop(0)
