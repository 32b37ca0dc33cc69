"""The status line: one row at the bottom that tells how the open chat stands."""

from __future__ import annotations

from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from tui.core.text import one_line


@dataclass(frozen=True, slots=True)
class Status:
    """What the status line tells; parts that are empty are left out."""

    provider: str = ""
    model: str = ""
    stop: int = 0
    """How many stop sequences are in force."""
    prefix: bool = False
    more: tuple[str, ...] = ()
    """What features tell of the chat, such as how full its context is and what it has cost."""
    doing: str = ""
    """What goes on in the open chat, such as `streaming 92 t/s · Esc stops`."""
    below: bool = False
    """Whether more has come below what is in view."""
    elsewhere: int = 0
    """How many other chats are answering."""
    kept: bool = True
    """Whether the chat outlives the program."""

    @property
    def parts(self) -> list[str]:
        """The parts from left to right, the most important first."""
        where = " · ".join(one_line(word, 40) for word in (self.provider, self.model) if word)
        others = f"{self.elsewhere} more answering" if self.elsewhere else ""
        stop = f"stop: {self.stop}" if self.stop else ""
        prefix = "prefix" if self.prefix else ""
        below = "↓ more below" if self.below else ""
        passing = "" if self.kept else "not kept"
        more = (one_line(words, 40) for words in self.more)
        parts = (where, passing, below, stop, prefix, *more, self.doing, others)
        return [part for part in parts if part]


class StatusLine(Widget):
    """One row; it never changes its size and repaints only when what it tells has changed."""

    DEFAULT_CSS = "StatusLine { height: 1; background: $panel; color: $text-muted; }"

    HELP_KEY = " F1 help "

    def __init__(self) -> None:
        super().__init__()
        self._status = Status()

    def tell(self, status: Status) -> None:
        """Show this from now on."""
        if status != self._status:
            self._status = status
            self.refresh()

    def render(self) -> Content:
        """The row: what fits on the left, how to get help on the right."""
        width = self.size.width
        room = width - cell_len(self.HELP_KEY) - 1
        parts = list(self._status.parts)
        while len(parts) > 1 and cell_len(" │ ".join(parts)) > room:
            del parts[0 if self._status.doing in parts[1:] else -1]
        left = " " + " │ ".join(parts)
        left = left if cell_len(left) <= room else left[: max(0, room - 1)] + "…"
        gap = " " * max(0, width - cell_len(left) - cell_len(self.HELP_KEY))
        return Content(left + gap + self.HELP_KEY)
