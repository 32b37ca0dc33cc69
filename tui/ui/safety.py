"""The last line of defence: nothing that is not a printable cell leaves through a painted line.

Text from outside is cleaned where it is painted; this filter is for what was forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from tui.core.text import UNSAFE

if TYPE_CHECKING:
    from textual.color import Color


class ControlFilter(LineFilter):
    """Drops unsafe characters from every line that is painted, toasts and border titles included."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 (Textual's signature)
        """The same segments without unsafe characters."""
        if not any(UNSAFE.search(segment.text) for segment in segments):
            return segments
        return [Segment(UNSAFE.sub("", s.text), s.style, s.control) for s in segments]
