"""A line of text that is edited in place: text and cursor, and the part of it that fits into so many cells."""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len

LONGEST: Final = 20_000
"""Characters that a line takes; what goes beyond belongs into an editor."""

_WORD_ON: Final = re.compile(r"\W*\w*")
_WORD_BACK: Final = re.compile(r"\w*\W*\Z")


class Line:
    """One line. It holds no line ends: whoever puts text in has escaped or replaced them."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.cursor = len(text)
        self._start = 0

    def insert(self, text: str) -> None:
        """Put text in at the cursor. Raises `ValueError` if it becomes too long."""
        if len(self.text) + len(text) > LONGEST:
            raise ValueError(
                f"this has {len(self.text) + len(text):,} characters; one line takes {LONGEST:,}"
            )
        self._put(self.text[: self.cursor] + text, self.text[self.cursor :])

    def take_key(self, key: str) -> bool:
        """Do what a key does in a line; False if it does nothing there."""
        before, behind = self.text[: self.cursor], self.text[self.cursor :]
        match key:
            case "left":
                self.cursor = max(0, self.cursor - 1)
            case "right":
                self.cursor = min(len(self.text), self.cursor + 1)
            case "home" | "ctrl+a":
                self.cursor = 0
            case "end" | "ctrl+e":
                self.cursor = len(self.text)
            case "ctrl+left":
                self.cursor = _word_back(before)
            case "ctrl+right":
                self.cursor += _word_on(behind)
            case _:
                return self._take_deletion(key, before, behind)
        return True

    def _take_deletion(self, key: str, before: str, behind: str) -> bool:
        match key:
            case "backspace" | "ctrl+h":
                self._put(before[:-1], behind)
            case "delete":
                self._put(before, behind[1:])
            case "ctrl+w":
                self._put(before[: _word_back(before)], behind)
            case "ctrl+u":
                self._put("", behind)
            case "ctrl+k":
                self._put(before, "")
            case _:
                return False
        return True

    def _put(self, before: str, behind: str) -> None:
        self.text = before + behind
        self.cursor = len(before)

    def window(self, width: int) -> tuple[str, int]:
        """The part of the text that is shown in so many cells, and which of its characters the cursor is on.

        It may be one character behind the text's end.
        """
        width = max(2, width)
        start = min(self._start, self.cursor)
        start = max(start, self.cursor - width)
        while cell_len(self.text[start : self.cursor + 1]) > width - 1 and start < self.cursor:
            start += 1
        self._start = start
        shown = self.text[start : start + width]
        while cell_len(shown) > width:
            shown = shown[:-1]
        return shown, self.cursor - start


def _word_on(behind: str) -> int:
    match = _WORD_ON.match(behind)
    return match.end() if match else 0


def _word_back(before: str) -> int:
    match = _WORD_BACK.search(before)
    return match.start() if match else 0
