"""Texts in cells of the terminal: wide characters take two."""

from __future__ import annotations

from rich.cells import cell_len


def fitted(text: str, width: int) -> str:
    """The text, cut with an ellipsis to so many cells."""
    if cell_len(text) <= width:
        return text
    while text and cell_len(text) > width - 1:
        text = text[:-1]
    return text + "…" if width > 0 else ""
