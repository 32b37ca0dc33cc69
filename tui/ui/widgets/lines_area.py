"""A text area that takes back long edits, which Textual's own does not survive."""

from __future__ import annotations

from textual.geometry import Offset
from textual.widgets import TextArea


class LinesArea(TextArea):
    """When an edit is taken back, and the scrollbar goes with it, the cursor stands behind the text for a moment."""

    def scroll_cursor_visible(self, center: bool = False, animate: bool = False) -> Offset:
        """Scroll to the cursor, if it is in the text; else that is asked for again once it is."""
        if self.cursor_location[0] >= self.document.line_count:
            return Offset()
        return super().scroll_cursor_visible(center, animate)
