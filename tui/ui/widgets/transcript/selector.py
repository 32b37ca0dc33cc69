"""Selecting text by keys: from the cursor's first place to where motions take it, over messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Offset
from textual.selection import Selection

from tui.ui.keymap import Live
from tui.ui.keys import KEYS, actions
from tui.ui.widgets.passing import passed_on
from tui.ui.widgets.transcript.look import MARGIN
from tui.ui.widgets.transcript.marking import Overlay, row_number, selected_text
from tui.ui.widgets.transcript.messages import CopyRequested
from tui.ui.widgets.transcript.motions import Cursor, Walk
from tui.ui.widgets.transcript.seeker import Seeker

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual import events

    from tui.ui.widgets.transcript.look import Renderer

_MOTIONS: dict[str, Callable[[Walk, Cursor], Cursor]] = {
    "left": Walk.left,
    "right": Walk.right,
    "up": Walk.up,
    "down": Walk.down,
    "word_on": Walk.word_on,
    "word_back": Walk.word_back,
    "line_start": Walk.line_start,
    "line_end": Walk.line_end,
    "first": Walk.first,
    "last": Walk.last,
    "page_up": Walk.page_up,
    "page_down": Walk.page_down,
}
_KEEPS_COLUMN = {"up", "down", "page_up", "page_down"}


class Selector(Seeker):
    """A seeker who selects text. While that goes on, the keys of `selecting` take the place of the others."""

    def __init__(
        self,
        *,
        keymap: Mapping[str, str],
        render_text: Renderer,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(render_text=render_text, id=id, classes=classes)
        self._anchor: Cursor | None = None
        self._cursor = Cursor(0, 0)
        self._column = 0
        self._motion_keys = Live(keymap, lambda: _motions(keymap))
        self._own_keys = Live(keymap, lambda: _names("transcript", keymap))
        self._everywhere = actions(("chat",), keymap)

    @property
    def is_selecting(self) -> bool:
        """Whether motions move the end of a selection."""
        return self._anchor is not None

    def action_select(self) -> None:
        """Begin to select, at the first line of the chosen entry that is in view."""
        index = self._current()
        if index is None:
            return
        rows = self._view.rows()
        line = next((line for at, line in rows if at == index), None)
        start = Cursor(*rows[0]) if line is None else Cursor(index, line)
        self._anchor, self._column = start, 0
        self._move_to(start)

    def stop_selecting(self) -> None:
        """Select no more."""
        self._anchor = None
        self.screen.clear_selection()
        self._present()

    async def _on_key(self, event: events.Key) -> None:
        """Run the keys' actions in the order in which they come.

        Left to Textual, an action is run after later keys have been handed out: of `/word` that
        comes in one piece the word would not go into the field, and of `vj` the `j` would not select.
        """
        if await passed_on(self, event):
            return
        own = _action(self._own_keys, event)
        action = _action(self._motion_keys, event) if self.is_selecting else own
        elsewhere = self._everywhere.get(event.key)
        if action is None and own is None and elsewhere is None:
            return
        event.stop()
        event.prevent_default()
        if action is None and own is None:
            await self.run_action(elsewhere or "")
        elif not self.is_selecting:
            await self.run_action(action or "")
        elif action in _MOTIONS:
            self._move(action)
        elif action == "copy":
            self._copy_selected()
        elif action == "leave":
            self.stop_selecting()

    def _move(self, motion: str) -> None:
        if not self._can_choose() or self._cursor.entry >= len(self._sheet):
            self.stop_selecting()
            return
        walk = Walk(self._view)
        cursor = self._cursor
        if motion in _KEEPS_COLUMN:
            cursor = cursor._replace(at=self._column)
        cursor = _MOTIONS[motion](walk, cursor)
        if motion not in _KEEPS_COLUMN:
            self._column = cursor.at
        self._move_to(walk.clamped(cursor))

    def _move_to(self, cursor: Cursor) -> None:
        """Put the cursor there, select up to it and bring it into view."""
        self._cursor = cursor
        row, view = self._sheet.heights.before(cursor.entry) + cursor.line, self._view
        if row < view.top:
            view.scroll(row)
        elif row >= view.top + view.height:
            view.scroll(row - view.height + 1)
        self._chosen = self._sheet.entries[cursor.entry].id
        selection = self._selection()
        if self.screen.selections != {self: selection}:
            self.screen.selections = {self: selection}
        self._present()

    def _selection(self) -> Selection:
        """What is between the two ends, the characters at both included."""
        first, last = sorted([self._anchor or self._cursor, self._cursor])
        return Selection(
            Offset(first.at, row_number(first.entry, first.line)),
            Offset(last.at + 1, row_number(last.entry, last.line)),
        )

    def _copy_selected(self) -> None:
        text = selected_text(self._sheet, self._selection())
        self.stop_selecting()
        self.post_message(CopyRequested(text, "selection"))

    def selection_updated(self, selection: Selection | None) -> None:
        """Paint it; what the mouse selects, or takes away, ends selecting by keys."""
        # Textual tells it late: by now it may be another one, which the next key has made
        if self._anchor is not None and self.text_selection != self._selection():
            self._anchor = None
        super().selection_updated(selection)

    def _overlays(self, rows: Sequence[tuple[int, int]]) -> Mapping[int, Sequence[Overlay]]:
        """The cursor too, which is seen in an empty line as well."""
        overlays = super()._overlays(rows)
        place = (self._cursor.entry, self._cursor.line)
        if self._anchor is None or self._look is None or place not in rows:
            return overlays
        text = self._sheet.seen(place[0]).plain(place[1])
        first = MARGIN + cell_len(text[: self._cursor.at])
        cells = cell_len(text[self._cursor.at : self._cursor.at + 1]) or 1
        cursor = Overlay(first, first + cells, self._look.dress.at_hit)
        y = rows.index(place)
        return {**overlays, y: [*overlays.get(y, ()), cursor]}


def _motions(keymap: Mapping[str, str]) -> dict[str, str]:
    home = (name for name, action in _names("chat", keymap).items() if action == "home")
    return _names("selecting", keymap) | dict.fromkeys(home, "leave")


def _names(where: str, keymap: Mapping[str, str]) -> dict[str, str]:
    """Actions by the names of their keys."""
    return {
        name: key.action
        for key in KEYS
        if key.where == where
        for name in keymap.get(key.id, key.keys).split(",")
    }


def _action(names: Mapping[str, str], key: events.Key) -> str | None:
    """What a key does: it is known by its name or by its character."""
    return names.get(key.key) or names.get(key.character or "")
