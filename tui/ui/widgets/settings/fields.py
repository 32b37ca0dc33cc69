"""The rows of the settings pane: only those in view are drawn, and one line is edited in its place."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.core.failure import Failure
from tui.core.text import clean
from tui.ui.keys import actions
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.passing import passed_on
from tui.ui.widgets.settings.line import Line

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from textual import events

    from tui.ui.widgets.settings.field import Field, Wishes

_ENDS_EDIT = {"enter": 0, "next": 1, "previous": -1}
"""Actions of the list that take the line that is edited, and by how many rows they go on then."""

_LEAVE = ("chat.part", "chat.focus", "chat.focus_back")
"""Commands that take the line that is edited before they act."""

_WIDEST_TITLE = 28


class _Drawn(NamedTuple):
    """What stands in a line of the list."""

    kind: str
    """`group`, `field`, `more`, `note`, `edit` or `wrong`."""
    row: int = 0
    """Which row it belongs to."""
    text: str = ""


class FieldList(ScrollView, can_focus=True):
    """The rows under the headings of their groups. What is typed narrows them down, or goes into the line."""

    PLACE = "settings"
    DEFAULT_CSS = """
    FieldList { height: 1fr; background: $background; color: $foreground; scrollbar-size-vertical: 1; overflow-x: hidden; overflow-y: scroll; }
    FieldList > .fields--group { color: $primary; }
    FieldList > .fields--cursor { background: $panel; text-style: bold; }
    FieldList > .fields--faint { color: $text-muted; }
    FieldList > .fields--mark { color: $accent; }
    FieldList > .fields--warning { color: $warning; }
    FieldList > .fields--wrong { color: $error; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "fields--group", "fields--cursor", "fields--faint", "fields--mark", "fields--warning", "fields--wrong",
    }  # fmt: skip

    def __init__(self, wishes: Wishes, keymap: Mapping[str, str]) -> None:
        super().__init__(id="fields")
        self._wishes = wishes
        self._everywhere = actions(("chat",), keymap)
        self._own = actions(("settings",), keymap)
        self._fields: Sequence[Field] = ()
        self._drawn: list[_Drawn] = []
        self._line_of: list[int] = []
        self._at = 0
        self._line: Line | None = None
        self._wrong = ""
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
        self._lay_out()

    @property
    def at(self) -> str:
        """The id of the row under the cursor; empty if there is none."""
        return self._fields[self._at].id if self._at < len(self._fields) else ""

    @property
    def edited(self) -> str | None:
        """What stands in the line that is edited; None if none is."""
        return self._line.text if self._line is not None else None

    def go(self, field_id: str) -> None:
        """Put the cursor on a row, if it is there."""
        for index, field in enumerate(self._fields):
            if field.id == field_id:
                self._go(index)

    def begin(self, text: str) -> None:
        """Have the row under the cursor edited, beginning with that text."""
        self._line, self._wrong = Line(text), ""
        self._lay_out()

    def leave(self) -> bool:
        """Leave the line that is edited, or else the filter; False if there is neither."""
        if self._line is not None:
            self._end()
            return True
        if self.query_text:
            self._narrow("")
            return True
        return False

    def _end(self) -> None:
        self._line, self._wrong = None, ""
        self._wishes.typing(self.at, None)
        self._lay_out()

    def complain(self, words: str) -> None:
        """Tell at the row under the cursor what is wrong, until the next key."""
        self._wrong = words
        self._lay_out()

    # -- lines

    def _lay_out(self) -> None:
        self._drawn, self._line_of = [], []
        group = ""
        for index, field in enumerate(self._fields):
            if field.group != group:
                group = field.group
                self._drawn.append(_Drawn("group", index, group))
            self._line_of.append(len(self._drawn))
            self._drawn.append(_Drawn("field", index))
            self._drawn += [_Drawn("more", index, text) for text in field.more]
            is_here = index == self._at
            if is_here and self._line is not None:
                self._drawn.append(_Drawn("edit", index))
            if is_here and self._wrong:
                width = max(10, self._width - 4)
                self._drawn += [
                    _Drawn("wrong", index, part) for part in wrapped(self._wrong, width)
                ]
            if field.note:
                self._drawn += [
                    _Drawn("note", index, part)
                    for part in wrapped(field.note, max(10, self._width - 4))
                ]
        self.virtual_size = Size(self._width, max(1, len(self._drawn)))
        self._reveal()
        self.refresh()

    @property
    def _width(self) -> int:
        """Cells beside the scrollbar."""
        return self.scrollable_content_region.width

    def _reveal(self) -> None:
        if not self._line_of or not self.size.height:
            return
        first = self._line_of[self._at]
        end = next(
            (y for y in range(first + 1, len(self._drawn)) if self._drawn[y].row != self._at),
            len(self._drawn),
        )
        top = first - 1 if first and self._drawn[first - 1].kind == "group" else first
        rows = min(end - top, self.size.height)
        self.scroll_to_region(Region(0, top, 1, rows), animate=False, force=True)

    def on_resize(self) -> None:
        """Notes are broken where the width is."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """One line of the list."""
        width = self._width
        at = y + self.scroll_offset.y
        if at >= len(self._drawn):
            words = "   nothing fits; Esc shows all" if not self._fields and at == 0 else ""
            return self._one(words, width, "fields--faint")
        drawn = self._drawn[at]
        match drawn.kind:
            case "group":
                words = f" ── {drawn.text} "
                return self._one(
                    words + "─" * (width - cell_len(words) - 1), width, "fields--group"
                )
            case "edit":
                return self._edit_strip(width)
            case "wrong":
                return self._one(f"   {drawn.text}", width, "fields--wrong")
            case "note":
                calm = self._fields[drawn.row].is_calm
                return self._one(
                    f"   {drawn.text}", width, f"fields--{'faint' if calm else 'warning'}"
                )
            case _:
                return self._field_strip(drawn, width)

    def _one(self, text: str, width: int, component: str) -> Strip:
        style = self.get_component_rich_style(component)
        return Strip([Segment(set_cell_size(clean(text), width), style)], width)

    def _field_strip(self, drawn: _Drawn, width: int) -> Strip:
        field = self._fields[drawn.row]
        is_here = drawn.row == self._at and drawn.kind == "field"
        style = self.get_component_rich_style("fields--cursor") if is_here else self.rich_style
        faint = self._over(style, "fields--faint")
        lead = f"{field.lead} "
        if not field.lead:
            column = max(10, min(_WIDEST_TITLE, width * 9 // 20))
            lead = set_cell_size(fitted(clean(field.title), column - 1), column)
        value = field.value
        if drawn.kind == "more":
            lead, value = " " * cell_len(lead), drawn.text
        room = max(0, width - 3 - cell_len(lead))
        return Strip(
            [
                Segment("›" if is_here else " ", style),
                Segment((field.mark or " ") if drawn.kind == "field" else " ", self._over(style, "fields--mark")),
                Segment(f" {lead}", faint if field.is_faint else style),
                Segment(fitted(clean(value), room), faint if field.is_faint else style),
            ]
        ).crop_extend(0, width, style)  # fmt: skip

    def _edit_strip(self, width: int) -> Strip:
        style = self.get_component_rich_style("fields--cursor")
        text, at = self._line.window(width - 6) if self._line is not None else ("", 0)
        text = clean(text)
        cursor = style + Style(reverse=True)
        return Strip(
            [
                Segment("   > ", self._over(style, "fields--mark")),
                Segment(text[:at], style),
                Segment(text[at : at + 1] or " ", cursor),
                Segment(text[at + 1 :], style),
            ]
        ).crop_extend(0, width, style)

    def _over(self, style: Style, component: str) -> Style:
        """A component's foreground on the background of its row."""
        own = self.get_component_rich_style(component)
        dim = Style(dim=True) if component == "fields--faint" and self.app.no_color else Style()
        return style + Style(color=own.color) + dim

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

    async def _on_paste(self, event: events.Paste) -> None:
        """A pasted text goes into the line; on a stop sequence it begins one."""
        event.stop()
        event.prevent_default()
        try:
            if self._line is None:
                self._wishes.pasted(self.at, "")  # refuses where nothing is typed
                self._wishes.add()
            text = self._wishes.pasted(self.at, event.text)
        except (Failure, ValueError) as trouble:
            self.complain(words_of(trouble))
            return
        self._insert(text)

    def _insert(self, text: str) -> None:
        if self._line is None:
            return
        try:
            self._line.insert(text)
        except ValueError as trouble:
            self.complain(str(trouble))
        else:
            self._typed()

    def _typed(self) -> None:
        self._wrong = ""
        self._wishes.typing(self.at, self.edited)
        self._lay_out()

    def _take(self, text: str) -> bool:
        """Take the line that is edited; False if something is wrong with it, which then stands there."""
        line, field_id = self._line, self.at
        try:
            self._line = None  # so that the rows are shown without it
            self._wishes.take(field_id, text)
        except (Failure, ValueError) as trouble:
            self._line = line
            self.complain(words_of(trouble))
            return False
        self._end()
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
        self._lay_out()
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


def words_of(trouble: Failure | ValueError) -> str:
    """What went wrong, in a sentence."""
    return trouble.sentence if isinstance(trouble, Failure) else str(trouble)


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of so many cells; five of them at most."""
    lines = [""]
    for whole in clean(text).split():
        word = fitted(whole, width)
        joined = f"{lines[-1]} {word}".strip()
        if cell_len(joined) > width:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines[:5]
