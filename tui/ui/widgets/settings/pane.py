"""The settings pane as a whole: a head with the filter, the rows, and help for the row under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.text import clean
from tui.ui.widgets.settings.fields import FieldList

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from tui.ui.widgets.settings.field import Field, Wishes

LOWEST, HIGHEST = 4, 9
"""Lines that the help has at least and at most, its border included."""


class SettingsPane(Vertical):
    """Shown in the pane on the right. The rows have the focus."""

    PLACE = "settings"
    DEFAULT_CSS = """
    SettingsPane { background: $background; }
    SettingsPane > #settings-head { height: 1; padding: 0 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    SettingsPane > #settings-filter { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    SettingsPane > #settings-foot { height: 9; padding: 0 1; border-top: solid $panel; color: $foreground; }
    """

    def __init__(self, wishes: Wishes, keymap: Mapping[str, str]) -> None:
        super().__init__(id="settings")
        self.fields = FieldList(wishes, keymap)
        """The rows."""
        self._head = Static(id="settings-head")
        self._filter = Static(id="settings-filter")
        self._foot = Static(id="settings-foot")

    def compose(self) -> ComposeResult:
        """Head, filter, rows, help."""
        yield self._head
        yield self._filter
        yield self.fields
        yield self._foot

    def on_resize(self) -> None:
        """Divide the room anew."""
        self._divide()

    def _divide(self) -> None:
        """Leave the rows most of the room; what few of them do not need goes to the help."""
        height = self.size.height
        spare = height - 2 - self.fields.virtual_size.height
        self._foot.styles.height = max(LOWEST, min(HIGHEST, max(height // 4, spare)))

    def show(self, fields: Sequence[Field], head: str, hint: str) -> None:
        """Show these rows, a line above them, and below it what is typed or else a hint."""
        self._head.update(Content(clean(head)), layout=False)
        query = self.fields.query_text
        words = f"⌕ {query}▏" if query else f"⌕ {hint}"
        self._filter.update(Content(clean(words)), layout=False)
        self.fields.show(fields)
        self._divide()

    def explain(self, lines: Sequence[tuple[str, str]]) -> None:
        """Show help for the row under the cursor: texts, each with a style of Textual's."""
        parts = [Content.styled(clean(text), style) for text, style in lines if text]
        self._foot.update(Content("\n").join(parts), layout=False)
