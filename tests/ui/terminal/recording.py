"""A driver that keeps what an app writes, for running the same app with the layer and without."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import TextIO, cast

from textual import events
from textual.driver import Driver
from textual.drivers._writer_thread import WriterThread
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


class Gate:
    """A file that takes text only while it is open."""

    def __init__(self) -> None:
        self.open = Event()
        self.open.set()
        self.taken: list[str] = []
        self.held: list[str] = []

    def write(self, text: str) -> int:
        self.held.append(text)
        return len(text)

    def flush(self) -> None:
        self.open.wait(10)
        self.taken += self.held
        self.held.clear()

    def fileno(self) -> int:
        return -1

    def isatty(self) -> bool:
        return True


class SlowDriver(RecordingDriver):
    """Writes through Textual's own thread to a terminal behind a gate."""

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.gate = self._file = Gate()

    def start_application_mode(self) -> None:
        self._writer_thread = WriterThread(cast(TextIO, self._file))
        self._writer_thread.start()
        super().start_application_mode()

    def write(self, data: str) -> None:
        self._writer_thread.write(data)

    def stop_application_mode(self) -> None:
        self.gate.open.set()
        self._writer_thread.stop()


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
