"""The dialog in which a long value is edited: spaces at the ends of lines are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.core.escapes import visible
from tui.ui.widgets.editor import Editor, EditorArea

if TYPE_CHECKING:
    from rich.text import Text


class EndsArea(EditorArea):
    """A text whose spaces and tabs at the ends of lines are painted as dots and arrows."""

    def get_line(self, line_index: int) -> Text:
        """The line as it is painted; each character takes as many cells as before."""
        line = super().get_line(line_index)
        bare = len(line.plain.rstrip(" "))
        if bare == len(line.plain):
            return line
        shown = line.copy()
        shown.plain = line.plain[:bare] + visible(line.plain[bare:])
        return shown


class LongText(Editor):
    """Ends with the text when it is kept, with None when it is left."""

    @property
    def area_type(self) -> type[EditorArea]:
        """One that shows where lines end."""
        return EndsArea
