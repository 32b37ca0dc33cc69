"""What a preset would change, field by field, to be taken or left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.core.text import one_line
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.passing import passed_on
from tui.ui.widgets.rowlist import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from tui.core.presets import Difference

LONGEST = 200
"""Characters of a value that are shown."""

NOT_SET = "not set"


def shown_differences(rows: Sequence[Difference]) -> Content:
    """A line for each: the parameter, what it is now, what it would be then."""
    if not rows:
        return Content.styled("It would change nothing.", "$muted")
    width = max(len(row.name) for row in rows)
    return Content("\n").join(_line(row, width) for row in rows)


def _line(row: Difference, width: int) -> Content:
    now, then = (one_line(value, LONGEST) or NOT_SET for value in (row.now, row.then))
    return Content.assemble(
        (f"{row.name:{width}}  ", "bold"), (now, "$muted"), (" → ", "$muted"), then
    )


class FieldsScreen(Dialog[set[str]]):
    """Ends with the names of the fields that are to be changed, or with None."""

    DEFAULT_CSS = """
    FieldsScreen > #fields { width: 96; max-width: 100%; height: 80%; min-height: 14; max-height: 100%; background: $surface; border: round $primary; padding: 0 1; }
    FieldsScreen #fields-preview { height: 4; border-top: solid $panel; }
    FieldsScreen #fields-foot { height: auto; max-height: 2; color: $text-muted; }
    """

    def __init__(self, name: str, rows: Sequence[Difference]) -> None:
        super().__init__()
        self._preset_name = name
        self._fields = rows
        self._taken = {row.name for row in rows}
        self._rows: list[Row[Difference]] = []

    def compose(self) -> ComposeResult:
        """Title, fields, the one under the cursor in full, keys."""
        with Vertical(id="fields"):
            yield Static(
                Content.styled(one_line(f"Preset {self._preset_name}: fields", 90), "bold")
            )
            yield FieldList()
            yield Static(id="fields-preview")
            words = "Enter applies what is marked · Space marks · a all · n none · Esc leaves"
            yield Static(Content(words), id="fields-foot")

    def on_mount(self) -> None:
        """The list has the keys at once; all are marked at first."""
        self.set_focus(self.query_one(FieldList))
        self._list()

    def _list(self) -> None:
        self._rows = [
            Row(row, f"{'☑' if row.name in self._taken else '☐'} {row.name}", _change(row))
            for row in self._fields
        ]
        rows = self.query_one(RowList)
        rows.show(self._rows, at=rows.at)

    def on_row_list_moved(self) -> None:
        """Show the field under the cursor in full."""
        row = self._fields[self.query_one(RowList).at]
        self.query_one("#fields-preview", Static).update(shown_differences([row]))

    def on_row_list_clicked(self) -> None:
        """Mark what was clicked."""
        self._mark()

    async def on_key(self, event: events.Key) -> None:
        """Keys that were there before the list was belong to it."""
        await passed_on(self, event)

    def take_key(self, key: str) -> bool:
        """Do what a key does; whether it is one of ours."""
        rows = self.query_one(RowList)
        match key:
            case "down" | "j":
                rows.go(rows.at + 1)
            case "up" | "k":
                rows.go(rows.at - 1)
            case "space" | "x":
                self._mark()
            case "a" | "n":
                self._taken = {row.name for row in self._fields} if key == "a" else set()
                self._list()
            case "enter":
                self.dismiss(self._taken or None)
            case "escape":
                self.dismiss(None)
            case _:
                return False
        return True

    def _mark(self) -> None:
        name = self._fields[self.query_one(RowList).at].name
        self._taken ^= {name}
        self._list()


class FieldList(RowList, can_focus=True):
    """The fields; keys are taken in their turn."""

    async def _on_key(self, event: events.Key) -> None:
        if await passed_on(self, event):
            return
        screen = self.screen
        if isinstance(screen, FieldsScreen) and screen.take_key(event.key):
            event.stop()
            event.prevent_default()


def _change(row: Difference) -> str:
    return f"{row.now or NOT_SET} → {row.then or NOT_SET}"
