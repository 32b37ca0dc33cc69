"""A line that is typed inside of a widget which draws itself: its text, its cursor, the keys for both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui.core.text import one_line

if TYPE_CHECKING:
    from textual import events

LONGEST = 10_000
"""Characters that are taken at most."""


class TypedLine:
    """One line, without line breaks and control characters."""

    def __init__(self, text: str = "") -> None:
        self.text = _plain(text)
        self.cursor = len(self.text)

    def take(self, event: events.Key) -> bool:
        """Whether a key is one for the line, and was done."""
        edit = getattr(self, f"_{event.key.replace('+', '_')}", None)
        if event.key in _KEYS and edit is not None:
            edit()
        elif event.is_printable and event.character:
            self.insert(event.character)
        else:
            return False
        return True

    def insert(self, text: str) -> None:
        """Put a text in at the cursor."""
        text = _plain(text)[: LONGEST - len(self.text)]
        self.text = self.text[: self.cursor] + text + self.text[self.cursor :]
        self.cursor += len(text)

    def view(self, width: int) -> tuple[str, int]:
        """What of the line fits into so many cells, and the cursor's place in it, in characters."""
        start = 0
        while start < self.cursor and cell_len(self.text[start : self.cursor]) >= width:
            start += max(1, (self.cursor - start) // 8)
        text = self.text[start : start + width]
        while text and cell_len(text) > width and len(text) > self.cursor - start:
            text = text[:-1]
        return text, self.cursor - start

    # -- keys

    def _left(self) -> None:
        self.cursor = max(0, self.cursor - 1)

    def _right(self) -> None:
        self.cursor = min(len(self.text), self.cursor + 1)

    def _home(self) -> None:
        self.cursor = 0

    def _end(self) -> None:
        self.cursor = len(self.text)

    def _backspace(self) -> None:
        if self.cursor:
            self._cut(self.cursor - 1, self.cursor)

    def _delete(self) -> None:
        self._cut(self.cursor, self.cursor + 1)

    def _ctrl_u(self) -> None:
        self._cut(0, self.cursor)

    def _ctrl_k(self) -> None:
        self._cut(self.cursor, len(self.text))

    def _ctrl_w(self) -> None:
        before = self.text[: self.cursor].rstrip()
        self._cut(before.rfind(" ") + 1, self.cursor)

    def _cut(self, start: int, end: int) -> None:
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start


_KEYS = {
    "left", "right", "home", "end", "backspace", "delete", "ctrl+u", "ctrl+k", "ctrl+w",
}  # fmt: skip


def _plain(text: str) -> str:
    return one_line(text, LONGEST) if not text.isprintable() else text[:LONGEST]
