"""The rows of the settings pane, and what its keys do."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from tui.core.failure import Failure
from tui.ui.keys import actions
from tui.ui.widgets.passing import passed_on
from tui.ui.widgets.settings.editing import EditedFields, words_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from textual import events

    from tui.ui.widgets.settings.field import Field, Wishes

_ENDS_EDIT = {"enter": 0, "next": 1, "previous": -1}
"""Actions of the list that take the line that is edited, and by how many rows they go on then."""

_TAKES = {"again"}
"""Actions of the list that take the line that is edited before they act."""

_LEAVE = ("chat.part", "chat.focus", "chat.focus_back")
"""Commands that take the line that is edited before they act."""


class FieldList(EditedFields, can_focus=True):
    """The rows under the headings of their groups. What is typed narrows them down, or goes into the line."""

    PLACE = "settings"

    def __init__(self, wishes: Wishes, keymap: Mapping[str, str]) -> None:
        super().__init__("fields", wishes)
        self._everywhere = actions(("chat",), keymap)
        self._own = actions(("settings",), keymap)
        self._is_narrowing = False  # a space behind letters belongs to them
        self.query_text = ""
        """What the rows are narrowed down by."""

    # -- what it is told

    def show(self, fields: Sequence[Field]) -> None:
        """List these rows; the cursor stays on its row if that is still there."""
        before = self.at
        self._fields = fields
        self._at = next((i for i, f in enumerate(fields) if f.id == before), self._at)
        self._at = max(0, min(self._at, len(fields) - 1))
        if self._line is not None and self.at != before:
            self._line = None
        self.lay_out()

    def go(self, field_id: str) -> None:
        """Put the cursor on a row, if it is there."""
        for index, field in enumerate(self._fields):
            if field.id == field_id:
                self._go(index)

    def leave(self) -> bool:
        """Leave the line that is edited, or else the filter; False if there is neither."""
        if self._line is not None:
            self._end()
            return True
        if self.query_text:
            self._narrow("")
            return True
        return False

    # -- keys

    async def _on_key(self, event: events.Key) -> None:
        """Take keys in the order in which they come, those behind a change find it made."""
        if await passed_on(self, event):
            return
        own, everywhere = self._own.get(event.key), self._everywhere.get(event.key)
        if self._line is None:
            taken = await self._take_in_list(own, everywhere, event)
        else:
            taken = await self._take_in_line(own, everywhere, event)
        if taken:
            event.stop()
            event.prevent_default()

    async def _take_in_list(
        self, own: str | None, everywhere: str | None, event: events.Key
    ) -> bool:
        if self._wrong:
            self.complain("")
        narrows = self._is_narrowing and event.key == "space"
        self._is_narrowing = False
        if (own or everywhere) and not narrows:
            await self.run_action(own or everywhere or "")
        elif event.key == "backspace":
            self._narrow(self.query_text[:-1])
        elif event.is_printable and event.character:
            self._narrow(self.query_text + event.character)
        else:
            return False
        return True

    async def _take_in_line(
        self, own: str | None, everywhere: str | None, event: events.Key
    ) -> bool:
        line = self._line
        if line is None:
            return False
        if own in _ENDS_EDIT:
            if self._take(line.text) and _ENDS_EDIT[own]:
                self._go(self._at + _ENDS_EDIT[own])
        elif own in _TAKES:
            if self._take(line.text):
                await self.run_action(own)
        elif everywhere is not None:
            if "copy_or_clear" in everywhere:
                self._end()
            elif not any(repr(name) in everywhere for name in _LEAVE) or self._take(line.text):
                await self.run_action(everywhere)
        elif line.take_key(event.key):
            self._typed()
        elif event.is_printable and event.character:
            self._insert(event.character)
        else:
            return False
        return True

    async def _do(self, wish: Callable[[], Awaitable[None] | None]) -> None:
        try:
            await self._done(wish())
        except (Failure, ValueError) as trouble:
            self.complain(words_of(trouble))

    async def _done(self, result: Awaitable[None] | None) -> None:
        if inspect.isawaitable(result):
            await result

    def _narrow(self, query: str) -> None:
        self._is_narrowing = bool(query)
        self.query_text = query
        self._wishes.filter(query)
        self._go(0 if query else self._at)

    # -- actions

    def _go(self, index: int) -> None:
        self._at = max(0, min(index, len(self._fields) - 1))
        self._wrong = ""
        self.lay_out()
        if self._at == 0:
            self.scroll_to(0, 0, animate=False)
        self._wishes.came_to(self.at)

    def action_next(self) -> None:
        """Cursor to the next row."""
        self._go(self._at + 1)

    def action_previous(self) -> None:
        """Cursor to the row before."""
        self._go(self._at - 1)

    def action_page(self, by: int) -> None:
        """Cursor a page down, or up."""
        self._go(self._at + by * max(1, self.size.height - 3))

    def action_first(self) -> None:
        """Cursor to the first row."""
        self._go(0)

    def action_last(self) -> None:
        """Cursor to the last row."""
        self._go(len(self._fields) - 1)

    async def action_enter(self) -> None:
        """Edit the row, or do what it does."""
        if self.at:
            await self._do(lambda: self._wishes.enter(self.at))

    async def action_switch(self) -> None:
        """Switch the row on or off."""
        await self._do(lambda: self._wishes.toggle(self.at))

    async def action_step(self, by: int) -> None:
        """The row's next value, or the one before."""
        await self._do(lambda: self._wishes.step(self.at, by))

    async def action_reset(self) -> None:
        """Leave the row's value to the server."""
        await self._do(lambda: self._wishes.reset(self.at))

    async def action_reset_all(self) -> None:
        """Leave everything to the server."""
        await self._do(self._wishes.reset_all)

    async def action_undo(self) -> None:
        """Take the last change back."""
        await self._do(self._wishes.undo)

    async def action_redo(self) -> None:
        """Do it again."""
        await self._do(self._wishes.redo)

    async def action_move(self, by: int) -> None:
        """Put a stop sequence further down, or up."""
        await self._do(lambda: self._wishes.move(self.at, by))

    async def action_add(self) -> None:
        """Add a stop sequence."""
        await self._do(self._wishes.add)

    async def action_again(self) -> None:
        """Have a reply made anew with what is set."""
        await self._do(self._wishes.again)

    async def action_scope(self) -> None:
        """To the settings of new chats, and back."""
        await self._do(self._wishes.turn_scope)

    async def action_sets(self) -> None:
        """Choose a stop set."""
        await self._do(self._wishes.sets)

    async def on_click(self, event: events.Click) -> None:
        """Go to the row that was clicked; a second click enters it."""
        at = event.y + self.scroll_offset.y
        if self._line is None and at < len(self._drawn) and self._drawn[at].kind != "group":
            was_here = self._drawn[at].row == self._at
            self._go(self._drawn[at].row)
            if was_here:
                await self.action_enter()
