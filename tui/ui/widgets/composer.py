"""Where the next prompt is written."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual.widgets import TextArea

from tui.ui.keys import actions, bindings
from tui.ui.widgets.passing import passed_on

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual import events
    from textual.binding import BindingType

PASTE_PAUSE = 0.05
"""Seconds after a paste in which Enter does not send: an escape inside a paste can press Enter."""


class Composer(TextArea):
    """A text of several lines that grows to a third of the screen; Enter sends it."""

    DEFAULT_CSS = """
    Composer {
        height: auto; min-height: 3; max-height: 33vh;
        border: round $border; padding: 0 1;
        background: $background; scrollbar-size-vertical: 1;
        &:focus { border: round $primary; background: $background; }
        & .text-area--cursor-line { background: $background; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("composer")]
    PLACE = "composer"

    def __init__(self, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__(
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder="Ask something · Enter sends, Ctrl+J begins a new line",
        )
        self.cursor_blink = False
        self._pasted_at = 0.0
        self._actions = actions(("composer", "chat"), keymap or {})
        self.key_takers: list[Callable[[str], bool]] = []
        """Asked in turn for every key, by its name, before its action is run; True means it is taken."""

    async def _on_key(self, event: events.Key) -> None:
        """Run our own keys in the order in which they come; TextArea's handler takes the rest."""
        if await passed_on(self, event):
            return
        if any(takes(event.key) for takes in self.key_takers):
            event.stop()
            event.prevent_default()
            return
        action = self._actions.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)

    async def _on_paste(self, event: events.Paste) -> None:  # noqa: ARG002 (TextArea's handler inserts it)
        self._pasted_at = time.monotonic()

    async def action_send(self) -> None:
        """Have the screen send what is here: at once, so that keys behind Enter find it sent."""
        if time.monotonic() - self._pasted_at >= PASTE_PAUSE:
            await self.run_action("screen.send")

    def action_newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def take(self, text: str) -> None:
        """Put a draft in, its cursor at the end."""
        self.text = text
        self.move_cursor(self.document.end)
