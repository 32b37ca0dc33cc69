"""The application: themes, signals, links, the way out. What is on the screen is in `screens`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text

from tui.core.text import openable
from tui.ui.breakdown import account_of, note
from tui.ui.keys import textual_keymap
from tui.ui.look import role_defaults
from tui.ui.safety import ControlFilter
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.link import LinkScreen
from tui.ui.terminal.output import DifferenceOutput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.filter import LineFilter
    from textual.notifications import Notify
    from textual.screen import Screen
    from textual.theme import Theme

    from tui.ui.launch import Launch
    from tui.ui.widgets.ask import Confirm

CLOSE_WITHIN_S = 3.0
"""How long leaving may wait for replies to be saved and for the embedded model to end."""

SAVE_WITHIN_S = 1.0
"""How long quitting waits for another try to save what could not be saved, before it asks."""

GIVE_UP_AFTER_S = CLOSE_WITHIN_S + 1.0
"""How long after a signal the process ends at the latest."""

TWICE_S = 2.0
"""Two presses of a key within so many seconds count as twice."""


class BiseApp(DifferenceOutput[None]):
    """bise, full-screen."""

    TITLE = "bise"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar = []
    COMMAND_PALETTE_BINDING = ""
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = True

    def __init__(self, launch: Launch) -> None:
        super().__init__()
        self._launch = launch
        self._control_filter = ControlFilter()
        self._quit_pressed_at = 0.0
        self._leaving = False
        self._was_asked = False
        self._is_there = False
        for theme in launch.themes:
            self.register_theme(theme)
        self._problems = list(launch.problems)
        if launch.theme in self.available_themes:
            self.theme = launch.theme
        elif launch.theme:
            known = ", ".join(theme.name for theme in launch.themes)
            self._problems.append(f"theme: there is no theme {launch.theme!r}; there are {known}")
        self.set_keymap(textual_keymap(launch.keymap))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of our style sheet that the present theme does not name."""
        return role_defaults(self.current_theme)

    def get_default_screen(self) -> Screen[None]:
        """The main screen is there from the start."""
        return ChatScreen(self._launch, self.size, self._problems)

    @property
    def chat_screen(self) -> ChatScreen:
        """The main screen, whatever lies over it."""
        return cast("ChatScreen", self.screen_stack[0])

    def on_load(self) -> None:
        """Leave politely on the signals that Textual does not handle: they would leave the terminal broken.

        This comes before the terminal is touched.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", None)):
            if number is not None:
                loop.add_signal_handler(number, self._on_signal, number)

    def on_mount(self) -> None:
        """From here on there is something to close."""
        self._is_there = True

    def _on_signal(self, number: int) -> None:
        # The terminal may be gone or stuck, and Textual waits for it for ever
        bail_out = threading.Timer(GIVE_UP_AFTER_S, os._exit, [128 + number])
        bail_out.daemon = True
        bail_out.start()
        self.run_worker(self.leave(128 + number), group="leave", exit_on_error=False)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters, and ours last; the canvas does its work already where it is in use."""
        filters = super().get_line_filters()
        return filters if self.is_guarded else [*filters, self._control_filter]

    # -- leaving

    async def action_leave(self) -> None:
        """Quit; while replies are coming, or something is not saved, this asks first, and a second time it does not."""
        asking = None if self._was_asked else await self._question()
        if asking is None:
            await self.leave(0)
        else:
            self._was_asked = True
            await self.push_screen(asking, self._answered)

    async def _question(self) -> Confirm | None:
        """What is to be asked before leaving, if anything."""
        desk = self.chat_screen.desk
        with contextlib.suppress(TimeoutError):  # the disk hangs
            if desk is not None and desk.conductor.unsaved:
                await asyncio.wait_for(desk.conductor.save_again(), SAVE_WITHIN_S)
        if desk is not None and desk.conductor.unsaved:
            from tui.ui.screens.leave import unsaved_question

            return unsaved_question(desk.conductor.unsaved)
        if self._coming():
            from tui.ui.screens.leave import LeaveScreen

            return LeaveScreen(self._coming, self.chat_screen.ctx.hooks.turn_ended)
        return None

    def _coming(self) -> int:
        """How many replies are in the making."""
        desk = self.chat_screen.desk
        return len(desk.conductor.turns.running()) if desk is not None else 0

    async def _answered(self, leaves: bool | None) -> None:
        self._was_asked = False
        if leaves:
            await self.leave(0)

    async def action_quit(self) -> None:
        """Textual's own name for it."""
        await self.action_leave()

    async def leave(self, code: int) -> None:
        """Save what is in the making, end what was started, and exit."""
        if self._leaving:
            return
        self._leaving = True
        lost: Text | None = None
        if self._is_there and self.chat_screen.is_mounted:
            with contextlib.suppress(
                TimeoutError
            ):  # the disk or the engine hangs: leave all the same
                await asyncio.wait_for(self._close(), CLOSE_WITHIN_S)
            self.chat_screen.ctx.part()
            lost = self._lost()
        if code and not _terminal_is_there():
            os._exit(code)  # there is nothing to restore, and writing to it may block
        self.exit(return_code=code, message=lost)

    def _lost(self) -> Text | None:
        """What is told behind the screen if something could not be saved to the last."""
        desk = self.chat_screen.desk
        if desk is None or not desk.conductor.unsaved:
            return None
        from tui.ui.screens.leave import titles_of

        return Text(f"bise: not saved: {titles_of(desk.conductor.unsaved)}")

    async def _close(self) -> None:
        desk = self.chat_screen.desk
        closing = desk.close() if desk is not None else asyncio.sleep(0)
        await asyncio.gather(closing, self.chat_screen.ctx.remembered.flush())

    def _fatal_error(self) -> None:
        """End after a mistake of ours; Textual 8.2.8 would print the values of all variables."""
        error = self._exception
        if error is not None and not self._exit_renderables:
            note(error)
            self._exit_renderables.append(Text(account_of(error)))
        self._close_messages_no_wait()

    def action_quit_if_twice(self) -> None:
        """Quit if this is called twice in short order; else say so."""
        now = time.monotonic()
        if now - self._quit_pressed_at < TWICE_S:
            desk = self.chat_screen.desk
            is_safe = desk is None or not desk.conductor.unsaved
            leaving = self.leave(0) if is_safe else self.action_leave()
            self.run_worker(leaving, group="leave", exit_on_error=False)
        else:
            self._quit_pressed_at = now
            self.notify("Press Ctrl+C again to quit", timeout=TWICE_S, markup=False)

    def on_notify(self, event: Notify) -> None:
        """What is told in passing gives way to what is told next; a complaint only to itself."""
        for before in list(self._notifications):
            if before.severity == "information" or before.message == event.notification.message:
                self._unnotify(before, refresh=False)

    # -- links

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open a link in the browser if it is harmless, after showing where it leads."""
        if not openable(url):
            self.notify(
                "Only http, https and mailto links are opened", severity="warning", markup=False
            )
            return

        def answered(yes: bool | None) -> None:
            if yes:
                super(BiseApp, self).open_url(url, new_tab=new_tab)

        self.push_screen(LinkScreen(url), answered)

    # -- themes

    def take_theme(self, theme: Theme) -> None:
        """Have a theme, new or in place of the one of its name; if that is in force, dress anew."""
        self.register_theme(theme)
        if theme.name == self.theme:
            self._watch_theme(theme.name)


def _terminal_is_there() -> bool:
    """Whether the line to the terminal still stands; after a hang-up it does not."""
    try:
        os.get_terminal_size(sys.__stdin__.fileno() if sys.__stdin__ else 0)
    except (OSError, ValueError):
        return False
    return True
