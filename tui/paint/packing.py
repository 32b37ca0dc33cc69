"""Rows as they are kept: small, and of no interest to the garbage collector."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.style import Style

    from tui.paint.flow import Row

Packed = tuple[Any, ...]
"""The texts of a row and the numbers of their styles, in turn."""


class Packing:
    """Packs rows and unpacks them.

    A long text has hundreds of thousands of rows. Tuples of nothing but strings and numbers are
    left alone by CPython's garbage collector, whose pauses would be felt otherwise.
    """

    def __init__(self) -> None:
        self._styles: list[Style | None] = []
        self._numbers: dict[Style | None, int] = {}

    def pack(self, rows: Iterable[Row]) -> list[Packed]:
        """The rows, packed; equal rows are equal then as well."""
        numbers, packed = self._numbers, []
        for row in rows:
            parts: list[Any] = []
            for text, style, _ in row:
                number = numbers.get(style)
                if number is None:
                    number = numbers[style] = len(self._styles)
                    self._styles.append(style)
                parts += (text, number)
            packed.append(tuple(parts))
        return packed

    def unpack(self, row: Packed) -> Row:
        """The row as it was."""
        styles = self._styles
        return [Segment(row[at], styles[row[at + 1]]) for at in range(0, len(row), 2)]


def text_of(row: Packed) -> str:
    """The text of a packed row."""
    return "".join(row[::2])
