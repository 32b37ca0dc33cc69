"""A list to choose from, narrowed down by typing: for chats, models, presets, themes, commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Generic, TypeVar

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui.core.fuzzy import Haystack
from tui.core.text import clean
from tui.ui.keys import actions, shown
from tui.ui.screens.dialog import Dialog
from tui.ui.widgets.passing import own_action, passed_on, ran_own
from tui.ui.widgets.rowlist import Row, RowList

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

Value = TypeVar("Value")

Rows = Callable[[str], Sequence[Row[Value]]]
"""The rows for what is typed, the best first. Called per key: it does no I/O."""

Extra = tuple[str, Callable[[Row[Value] | None], object]]
"""What a further key does, in a word or two (none: it is not told), and the doing of it, with the row under the cursor; it may be async."""


def narrowed(rows: Sequence[Row[Value]]) -> Rows[Value]:
    """Rows that are narrowed down by their texts; their groups are left out while something is typed."""
    haystack = Haystack(row.text for row in rows)
    flat = [Row(row.value, row.text, row.detail) for row in rows]

    def fitting(query: str) -> Sequence[Row[Value]]:
        if not query.strip():
            return rows
        return [flat[index] for index in haystack.search(query)]

    return fitting


def with_mistakes(title: str, count: int) -> str:
    """A title that tells of rows at the end about mistakes in the user's files, if there are any."""
    if not count:
        return title
    return f"{title} · {count} mistake{'s' if count > 1 else ''} in your files, see the end"


class Picker(Dialog[Value], Generic[Value]):
    """Ends with the value of the row that is chosen, or with None.

    The field at the top keeps the keys; those of `picker` move in the list. Late rows are brought
    in by `supply`, rows that have changed by `renew`.
    """

    PLACE = "picker"
    DEFAULT_CSS = """
    Picker > #picker { width: 96; max-width: 100%; height: 80%; min-height: 14; max-height: 100%; background: $surface; border: round $primary; padding: 0 1; }
    Picker #picker-title { height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    Picker PickerField, Picker PickerField:focus { border: none; height: 1; padding: 0 1; background: $panel; }
    Picker #picker-preview { display: none; height: 30%; border-top: solid $panel; }
    Picker.-preview #picker-preview { display: block; }
    Picker #picker-foot { height: auto; max-height: 2; color: $text-muted; }
    """

    def __init__(
        self,
        title: str,
        rows: Rows[Value],
        *,
        placeholder: str = "type to narrow down",
        query: str = "",
        at: int = 0,
        empty: str = "nothing fits",
        preview: Callable[[Row[Value]], Content] | None = None,
        passing: Callable[[Row[Value]], object] | None = None,
        extra: Mapping[str, Extra[Value]] | None = None,
        keymap: Mapping[str, str] | None = None,
    ) -> None:
        """`passing` hears of each row that the cursor comes to; `extra` are further keys by Textual's names."""
        super().__init__()
        self._title_words = title
        self._rows_for = rows
        self._placeholder = placeholder
        self._first_query, self._first_at = query, at
        self._empty = empty
        self._preview = preview
        self._passing = passing
        self._extra = extra or {}
        self._actions = actions(("picker",), keymap or {})
        self._rows: Sequence[Row[Value]] = ()
        self._query: str | None = None
        self._told: Row[Value] | None = None

    def compose(self) -> ComposeResult:
        """Title, field, list, preview, keys."""
        with Vertical(id="picker"):
            yield Static(Content(clean(self._title_words)), id="picker-title")
            yield PickerField(self._placeholder, self._first_query)
            yield RowList(self._empty)
            yield Static(id="picker-preview")
            yield Static(Content(self._foot()), id="picker-foot")

    def _foot(self) -> str:
        extra = "".join(
            f" · {shown(key)} {words}" for key, (words, _) in self._extra.items() if words
        )
        return f"Enter chooses · Esc leaves{extra}"

    def on_mount(self) -> None:
        """The field has the keys at once."""
        self.set_class(self._preview is not None, "-preview")
        self._list = self.query_one(RowList)
        self._field = self.query_one(PickerField)
        self.set_focus(self._field)
        self._narrow(self._first_at)

    # -- rows

    @property
    def query_text(self) -> str:
        """What is typed."""
        return self._field.value

    @property
    def row(self) -> Row[Value] | None:
        """The row under the cursor, by what is typed now."""
        self._narrow()
        return self._rows[self._list.at] if self._rows else None

    def supply(self, query: str, rows: Sequence[Row[Value]]) -> None:
        """Put late rows below the others, if that query still stands in the field."""
        if self.is_open and query == self._query and rows:
            self._rows = [*self._rows, *rows]
            self._list.show(self._rows, query, self._list.at)

    def renew(self, to: Value | None = None) -> None:
        """Ask for the rows again: they have changed.

        The cursor goes to the row with a value, or stays on its row if that is still there.
        """
        if not self.is_open:
            return
        here = self._rows[self._list.at].value if self._rows else None
        before = here if to is None else to
        at, self._query = self._list.at, None
        self._narrow()
        values = [row.value for row in self._rows]
        self._list.go(values.index(before) if before in values else at)

    def _narrow(self, at: int = 0) -> None:
        query = self._field.value
        if query != self._query:
            self._query = query
            self._rows = self._rows_for(query)
            self._list.show(self._rows, query, at)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow down by what is typed."""
        event.stop()
        self._narrow()

    def on_row_list_moved(self) -> None:
        """Show what the row under the cursor is about."""
        row = self.row
        if row is self._told:
            return
        self._told = row
        if self._preview is not None:
            words = self._preview(row) if row is not None else ""
            self.query_one("#picker-preview", Static).update(words)
        if self._passing is not None and row is not None:
            self._passing(row)

    # -- keys

    async def take_key(self, key: str) -> str | None:
        """The action of a key of ours; further keys are dealt with here, before those behind them."""
        extra = self._extra.get(key)
        if extra is not None:
            done = extra[1](self.row)
            if inspect.iscoroutine(done):
                await done
            return ""
        return self._actions.get(key)

    async def on_key(self, event: events.Key) -> None:
        """Keys that were there before the field was belong to it."""
        is_ours = event.is_printable or event.key in self._actions
        if is_ours or own_action(self._field, event.key):  # the field lets none of these through
            await passed_on(self, event)

    def action_choose(self) -> None:
        """End with the row under the cursor; without one, stay."""
        row = self.row
        if row is not None:
            self.dismiss(row.value)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_move(self, step: int) -> None:
        """Go so many rows down; up if negative."""
        self._narrow()
        self._list.go(self._list.at + step)

    def action_page(self, step: int) -> None:
        """Go so many pages down; up if negative."""
        self.action_move(step * self._list.page)

    def action_first(self) -> None:
        """Go to the first row."""
        self.action_move(-len(self._rows))

    def action_last(self) -> None:
        """Go to the last row."""
        self.action_move(len(self._rows))

    def on_row_list_clicked(self) -> None:
        """Choose the row that was clicked."""
        self.action_choose()


class PickerField(Input):
    """Where is typed what the list is narrowed down by; keys of the list are run in their turn."""

    def __init__(self, placeholder: str, value: str) -> None:
        super().__init__(value, placeholder=placeholder, compact=True, select_on_focus=False)
        self.cursor_blink = False

    async def _on_key(self, event: events.Key) -> None:
        if await passed_on(self, event):
            return
        picker = self.screen
        action = await picker.take_key(event.key) if isinstance(picker, Picker) else None
        if action is not None:
            event.stop()
            event.prevent_default()
            if action:
                await self.run_action(f"screen.{action}")
        else:
            await ran_own(self, event)
