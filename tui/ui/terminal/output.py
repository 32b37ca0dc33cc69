"""Puts the difference between two screens in the place of Textual's own output.

Textual 8.2.8 writes every cell of every region that was refreshed, each with its whole style: an
answer that streams in costs half a megabyte per thousand tokens. The seam is `App._display`, which
gets each update of the compositor (`ChopsUpdate` for parts, `LayoutUpdate` for the whole screen)
and writes what `render_segments` gives for it to the driver. Everything else that Textual writes
(modes, the bell, the clipboard) neither moves the cursor nor changes the pen and passes by.
"""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS
from textual import events, messages, on
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App, ReturnType

from tui.ui.terminal.canvas import Canvas
from tui.ui.terminal.sender import Sender
from tui.ui.terminal.traits import Traits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.screen import Screen
    from textual.strip import Strip

PLAIN_OUTPUT = "BISE_PLAIN_OUTPUT"
"""Set to anything but 0 or nothing, this variable leaves the output to Textual."""


@dataclass(slots=True)
class OutputCounts:
    """What was written to the terminal so far."""

    frames: int = 0
    """Differences written."""
    characters: int = 0
    """Their length in characters, which is near to bytes."""
    skipped: int = 0
    """Updates that became part of a later difference, since the terminal was busy."""


class DifferenceOutput(App[ReturnType]):
    """An app that writes to the terminal only what has changed on it.

    Whatever it does not understand goes to Textual's own output, and the next update after that
    writes the whole screen.
    """

    def __init__(
        self,
        *args: Any,
        plain_output: bool | None = None,
        traits: Traits | None = None,
        **options: Any,
    ) -> None:
        """`plain_output` leaves the output to Textual, `traits` says what the terminal can do.

        By default the environment decides about both. Everything else goes to `App`.
        """
        super().__init__(*args, **options)
        if plain_output is None:
            plain_output = os.environ.get(PLAIN_OUTPUT, "0") not in ("", "0")
        self.output_counts = OutputCounts()
        self.is_lent = False
        """Whether another program has the terminal; nothing is written then."""
        self._plain_output = plain_output
        self._traits = Traits.of(os.environ) if traits is None else traits
        self._canvas: Canvas | None = None
        self._canvas_writer: object = None
        self._sender = Sender(self._write_waiting)

    @property
    def is_guarded(self) -> bool:
        """Whether all that is painted passes the canvas, which lets no unsafe character through."""
        return not self._plain_output and not self.is_headless

    def repaint(self) -> None:
        """Write the whole screen, for when something else has written to the terminal."""
        if self._canvas is not None:
            self._canvas.forget()
        self.screen.refresh()

    def draw(self, x: int, lines: Iterable[tuple[int, Strip]]) -> bool:
        """Bring strips onto rows of the screen, from column `x` on, and write them at once.

        False if they must go Textual's way. What is drawn here has to be what Textual would draw.
        """
        driver, canvas = self._driver, self._canvas
        if driver is None or canvas is None or self._plain_output or driver.is_inline:
            return False
        if not self._running or self._closed or self._batch_count or self.is_headless:
            return False
        if canvas.size != self.screen.outer_size or canvas is not self._current_canvas(driver):
            return False
        for y, strip in lines:
            canvas.put(x, y, strip)
        self._write_frame(driver, canvas)
        self.post_display_hook()
        return True

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        driver = self._driver
        if (
            self._plain_output
            or driver is None
            or driver.is_inline
            or not isinstance(renderable, ChopsUpdate | LayoutUpdate)
        ):
            if renderable is not None and self._canvas is not None:
                self._canvas.forget()
            super()._display(screen, renderable)
            return
        if isinstance(renderable, LayoutUpdate) and renderable.region.size != self.size:
            # A screen tells itself the size that it was laid out for, and that message replaces
            # the terminal's newer one if it comes while the layout is made (Textual 8.2.8).
            screen.post_message(events.Resize(self.size, self.size))
        if self._running and not self._closed and not self._batch_count and not self.is_headless:
            self._write_difference(driver, screen, renderable)
        self.post_display_hook()

    def _write_difference(
        self, driver: Driver, screen: Screen[object], update: ChopsUpdate | LayoutUpdate
    ) -> None:
        canvas = self._current_canvas(driver)
        if self._sync_available and not canvas.traits.synchronised:
            canvas.traits = replace(canvas.traits, synchronised=True)
        if isinstance(update, LayoutUpdate):
            canvas.draw(update)
        elif not canvas.patch(update):
            # The layer was not there for the whole of this screen.
            canvas.draw(screen._compositor.render_full_update())  # noqa: SLF001
        self._write_frame(driver, canvas)

    def _write_frame(self, driver: Driver, canvas: Canvas) -> None:
        if self.is_lent:
            return
        if not self._sender.is_ready():
            self.output_counts.skipped += 1
            return
        cursor = self.screen.outer_size.clamp_offset(self.cursor_position)
        self._previous_cursor_position = cursor
        if text := canvas.difference(cursor, self._sender.limit):
            sent = self._sender.send(driver, text, synchronised=self._sync_available)
            self.output_counts.frames += 1
            self.output_counts.characters += sent

    def get_driver_class(self) -> type[Driver]:
        """Textual's choice, or our own in the place of its driver for Linux and macOS."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from tui.ui.terminal.driver import QuietDriver

        return QuietDriver

    def _build_driver(
        self, headless: bool, inline: bool, mouse: bool, size: tuple[int, int] | None
    ) -> Driver:
        driver = super()._build_driver(headless, inline, mouse, size)
        if not self._plain_output and not driver.is_inline:
            self._sender.attach(driver)
        return driver

    @on(messages.TerminalSupportsSynchronizedOutput)
    def _take_answer(self) -> None:
        # Textual's own handler is called as well.
        self._sender.answer()

    @on(messages.ExitApp)
    async def _await_answer(self) -> None:
        await asyncio.sleep(self._sender.parting())

    def _suspend_signal(self) -> None:
        time.sleep(self._sender.parting())
        super()._suspend_signal()

    def _write_waiting(self) -> None:
        """Write what has changed while the terminal was busy."""
        driver, canvas = self._driver, self._canvas
        if driver is None or canvas is None or not canvas.is_behind:
            return
        if self._running and not self._closed and not self._batch_count:
            self._write_frame(driver, canvas)

    def _current_canvas(self, driver: Driver) -> Canvas:
        """The canvas, which knows nothing when the terminal may show something else by now."""
        color_system = COLOR_SYSTEMS.get(self.console.color_system or "", ColorSystem.TRUECOLOR)
        if self._canvas is None or self._canvas.color_system is not color_system:
            self._canvas = Canvas(color_system, self._traits)
        # Textual starts a new writer whenever it takes the terminal: at the start, after a
        # suspension, after SIGCONT.
        writer = getattr(driver, "_writer_thread", None)
        if writer is not self._canvas_writer:
            self._canvas_writer = writer
            self._canvas.forget()
            self._sender.restart()
        return self._canvas

    @on(events.Resize)
    def _lose_screen(self) -> None:
        # Terminals move or lose text when their size changes, even if it is the old one again.
        if self._canvas is not None:
            self._canvas.forget()
