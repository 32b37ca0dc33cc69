"""The rows above the prompt that tell what waits in this chat for the end of its reply."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tui.core.text import one_line
from tui.ui.widgets.cells import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = 3
"""So many prompts are shown; of more the number is told."""

LOW = 24
"""Rows of the terminal below which only the first one is shown."""


class WaitingRows(Widget):
    """A line of words, and under it the prompts, one line each."""

    DEFAULT_CSS = """
    WaitingRows { display: none; height: auto; max-height: 5; padding: 0 2; background: $background; color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._words = ""
        self._prompts: Sequence[str] = ()

    def show(self, words: str, prompts: Sequence[str]) -> None:
        """Show these prompts under those words; hide if there are none."""
        if (words, prompts) == (self._words, self._prompts):
            return
        self._words, self._prompts = words, prompts
        self.display = bool(prompts)
        self.refresh(layout=True)

    def render(self) -> Content:
        """The rows, each on one line."""
        width = max(1, self.size.width)
        room = 1 if self.app.size.height < LOW else ROWS
        shown = [f"↳ {one_line(text, width)}" for text in self._prompts[:room]]
        more = len(self._prompts) - len(shown)
        if more:
            shown[-1] = fitted(shown[-1], width - 12) + f" (+{more} more)"
        lines = [Content.styled(fitted(self._words, width), "$text-muted")]
        lines += [Content(fitted(line, width)) for line in shown]
        return Content("\n").join(lines)
