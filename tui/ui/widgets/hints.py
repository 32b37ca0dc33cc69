"""The few rows above the prompt in which is shown what it may become, or why it could not be run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from tui.core.text import clean, one_line
from tui.ui.widgets.cells import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS = 6
"""So many rows are shown at once; the others come into view as the cursor goes there."""

NAME_WIDTH = 24


class Hints(Widget):
    """Rows of a name and a sentence, one of them chosen, or one sentence of error."""

    DEFAULT_CSS = """
    Hints { display: none; height: auto; max-height: 7; padding: 0 2; background: $panel; color: $foreground; }
    Hints.-error { color: $error; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: Sequence[tuple[str, str]] = ()
        self._at = 0
        self._error = ""

    @property
    def chosen(self) -> int:
        """Which row is chosen."""
        return self._at

    @property
    def is_error(self) -> bool:
        """Whether it tells of something that went wrong."""
        return bool(self._error)

    def offer(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show these rows, the first of them chosen if they are others than before; hide if there are none."""
        if not (rows or self._rows or self._error):
            return  # as with most keys: laying out the screen for each of them would be dear
        if rows != self._rows or self._error:
            self._at = 0
        self._rows, self._error = rows, ""
        self._present()

    def move(self, step: int) -> None:
        """Choose another row; behind the last one comes the first."""
        self._at = (self._at + step) % len(self._rows)
        self._present()

    def complain(self, words: str) -> None:
        """Show why something could not be done."""
        self._rows, self._error = (), words
        self._present()

    def _present(self) -> None:
        self.display = bool(self._rows or self._error)
        self.set_class(bool(self._error), "-error")
        self.refresh(layout=True)

    def render(self) -> Content:
        """The rows around the chosen one, or the error."""
        if self._error:
            return Content(clean(self._error))
        top = max(0, min(self._at - ROWS // 2, len(self._rows) - ROWS))
        lines = []
        width = max(1, self.size.width)
        for number, (name, words) in enumerate(self._rows[top : top + ROWS], top):
            mark = "›" if number == self._at else " "
            name = one_line(name, width - 2).ljust(NAME_WIDTH)
            line = fitted(f"{mark} {name} {one_line(words, width)}".rstrip(), width)
            lines.append(Content.styled(line, "bold" if number == self._at else ""))
        return Content("\n").join(lines)
