"""A driver that keeps what an app writes, for running the same app with the layer and without."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual import events
from textual.driver import Driver
from textual.geometry import Size


class RecordingDriver(Driver):
    """A terminal of a fixed size that takes everything at once."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.written: list[str] = []
        self.wide, self.high = self._size or (80, 24)

    def write(self, data: str) -> None:
        self.written.append(data)

    def start_application_mode(self) -> None:
        self.resize(self.wide, self.high)

    def resize(self, width: int, height: int) -> None:
        size = Size(width, height)
        self._app.post_message(events.Resize(size, size))

    def disable_input(self) -> None:
        pass

    def stop_application_mode(self) -> None:
        pass


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
