"""A line of Markdown while it is read, and the column up to which it has been."""

from __future__ import annotations


class Cursor:
    """One line. Columns count a tab as the spaces up to the next tab stop, four apart."""

    __slots__ = ("_raw", "at", "text")

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self.text = raw.expandtabs(4) if "\t" in raw else raw
        """The line with spaces for its tabs."""
        self.at = 0
        """The column from which it has not been read."""

    def next(self) -> int:
        """The column of the next character that is no space."""
        line, at = self.text, self.at
        end = len(line)
        while at < end and line[at] == " ":
            at += 1
        return at

    def skip_space(self) -> None:
        """Read a space, if one is next."""
        if self.text[self.at : self.at + 1] == " ":
            self.at += 1

    def tail(self, column: int) -> str:
        """The line from this column on, with its tabs."""
        if "\t" not in self._raw:
            return self.text[column:]
        at = 0
        for index, character in enumerate(self._raw):
            if at >= column:
                return " " * (at - column) + self._raw[index:]
            at = at + 4 - at % 4 if character == "\t" else at + 1
        return " " * (at - column)
