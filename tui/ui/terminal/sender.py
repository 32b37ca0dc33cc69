"""Sends frames to the terminal one by one, and says when it can take the next."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from typing import TYPE_CHECKING

from textual._ansi_sequences import SYNC_END, SYNC_START

from tui.ui.terminal.flow import PATIENCE, QUESTION, Flow
from tui.ui.terminal.gauge import Gauge
from tui.ui.terminal.line import Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.driver import Driver
    from textual.drivers._writer_thread import WriterThread

_CHUNK = 8192
"""Windows loses text that is written in larger pieces, https://github.com/python/cpython/issues/82052."""


class Sender:
    """The way of the frames from the app to the terminal.

    `again` is called on the event loop when a terminal that was busy can take a frame.
    """

    def __init__(
        self, again: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._again = again
        self._clock = clock
        self._gauge: Gauge | None = None
        self._line: Line | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._flow = Flow(clock)
        self._patience: asyncio.TimerHandle | None = None

    def attach(self, driver: Driver) -> None:
        """Measure what goes through a driver's file, if it has one; before it starts its writer."""
        file = getattr(driver, "_file", None)
        if file is not None:
            self._loop = asyncio.get_running_loop()
            self._gauge = Gauge(file)
            self._line = Line.to(file)
            vars(driver)["_file"] = self._gauge

    def restart(self) -> None:
        """Wait for nothing any more: the terminal was given away and taken anew."""
        self._forget_question()
        self._flow = Flow(self._clock)
        if self._gauge is not None:
            self._gauge.reset()

    @property
    def limit(self) -> int | None:
        """The characters that the next frame should not exceed by far."""
        return self._flow.limit

    def is_ready(self) -> bool:
        """Whether the terminal can take a frame; if not, `again` is called when it can."""
        if self._gauge is not None and self._gauge.is_busy(self._wake):
            return False
        return not self._flow.is_full()

    def send(self, driver: Driver, text: str, *, synchronised: bool) -> int:
        """Write a frame, marked as one if the terminal knows such marks; gives the characters."""
        if synchronised:
            text = f"{SYNC_START}{text}{SYNC_END}"
            if self._flow.count(len(text)):
                text += QUESTION
                self._patience = asyncio.get_running_loop().call_later(PATIENCE, self._give_up)
        sent = len(text)
        if sys.platform == "win32":
            while len(text) > _CHUNK:
                driver.write(text[:_CHUNK])
                text = text[_CHUNK:]
        self._write(driver, text)
        return sent

    def _write(self, driver: Driver, text: str) -> None:
        """Write a frame at once if all that came before it is written, else behind it."""
        gauge, line, writer = self._gauge, self._line, getattr(driver, "_writer_thread", None)
        if gauge is None:
            driver.write(text)
        elif line is None or writer is None or not gauge.is_idle(writer, _given(writer)):
            driver.write(gauge.frame(text))
        elif rest := line.write(text):
            driver.write(gauge.rest(rest))
        else:
            return
        driver.flush()

    def answer(self) -> None:
        """The terminal has answered a question, perhaps ours."""
        self._forget_question()
        self._flow.answer()
        self._again()

    def parting(self) -> float:
        """Seconds to wait before leaving the terminal.

        Else the answer to an open question would be read by whatever program comes next.
        """
        return self._flow.parting()

    def _give_up(self) -> None:
        self._flow.give_up()
        self._again()

    def _forget_question(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _wake(self) -> None:
        # In the writer's thread, which may outlive the loop.
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._again)


def _given(writer: WriterThread) -> int:
    """How many texts a writer's thread was ever given: it marks none of them as done."""
    return writer._queue.unfinished_tasks  # noqa: SLF001 - Textual 8.2.8 has no public way
